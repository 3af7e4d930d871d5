//! The evaluation of one request.

use std::collections::HashSet;

use crate::catalogue::Catalogue;
use crate::diagnostics::{EvaluationResult, MatchedStatement, Nearest, Ruling};
use crate::iam::{
    Authorization, Caller, Context, Decision, Element, NearMiss, Policies, PolicyType, Request,
    Statement, authorize,
};
use crate::model::{BundledPolicy, PolicyBundle};
use crate::syntax::Text;

/// One request.
#[derive(Debug)]
pub(super) struct SimRequest<'a> {
    pub(super) caller: Option<&'a Caller>,
    pub(super) action: &'a str,
    pub(super) resource: &'a Text,
    /// The account of the resource, if it was specified.
    pub(super) owner: Option<&'a str>,
    pub(super) context: &'a Context,
}

impl SimRequest<'_> {
    /// Evaluates the request against the policies of a bundle, on the resource that AWS checks where people
    /// name it otherwise.
    pub(super) fn evaluate(
        &self,
        catalogue: &Catalogue,
        bundle: &PolicyBundle,
        policies: &Policies<'_>,
    ) -> EvaluationResult {
        let checked = catalogue.checked_resources(self.action, self.resource);
        let asked = checked
            .iter()
            .map(|resource| SimRequest { resource, ..*self });
        let results: Vec<EvaluationResult> =
            asked.map(|asked| asked.judge(bundle, policies)).collect();
        let Some((first, others)) = results.split_first() else {
            return self.judge(bundle, policies);
        };
        let is_other = first.resource != self.resource.to_string();
        let mut result = EvaluationResult {
            resource: self.resource.to_string(),
            ..first.clone()
        };
        if others.iter().any(|other| other.decision != first.decision) {
            let arns: Vec<&str> = results.iter().map(|r| r.resource.as_str()).collect();
            result.decision = Ruling::Unknown;
            result.nearest = None;
            result.why = Some(format!(
                "AWS does not document which of these it checks the action on: {}",
                arns.join(", ")
            ));
        } else if is_other && result.decision != Ruling::Allowed {
            let checks = format!("AWS checks the action on {}", first.resource);
            result.why = Some(match result.why {
                Some(why) => format!("{why}; {checks}"),
                None => checks,
            });
        }
        result
    }

    /// Evaluates the request as it is.
    fn judge(&self, bundle: &PolicyBundle, policies: &Policies<'_>) -> EvaluationResult {
        let request = Request {
            caller: self.caller.cloned(),
            action: Text::from(self.action),
            resource: self.resource.clone(),
            owner: self.owner.map(Text::from),
            context: self.context,
        };
        let made = authorize(policies, &request);
        let decision = ruling(made.decision);
        let denied = decision == Ruling::ImplicitDeny;
        let stopping = denied.then(|| made.nearest(policies, &request)).flatten();
        let open = decision == Ruling::Unknown;
        let missing = policies.missing_keys(&request);
        let why = match &stopping {
            Some((of_type, _)) => Some(lacking(*of_type)),
            None if made.excludes_root() => Some(ROOT_EXCLUDED.to_owned()),
            None if denied => Some("no policy of the resource allows it".to_owned()),
            None if open => Some(made.doubt().unwrap_or_else(|| depends(bundle, &missing))),
            None => None,
        };
        EvaluationResult {
            action: self.action.to_owned(),
            resource: self.resource.to_string(),
            decision,
            matched: matched(bundle, &made),
            missing,
            details: details(&made),
            cross_account: request.crosses_accounts(),
            boundary: allowed_by(&made, PolicyType::Boundary),
            organizations: allowed_by(&made, PolicyType::ServiceControl),
            nearest: stopping.and_then(|(_, miss)| nearest(bundle, &miss?)),
            why,
        }
    }
}

/// Why a root user is refused what its own policies allow.
const ROOT_EXCLUDED: &str =
    "the root user of an account cannot do this, regardless of its permissions";

/// What an unknown decision depends on.
fn depends(bundle: &PolicyBundle, missing: &[String]) -> String {
    match (bundle.missing.first(), missing) {
        (Some((_, missing)), _) if missing.fetch.is_empty() => missing.reason(),
        (Some((_, missing)), _) => format!("{} ({})", missing.reason(), missing.fetch),
        (None, []) => {
            "it depends on an unknown value in the policies, or on behavior that AWS does not document"
                .to_owned()
        }
        (None, keys) => {
            let keys = keys.join(", ");
            format!("it depends on {keys} (set with `--context`)")
        }
    }
}

/// The decision in the words of the simulator.
fn ruling(decision: Decision) -> Ruling {
    match decision {
        Decision::Allowed => Ruling::Allowed,
        Decision::ExplicitDeny => Ruling::ExplicitDeny,
        Decision::ImplicitDeny => Ruling::ImplicitDeny,
        Decision::Unknown => Ruling::Unknown,
    }
}

/// Why a request is not allowed if no policy of a type allows it.
fn lacking(of_type: PolicyType) -> String {
    let whose = match of_type {
        PolicyType::Identity => "no identity policy of the caller allows it",
        PolicyType::Resource => "the resource policy does not allow it",
        PolicyType::Boundary => "the permissions boundary does not allow it",
        PolicyType::Session => "no session policy allows it",
        PolicyType::ServiceControl => {
            "the service control policies of one level of the organization do not allow it"
        }
        PolicyType::ResourceControl => {
            "the resource control policies of one level of the organization do not allow it"
        }
        PolicyType::Endpoint => "the VPC endpoint policy does not allow it",
    };
    whose.to_owned()
}

/// The deciding statements, in the order of the policies.
fn matched(bundle: &PolicyBundle, made: &Authorization<'_>) -> Vec<MatchedStatement> {
    let deciding: HashSet<*const Statement> = made
        .deciding()
        .iter()
        .map(|(_, statement)| std::ptr::from_ref(*statement))
        .collect();
    let mut found = Vec::with_capacity(deciding.len());
    for sourced in &bundle.list {
        if found.len() == deciding.len() {
            break;
        }
        let statements = sourced.document.statements.iter();
        let statements = statements.map(|statement| &**statement);
        let deciding = statements.filter(|s| deciding.contains(&std::ptr::from_ref(*s)));
        found.extend(deciding.map(|statement| in_policy(sourced, statement)));
    }
    found
}

fn in_policy(sourced: &BundledPolicy, statement: &Statement) -> MatchedStatement {
    MatchedStatement {
        policy: sourced.name.clone(),
        kind: sourced.of_type.simulated(),
        sid: statement.name().map(str::to_owned),
        span: statement.span,
    }
}

/// The decision of each type of policy.
fn details(made: &Authorization<'_>) -> Vec<(&'static str, Ruling)> {
    let details = made.details().into_iter();
    details
        .map(|(of_type, decision)| (of_type.simulated(), ruling(decision)))
        .collect()
}

/// Whether all policies of a type allow the request; `None` where there are none, or where it is
/// not known.
fn allowed_by(made: &Authorization<'_>, of_type: PolicyType) -> Option<bool> {
    let details = made.details().into_iter();
    let details = details.filter(|(known, _)| *known == of_type);
    let decisions: Vec<Decision> = details.map(|(_, decision)| decision).collect();
    let refuses = |d: &Decision| matches!(d, Decision::ExplicitDeny | Decision::ImplicitDeny);
    match decisions.as_slice() {
        [] => None,
        all if all.iter().any(refuses) => Some(false),
        all if all.contains(&Decision::Unknown) => None,
        _ => Some(true),
    }
}

/// The statement that comes closest to allowing the request.
fn nearest(bundle: &PolicyBundle, miss: &NearMiss<'_>) -> Option<Nearest> {
    let sourced = bundle.holding(miss.statement)?;
    let elements = miss.stopped_by.iter().map(|element| match element {
        Element::Action => "Action".to_owned(),
        Element::Resource => "Resource".to_owned(),
        Element::Principal => "Principal".to_owned(),
        Element::Condition(condition) => format!("Condition on {}", condition.key),
    });
    Some(Nearest {
        statement: in_policy(sourced, miss.statement),
        elements: elements.collect(),
    })
}
