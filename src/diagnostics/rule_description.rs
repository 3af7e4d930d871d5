//! What there is to say about a rule by itself.

use std::sync::Arc;

use super::Severity;

/// A rule, for reports that describe the rules of their findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDescription {
    /// `pack/name`.
    pub id: Arc<str>,
    /// What is wrong where the rule finds something, in a line.
    pub title: String,
    /// Why it matters and what happens, in a few sentences.
    pub why: String,
    /// What to do, where that is always the same.
    pub help: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// AWS's pages about it, the most telling first.
    pub references: Vec<String>,
}
