//! Decisions by policies of several types: who must allow a request, and who can deny it.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::evaluate::{Decision, Request};
use super::policy::PolicyDocument;
use super::principal::{Caller, PrincipalMatch};
use super::statement::{Effect, Statement};
use super::truth::Truth;
use crate::syntax::Text;

/// The types of policies that can have a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// Attached to the user, its groups or the role.
    Identity,
    /// Of the resource.
    Resource,
    /// The limit of what identity policies can allow.
    Boundary,
    /// Given when the session began.
    Session,
    /// Of the organization, for the accounts that ask.
    ServiceControl,
    /// Of the organization, for the accounts whose resources are asked for.
    ResourceControl,
    /// Of the VPC endpoint that the request goes through.
    Endpoint,
}

impl PolicyType {
    /// All types: the two that grant, then those that limit.
    pub const ALL: [PolicyType; 7] = [
        PolicyType::Identity,
        PolicyType::Resource,
        PolicyType::Boundary,
        PolicyType::Session,
        PolicyType::ServiceControl,
        PolicyType::ResourceControl,
        PolicyType::Endpoint,
    ];

    /// Whether policies of this type result for whom they are.
    pub(super) fn names_callers(self) -> bool {
        matches!(
            self,
            PolicyType::Resource | PolicyType::ResourceControl | PolicyType::Endpoint
        )
    }
}

/// Policies of one type.
#[derive(Clone, Debug, Default)]
pub struct PolicySet<'p> {
    /// The documents at hand.
    pub documents: Vec<&'p PolicyDocument>,
    /// Whether there are others that are not.
    pub incomplete: bool,
}

/// All policies that have a result in a request.
#[derive(Clone, Debug, Default)]
pub struct Policies<'p> {
    /// Identity policies.
    pub identity: PolicySet<'p>,
    /// The resource's policy; none where the resource has none.
    pub resource: Option<PolicySet<'p>>,
    /// Whether nothing goes without the resource's policy, as with roles and KMS keys.
    pub resource_required: bool,
    /// The permissions boundary; none where there is none.
    pub boundary: Option<PolicySet<'p>>,
    /// Session policies; none where the session has none.
    pub session: Option<PolicySet<'p>>,
    /// Service control policies, by level of the organization.
    pub service_control: Vec<PolicySet<'p>>,
    /// Resource control policies, by level of the organization.
    pub resource_control: Vec<PolicySet<'p>>,
    /// The endpoint's policy; none where the request goes through no endpoint.
    pub endpoint: Option<PolicySet<'p>>,
}

/// A decision by all policies, and what each type contributed.
#[derive(Clone, Debug)]
pub struct Authorization<'p> {
    /// The decision.
    pub decision: Decision,
    /// The statements that made it, with the type of their policy.
    pub deciding: Vec<(PolicyType, &'p Statement)>,
    /// What each type of policy that is there results by itself.
    pub details: Vec<(PolicyType, Decision)>,
}

/// What the policies of one type result of a request.
#[derive(Clone, Debug)]
struct TypeResult<'p> {
    of_type: PolicyType,
    allows: Truth,
    denies: Truth,
    allowing: Vec<&'p Statement>,
    denying: Vec<&'p Statement>,
}

/// Decides a request by all policies that have a result in it.
///
/// `account` is that of the resource, where it is known; the caller's own account otherwise.
#[must_use]
pub fn authorize<'p>(
    policies: &Policies<'p>,
    request: &Request<'_>,
    account: Option<&Text>,
) -> Authorization<'p> {
    let results = TypeResults::of(policies, request);
    let allowed = results.allowed(policies, request, account);
    let denied = Truth::any(results.all().map(|result| result.denies));
    let decision = match (denied, allowed) {
        (Truth::Yes, _) => Decision::ExplicitDeny,
        (_, Truth::No) => Decision::ImplicitDeny,
        (Truth::No, Truth::Yes) => Decision::Allowed,
        _ => Decision::Unknown,
    };
    Authorization {
        decision,
        deciding: results.deciding(decision),
        details: results
            .all()
            .map(|result| (result.of_type, result.decision()))
            .collect(),
    }
}

/// A request, and whether who asks has a permissions boundary.
#[derive(Clone, Copy)]
struct AskedRequest<'r> {
    request: &'r Request<'r>,
    bounded: bool,
}

/// What all types result, where there are policies of them.
struct TypeResults<'p> {
    identity: TypeResult<'p>,
    /// By how directly the caller must be named.
    resource: [Option<TypeResult<'p>>; 3],
    limits: Vec<TypeResult<'p>>,
    /// Limits that also hold for who is named directly.
    guardrails: Vec<TypeResult<'p>>,
}

const NAMED: [PrincipalMatch; 3] = [
    PrincipalMatch::Exact,
    PrincipalMatch::Role,
    PrincipalMatch::Account,
];

impl<'p> TypeResults<'p> {
    fn of(policies: &Policies<'p>, request: &Request<'_>) -> Self {
        let asked = AskedRequest {
            request,
            bounded: policies.boundary.is_some() && matches!(request.caller, Some(Caller::Aws(_))),
        };
        let result = |set, of_type| TypeResult::of(set, asked, PrincipalMatch::Account, of_type);
        let mut identity = result(&policies.identity, PolicyType::Identity);
        if is_root(request) {
            // The root user may do all that nothing forbids to its account.
            identity.allows = Truth::Yes;
        }
        let resource = NAMED.map(|named| {
            let set = policies.resource.as_ref()?;
            Some(TypeResult::of(set, asked, named, PolicyType::Resource))
        });
        let boundary = policies.boundary.iter();
        let boundary = boundary.map(|set| result(set, PolicyType::Boundary));
        let session = policies.session.iter();
        let session = session.map(|set| result(set, PolicyType::Session));
        let mut limits: Vec<_> = boundary.chain(session).collect();
        if is_unknown(request) {
            // Whoever asks may be a root user or a service, of whom less is asked.
            let looser = [&mut identity].into_iter().chain(&mut limits);
            looser.for_each(|result| result.allows = result.allows.or(Truth::Unknown));
        }
        TypeResults {
            identity,
            resource,
            limits,
            guardrails: guardrails(policies, asked),
        }
    }

    fn all(&self) -> impl Iterator<Item = &TypeResult<'p>> {
        let [_, _, resource] = &self.resource;
        let inner = std::iter::once(&self.identity).chain(resource);
        inner.chain(&self.limits).chain(&self.guardrails)
    }

    /// Whether enough policies allow the request, Deny statements left aside.
    fn allowed(
        &self,
        policies: &Policies<'_>,
        request: &Request<'_>,
        account: Option<&Text>,
    ) -> Truth {
        let [itself, role, anyhow] = &self.resource;
        let allows = |result: &Option<TypeResult<'_>>| {
            result.as_ref().map_or(Truth::No, |result| result.allows)
        };
        let guardrails = Truth::all(self.guardrails.iter().map(|result| result.allows));
        let limits = Truth::all(self.limits.iter().map(|result| result.allows));
        if request.caller.is_some() && !request.has_account() {
            return allows(anyhow).and(guardrails);
        }
        let identity = match policies.resource_required {
            true => self.identity.allows.and(allows(anyhow)),
            false => self.identity.allows,
        };
        let within = allows(itself).or(allows(role).or(identity).and(limits));
        let across = self.identity.allows.and(limits).and(allows(anyhow));
        let same = same_account(request, account);
        let allowed = match same {
            Truth::Yes => within,
            Truth::No => across,
            // Where both ways lead to the same, it does not matter which one it is.
            Truth::Unknown if within == across => within,
            Truth::Unknown => Truth::Unknown,
        };
        allowed.and(guardrails)
    }

    /// The statements that made the decision.
    fn deciding(&self, decision: Decision) -> Vec<(PolicyType, &'p Statement)> {
        let chosen = |result: &TypeResult<'p>| match decision {
            Decision::Allowed => result.allowing.clone(),
            Decision::ExplicitDeny => result.denying.clone(),
            Decision::ImplicitDeny => Vec::new(),
            Decision::Unknown => match result.denies {
                Truth::Unknown => result.denying.clone(),
                _ => result.allowing.clone(),
            },
        };
        let of_type = |result: &TypeResult<'p>| {
            let of_type = result.of_type;
            chosen(result)
                .into_iter()
                .map(move |statement| (of_type, statement))
                .collect::<Vec<_>>()
        };
        self.all().flat_map(of_type).collect()
    }
}

/// What the organization and the endpoint result.
fn guardrails<'p>(policies: &Policies<'p>, asked: AskedRequest<'_>) -> Vec<TypeResult<'p>> {
    let result = |set, of_type| TypeResult::of(set, asked, PrincipalMatch::Account, of_type);
    let service_control = policies.service_control.iter();
    let service_control = service_control
        .filter(|_| asked.request.has_account())
        .map(|set| result(set, PolicyType::ServiceControl));
    let mut guardrails: Vec<_> = service_control.collect();
    if is_unknown(asked.request) {
        // They have no result if a service asks.
        guardrails.iter_mut().for_each(TypeResult::loosen);
    }
    let resource_control = policies.resource_control.iter();
    guardrails.extend(resource_control.map(|set| result(set, PolicyType::ResourceControl)));
    let endpoint = policies.endpoint.iter();
    guardrails.extend(endpoint.map(|set| result(set, PolicyType::Endpoint)));
    guardrails
}

impl<'p> TypeResult<'p> {
    fn of(
        set: &PolicySet<'p>,
        asked: AskedRequest<'_>,
        named: PrincipalMatch,
        of_type: PolicyType,
    ) -> Self {
        let AskedRequest { request, bounded } = asked;
        let request = Request {
            caller: request
                .caller
                .clone()
                .filter(|_| of_type != PolicyType::Identity),
            named,
            ..request.clone()
        };
        let mut result = TypeResult {
            of_type,
            allows: Truth::from(false),
            denies: Truth::from(false),
            allowing: Vec::new(),
            denying: Vec::new(),
        };
        let statements = set
            .documents
            .iter()
            .flat_map(|document| &document.statements);
        for statement in statements {
            result.count(statement, &request, bounded);
        }
        if set.incomplete {
            result.allows = result.allows.or(Truth::Unknown);
            result.denies = result.denies.or(Truth::Unknown);
        }
        result
    }

    fn count(&mut self, statement: &'p Statement, request: &Request<'_>, bounded: bool) {
        let nobody = self.names_nobody(statement) || bounded && denies_others(statement);
        let request = match request.caller.is_some() && nobody {
            true => &Request {
                caller: None,
                ..request.clone()
            },
            false => request,
        };
        let speaks = statement.matches(request);
        let (truth, list) = match statement.effect {
            _ if speaks == Truth::No => return,
            Some(Effect::Allow) => (&mut self.allows, &mut self.allowing),
            Some(Effect::Deny) => (&mut self.denies, &mut self.denying),
            None => {
                self.allows = self.allows.or(Truth::Unknown);
                self.denies = self.denies.or(Truth::Unknown);
                return;
            }
        };
        // A statement that certainly decides leaves those behind that only may.
        if speaks == Truth::Yes && *truth != Truth::Yes {
            list.clear();
        }
        if speaks >= *truth {
            list.push(statement);
        }
        *truth = truth.or(speaks);
    }

    /// It may be that the policies have no result.
    fn loosen(&mut self) {
        self.allows = self.allows.or(Truth::Unknown);
        self.denies = self.denies.and(Truth::Unknown);
    }

    fn names_nobody(&self, statement: &Statement) -> bool {
        statement.principal.is_none() && !self.of_type.names_callers()
    }

    fn decision(&self) -> Decision {
        match (self.denies, self.allows) {
            (Truth::Yes, _) => Decision::ExplicitDeny,
            (_, Truth::No) => Decision::ImplicitDeny,
            (Truth::No, Truth::Yes) => Decision::Allowed,
            _ => Decision::Unknown,
        }
    }
}

impl Request<'_> {
    /// Whether the caller belongs to an account, whose own policies then have a result.
    pub(super) fn has_account(&self) -> bool {
        matches!(self.caller, None | Some(Caller::Aws(_) | Caller::Unknown))
    }
}

/// A Deny with `NotPrincipal` exempts nobody who has a permissions boundary.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn denies_others(statement: &Statement) -> bool {
    let negated = statement.principal.as_ref().is_some_and(|p| p.negated);
    negated && statement.effect == Some(Effect::Deny)
}

fn is_unknown(request: &Request<'_>) -> bool {
    matches!(request.caller, Some(Caller::Unknown))
}

fn is_root(request: &Request<'_>) -> bool {
    let Some(Caller::Aws(identity)) = &request.caller else {
        return false;
    };
    identity
        .arn
        .as_str()
        .is_some_and(|arn| arn.ends_with(":root"))
}

fn same_account(request: &Request<'_>, account: Option<&Text>) -> Truth {
    match (&request.caller, account) {
        (Some(Caller::Aws(identity)), Some(account)) => {
            match (identity.account.as_str(), account.as_str()) {
                (Some(own), Some(other)) => Truth::from(own == other),
                _ if identity.account == *account => Truth::Yes,
                _ => Truth::Unknown,
            }
        }
        (Some(Caller::Unknown), Some(_)) => Truth::Unknown,
        _ => Truth::Yes,
    }
}
