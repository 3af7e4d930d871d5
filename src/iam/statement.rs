//! Statements: what each says, and whether it speaks of a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use std::sync::Arc;

use super::condition::{Condition, Operator};
use super::context::Context;
use super::defect::Defect;
use super::element_patterns::{ElementPatterns, PatternEntry};
use super::elements::{Effect, both, check_elements, effect, is_element};
use super::pattern::Style;
use super::principal::{PrincipalElement, PrincipalMatch};
use super::request::{Caller, Request};
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Hole, Node, Text};
use crate::work::{Kind as Work, count};

/// A statement of a policy, ready to be matched.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The name, if it has one.
    pub sid: Option<Arc<str>>,
    /// Allow or deny; `None` if neither was written.
    pub effect: Option<Effect>,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<PrincipalElement>,
    /// `Action` or `NotAction`.
    pub actions: Option<ElementPatterns>,
    /// `Resource` or `NotResource`.
    pub resources: Option<ElementPatterns>,
    /// All conditions, of all operators.
    pub conditions: Vec<Condition>,
    /// What stands for conditions that are not known.
    pub unknown_conditions: Option<Hole>,
    /// Where the statement was written.
    pub span: Span,
    /// Whether some part of it could not be read, so that it may mean something else.
    pub broken: bool,
}

/// How a policy of some type is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<const N: usize> {
    /// How directly an Allow must name the caller: in several ways, each of which has its own answer.
    pub(super) named: [PrincipalMatch; N],
    /// Whether the missing parts of an incomplete ARN stand for anything.
    pub(super) completes_arns: Truth,
}

impl Statement {
    pub(super) fn read(node: &Node, variables: bool, defects: &mut Vec<Defect>) -> Self {
        if let Some(hole) = node.as_hole() {
            return Statement::unknown(node, hole);
        }
        let before = defects.len();
        let effect = effect(node, defects);
        let is_open = check_elements(node, defects);
        let mut statement = Statement {
            sid: node.str("Sid").filter(|sid| !sid.is_empty()).map(Arc::from),
            effect,
            principal: principal(node, defects),
            actions: ElementPatterns::actions(node, defects),
            resources: ElementPatterns::resources(node, variables, defects),
            conditions: conditions(node, variables, defects),
            unknown_conditions: unknown_conditions(node),
            span: node.span,
            broken: false,
        };
        // The other actions of the statement mean what they say.
        let mut own = defects.iter().skip(before);
        statement.broken = is_open || own.any(|d| !d.is_of_action);
        statement
    }

    /// A statement of which nothing is known: it may allow or deny anything.
    fn unknown(node: &Node, hole: &Hole) -> Self {
        let anything = |style| ElementPatterns::unknown(node, hole, style);
        Statement {
            sid: None,
            effect: None,
            principal: Some(PrincipalElement::read(node, false, &mut Vec::new())),
            actions: Some(anything(Style::ACTION)),
            resources: Some(anything(Style::resource(false))),
            conditions: Vec::new(),
            unknown_conditions: None,
            span: node.span,
            broken: false,
        }
    }

    /// What to call the statement in a message: its name, or nothing.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// The actions that the statement lists which belong to the service of this one.
    pub fn actions_of_same_service<'s>(&'s self, action: &str) -> impl Iterator<Item = &'s str> {
        let service = action.split(':').next().unwrap_or("");
        let entries = self.actions.iter().flat_map(|actions| &actions.entries);
        entries
            .filter_map(|entry| entry.text.as_str())
            .filter(move |text| {
                text.split(':')
                    .next()
                    .is_some_and(|s| s.eq_ignore_ascii_case(service))
            })
    }

    /// An entry that AWS refuses, or does not document.
    pub(super) fn mistaken_entry(&self) -> Option<&PatternEntry> {
        let listed = self.actions.iter().chain(&self.resources);
        let mut entries = listed.flat_map(|listed| &listed.entries);
        entries.find(|entry| entry.is_mistaken())
    }

    pub(super) fn names_service_of(&self, action: &Text) -> bool {
        let action = action.as_str().unwrap_or("");
        self.actions_of_same_service(action).next().is_some()
    }

    /// Whether the statement applies to the request.
    #[must_use]
    pub fn matches(&self, request: &Request<'_>) -> Truth {
        let reading = Reading {
            named: [PrincipalMatch::Account],
            completes_arns: Truth::Unknown,
        };
        let [matches] = self.matches_as(request, request.caller.as_ref(), reading);
        matches
    }

    /// Whether the statement of a policy that is read so applies to the request of a caller.
    pub(super) fn matches_as<const N: usize>(
        &self,
        request: &Request<'_>,
        caller: Option<&Caller>,
        reading: Reading<N>,
    ) -> [Truth; N] {
        count(Work::Matches, 1);
        let of_resource = || self.of_resource(request, reading.completes_arns);
        let rest = self.of_action(request).and_then(of_resource);
        if rest == Truth::No {
            return [Truth::No; N];
        }
        let named = self.of_principal(caller, reading.named, request.context);
        if named == [Truth::No; N] {
            return named;
        }
        let rest = rest.and_then(|| self.of_conditions(request.context));
        let rest = match self.broken {
            true => rest.and(Truth::Unknown),
            false => rest,
        };
        named.map(|named| named.and(rest))
    }

    /// The keys of policy variables in the resources, as they are written.
    pub(super) fn keys_of_resources(&self) -> impl Iterator<Item = &str> {
        let entries = self.resources.iter().flat_map(|listed| &listed.entries);
        entries.flat_map(|entry| entry.keys())
    }

    pub(super) fn of_action(&self, request: &Request<'_>) -> Truth {
        match &self.actions {
            Some(actions) => actions.covers(&request.action, request.context),
            None => Truth::No,
        }
    }

    /// Whether the statement speaks of the resource of a request; `completes_arns` says whether `*` stands
    /// for the missing parts of an ARN. A statement without resource, as in a trust policy, speaks of
    /// whatever it is attached to.
    pub(super) fn of_resource(&self, request: &Request<'_>, completes_arns: Truth) -> Truth {
        let (resource, context) = (&request.resource, request.context);
        match &self.resources {
            Some(resources) => resources.covers_read(resource, context, completes_arns),
            None => Truth::Yes,
        }
    }

    /// A statement without principal, as in an identity policy, applies to whoever has it.
    pub(super) fn of_principal<const N: usize>(
        &self,
        caller: Option<&Caller>,
        named: [PrincipalMatch; N],
        context: &Context,
    ) -> [Truth; N] {
        let (principal, caller) = match (&self.principal, caller) {
            (Some(principal), Some(caller)) => (principal, caller),
            // A policy of a resource or role says who; what says nobody lets nobody in.
            (None, Some(_)) => return [Truth::No; N],
            (_, None) => return [Truth::Yes; N],
        };
        let mut last = None;
        named.map(|named| {
            // A Deny counts however its principal is named.
            let named = match self.effect {
                Some(Effect::Allow) => named,
                _ => PrincipalMatch::Account,
            };
            let known = last.filter(|(same, _)| *same == named);
            let truth = known.map(|(_, truth)| truth);
            let truth = truth.unwrap_or_else(|| principal.covers(caller, named, context));
            last = Some((named, truth));
            truth
        })
    }

    fn of_conditions(&self, context: &Context) -> Truth {
        let known = self.conditions.iter();
        let known = Truth::all(known.map(|condition| condition.met(context)));
        match self.unknown_conditions {
            Some(_) => known.and(Truth::Unknown),
            None => known,
        }
    }
}

fn principal(node: &Node, defects: &mut Vec<Defect>) -> Option<PrincipalElement> {
    both(node, ["Principal", "NotPrincipal"], defects);
    let (value, negated) = match (node.get("Principal"), node.get("NotPrincipal")) {
        (Some(value), _) => (value, false),
        (None, value) => (value?, true),
    };
    Some(PrincipalElement::read(value, negated, defects))
}

fn conditions(node: &Node, variables: bool, defects: &mut Vec<Defect>) -> Vec<Condition> {
    let Some(element) = node.get("Condition") else {
        return Vec::new();
    };
    if !element.is_object() && element.as_hole().is_none() {
        defects.push(Defect::new(element.span, "`Condition` must be an object"));
    }
    let mut conditions = Vec::new();
    for operator in element.members() {
        if !operator.value.is_object() && operator.value.as_hole().is_none() {
            let message = format!(
                "`{}` must be an object of condition keys",
                operator.key.text
            );
            defects.push(Defect::new(operator.value.span, &message));
        }
        let keys = operator.value.members();
        let read = keys
            .iter()
            .map(|key| Condition::read(operator, key, variables));
        conditions.extend(read);
        let named = Operator::parse(&operator.key.text);
        let is_known = named.exists() || named.is_spelt_in_another_case();
        // An element that stands too deep is told as such.
        if !is_known && !operator.key.is_open() && !is_element(&operator.key.text) {
            let message = format!("unknown condition operator `{}`", operator.key.text);
            defects.push(Defect::new(operator.key.span, &message));
        }
    }
    conditions
}

/// The first hole where conditions should be.
fn unknown_conditions(node: &Node) -> Option<Hole> {
    let element = node.get("Condition")?;
    let operators = element.members().iter().map(|operator| &operator.value);
    let mut blocks = std::iter::once(element).chain(operators);
    blocks.find_map(Node::as_hole).cloned()
}
