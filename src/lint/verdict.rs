//! What an evaluation means for a grant.

use crate::document::Text;
use crate::finding::{Note, Undecided};
use crate::iam::{Context, NearMiss, Statement};
use crate::pack::Rule;
use crate::source::Span;

/// Whether a grant is there.
#[derive(Debug)]
pub(super) enum Verdict<'p> {
    /// It is.
    Granted,
    /// It is not.
    Refused(Refusal<'p>),
    /// That depends on something that is not known.
    Open(Reason),
}

/// An action that is refused, and why.
#[derive(Debug)]
pub(super) struct Refusal<'p> {
    pub(super) action: String,
    pub(super) resource: Text,
    /// The resource to write in a policy.
    pub(super) write: Text,
    /// The statement that denies it.
    pub(super) denied_by: Option<&'p Statement>,
    /// Whether the boundary refuses what the role's policies allow.
    pub(super) by_boundary: bool,
    /// Whether the boundary refuses it as well.
    pub(super) boundary_too: bool,
    /// What is known of the request.
    pub(super) context: Context,
    /// The statement that comes closest to allowing it.
    pub(super) near: Option<NearMiss<'p>>,
}

/// What is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) fetch: Option<String>,
}

impl Reason {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Reason {
            text: text.into(),
            fetch: None,
        }
    }

    /// The check that stays undecided for this reason.
    pub(super) fn of(self, rule: &Rule, function: Option<String>, span: Span) -> Undecided {
        Undecided {
            rule: rule.id.clone(),
            function,
            reason: self.text,
            span,
            pointer: String::new(),
            fetch: self.fetch,
        }
    }
}

impl<'p> Verdict<'p> {
    /// All of several are needed: the first refusal, or else the first open one.
    pub(super) fn all(verdicts: impl IntoIterator<Item = Verdict<'p>>) -> Verdict<'p> {
        let mut whole = Verdict::Granted;
        for verdict in verdicts {
            match verdict {
                Verdict::Refused(_) => return verdict,
                Verdict::Open(_) if matches!(whole, Verdict::Granted) => whole = verdict,
                _ => {}
            }
        }
        whole
    }

    /// One of several is enough; where all are refused, the first refusal.
    pub(super) fn any(verdicts: impl IntoIterator<Item = Verdict<'p>>) -> Verdict<'p> {
        let mut whole = None;
        for verdict in verdicts {
            match (&whole, verdict) {
                (_, Verdict::Granted) => return Verdict::Granted,
                (None, verdict) | (Some(Verdict::Refused(_)), verdict @ Verdict::Open(_)) => {
                    whole = Some(verdict);
                }
                _ => {}
            }
        }
        whole.unwrap_or(Verdict::Granted)
    }
}

/// A note about a place.
pub(super) fn note(text: String, span: Span) -> Note {
    Note {
        word: "note",
        text,
        span: Some(span),
    }
}
