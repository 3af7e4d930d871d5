//! Comments of texts.

use crate::source::Span;

/// A comment of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What was written after the mark that begins it.
    pub text: String,
    /// The comment from the last character of that mark on.
    pub span: Span,
    /// Whether nothing but blanks stands before it on its line.
    pub is_alone: bool,
}

impl Comment {
    /// The comment whose mark ends at an offset of a text, up to another.
    pub(super) fn new(text: String, span: Span, before: &str) -> Self {
        let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
        Comment {
            text,
            span,
            is_alone: line.trim().is_empty(),
        }
    }
}
