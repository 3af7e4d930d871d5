//! Nodes as text, in the style of the text that they go into.

mod json;
mod yaml;

use super::{Kind, Node};

/// How a text is written.
#[derive(Clone, Debug)]
pub struct Style {
    /// Whether it is JSON, and not YAML.
    pub is_json: bool,
    /// What each level is indented by.
    pub indent: String,
    /// Whether lists and objects that fit stand on one line.
    pub is_compact: bool,
    /// Whether lists in YAML are indented under their key.
    pub indents_lists: bool,
    /// The quotation mark for texts in YAML that need one.
    pub quote: char,
    /// What a value is short for, under a tag of YAML; nothing where it is written in full.
    pub short: fn(&Node) -> Option<(String, Node)>,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            is_json: true,
            indent: "  ".to_owned(),
            is_compact: true,
            indents_lists: true,
            quote: '"',
            short: |_| None,
        }
    }
}

/// Lines are not longer than that where they can be broken.
const WIDTH: usize = 90;

impl Style {
    /// A value as lines, the first of which follows what is before it. In YAML they are of a block, or of
    /// one line within brackets where `in_brackets`.
    #[must_use]
    pub fn lines(&self, node: &Node, in_brackets: bool) -> Vec<String> {
        match (self.is_json, in_brackets) {
            (true, _) => json::lines(self, node),
            (false, true) => vec![yaml::in_brackets(self, node)],
            (false, false) => yaml::block(self, node),
        }
    }

    /// A member as lines.
    #[must_use]
    pub fn member(&self, key: &str, value: &Node, in_brackets: bool) -> Vec<String> {
        match (self.is_json, in_brackets) {
            (true, _) => json::member(self, key, value),
            (false, true) => {
                let value = yaml::in_brackets(self, value);
                vec![format!("{}: {value}", yaml::key(self, key))]
            }
            (false, false) => yaml::member(self, key, value),
        }
    }

    /// An element of a list as lines; in a block, with its dash.
    #[must_use]
    pub fn item(&self, node: &Node, in_brackets: bool) -> Vec<String> {
        let lines = self.lines(node, in_brackets);
        match self.is_json || in_brackets {
            true => lines,
            false => yaml::item(lines),
        }
    }

    /// A value on one line, as it stands within brackets.
    #[must_use]
    pub fn one_line(&self, node: &Node) -> String {
        match self.is_json {
            true => json::in_one_line(node),
            false => yaml::in_brackets(self, node),
        }
    }

    /// A member on one line, as it stands within brackets.
    #[must_use]
    pub fn one_line_member(&self, key: &str, value: &Node) -> String {
        let key = match self.is_json {
            true => json::text(key),
            false => yaml::key(self, key),
        };
        format!("{key}: {}", self.one_line(value))
    }

    /// A text as a scalar that stands for it.
    #[must_use]
    pub fn scalar(&self, text: &str, in_brackets: bool) -> String {
        match self.is_json {
            true => json::text(text),
            false => yaml::text(self, text, in_brackets),
        }
    }
}

/// Whether a value is neither a list nor an object with something in it.
fn is_scalar(node: &Node) -> bool {
    match &node.kind {
        Kind::Array(items) => items.is_empty(),
        Kind::Object(members) => members.is_empty(),
        _ => true,
    }
}

/// Lines, each after the first one with something before it.
fn indented(lines: Vec<String>, by: &str) -> impl Iterator<Item = String> {
    let lines = lines.into_iter().enumerate();
    lines.map(move |(index, line)| match index {
        0 => line,
        _ => format!("{by}{line}"),
    })
}
