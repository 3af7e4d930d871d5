//! Reading packs.

use super::{Pack, Rule};
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap};
use crate::syntax::json;

macro_rules! builtin {
    ($($name:literal),+ $(,)?) => {
        [$((
            concat!("rules/", $name, ".json"),
            include_str!(concat!("../../rules/", $name, ".json")),
        )),+]
    };
}

/// The packs that come with the program: name and text of each file.
pub const BUILTIN: [(&str, &str); 14] = builtin![
    "push-sources",
    "poll-sources",
    "vpc",
    "logging",
    "async",
    "features",
    "trust",
    "function-policy",
    "permission",
    "wrong-policy",
    "package",
    "policy-document",
    "template",
    "suppression",
];

/// All packs of one run.
#[derive(Debug, Default)]
pub struct Packs {
    /// The packs, in the order in which they were added.
    pub list: Vec<Pack>,
    /// What is wrong with some of them.
    pub problems: Vec<Problem>,
}

impl Packs {
    /// The packs that come with the program.
    pub fn builtin(sources: &mut SourceMap) -> Self {
        let mut packs = Packs::default();
        for (name, text) in BUILTIN {
            match sources.add_builtin(name, text) {
                Ok(file) => packs.read(file, text, true),
                Err(_) => packs.problems.push(Problem::of_path(name, "too large")),
            }
        }
        packs
    }

    /// Adds the packs of a text; a rule of an id that is there already takes its place.
    pub fn add(&mut self, file: FileId, text: &str) {
        self.read(file, text, false);
    }

    /// Adds them; the patterns of those that are trusted are read when they are needed.
    fn read(&mut self, file: FileId, text: &str, is_trusted: bool) {
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
            if let Some(pack) = Pack::decode(root, is_trusted, &mut self.problems) {
                self.insert(pack);
            }
        }
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

    #[test]
    fn every_pattern_of_the_program_can_be_read() {
        let mut sources = SourceMap::default();
        for (name, text) in BUILTIN {
            let mut packs = Packs::default();
            let file = sources.add(name, text).unwrap();
            // What is given by a user is read at once.
            packs.add(file, text);
            assert_eq!(packs.problems, [], "{name}");
        }
    }
}
