//! Decoding our own data: every mistake becomes a problem at its place, none stops the rest.

use super::spelling::nearest;
use super::{Node, Selector, Template, TextPattern};
use crate::diagnostics::Problem;

/// The members of one object, taken one by one.
///
/// Each getter reports what is wrong with the member it is asked for; [`Fields::finish`] reports
/// members that no getter was called for.
#[derive(Debug)]
pub struct Fields<'n, 'p> {
    node: &'n Node,
    what: &'static str,
    asked: Vec<&'static str>,
    problems: &'p mut Vec<Problem>,
}

impl<'n, 'p> Fields<'n, 'p> {
    /// Opens an object; `what` names it in messages. Another kind of value is a problem.
    pub fn open(
        node: &'n Node,
        what: &'static str,
        problems: &'p mut Vec<Problem>,
    ) -> Option<Self> {
        if !node.is_object() {
            let message = format!("{what} must be an object, not {}", node.kind_name());
            problems.push(Problem::at(node.span, message));
            return None;
        }
        Some(Fields {
            node,
            what,
            asked: Vec::new(),
            problems,
        })
    }

    /// Where problems go, for decoding what is inside a member.
    pub fn problems(&mut self) -> &mut Vec<Problem> {
        self.problems
    }

    /// The member of that name, if it is there.
    pub fn optional(&mut self, name: &'static str) -> Option<&'n Node> {
        self.asked.push(name);
        self.node.get(name)
    }

    /// The member of that name; its absence is a problem.
    pub fn required(&mut self, name: &'static str) -> Option<&'n Node> {
        let member = self.optional(name);
        if member.is_none() {
            let message = format!("{} is missing the member `{name}`", self.what);
            self.problems
                .push(Problem::at(self.node.span.at_start(), message));
        }
        member
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str) -> Option<&'n str> {
        let node = self.required(name)?;
        self.expect(node, name, "a string", node.as_str())
    }

    /// A text that may be there.
    pub fn optional_text(&mut self, name: &'static str) -> Option<&'n str> {
        let node = self.optional(name)?;
        self.expect(node, name, "a string", node.as_str())
    }

    /// A truth value that may be there.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        let node = self.optional(name)?;
        self.expect(node, name, "`true` or `false`", node.as_bool())
    }

    /// The elements of a list that may be there.
    pub fn list(&mut self, name: &'static str) -> &'n [Node] {
        let Some(node) = self.optional(name) else {
            return &[];
        };
        self.expect(node, name, "a list", node.is_array().then(|| node.items()))
            .unwrap_or(&[])
    }

    /// The texts of a list that may be there.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        let items = self.list(name);
        items
            .iter()
            .filter_map(|item| self.expect(item, name, "a list of strings", item.as_str()))
            .map(str::to_owned)
            .collect()
    }

    /// A JSONPath that may be there.
    pub fn selector(&mut self, name: &'static str) -> Option<Selector> {
        let path = self.optional_text(name)?;
        match Selector::parse(path) {
            Ok(selector) => Some(selector),
            Err(error) => {
                self.wrong(name, format!("`{name}`: {error}"));
                None
            }
        }
    }

    /// A regular expression that may be there; one that is trusted is not read yet.
    pub fn pattern(&mut self, name: &'static str, is_trusted: bool) -> Option<TextPattern> {
        let pattern = self.optional_text(name)?;
        if is_trusted {
            return Some(TextPattern::trusted(pattern));
        }
        match TextPattern::new(pattern) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.wrong(
                    name,
                    format!("`{name}` is not a regular expression: {error}"),
                );
                None
            }
        }
    }

    /// A text with named places that may be there.
    pub fn template(&mut self, name: &'static str) -> Option<Template> {
        let written = self.optional_text(name)?;
        match Template::parse(written) {
            Ok(template) => Some(template),
            Err(error) => {
                self.wrong(name, format!("`{name}`: {error}"));
                None
            }
        }
    }

    /// The texts with named places of a list that may be there; a single text is a list of one.
    pub fn templates(&mut self, name: &'static str) -> Vec<Template> {
        let written = match self.optional(name) {
            Some(node) => node.each(),
            None => &[],
        };
        let mut templates = Vec::new();
        for node in written {
            let Some(text) =
                self.expect(node, name, "a string or a list of strings", node.as_str())
            else {
                continue;
            };
            match Template::parse(text) {
                Ok(template) => templates.push(template),
                Err(error) => {
                    let message = format!("`{name}`: {error}");
                    self.problems.push(Problem::at(node.span, message));
                }
            }
        }
        templates
    }

    /// One of a set of words, which must be there.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.required(name)?;
        self.optional_word(name, words)
    }

    /// One of a set of words, which may be there.
    pub fn optional_word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Option<T> {
        let written = self.optional_text(name)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("`{written}` is not a valid `{name}`");
        let help = format!("expected one of: {}", known.join(", "));
        if let Some(node) = self.node.get(name) {
            self.problems
                .push(Problem::at(node.span, message).help(help));
        }
        None
    }

    /// Reports a problem with the value of a member.
    pub fn wrong(&mut self, name: &str, message: impl Into<String>) {
        let span = self.node.get(name).map_or(self.node.span, |node| node.span);
        self.problems.push(Problem::at(span, message));
    }

    /// Reports a problem with a value inside of a member.
    pub fn mistake(&mut self, node: &Node, message: impl Into<String>) {
        self.problems.push(Problem::at(node.span, message));
    }

    /// Reports members that were not asked for, and members that are there twice.
    pub fn finish(mut self) {
        self.report_unknown();
    }

    /// The same, where the object is still needed.
    pub fn report_unknown(&mut self) {
        let mut seen: Vec<&str> = Vec::new();
        for member in self.node.members() {
            let name = &*member.key.text;
            if seen.contains(&name) {
                let message = format!("duplicate member `{name}` in {}", self.what);
                self.problems.push(Problem::at(member.key.span, message));
            } else if !self.asked.contains(&name) {
                let message = format!("unknown member `{name}` in {}", self.what);
                let help = match nearest(name, self.asked.iter().copied()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None if self.asked.is_empty() => "expected no members".to_owned(),
                    None => format!("expected one of: {}", unique(&self.asked).join(", ")),
                };
                self.problems
                    .push(Problem::at(member.key.span, message).help(help));
            }
            seen.push(name);
        }
    }

    fn expect<T>(
        &mut self,
        node: &Node,
        name: &str,
        expected: &str,
        value: Option<T>,
    ) -> Option<T> {
        if value.is_none() {
            let message = format!("`{name}` must be {expected}, not {}", node.kind_name());
            self.problems.push(Problem::at(node.span, message));
        }
        value
    }
}

/// Names that were asked for, each once.
fn unique<'n>(names: &[&'n str]) -> Vec<&'n str> {
    let mut unique: Vec<&str> = Vec::new();
    for name in names {
        if !unique.contains(name) {
            unique.push(name);
        }
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::syntax::json;

    #[test]
    fn every_mistake_is_reported_once() {
        let text = r#"{"id": 1, "serverity": "error", "kind": "x"}"#;
        let mut sources = SourceMap::default();
        let file = sources.add("pack.json", text).unwrap();
        let root = json::read(file, text).roots.remove(0);
        let mut problems = Vec::new();
        let mut fields = Fields::open(&root, "a rule", &mut problems).unwrap();
        fields.text("id");
        fields.text("title");
        fields.optional_text("severity");
        fields.word("kind", &[("y", 1)]);
        fields.finish();
        let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`id` must be a string, not a number",
                "a rule is missing the member `title`",
                "`x` is not a valid `kind`",
                "unknown member `serverity` in a rule",
            ]
        );
        assert_eq!(
            problems[3].help.as_deref(),
            Some("did you mean `severity`?")
        );
    }
}
