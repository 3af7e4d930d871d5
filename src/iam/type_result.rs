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
    pub(super) allowing: Vec<&'p Statement>,
    pub(super) denying: Vec<&'p Statement>,
}

impl<'p> TypeResult<'p> {
    /// The result of a set. `named` says how directly an Allow must name the caller.
    pub(super) fn of(
        set: &PolicySet<'p>,
        question: Question<'_>,
        named: PrincipalMatch,
        of_type: PolicyType,
    ) -> Self {
        let mut result = TypeResult {
            of_type,
            allows: Truth::No,
            denies: Truth::No,
            allowing: Vec::new(),
            denying: Vec::new(),
        };
        let documents = set.documents.iter();
        for statement in documents.flat_map(|document| &document.statements) {
            result.count(statement, question, named);
        }
        if set.incomplete {
            result.count_missing(question.missing);
        }
        result
    }

    fn count_missing(&mut self, missing: Missing) {
        match missing {
            Missing::NoDeny if self.allows == Truth::Yes => {}
            Missing::Anything | Missing::NoDeny => {
                self.allows = self.allows.or(Truth::Unknown);
                self.denies = self.denies.or(Truth::Unknown);
            }
            Missing::Allow => self.allows = Truth::Yes,
        }
    }

    fn count(&mut self, statement: &'p Statement, question: Question<'_>, named: PrincipalMatch) {
        let request = question.request;
        let is_refused = self.of_type.refuses(statement).is_some();
        let is_attached = self.of_type == PolicyType::Identity
            || statement.principal.is_none()
            || question.bounded && denies_others(statement);
        // Of whoever has the policies attached, nothing else is known.
        let nobody = self.of_type.names_callers().then_some(&Caller::Unknown);
        let caller = request.caller.as_ref().or(nobody);
        let caller = caller.filter(|_| !is_attached);
        let reading = Reading {
            named,
            completes_arns: self.of_type.completes_arns(),
        };
        let matches = match statement.matches_as(request, caller, reading) {
            Truth::Yes if is_refused || self.may_mean_others(statement) => Truth::Unknown,
            matches => matches,
        };
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

    /// Of gateway endpoints, AWS takes `*` alone as principal, and an account for its root user; a policy
    /// does not show what kind its endpoint is of.
    ///
    /// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway>
    fn may_mean_others(&self, statement: &Statement) -> bool {
        let named = statement.principal.as_ref();
        self.of_type == PolicyType::Endpoint && !named.is_some_and(PrincipalElement::is_everybody)
    }

    fn allow(&mut self, statement: &'p Statement, matches: Truth) {
        note(&mut self.allowing, self.allows, statement, matches);
        self.allows = self.allows.or(matches);
    }

    fn deny(&mut self, statement: &'p Statement, matches: Truth) {
        note(&mut self.denying, self.denies, statement, matches);
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

/// Adds a statement to those that decide. One that certainly decides leaves those after that only
/// may.
fn note<'p>(list: &mut Vec<&'p Statement>, truth: Truth, statement: &'p Statement, matches: Truth) {
    if matches == Truth::Yes && truth != Truth::Yes {
        list.clear();
    }
    if matches >= truth {
        list.push(statement);
    }
}

/// A Deny with `NotPrincipal` exempts nobody who has a permissions boundary.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn denies_others(statement: &Statement) -> bool {
    let negated = statement.principal.as_ref().is_some_and(|p| p.negated);
    negated && statement.effect == Some(Effect::Deny)
}
