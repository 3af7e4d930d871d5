//! Undecided checks.

use std::sync::Arc;

use crate::source::Span;

/// A check that the provided documents do not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// `pack/name` of the rule.
    pub rule: Arc<str>,
    /// Name of the function.
    pub function: Option<String>,
    /// What is not known.
    pub reason: String,
    /// The place that requires the permission.
    pub span: Span,
    /// The JSON pointer of that place.
    pub pointer: String,
    /// The command that would fetch what is missing.
    pub fetch: Option<String>,
    /// Whether a whole document or source is not known, which leaves other checks open, too.
    pub of_document: bool,
    /// The other rules that the same leaves open.
    pub also: Vec<Arc<str>>,
    /// The other functions for which it does.
    pub also_for: Vec<String>,
}
