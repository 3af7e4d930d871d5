//! What is said of a decision agrees with it.

use std::collections::BTreeMap;

use lint_lambda::unstable::iam::{
    Authorization, Decision, Effect, NearMiss, Policies, PolicyDocument, PolicyType, Request,
    Statement, authorize,
};
use serde_json::Value;

use super::case::Case;
use super::{policies, rng_of, setting, shrink};

/// The decision has deciding statements of its effect, and a refusal lacks something.
fn of_decision(made: &Authorization<'_>, request: &Request<'_>) -> Option<&'static str> {
    let all = |effect| {
        let mut deciding = made.deciding().into_iter();
        deciding.all(|(_, statement)| statement.effect == Some(effect))
    };
    let is_root = format!("{:?}", request.caller).contains(":root");
    let nothing_decides = made.deciding().is_empty();
    match made.decision {
        Decision::Allowed if nothing_decides && !is_root => Some("nothing allows it"),
        Decision::Allowed if !all(Effect::Allow) => Some("a Deny allows it"),
        Decision::Allowed if !made.lacking().is_empty() => Some("an Allow is lacking"),
        Decision::ExplicitDeny if nothing_decides => Some("nothing denies it"),
        Decision::ExplicitDeny if !all(Effect::Deny) => Some("an Allow denies it"),
        Decision::ImplicitDeny if made.lacking().is_empty() => Some("no Allow is lacking"),
        Decision::ImplicitDeny if !nothing_decides => Some("something decides"),
        Decision::ExplicitDeny | Decision::ImplicitDeny if !made.awaiting.is_empty() => {
            Some("a refusal waits")
        }
        _ => None,
    }
}

/// What comes closest is of the type that is lacking, and each Allow of that type is stopped by something.
fn of_nearest<'p>(
    made: &Authorization<'p>,
    policies: &Policies<'p>,
    request: &Request<'_>,
) -> Option<&'static str> {
    if made.decision != Decision::ImplicitDeny {
        return None;
    }
    let Some((of_type, nearest)) = made.nearest(policies, request) else {
        return Some("nothing is nearest");
    };
    let documents = policies.documents(of_type);
    let statements = documents.iter().flat_map(|document| &document.statements);
    let allows = statements
        .map(std::sync::Arc::as_ref)
        .filter(|statement| statement.effect == Some(Effect::Allow));
    let allows: Vec<&Statement> = allows.collect();
    match nearest {
        // Another level may allow what one does not.
        _ if has_levels(of_type) => None,
        None if !allows.is_empty() => Some("no Allow is the nearest"),
        None => None,
        Some(miss) if miss.stopped_by.is_empty() => Some("nothing stops the nearest"),
        Some(miss)
            if !allows
                .iter()
                .any(|other| std::ptr::eq(*other, miss.statement)) =>
        {
            Some("the nearest is of another type")
        }
        Some(_) => {
            let request = Request {
                caller: request.caller.clone().filter(|_| names_callers(of_type)),
                ..request.clone()
            };
            let passes = allows
                .iter()
                .any(|allow| passes((&documents, of_type), allow, &request));
            passes.then_some("nothing stops an Allow of the type that is lacking")
        }
    }
}

/// Whether nothing stops a statement if it stands alone.
fn passes(
    (documents, of_type): (&[&PolicyDocument], PolicyType),
    allow: &Statement,
    request: &Request<'_>,
) -> bool {
    let Some(document) = documents.first() else {
        return false;
    };
    let alone = PolicyDocument {
        statements: [allow.clone().into()].into_iter().collect(),
        ..(*document).clone()
    };
    NearMiss::find(&[&alone], of_type, request).is_none()
}

fn has_levels(of_type: PolicyType) -> bool {
    matches!(
        of_type,
        PolicyType::ServiceControl | PolicyType::ResourceControl
    )
}

fn names_callers(of_type: PolicyType) -> bool {
    matches!(
        of_type,
        PolicyType::Resource | PolicyType::ResourceControl | PolicyType::Endpoint
    )
}

fn contradiction(case: &Value) -> Option<&'static str> {
    Case::read(case).ask(|policies, request| {
        let made = authorize(policies, request);
        of_decision(&made, request).or_else(|| of_nearest(&made, policies, request))
    })
}

#[test]
fn the_reasons_of_a_decision_agree_with_it() {
    let (cases, seed) = (setting("LAWS_CASES", 250), setting("LAWS_SEED", 17));
    let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
    for place in 0..cases {
        let case = policies::case(&mut rng_of(seed, place));
        let Some(what) = contradiction(&case).filter(|what| !wrong.contains_key(what)) else {
            continue;
        };
        let smallest = shrink::shrunk(&case, |case| contradiction(case) == Some(what));
        wrong.insert(what, format!("case {place}: {smallest}"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
