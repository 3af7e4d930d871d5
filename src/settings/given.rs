//! Values that remember where they are written.

use crate::source::Span;
use crate::syntax::{Fields, Node};

/// A value of the configuration and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

impl Given<String> {
    /// The text of a node.
    fn of(node: &Node) -> Option<Self> {
        let value = node.as_str()?.to_owned();
        Some(Given {
            value,
            span: node.span,
        })
    }
}

/// A text that may be there, and then is not empty: an empty path would stand for a folder.
pub(super) fn text(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Given<String>> {
    let given = any_text(fields, name)?;
    if given.value.is_empty() {
        fields.wrong(name, format!("`{name}` must not be empty"));
        return None;
    }
    Some(given)
}

/// A text that may be there, or be empty.
pub(super) fn any_text(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Given<String>> {
    fields.optional_text(name)?;
    fields.optional(name).and_then(Given::of)
}

/// A truth value that may be there.
pub(super) fn flag(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Given<bool>> {
    let value = fields.flag(name)?;
    let span = fields.optional(name)?.span;
    Some(Given { value, span })
}

/// One of a set of words that may be there.
pub(super) fn word(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    words: &[&str],
) -> Option<Given<String>> {
    let words: Vec<(&str, ())> = words.iter().map(|word| (*word, ())).collect();
    fields.optional_word(name, &words)?;
    fields.optional(name).and_then(Given::of)
}

/// A text, or a list of texts, that may be there.
pub(super) fn texts(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<Vec<Given<String>>> {
    let node = fields.optional(name)?;
    Some(texts_of(node, name, fields))
}

/// The texts of a node, which is a text or a list of texts.
pub(super) fn texts_of(
    node: &Node,
    name: &'static str,
    fields: &mut Fields<'_, '_>,
) -> Vec<Given<String>> {
    let mut list = Vec::new();
    for item in node.each() {
        match Given::of(item) {
            Some(given) if given.value.is_empty() => {
                fields.mistake(item, format!("a text in `{name}` must not be empty"));
            }
            Some(given) => list.push(given),
            None => fields.mistake(item, format!("`{name}` must be a text or a list of texts")),
        }
    }
    list
}

/// The names of a table and their values.
pub(super) fn table(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<(Given<String>, Node)> {
    let Some(node) = fields.optional(name) else {
        return Vec::new();
    };
    if !node.is_object() {
        fields.wrong(
            name,
            format!("`{name}` must be a table, not {}", node.kind_name()),
        );
    }
    let members = node.members().iter().map(|member| {
        let name = Given {
            value: member.key.text.to_string(),
            span: member.key.span,
        };
        (name, member.value.clone())
    });
    members.collect()
}
