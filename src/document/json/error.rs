//! What can be wrong with JSON text, in words for whoever wrote it.

use crate::finding::Problem;
use crate::source::Span;

/// A mistake in JSON text.
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
            problem = problem.related(opened, "opened here and not closed");
        }
        problem
    }
}
