//! The decision on a request, by all policies that have a say in it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::decision::Decision;
use super::evaluation::Evaluation;
use super::identity::Identity;
use super::policies::{Policies, PolicyType};
use super::request::{Caller, Request, resource_account};
use super::statement::Statement;
use super::type_result::Missing;

/// A decision by all policies, and what each type contributed.
#[derive(Clone, Debug)]
pub struct Authorization<'p> {
    /// The decision.
    pub decision: Decision,
    /// The types whose policies are not all at hand, where nothing but those keeps an unknown
    /// decision from being an allow.
    pub awaiting: Vec<PolicyType>,
    evaluation: Evaluation<'p>,
}

impl<'p> Authorization<'p> {
    fn of(policies: &Policies<'p>, request: &Request<'_>, missing: Missing) -> Self {
        let evaluation = Evaluation::of(policies, request, missing);
        Authorization {
            decision: evaluation.decision(),
            awaiting: Vec::new(),
            evaluation,
        }
    }

    /// The statements that made the decision, with the type of their policy.
    #[must_use]
    pub fn deciding(&self) -> Vec<(PolicyType, &'p Statement)> {
        self.evaluation.deciding(self.decision)
    }

    /// What each type of policy that is there says by itself.
    #[must_use]
    pub fn details(&self) -> Vec<(PolicyType, Decision)> {
        self.evaluation.details()
    }

    /// Whether the root user asks for what it cannot do, whatever allows it.
    #[must_use]
    pub fn excludes_root(&self) -> bool {
        self.evaluation.excludes_root
    }

    /// The types for want of whose Allow the request is not allowed: those that grant first.
    #[must_use]
    pub fn lacking(&self) -> Vec<PolicyType> {
        self.evaluation.lacking()
    }
}

/// Decides a request by all policies that have a say in it: the only way to a decision.
///
/// Where the decision depends on holes, it is made again with their likely texts, and with the caller
/// in the account of the resource, and as if no policy that is not at hand denied what another one of
/// its type allows. What that allows is allowed; a refusal never rests on it.
#[must_use]
pub fn authorize<'p>(policies: &Policies<'p>, request: &Request<'_>) -> Authorization<'p> {
    let mut authorization = Authorization::of(policies, request, Missing::Anything);
    if authorization.decision != Decision::Unknown {
        return authorization;
    }
    let incomplete = policies.incomplete_types();
    if incomplete.is_empty() && !has_likely(request) {
        return authorization;
    }
    let context = request.context.filled();
    let likely = Request {
        caller: likely_caller(request),
        action: request.action.clone(),
        resource: request.resource.filled(),
        owner: request.owner.clone(),
        context: &context,
    };
    let probable = Authorization::of(policies, &likely, Missing::NoDeny);
    if probable.decision == Decision::Allowed {
        return probable;
    }
    if !incomplete.is_empty() {
        let complete = Authorization::of(policies, &likely, Missing::Allow);
        let is_allowed = complete.decision == Decision::Allowed;
        authorization.awaiting = incomplete.into_iter().filter(|_| is_allowed).collect();
    }
    authorization
}

/// The refusal that an unknown decision is, unless a fixed text happens to be what is made up at random for
/// a resource. The context of the request excludes coincidence.
#[must_use]
pub fn refused_unless_coincidence<'p>(
    policies: &Policies<'p>,
    request: &Request<'_>,
) -> Option<Authorization<'p>> {
    let apart = Authorization::of(policies, request, Missing::Anything);
    apart.decision.is_denied().then_some(apart)
}

/// Whether something that is not known of a request is likely.
fn has_likely(request: &Request<'_>) -> bool {
    let is_of_likely = match &request.caller {
        Some(Caller::Aws(identity)) => identity.account.as_str().is_none(),
        Some(Caller::Service(service)) => service.filled() != **service,
        _ => false,
    };
    is_of_likely || request.context.has_likely() || request.resource.has_likely()
}

/// The caller; one whose account is unknown is likely in that of the resource.
fn likely_caller(request: &Request<'_>) -> Option<Caller> {
    match (&request.caller, resource_account(request)) {
        (Some(Caller::Aws(identity)), Some(account)) if identity.account.as_str().is_none() => {
            let identity = Identity {
                account,
                ..(**identity).clone()
            };
            Some(Caller::Aws(Box::new(identity)))
        }
        (Some(Caller::Service(service)), _) => Some(Caller::Service(Box::new(service.filled()))),
        (caller, _) => caller.clone(),
    }
}

#[cfg(test)]
mod tests;
