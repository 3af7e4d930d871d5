//! What an evaluation means for a grant.

use crate::diagnostics::{Note, Undecided};
use crate::iam::{Context, NearMiss, Request, Statement};
use crate::rules::Rule;
use crate::source::Span;
use crate::syntax::{Hole, Piece, Text};

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
    /// What refuses it, where that is not the lack or a Deny of a grant.
    pub(super) limit: Option<Limit>,
    /// Whether the boundary refuses it as well.
    pub(super) boundary_too: bool,
    /// What is known of the request.
    pub(super) context: Context,
    /// The statement that comes closest to allowing it.
    pub(super) near: Option<NearMiss<'p>>,
}

/// What limits a role, whatever its policies allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// Its permissions boundary.
    Boundary,
    /// The policies of the organization.
    Organization,
}

impl Refusal<'_> {
    /// The refusal of a request for which nothing else is known.
    pub(super) fn of(request: &Request<'_>, write: Text) -> Self {
        Refusal {
            action: request.action.to_string(),
            resource: request.resource.clone(),
            write,
            denied_by: None,
            limit: None,
            boundary_too: false,
            context: request.context.clone(),
            near: None,
        }
    }

    /// Whether the boundary is what refuses it.
    pub(super) fn is_bounded(&self) -> bool {
        self.limit == Some(Limit::Boundary)
    }

    /// Whether a policy of the organization is.
    pub(super) fn by_organization(&self) -> bool {
        self.limit == Some(Limit::Organization)
    }

    /// Whether the role's own policies lack the action.
    pub(super) fn can_be_granted(&self) -> bool {
        self.denied_by.is_none() && self.limit.is_none()
    }

    /// Whether nothing but the lack of a grant stands against it.
    pub(super) fn can_be_granted_elsewhere(&self) -> bool {
        self.can_be_granted() && !self.boundary_too
    }
}

/// What is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) fetch: Option<String>,
    /// Whether a whole document is missing, which leaves other checks open, too.
    pub(super) of_document: bool,
}

impl Reason {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Reason {
            text: text.into(),
            fetch: None,
            of_document: false,
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
            of_document: self.of_document,
            also: Vec::new(),
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

/// An ARN to write in a policy. What is not known of it is written as its template does. Else it is
/// a wildcard, but its name, which opens the last part or is all of it behind the type, must be
/// filled in by hand. So must what is made up for a resource, where the document must be there
/// first.
pub(super) fn to_write(arn: &Text, is_first: bool) -> String {
    let pieces = arn.pieces();
    let last = pieces.len().saturating_sub(1);
    let mut written = String::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let before = written.splitn(6, ':').nth(5);
        let is_name = before.is_some_and(|part| match part.matches(['/', ':']).count() {
            0 => true,
            1 => index == last,
            _ => false,
        });
        match piece {
            Piece::Known(known) => written.push_str(&known),
            Piece::Hole(hole) => written.push_str(&hole_to_write(&hole, is_name, is_first)),
        }
    }
    written
}

fn hole_to_write(hole: &Hole, is_name: bool, is_first: bool) -> String {
    let is_later = is_first && hole.is_own();
    match (&hole.written, &hole.likely) {
        (Some(written), _) if !is_later => format!("${{{written}}}"),
        (_, Some(likely)) => likely.to_string(),
        // No colon, which would count as one of the ARN.
        _ if is_name => format!("<{}>", hole.id.replace("::", ".")),
        _ => "*".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::to_write;
    use crate::syntax::{Hole, Piece, Text};

    #[test]
    fn what_an_arn_is_about_is_not_opened_wide() {
        let hole = |id: &str| Piece::Hole(Hole::segment(id));
        let known = |text: &str| Piece::Known(text.into());
        let queue = [
            known("arn:aws:sqs:"),
            hole("AWS::Region"),
            known(":"),
            hole("AWS::AccountId"),
        ];
        let queue = queue.into_iter().chain([known(":"), hole("Queue")]);
        assert_eq!(to_write(&Text::of(queue), false), "arn:aws:sqs:*:*:<Queue>");
        let api = [
            known("arn:aws:execute-api:eu-west-1:1:"),
            hole("api"),
            known("/"),
            hole("stage"),
            known("/GET"),
        ];
        assert_eq!(
            to_write(&Text::of(api), false),
            "arn:aws:execute-api:eu-west-1:1:<api>/*/GET"
        );
        let stream = [known("arn:aws:kinesis:eu-west-1:1:stream/"), hole("Stream")];
        assert_eq!(
            to_write(&Text::of(stream), false),
            "arn:aws:kinesis:eu-west-1:1:stream/<Stream>"
        );
        assert_eq!(to_write(&Text::from("*"), false), "*");
    }
}
