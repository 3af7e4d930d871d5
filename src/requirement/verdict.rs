//! What a decision means for a grant.

use std::sync::Arc;

use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{
    Finding, Otherwise, Part, Severity, Undecided, Unknown, Written, placeholder,
};
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

/// An ARN to write in a policy. What is not known of it is written as its template does. Elsewhere its
/// partition, Region, account and name are to be filled in by hand, and the rest is a wildcard. So is the
/// name that is made up for a resource, where the document must be there first.
pub(super) fn to_write(arn: &Text, is_first: bool) -> Written {
    let pieces = arn.pieces();
    let last = pieces.len().saturating_sub(1);
    let mut before = String::new();
    let mut parts = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Known(known) => {
                before.push_str(&known);
                parts.push(Part::Known(known.to_string()));
            }
            Piece::Hole(hole) => {
                let field = ArnField::after(&before, index == last);
                parts.push(Part::Unknown(unknown(&hole, field, is_first)));
                before.push('.');
            }
        }
    }
    Written { parts }
}

/// The field of an ARN that something unknown stands in.
#[derive(Clone, Copy)]
enum ArnField {
    Partition,
    Region,
    Account,
    /// What opens the last part, or is all of it after the type.
    Name,
    Other,
}

impl ArnField {
    /// The field that follows a text with which an ARN begins.
    fn after(before: &str, is_last: bool) -> Self {
        let is_arn = before.starts_with("arn:");
        match before.matches(':').count() {
            1 if is_arn => ArnField::Partition,
            3 if is_arn => ArnField::Region,
            4 if is_arn => ArnField::Account,
            colons if is_arn && colons >= 5 => {
                let name = before.splitn(6, ':').nth(5).unwrap_or("");
                match name.matches(['/', ':']).count() {
                    0 => ArnField::Name,
                    1 if is_last => ArnField::Name,
                    _ => ArnField::Other,
                }
            }
            _ => ArnField::Name,
        }
    }
}

fn unknown(hole: &Hole, field: ArnField, is_first: bool) -> Unknown {
    let is_later = is_first && hole.is_own();
    let placeholder = |word: &str| Otherwise::Placeholder(placeholder(word));
    let reference = hole.written.as_deref();
    let reference = reference.filter(|_| !is_later && !hole.varies);
    Unknown {
        id: Arc::clone(&hole.id),
        of: hole.of.clone(),
        reference: reference.map(str::to_owned),
        otherwise: match (&hole.likely, field) {
            _ if hole.varies => Otherwise::Text("*".to_owned()),
            (Some(likely), _) => Otherwise::Text(likely.to_string()),
            (_, ArnField::Partition) => Otherwise::Text("aws".to_owned()),
            (_, ArnField::Region) => placeholder("region"),
            (_, ArnField::Account) => placeholder("account"),
            (_, ArnField::Name) => placeholder(&hole.id),
            (_, ArnField::Other) => Otherwise::Text("*".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::to_write;
    use crate::syntax::{Hole, Piece, Text};

    fn outside(pieces: impl IntoIterator<Item = Piece>) -> String {
        to_write(&Text::of(pieces), false).outside()
    }

    #[test]
    fn what_an_arn_is_about_is_not_opened_wide() {
        let hole = |id: &str| Piece::Hole(Hole::segment(id));
        let known = |text: &str| Piece::Known(text.into());
        let queue = [
            known("arn:"),
            hole("the partition"),
            known(":sqs:"),
            hole("region of the SQS queue"),
            known(":"),
            hole("AWS::AccountId"),
        ];
        let queue = queue.into_iter().chain([known(":"), hole("Queue")]);
        assert_eq!(outside(queue), "arn:aws:sqs:REGION:ACCOUNT:QUEUE");
        let api = [
            known("arn:aws:execute-api:eu-west-1:1:"),
            hole("api"),
            known("/"),
            hole("stage"),
            known("/GET"),
        ];
        assert_eq!(outside(api), "arn:aws:execute-api:eu-west-1:1:API/*/GET");
        let stream = [known("arn:aws:kinesis:eu-west-1:1:stream/"), hole("Stream")];
        assert_eq!(outside(stream), "arn:aws:kinesis:eu-west-1:1:stream/STREAM");
        assert_eq!(to_write(&Text::from("*"), false).outside(), "*");
    }
}
