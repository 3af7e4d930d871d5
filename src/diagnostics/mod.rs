//! What we say: findings about permissions, problems with the input, and what stayed undecided.
//!
//! Plain data. It must not know rules, miette or JSON: who judges builds these, who reports reads
//! them.

mod command;
mod evaluation;
mod explanation;
mod fix;
mod matrix;
mod problem;
mod severity;

use std::sync::Arc;

use crate::source::Span;

pub use command::quoted;
pub use evaluation::{EvaluationResult, MatchedStatement, Nearest, Ruling};
pub use explanation::{Change, Denied, DeniedCaller, Document, Explanation, Judgement, Series};
pub use fix::{ConditionTest, Fix, NewStatement};
pub use matrix::{Grants, Row};
pub use problem::{Place, Problem};
pub use severity::{Confidence, PolicyKind, Severity};

/// A place and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// One line of text; may be empty for the place alone.
    pub text: String,
}

/// Whom and what a finding is about, for people who filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name, logical id or address of the function.
    pub function: Option<String>,
    /// The document that must change.
    pub policy: Option<PolicyKind>,
    /// Actions that were refused or that are wrong.
    pub actions: Vec<String>,
    /// The resource that they are needed on.
    pub resource: Option<String>,
    /// Who was refused, where that is not the execution role.
    pub principal: Option<String>,
}

/// One fault in the user's permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `pack/name` of the rule.
    pub rule: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What will fail and who was refused, in one line.
    pub message: String,
    /// The place that asked for the permission, or that is wrong.
    pub primary: Label,
    /// Facts that explain it, each with a word for what kind of fact it is, as in `missing`.
    pub notes: Vec<Note>,
    /// What to do.
    pub help: Option<String>,
    /// AWS's page about it.
    pub url: Option<String>,
    /// Whom and what it is about.
    pub subject: Subject,
    /// What to write, ready to paste.
    pub fix: Option<Fix>,
    /// The JSON pointer of the primary place, in the file that was read.
    pub pointer: String,
}

/// One line under a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of line it is: `missing`, `note`.
    pub word: &'static str,
    /// The line.
    pub text: String,
    /// The place that it speaks of.
    pub span: Option<Span>,
}

/// A check that could not be made with the documents at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// `pack/name` of the rule.
    pub rule: Arc<str>,
    /// Name of the function.
    pub function: Option<String>,
    /// What is not known.
    pub reason: String,
    /// The place that asked for the permission.
    pub span: Span,
    /// The JSON pointer of that place.
    pub pointer: String,
    /// The command that would fetch what is missing.
    pub fetch: Option<String>,
    /// Whether a whole document or source is not known, which leaves other checks open, too.
    pub of_document: bool,
    /// The other rules that the same leaves open for this function.
    pub also: Vec<Arc<str>>,
}
