//! What the policies of one type say of a request.

use super::decision::Decision;
use super::elements::Effect;
use super::policies::{PolicySet, PolicyType};
use super::principal::{PrincipalElement, PrincipalMatch};
use super::request::{Caller, Request};
use super::statement::{Reading, Statement};
use super::truth::Truth;

/// What stands in for the policies that are not at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// They may say anything.
    Anything,
    /// Beside one that allows the request, they do not deny it; else they may say anything.
    NoDeny,
    /// They allow the request.
    Allow,
}

/// A request as the policies of every type are asked about it.
#[derive(Clone, Copy)]
pub(super) struct Question<'r> {
    pub(super) request: &'r Request<'r>,
    /// Whether who asks has a permissions boundary.
    pub(super) bounded: bool,
    pub(super) missing: Missing,
}

/// What the policies of one type say of a request.
#[derive(Clone, Debug)]
pub(super) struct TypeResult<'p> {
    pub(super) of_type: PolicyType,
    pub(super) allows: Truth,
    pub(super) denies: Truth,
    pub(super) allowing: Deciding<'p>,
    pub(super) denying: Deciding<'p>,
}

/// The statements that make a result. There is seldom more than one.
#[derive(Clone, Debug, Default)]
pub(super) struct Deciding<'p> {
    first: Option<&'p Statement>,
    others: Vec<&'p Statement>,
}

/// From the most to the least direct way to name a caller.
const NAMED: [PrincipalMatch; 3] = [
    PrincipalMatch::Exact,
    PrincipalMatch::Role,
    PrincipalMatch::Account,
];

/// What a resource's policies allow, by how directly the caller must be named.
#[derive(Clone, Debug)]
pub(super) struct ResourceResult<'p> {
    pub(super) itself: Truth,
    pub(super) role: Truth,
    /// However the caller is named.
    pub(super) anyhow: TypeResult<'p>,
}

impl<'p> ResourceResult<'p> {
    /// The result of the policies of a resource.
    pub(super) fn of(set: &PolicySet<'p>, question: Question<'_>) -> Self {
        let mut anyhow = TypeResult::new(PolicyType::Resource);
        let mut direct = [Truth::No; 2];
        for statement in set.about(question.request) {
            let [itself, role, any] = question.ask(statement, PolicyType::Resource, NAMED);
            let ways = direct.iter_mut().zip([itself, role]);
            ways.for_each(|(allows, matches)| *allows = allows.or(allowed_by(statement, matches)));
            anyhow.count(statement, any);
        }
        if set.incomplete {
            direct = direct.map(|allows| question.missing.allows(allows));
            anyhow.count_missing(question.missing);
        }
        let [itself, role] = direct;
        ResourceResult {
            itself,
            role,
            anyhow,
        }
    }
}

/// Whether a statement allows what it matches; one whose effect is not known may do so.
fn allowed_by(statement: &Statement, matches: Truth) -> Truth {
    match statement.effect {
        Some(Effect::Allow) => matches,
        Some(Effect::Deny) => Truth::No,
        None => Truth::from(matches != Truth::No).and(Truth::Unknown),
    }
}

impl Question<'_> {
    /// Whether a statement of a type of policies matches, by how directly an Allow must name the caller.
    fn ask<const N: usize>(
        self,
        statement: &Statement,
        of_type: PolicyType,
        named: [PrincipalMatch; N],
    ) -> [Truth; N] {
        let request = self.request;
        let is_attached = of_type == PolicyType::Identity
            || statement.principal.is_none()
            || self.bounded && denies_others(statement);
        // Of whoever has the policies attached, nothing else is known.
        let nobody = of_type.names_callers().then_some(&Caller::Unknown);
        let caller = request.caller.as_ref().or(nobody);
        let caller = caller.filter(|_| !is_attached);
        let reading = Reading {
            named,
            completes_arns: of_type.completes_arns(),
        };
        let matches = statement.matches_as(request, caller, reading);
        let is_doubtful =
            || of_type.refuses(statement).is_some() || may_mean_others(statement, of_type);
        match matches.contains(&Truth::Yes) && is_doubtful() {
            true => matches.map(|matches| matches.and(Truth::Unknown)),
            false => matches,
        }
    }
}

/// Of gateway endpoints, AWS takes `*` alone as principal, and an account for its root user; a policy does
/// not show what kind its endpoint is of.
///
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway>
fn may_mean_others(statement: &Statement, of_type: PolicyType) -> bool {
    let named = statement.principal.as_ref();
    of_type == PolicyType::Endpoint && !named.is_some_and(PrincipalElement::is_everybody)
}

impl Missing {
    /// What a type allows with the policies that are not at hand.
    fn allows(self, allows: Truth) -> Truth {
        match self {
            Missing::Anything | Missing::NoDeny => allows.or(Truth::Unknown),
            Missing::Allow => Truth::Yes,
        }
    }
}

impl<'p> TypeResult<'p> {
    /// What no policy says.
    pub(super) fn new(of_type: PolicyType) -> Self {
        TypeResult {
            of_type,
            allows: Truth::No,
            denies: Truth::No,
            allowing: Deciding::default(),
            denying: Deciding::default(),
        }
    }

    /// The result of a set.
    pub(super) fn of(set: &PolicySet<'p>, question: Question<'_>, of_type: PolicyType) -> Self {
        let mut result = TypeResult::new(of_type);
        for statement in set.about(question.request) {
            let [matches] = question.ask(statement, of_type, [PrincipalMatch::Account]);
            result.count(statement, matches);
        }
        if set.incomplete {
            result.count_missing(question.missing);
        }
        result
    }

    fn count_missing(&mut self, missing: Missing) {
        match missing {
            Missing::NoDeny if self.allows == Truth::Yes => {}
            Missing::Allow => {}
            Missing::Anything | Missing::NoDeny => self.denies = self.denies.or(Truth::Unknown),
        }
        self.allows = missing.allows(self.allows);
    }

    fn count(&mut self, statement: &'p Statement, matches: Truth) {
        match statement.effect {
            _ if matches == Truth::No => {}
            Some(Effect::Allow) => self.allow(statement, matches),
            Some(Effect::Deny) => self.deny(statement, matches),
            // It may do either.
            None => {
                self.allow(statement, Truth::Unknown);
                self.deny(statement, Truth::Unknown);
            }
        }
    }

    fn allow(&mut self, statement: &'p Statement, matches: Truth) {
        self.allowing.note(self.allows, statement, matches);
        self.allows = self.allows.or(matches);
    }

    fn deny(&mut self, statement: &'p Statement, matches: Truth) {
        self.denying.note(self.denies, statement, matches);
        self.denies = self.denies.or(matches);
    }

    /// It may be that the policies have no say.
    pub(super) fn loosen(&mut self) {
        self.allows = self.allows.or(Truth::Unknown);
        self.denies = self.denies.and(Truth::Unknown);
    }

    pub(super) fn decision(&self) -> Decision {
        Decision::of(self.denies, self.allows)
    }
}

impl<'p> Deciding<'p> {
    /// Adds a statement to those that decide. One that certainly decides leaves those after that only
    /// may.
    fn note(&mut self, truth: Truth, statement: &'p Statement, matches: Truth) {
        if matches == Truth::Yes && truth != Truth::Yes {
            *self = Deciding::default();
        }
        match self.first {
            _ if matches < truth => {}
            Some(_) => self.others.push(statement),
            None => self.first = Some(statement),
        }
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'p Statement> {
        self.first.into_iter().chain(self.others.iter().copied())
    }
}

/// A Deny with `NotPrincipal` exempts nobody who has a permissions boundary.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn denies_others(statement: &Statement) -> bool {
    let negated = statement.principal.as_ref().is_some_and(|p| p.negated);
    negated && statement.effect == Some(Effect::Deny)
}
