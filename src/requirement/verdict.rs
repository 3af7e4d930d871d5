//! What a decision means for a grant.

use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Finding, Severity, Undecided};
use crate::iam::{Context, NearMiss, PolicyType, Statement};
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
    /// The policy types that refuse it, those that grant before those that limit.
    pub(super) layers: Vec<Layer<'p>>,
    /// What is known of the request.
    pub(super) context: Context,
    /// The statement that comes closest to allowing it.
    pub(super) near: Option<NearMiss<'p>>,
    /// Whether a fixed text would have to be, by coincidence, what is made up at random.
    pub(super) is_likely: bool,
}

/// The policies of one type that stand against a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer<'p> {
    pub(super) of_type: PolicyType,
    /// The statement that denies it; none where it is only not allowed.
    pub(super) denied_by: Option<&'p Statement>,
    /// Whether they lack an Allow as well, so that removing the Deny is not enough.
    pub(super) lacks: bool,
}

impl<'p> Refusal<'p> {
    /// The first policy type that refuses it.
    pub(super) fn first_layer(&self) -> Option<&Layer<'p>> {
        self.layers.first()
    }

    /// The first statement that denies it.
    pub(super) fn denied_by(&self) -> Option<&'p Statement> {
        self.layers.iter().find_map(|layer| layer.denied_by)
    }

    /// The policies of that type, where they stand against it.
    pub(super) fn layer(&self, of_type: PolicyType) -> Option<&Layer<'p>> {
        self.layers.iter().find(|layer| layer.of_type == of_type)
    }

    /// Whether a policy of the organization refuses it.
    pub(super) fn is_by_organization(&self) -> bool {
        self.layer(PolicyType::ServiceControl).is_some()
            || self.layer(PolicyType::ResourceControl).is_some()
    }

    /// Whether the caller's own policies lack an Allow.
    pub(super) fn is_lack_of_identity(&self) -> bool {
        self.layer(PolicyType::Identity)
            .is_some_and(|layer| layer.lacks)
    }
}

/// A finding of refusals; a warning where none of them is certain.
pub(super) fn weakened(finding: Finding, refusals: &[Refusal<'_>]) -> Finding {
    match refusals.iter().all(|refusal| refusal.is_likely) {
        true => finding.at_most(Severity::Warning).likely(),
        false => finding,
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
    pub(super) fn of(self, rule: &RuleMetadata, function: Option<String>, span: Span) -> Undecided {
        Undecided {
            rule: rule.id.clone(),
            function,
            reason: self.text,
            span,
            pointer: String::new(),
            fetch: self.fetch,
            of_document: self.of_document,
            also: Vec::new(),
            also_for: Vec::new(),
        }
    }
}

/// Verdicts on several grants, sorted.
#[derive(Debug, Default)]
pub(super) struct Verdicts<'p> {
    /// What is refused.
    pub(super) refusals: Vec<Refusal<'p>>,
    /// Why the first of those that are open is so.
    pub(super) open: Option<Reason>,
}

impl<'p> Verdicts<'p> {
    pub(super) fn add(&mut self, verdict: Verdict<'p>) {
        match verdict {
            Verdict::Granted => {}
            Verdict::Refused(refusal) => self.refusals.push(refusal),
            Verdict::Open(reason) => {
                self.open.get_or_insert(reason);
            }
        }
    }
}

impl<'p> Extend<Verdict<'p>> for Verdicts<'p> {
    fn extend<T: IntoIterator<Item = Verdict<'p>>>(&mut self, verdicts: T) {
        verdicts.into_iter().for_each(|verdict| self.add(verdict));
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

/// An ARN to write in a policy. What is not known of it is written as its template does. Else it is
/// a wildcard, but its name, which opens the last part or is all of it after the type, must be
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
        _ if hole.varies => "*".to_owned(),
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
