//! Decisions: what the statements of policies together say of a request, and why.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::condition::Condition;
use super::context::{Context, Known};
use super::policy::PolicyDocument;
use super::principal::{Caller, PrincipalMatch};
use super::statement::{Effect, Statement};
use super::truth::Truth;
use crate::syntax::Text;

/// What somebody wants to do.
#[derive(Clone, Debug)]
pub struct Request<'c> {
    /// Who asks; `None` where the policies are attached to whoever asks.
    pub caller: Option<Caller>,
    /// How directly an Allow must name whoever asks.
    pub named: PrincipalMatch,
    /// The action, with its service, as in `sqs:ReceiveMessage`.
    pub action: Text,
    /// The resource; `*` for actions that know none.
    pub resource: Text,
    /// All else that is known of the request.
    pub context: &'c Context,
}

/// What policies say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// No statement allows it, whatever is not known; one that is not known may also deny it.
    ImplicitDeny,
    /// It depends on something that is not known.
    Unknown,
}

/// A decision and the statements that made it.
#[derive(Clone, Debug)]
pub struct Evaluation<'p> {
    /// The decision.
    pub decision: Decision,
    /// The statements that made it: those that allow or deny, or those that may.
    pub deciding: Vec<&'p Statement>,
}

/// Decides a request by policies of one type, all of which are at hand.
#[must_use]
pub fn evaluate<'p>(policies: &[&'p PolicyDocument], request: &Request<'_>) -> Evaluation<'p> {
    let mut tally = Tally::default();
    for statement in policies.iter().flat_map(|policy| &policy.statements) {
        tally.count(statement, request);
    }
    tally.decide()
}

/// Statements by what they say of a request.
#[derive(Default)]
struct Tally<'p> {
    allow: Vec<&'p Statement>,
    may_allow: Vec<&'p Statement>,
    deny: Vec<&'p Statement>,
    may_deny: Vec<&'p Statement>,
}

impl<'p> Tally<'p> {
    fn count(&mut self, statement: &'p Statement, request: &Request<'_>) {
        let speaks = statement.matches(request);
        match (speaks, statement.effect) {
            (Truth::No, _) => {}
            (Truth::Yes, Some(Effect::Allow)) => self.allow.push(statement),
            (Truth::Yes, Some(Effect::Deny)) => self.deny.push(statement),
            (Truth::Unknown, Some(Effect::Allow)) => self.may_allow.push(statement),
            (Truth::Unknown, Some(Effect::Deny)) => self.may_deny.push(statement),
            (_, None) => {
                self.may_allow.push(statement);
                self.may_deny.push(statement);
            }
        }
    }

    fn decide(self) -> Evaluation<'p> {
        let may_be_allowed = !self.allow.is_empty() || !self.may_allow.is_empty();
        let (decision, deciding) = if !self.deny.is_empty() {
            (Decision::ExplicitDeny, self.deny)
        } else if !may_be_allowed {
            (Decision::ImplicitDeny, Vec::new())
        } else if !self.may_deny.is_empty() {
            (Decision::Unknown, self.may_deny)
        } else if !self.allow.is_empty() {
            (Decision::Allowed, self.allow)
        } else {
            (Decision::Unknown, self.may_allow)
        };
        Evaluation { decision, deciding }
    }
}

/// The part of a statement that keeps it from speaking of a request.
#[derive(Clone, Copy, Debug)]
pub enum Element<'p> {
    /// `Action` or `NotAction`.
    Action,
    /// `Resource` or `NotResource`.
    Resource,
    /// `Principal` or `NotPrincipal`.
    Principal,
    /// A condition.
    Condition(&'p Condition),
}

/// A statement that comes close to allowing a request.
#[derive(Clone, Debug)]
pub struct NearMiss<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// What keeps it from allowing the request, at least one element.
    pub stopped_by: Vec<Element<'p>>,
}

impl<'p> NearMiss<'p> {
    /// The `Allow` statement with the fewest elements in the way; `None` where no statement has
    /// more than its effect in common with the request.
    #[must_use]
    pub fn find(policies: &[&'p PolicyDocument], request: &Request<'_>) -> Option<Self> {
        policies
            .iter()
            .flat_map(|policy| &policy.statements)
            .filter(|statement| statement.effect == Some(Effect::Allow))
            .map(|statement| NearMiss::of(statement, request))
            .filter(|miss| !miss.stopped_by.is_empty())
            .min_by_key(|miss| miss.rank(request))
    }

    fn of(statement: &'p Statement, request: &Request<'_>) -> Self {
        let mut stopped_by = Vec::new();
        if statement.of_action(request) == Truth::No {
            stopped_by.push(Element::Action);
        }
        if statement.of_resource(request) == Truth::No {
            stopped_by.push(Element::Resource);
        }
        if statement.of_principal(request) == Truth::No {
            stopped_by.push(Element::Principal);
        }
        let unmet = statement
            .conditions
            .iter()
            .filter(|condition| condition.met(request.context) == Truth::No);
        stopped_by.extend(unmet.map(Element::Condition));
        NearMiss {
            statement,
            stopped_by,
        }
    }

    /// Whether the statement is for others: it names everybody, and asks for a key that this
    /// caller never has, as a statement for a function URL does.
    #[must_use]
    pub fn is_for_others(&self, context: &Context) -> bool {
        let everybody = self
            .statement
            .principal
            .as_ref()
            .is_some_and(|p| p.is_everybody());
        let absent = |element: &Element<'_>| match element {
            Element::Condition(condition) => context.get(condition.folded_key()) == Known::Absent,
            _ => false,
        };
        everybody && self.stopped_by.iter().any(absent)
    }

    /// Fewer elements are nearer; then the same action, then the same service.
    fn rank(&self, request: &Request<'_>) -> (bool, usize, bool, bool) {
        let other_action = self
            .stopped_by
            .iter()
            .any(|element| matches!(element, Element::Action));
        let same_service = self.statement.names_service_of(&request.action);
        let for_others = self.is_for_others(request.context);
        (
            for_others,
            self.stopped_by.len(),
            other_action,
            !same_service,
        )
    }
}

#[cfg(test)]
mod tests;
