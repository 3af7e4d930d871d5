//! Reading packs.

use super::{Pack, Rule, embedded};
use crate::diagnostics::Problem;
use crate::source::FileId;
use crate::syntax::json;

/// All packs of one run.
#[derive(Debug, Default)]
pub struct Packs {
    /// The packs, in the order in which they were added.
    pub list: Vec<Pack>,
    /// What is wrong with some of them.
    pub problems: Vec<Problem>,
}

impl Packs {
    /// The packs that come with the program. Their rules are decoded when they are needed.
    #[must_use]
    pub fn builtin() -> Self {
        Packs {
            list: embedded::PACKS.iter().map(Pack::embedded).collect(),
            problems: Vec::new(),
        }
    }

    /// Adds the packs of a text; a rule of an id that is there already takes its place.
    pub fn add(&mut self, file: FileId, text: &str) {
        let documents = json::read(file, text);
        let empty = documents.roots.is_empty() && documents.errors.is_empty();
        self.problems
            .extend(documents.errors.into_iter().map(Problem::from));
        if empty {
            let start = crate::source::Span::new(file, 0, 0);
            self.problems
                .push(Problem::at(start, "this file does not contain a rule pack"));
        }
        for root in &documents.roots {
            if let Some(pack) = Pack::decode(root, &mut self.problems) {
                self.insert(pack);
            }
        }
    }

    /// How many rules have been decoded, as those are that can select something.
    #[must_use]
    pub fn decoded_rules(&self) -> usize {
        self.rules().filter(|rule| rule.is_decoded()).count()
    }

    fn insert(&mut self, pack: Pack) {
        let mut replaced: Vec<&Rule> = Vec::new();
        for rule in &pack.rules {
            if replaced.iter().any(|other| other.meta.id == rule.meta.id) {
                let message = format!("duplicate rule `{}` in this pack", rule.meta.id);
                self.problems.push(Problem::at(rule.span, message));
            }
            replaced.push(rule);
        }
        for known in &mut self.list {
            known
                .rules
                .retain(|rule| !pack.rules.iter().any(|new| new.meta.id == rule.meta.id));
        }
        self.list.push(pack);
    }

    /// All rules.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter().flat_map(|pack| &pack.rules)
    }

    /// The rule of that id, or that had it before.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let is_alias = |rule: &&Rule| rule.aliases.iter().any(|alias| alias == id);
        let now = self.rules().find(|rule| &*rule.meta.id == id);
        now.or_else(|| self.rules().find(is_alias))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    /// The packs of the program, read as those of a user are.
    fn as_given() -> Packs {
        let mut packs = Packs::default();
        let mut sources = SourceMap::default();
        for pack in embedded::PACKS {
            let path = format!("rules/{}.json", pack.name);
            let text = std::fs::read_to_string(&path).unwrap();
            packs.add(sources.add(&path, &text).unwrap(), &text);
        }
        packs
    }

    #[test]
    fn the_packs_of_the_program_have_no_mistakes() {
        assert_eq!(as_given().problems, []);
    }

    #[test]
    fn an_embedded_rule_is_the_one_of_its_file() {
        let (given, builtin) = (as_given(), Packs::builtin());
        assert_eq!(builtin.decoded_rules(), 0);
        let titles = |packs: &Packs| -> Vec<(String, String)> {
            let packs = packs.list.iter();
            packs
                .map(|pack| (pack.name.clone(), pack.title.clone()))
                .collect()
        };
        assert_eq!(titles(&given), titles(&builtin));
        let all = |packs: &Packs| -> Vec<String> {
            let shown = |rule: &Rule| {
                let (told, paths) = (rule.description(), rule.select());
                let words = &rule.meta.told().words;
                let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
                // Patterns are compiled late in one of them.
                let require = format!("{:?}", rule.require().actions());
                format!("{told:?} {:?} {words:?} {paths:?} {require}", rule.aliases)
            };
            packs.rules().map(shown).collect()
        };
        assert_eq!(all(&given), all(&builtin));
        assert_eq!(builtin.decoded_rules(), builtin.rules().count());
    }
}
