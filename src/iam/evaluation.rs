//! What all policies that have a say in a request say, type by type, and what follows from it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::decision::Decision;
use super::elements::Effect;
use super::policies::{Policies, PolicyType};
use super::request::{Caller, Request, same_account};
use super::statement::Statement;
use super::truth::Truth;
use super::type_result::{Missing, Question, ResourceResult, TypeResult};

/// What all types of policies say, where there are policies of them.
#[derive(Clone, Debug)]
pub(super) struct Evaluation<'p> {
    identity: TypeResult<'p>,
    resource: Option<ResourceResult<'p>>,
    limits: Vec<TypeResult<'p>>,
    /// Limits that also hold for a caller that the resource's policy names directly.
    guardrails: Vec<TypeResult<'p>>,
    resource_required: bool,
    /// Whether the root user asks for what it cannot do.
    pub(super) excludes_root: bool,
    /// Whether the caller belongs to an account.
    has_account: bool,
    /// Whether the resource is in the caller's account.
    account: Truth,
}

impl<'p> Evaluation<'p> {
    /// What all types say of a request.
    pub(super) fn of(policies: &Policies<'p>, request: &Request<'_>, missing: Missing) -> Self {
        let question = Question {
            request,
            bounded: policies.boundary.is_some() && matches!(request.caller, Some(Caller::Aws(_))),
            missing,
        };
        let result = |set, of_type| TypeResult::of(set, question, of_type);
        // Who belongs to no account has no policies of its own.
        let has_account = request.caller.is_none() || request.has_account();
        let mut identity = match has_account {
            true => result(&policies.identity, PolicyType::Identity),
            false => TypeResult::new(PolicyType::Identity),
        };
        if request.is_of_root() {
            // The root user may do all that nothing forbids to its account.
            identity.allows = Truth::Yes;
        }
        let resource = policies.resource.as_ref();
        let resource = resource.map(|set| ResourceResult::of(set, question));
        let boundary = policies.boundary.iter().filter(|_| has_account);
        let boundary = boundary.map(|set| result(set, PolicyType::Boundary));
        let session = policies.session.iter().filter(|_| has_account);
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
            has_account,
            account: same_account(request),
        }
    }

    /// What each type says, in the order of all types.
    fn all(&self) -> impl Iterator<Item = &TypeResult<'p>> {
        let resource = self.resource.iter().map(|resource| &resource.anyhow);
        let inner = std::iter::once(&self.identity).chain(resource);
        inner.chain(&self.limits).chain(&self.guardrails)
    }

    /// The decision of all types together.
    pub(super) fn decision(&self) -> Decision {
        let denied = Truth::any(self.all().map(|result| result.denies));
        Decision::of(denied, self.allowed())
    }

    /// What each type of policy that is there says by itself.
    pub(super) fn details(&self) -> Vec<(PolicyType, Decision)> {
        let details = self.all();
        details.map(|r| (r.of_type, r.decision())).collect()
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
    pub(super) fn lacking(&self) -> Vec<PolicyType> {
        if self.excludes_root {
            return Vec::new();
        }
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
    pub(super) fn deciding(&self, decision: Decision) -> Vec<(PolicyType, &'p Statement)> {
        let may_deny = self.all().any(|result| result.denies == Truth::Unknown);
        let chosen = |result: &TypeResult<'p>| match decision {
            Decision::Allowed if result.allows == Truth::Yes => Some(Effect::Allow),
            Decision::ExplicitDeny if result.denies == Truth::Yes => Some(Effect::Deny),
            Decision::Allowed | Decision::ExplicitDeny | Decision::ImplicitDeny => None,
            Decision::Unknown => match (may_deny, result.denies, result.allows) {
                (true, Truth::Unknown, _) => Some(Effect::Deny),
                (false, _, Truth::Unknown) => Some(Effect::Allow),
                _ => None,
            },
        };
        let mut deciding = Vec::new();
        for result in self.all() {
            let of_type = |statement| (result.of_type, statement);
            match chosen(result) {
                Some(Effect::Allow) => deciding.extend(result.allowing.iter().map(of_type)),
                Some(Effect::Deny) => deciding.extend(result.denying.iter().map(of_type)),
                None => {}
            }
        }
        deciding
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
