//! What the results of an action on several resources amount to.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>

use std::collections::HashSet;

use crate::catalogue::Catalogue;
use crate::diagnostics::{ActionResult, EvaluationResult, Ruling};
use crate::syntax::{Template, Text};

/// Sums up the results on resources; `None` where there is none. Without named resources, the only result is
/// that on all of them.
pub(super) fn overall(
    catalogue: &Catalogue,
    results: Vec<EvaluationResult>,
    is_named: bool,
) -> Option<ActionResult> {
    // Of equal ones, the first.
    let deciding = results.iter().rev();
    let deciding = deciding.max_by_key(|result| result.decision.restriction());
    let mut overall = deciding?.clone();
    if let [_, _, ..] = results.as_slice() {
        overall.resource = format(catalogue, &overall);
        sum_up(&mut overall, &results);
    }
    Some(ActionResult {
        overall,
        resources: if is_named { results } else { Vec::new() },
    })
}

/// Puts what all results say into the one that decides.
fn sum_up(overall: &mut EvaluationResult, results: &[EvaluationResult]) {
    let decision = overall.decision;
    let (mut statements, mut keys) = (HashSet::new(), HashSet::new());
    overall.matched.clear();
    overall.missing.clear();
    for result in results {
        let matched = result
            .matched
            .iter()
            .filter(|_| result.decision == decision);
        let new = matched.filter(|found| statements.insert(found.span));
        overall.matched.extend(new.cloned());
        let new = result
            .missing
            .iter()
            .filter(|key| keys.insert(key.as_str()));
        overall.missing.extend(new.cloned());
        for (kind, ruling) in &result.details {
            strictest(&mut overall.details, kind, *ruling);
        }
        overall.cross_account |= result.cross_account;
        overall.boundary = both(overall.boundary, result.boundary);
        overall.organizations = both(overall.organizations, result.organizations);
    }
}

/// Notes what a type of policy says, where it is stricter than what is known.
fn strictest(details: &mut Vec<(&'static str, Ruling)>, kind: &'static str, ruling: Ruling) {
    match details.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, known)) if known.restriction() < ruling.restriction() => *known = ruling,
        Some(_) => {}
        None => details.push((kind, ruling)),
    }
}

/// Whether both allow; what is not known of one does not count.
fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left && right),
        (left, right) => left.or(right),
    }
}

/// The format of the ARNs that the action is for, as in `arn:${Partition}:s3:::${BucketName}/${ObjectName}`: that
/// of the resource, or else the first one; `*` where the action has none.
fn format(catalogue: &Catalogue, result: &EvaluationResult) -> String {
    let action = catalogue.actions.table.action(&result.action);
    let formats = || action.iter().flat_map(|action| action.resources());
    let resource = Text::from(result.resource.as_str());
    let is_of = |arn: &str| {
        let format = Template::parse(arn);
        format.is_ok_and(|format| format.capture(&resource).is_some())
    };
    let own = formats().find(|(kind, _)| is_of(kind.arn()));
    let found = own.or_else(|| formats().next());
    found.map_or_else(
        || "*".to_owned(),
        |(kind, _)| kind.arn().replace("+}", "}").replace('{', "${"),
    )
}
