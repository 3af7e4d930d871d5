//! What reading a text gives: its documents, and the mistakes in it, in words for whoever wrote it.

use std::ops::Range;

use super::Node;
use crate::diagnostics::Problem;
use crate::source::Span;

/// How deep lists and objects may be nested.
pub const MAX_DEPTH: usize = 128;

/// What a text holds: its documents, and the mistakes in it.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents, in order.
    pub roots: Vec<Node>,
    /// The mistakes, in order.
    pub errors: Vec<SyntaxError>,
}

/// A range with whole characters: the bytes at which a package stopped can be within one.
pub(super) fn on_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let is_between = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=range.start.min(text.len())).rev().find(is_between);
    let end = (range.end..=text.len()).find(is_between);
    let start = start.unwrap_or(0);
    start..end.unwrap_or(text.len()).max(start)
}

/// A mistake in a text that is JSON or YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do, where the mistake is a usual one.
    pub help: Option<&'static str>,
    /// The bracket that is still open, where the text ends too early.
    pub opened: Option<Span>,
}

impl From<SyntaxError> for Problem {
    fn from(error: SyntaxError) -> Self {
        let mut problem = Problem::at(error.span, error.message);
        if let Some(help) = error.help {
            problem = problem.help(help);
        }
        if let Some(opened) = error.opened {
            problem = problem.related(opened, "opened here");
        }
        problem
    }
}
