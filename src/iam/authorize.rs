//! The decision on a request, by all policies that have a say in it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::arn::{Arn, account_of};
use super::decision::Decision;
use super::identity::Identity;
use super::policies::{Policies, PolicyType};
use super::request::{Caller, Request};
use super::statement::Statement;
use super::truth::Truth;
use super::type_result::{Missing, Question, ResourceResult, TypeResult};
use crate::syntax::Text;

/// A decision by all policies, and what each type contributed.
#[derive(Clone, Debug)]
pub struct Authorization<'p> {
    /// The decision.
    pub decision: Decision,
    /// The statements that made it, with the type of their policy.
    pub deciding: Vec<(PolicyType, &'p Statement)>,
    /// What each type of policy that is there says by itself.
    pub details: Vec<(PolicyType, Decision)>,
    /// The types for want of whose Allow the request is not allowed: those that grant first.
    pub lacking: Vec<PolicyType>,
    /// The types whose policies are not all at hand, where nothing but those keeps an unknown
    /// decision from being an allow.
    pub awaiting: Vec<PolicyType>,
    /// Whether the root user asks for what it cannot do, whatever allows it.
    pub excludes_root: bool,
    /// The refusal that an unknown decision is, unless a fixed text happens to be what is made up at
    /// random for a resource.
    pub unless_coincidence: Option<Box<Authorization<'p>>>,
}

/// Decides a request by all policies that have a say in it: the only way to a decision.
///
/// Where the decision depends on holes, it is made again with their likely texts, and with the caller
/// in the account of the resource, and as if no policy that is not at hand denied what another one of
/// its type allows. What that allows is allowed; a refusal never rests on it.
#[must_use]
pub fn authorize<'p>(policies: &Policies<'p>, request: &Request<'_>) -> Authorization<'p> {
    let mut authorization = Evaluation::of(policies, request, Missing::Anything).authorization();
    if authorization.decision != Decision::Unknown {
        return authorization;
    }
    authorization.unless_coincidence = unless_coincidence(policies, request);
    let context = request.context.filled();
    let likely = Request {
        caller: likely_caller(request),
        action: request.action.clone(),
        resource: request.resource.filled(),
        owner: request.owner.clone(),
        context: &context,
    };
    let probable = Evaluation::of(policies, &likely, Missing::NoDeny).authorization();
    if probable.decision == Decision::Allowed {
        return probable;
    }
    let incomplete = policies.incomplete_types();
    if !incomplete.is_empty() {
        let complete = Evaluation::of(policies, &likely, Missing::Allow).authorization();
        let is_allowed = complete.decision == Decision::Allowed;
        authorization.awaiting = incomplete.into_iter().filter(|_| is_allowed).collect();
    }
    authorization
}

/// The decision without coincidences, where it is a refusal.
fn unless_coincidence<'p>(
    policies: &Policies<'p>,
    request: &Request<'_>,
) -> Option<Box<Authorization<'p>>> {
    let context = request.context.without_coincidence();
    let request = Request {
        context: &context,
        ..request.clone()
    };
    let apart = Evaluation::of(policies, &request, Missing::Anything).authorization();
    let is_refusal = matches!(
        apart.decision,
        Decision::ImplicitDeny | Decision::ExplicitDeny
    );
    is_refusal.then(|| Box::new(apart))
}

/// What all types of policies say, where there are policies of them.
struct Evaluation<'p> {
    identity: TypeResult<'p>,
    resource: Option<ResourceResult<'p>>,
    limits: Vec<TypeResult<'p>>,
    /// Limits that also hold for a caller that the resource's policy names directly.
    guardrails: Vec<TypeResult<'p>>,
    resource_required: bool,
    excludes_root: bool,
    /// Whether the caller belongs to an account.
    has_account: bool,
    /// Whether the resource is in the caller's account.
    account: Truth,
}

impl<'p> Evaluation<'p> {
    fn of(policies: &Policies<'p>, request: &Request<'_>, missing: Missing) -> Self {
        let question = Question {
            request,
            bounded: policies.boundary.is_some() && matches!(request.caller, Some(Caller::Aws(_))),
            missing,
        };
        let result = |set, of_type| TypeResult::of(set, question, of_type);
        let mut identity = result(&policies.identity, PolicyType::Identity);
        if request.is_of_root() {
            // The root user may do all that nothing forbids to its account.
            identity.allows = Truth::Yes;
        }
        let resource = policies.resource.as_ref();
        let resource = resource.map(|set| ResourceResult::of(set, question));
        let boundary = policies.boundary.iter();
        let boundary = boundary.map(|set| result(set, PolicyType::Boundary));
        let session = policies.session.iter();
        let session = session.map(|set| result(set, PolicyType::Session));
        let mut limits: Vec<_> = boundary.chain(session).collect();
        if request.is_of_unknown() {
            // Whoever asks may be a root user or a service, of whom less is asked.
            let looser = [&mut identity].into_iter().chain(&mut limits);
            looser.for_each(|result| result.allows = result.allows.or(Truth::Unknown));
        }
        Evaluation {
            identity,
            resource,
            limits,
            guardrails: guardrails(policies, question),
            resource_required: policies.resource_required,
            excludes_root: policies.root_excluded && request.is_of_root(),
            has_account: request.caller.is_none() || request.has_account(),
            account: same_account(request),
        }
    }

    /// What each type says, in the order of all types.
    fn all(&self) -> impl Iterator<Item = &TypeResult<'p>> {
        let resource = self.resource.iter().map(|resource| &resource.anyhow);
        let inner = std::iter::once(&self.identity).chain(resource);
        inner.chain(&self.limits).chain(&self.guardrails)
    }

    fn authorization(&self) -> Authorization<'p> {
        let denied = Truth::any(self.all().map(|result| result.denies));
        let decision = Decision::of(denied, self.allowed());
        let details = self.all();
        Authorization {
            decision,
            deciding: self.deciding(decision),
            details: details.map(|r| (r.of_type, r.decision())).collect(),
            lacking: self.lacking(),
            awaiting: Vec::new(),
            excludes_root: self.excludes_root,
            unless_coincidence: None,
        }
    }

    /// What the resource's policies allow where they name the caller itself, its role or anything that
    /// stands for it; none allow nothing.
    fn of_resource(&self) -> [Truth; 3] {
        let resource = self.resource.as_ref();
        resource.map_or([Truth::No; 3], |resource| {
            [resource.itself, resource.role, resource.anyhow.allows]
        })
    }

    /// Whether enough policies allow the request, Deny statements left aside.
    fn allowed(&self) -> Truth {
        if self.excludes_root {
            return Truth::No;
        }
        let [itself, role, anyhow] = self.of_resource();
        let guardrails = Truth::all(self.guardrails.iter().map(|result| result.allows));
        let limits = Truth::all(self.limits.iter().map(|result| result.allows));
        if !self.has_account {
            return anyhow.and(guardrails);
        }
        let identity = match self.resource_required {
            true => self.identity.allows.and(anyhow),
            false => self.identity.allows,
        };
        let within = itself.or(role.or(identity).and(limits));
        let across = self.identity.allows.and(limits).and(anyhow);
        let allowed = match self.account {
            Truth::Yes => within,
            Truth::No => across,
            // Where both ways lead to the same, it does not matter which one it is.
            Truth::Unknown if within == across => within,
            Truth::Unknown => Truth::Unknown,
        };
        allowed.and(guardrails)
    }

    /// The types for want of whose Allow the request is certainly not allowed.
    fn lacking(&self) -> Vec<PolicyType> {
        let [itself, role, anyhow] = self.of_resource();
        let (own, others) = (self.identity.allows, anyhow);
        let is_across = self.account == Truth::No;
        let needs_both = self.resource_required || is_across;
        let own_way = match needs_both {
            true => own.and(others),
            false => own,
        };
        // Across accounts it does not help that the resource's policy names the caller directly.
        let is_granted = match (self.has_account, is_across) {
            (false, _) => others,
            (true, true) => own_way,
            (true, false) => own_way.or(role).or(itself),
        };
        let mut lacking = Vec::new();
        if self.excludes_root {
            return lacking;
        }
        if is_granted == Truth::No {
            let of_identity = self.has_account && own == Truth::No;
            let of_resource = !self.has_account || needs_both && others == Truth::No;
            lacking.extend(Some(PolicyType::Identity).filter(|_| of_identity));
            lacking.extend(Some(PolicyType::Resource).filter(|_| of_resource));
        }
        let is_unlimited = !is_across && itself == Truth::Yes;
        let limits = self.limits.iter();
        let limits = limits.filter(|_| self.has_account && !is_unlimited);
        for result in limits.chain(&self.guardrails) {
            if result.allows == Truth::No && !lacking.contains(&result.of_type) {
                lacking.push(result.of_type);
            }
        }
        lacking
    }

    /// The statements that made the decision.
    fn deciding(&self, decision: Decision) -> Vec<(PolicyType, &'p Statement)> {
        let may_deny = self.all().any(|result| result.denies == Truth::Unknown);
        let chosen = |result: &TypeResult<'p>| match decision {
            Decision::Allowed if result.allows == Truth::Yes => result.allowing.clone(),
            Decision::ExplicitDeny if result.denies == Truth::Yes => result.denying.clone(),
            Decision::Allowed | Decision::ExplicitDeny | Decision::ImplicitDeny => Vec::new(),
            Decision::Unknown => match (may_deny, result.denies, result.allows) {
                (true, Truth::Unknown, _) => result.denying.clone(),
                (false, _, Truth::Unknown) => result.allowing.clone(),
                _ => Vec::new(),
            },
        };
        let of_type = |result: &TypeResult<'p>| {
            let of_type = result.of_type;
            let chosen = chosen(result).into_iter();
            chosen.map(move |statement| (of_type, statement))
        };
        self.all().flat_map(of_type).collect()
    }
}

/// What the organization and the endpoint say.
fn guardrails<'p>(policies: &Policies<'p>, question: Question<'_>) -> Vec<TypeResult<'p>> {
    let result = |set, of_type| TypeResult::of(set, question, of_type);
    let service_control = policies.service_control.iter();
    let service_control = service_control
        .filter(|_| question.request.has_account())
        .map(|set| result(set, PolicyType::ServiceControl));
    let mut guardrails: Vec<_> = service_control.collect();
    if question.request.is_of_unknown() {
        // They have no say if a service asks.
        guardrails.iter_mut().for_each(TypeResult::loosen);
    }
    let resource_control = policies.resource_control.iter();
    guardrails.extend(resource_control.map(|set| result(set, PolicyType::ResourceControl)));
    let endpoint = policies.endpoint.iter();
    guardrails.extend(endpoint.map(|set| result(set, PolicyType::Endpoint)));
    guardrails
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

/// Whether the resource belongs to the caller's account; it does where nothing says otherwise.
fn same_account(request: &Request<'_>) -> Truth {
    let identity = match &request.caller {
        Some(Caller::Aws(identity)) => identity,
        Some(Caller::Unknown) if resource_account(request).is_some() => return Truth::Unknown,
        _ => return Truth::Yes,
    };
    let own = identity.account.as_str();
    if let (Some(own), Some(other)) = (own, request.resource.as_str().and_then(account_in)) {
        return Truth::from(own == other);
    }
    match resource_account(request) {
        None => Truth::Yes,
        Some(account) if account == identity.account => Truth::Yes,
        Some(account) if own.is_some() && account.as_str().is_some() => Truth::No,
        Some(_) => Truth::Unknown,
    }
}

/// The account of a request's resource, where it is known.
fn resource_account(request: &Request<'_>) -> Option<Text> {
    let of_arn = match request.resource.as_str() {
        Some(known) => account_in(known).map(Text::from),
        None => Arn::parse(&request.resource)
            .map(|arn| arn.account)
            .filter(|account| account.as_str().is_none_or(is_account)),
    };
    of_arn.or_else(|| request.owner.clone())
}

/// The account in a known ARN.
fn account_in(arn: &str) -> Option<&str> {
    account_of(arn).filter(|account| is_account(account))
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

impl<'c> Request<'c> {
    /// Whether the caller certainly belongs to another account than the resource.
    #[must_use]
    pub fn crosses_accounts(&self) -> bool {
        same_account(self) == Truth::No
    }
}

#[cfg(test)]
mod tests;
