//! Findings that the user has accepted.

use super::Finding;
use crate::source::Span;

/// A finding that does not count, because the user said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// What suppresses it.
    pub by: Suppressor,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// Where that is written; nowhere for the baseline.
    pub span: Option<Span>,
}

/// What can suppress a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suppressor {
    /// A comment in the file.
    Comment,
    /// The metadata of a template or of one of its resources.
    Metadata,
    /// An entry of the configuration.
    Configuration,
    /// The baseline, which holds what was found before.
    Baseline,
}

impl Suppressor {
    /// The word that is written in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Suppressor::Comment => "comment",
            Suppressor::Metadata => "metadata",
            Suppressor::Configuration => "configuration",
            Suppressor::Baseline => "baseline",
        }
    }
}

/// What the baseline holds and is no longer found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed {
    /// The folder of the file that it was in, relative to that of the baseline.
    pub folder: String,
    /// `pack/name` of the rule.
    pub rule: String,
    /// What was wrong.
    pub message: String,
}
