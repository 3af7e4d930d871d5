//! Near misses: the statement that comes closest to allowing a request, and what stops it.

use std::cmp::Reverse;

use super::condition::Condition;
use super::context::{Context, Known};
use super::elements::Effect;
use super::policies::PolicyType;
use super::policy::PolicyDocument;
use super::principal::PrincipalMatch;
use super::request::Request;
use super::statement::Statement;
use super::truth::Truth;
use crate::syntax::{Node, Text};
use crate::work::{Kind as Work, count};

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

/// How many statements about other services are looked at: none of them is near.
const MOST_OF_OTHERS: usize = 16;

impl<'p> NearMiss<'p> {
    /// The `Allow` statement with the fewest elements in the way, of those that can have an action of the service
    /// if there are any; `None` where no statement has more than its effect in common with the request.
    #[must_use]
    pub fn find(
        policies: &[&'p PolicyDocument],
        of_type: PolicyType,
        request: &Request<'_>,
    ) -> Option<Self> {
        let of_service =
            |policy: &&'p PolicyDocument| policy.statements.of_service(&request.action);
        let all = |policy: &&'p PolicyDocument| policy.statements.iter().map(|one| &**one);
        let is_allow = |statement: &&'p Statement| statement.effect == Some(Effect::Allow);
        let of_service = policies.iter().flat_map(of_service).filter(is_allow);
        let others = policies.iter().flat_map(all).filter(is_allow);
        NearMiss::nearest(of_service, of_type, request)
            .or_else(|| NearMiss::nearest(others.take(MOST_OF_OTHERS), of_type, request))
    }

    fn nearest(
        statements: impl Iterator<Item = &'p Statement>,
        of_type: PolicyType,
        request: &Request<'_>,
    ) -> Option<Self> {
        statements
            .map(|statement| NearMiss::of(statement, of_type, request))
            .filter(|miss| !miss.stopped_by.is_empty())
            .min_by_key(|miss| miss.rank(request))
    }

    fn of(statement: &'p Statement, of_type: PolicyType, request: &Request<'_>) -> Self {
        count(Work::Matches, 1);
        let mut stopped_by = Vec::new();
        if statement.of_action(request) == Truth::No {
            stopped_by.push(Element::Action);
        }
        if statement.of_resource(request, of_type.completes_arns()) == Truth::No {
            stopped_by.push(Element::Resource);
        }
        let (caller, named) = (request.caller.as_ref(), [PrincipalMatch::Account]);
        if statement.of_principal(caller, named, request.context) == [Truth::No] {
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
            Element::Condition(condition) => context.get(condition.context_key()) == Known::Absent,
            _ => false,
        };
        everybody && self.stopped_by.iter().any(absent)
    }

    /// Fewer elements are nearer; then the same action, then the same service, then a text that is more
    /// like the one that is asked for.
    fn rank(&self, request: &Request<'_>) -> (bool, usize, bool, bool, Reverse<usize>) {
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
            Reverse(self.likeness(request)),
        )
    }

    /// How many characters at the start and the end the only element in the way has in common with what
    /// is asked for.
    fn likeness(&self, request: &Request<'_>) -> usize {
        let (written, asked): (Vec<&Text>, &Text) = match self.stopped_by.as_slice() {
            [Element::Resource] => {
                let listed = self.statement.resources.iter();
                let entries = listed.flat_map(|listed| &listed.entries);
                (
                    entries.map(|entry| &entry.text).collect(),
                    &request.resource,
                )
            }
            [Element::Condition(condition)] => {
                let Known::Values([asked]) = request.context.get(condition.context_key()) else {
                    return 0;
                };
                let values = condition.values.iter();
                (values.filter_map(Node::as_text).collect(), asked)
            }
            _ => return 0,
        };
        let asked = asked.filled().to_string();
        let alike = |text: &Text| in_common(&text.filled().to_string(), &asked);
        written.into_iter().map(alike).max().unwrap_or(0)
    }
}

/// How many characters two texts begin and end with that are the same.
fn in_common(one: &str, other: &str) -> usize {
    fn same(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
        one.zip(other).take_while(|(a, b)| a == b).count()
    }
    let start = same(one.chars(), other.chars());
    let shorter = one.chars().count().min(other.chars().count());
    let end = same(one.chars().rev(), other.chars().rev());
    start + end.min(shorter - start)
}
