//! Statements: what each says, and whether it speaks of a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use std::sync::Arc;

use super::condition::{Condition, Operator};
use super::context::Context;
use super::defect::Defect;
use super::pattern::{Pattern, Style};
use super::principal::{PrincipalElement, PrincipalMatch};
use super::request::{Caller, Request};
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Hole, Node, Text, nearest};

/// What a statement does to the requests that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows them.
    Allow,
    /// It denies them, whatever else allows them.
    Deny,
}

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

/// An element that lists patterns.
#[derive(Clone, Debug)]
pub struct ElementPatterns {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// The patterns.
    pub entries: Vec<PatternEntry>,
    /// Where the element's value was written.
    pub span: Span,
    /// Whether some entry could not be read.
    unreadable: bool,
}

/// A pattern as it was written, with its compiled form.
#[derive(Clone, Debug)]
pub struct PatternEntry {
    /// The text.
    pub text: Text,
    /// Where it was written.
    pub node: Node,
    pattern: Pattern,
}

impl Statement {
    pub(super) fn read(node: &Node, variables: bool, defects: &mut Vec<Defect>) -> Self {
        if let Some(hole) = node.as_hole() {
            return Statement::unknown(node, hole);
        }
        let before = defects.len();
        let effect = effect(node, defects);
        unknown_elements(node, defects);
        if node.get("Action").or(node.get("NotAction")).is_none() {
            let message = "a statement needs `Action` or `NotAction`";
            defects.push(Defect::new(node.span, message));
        }
        let resource = Style::resource(variables);
        let mut statement = Statement {
            sid: node.str("Sid").filter(|sid| !sid.is_empty()).map(Arc::from),
            effect,
            principal: principal(node, defects),
            actions: listed(node, ["Action", "NotAction"], Style::ACTION, defects),
            resources: listed(node, ["Resource", "NotResource"], resource, defects),
            conditions: conditions(node, variables, defects),
            unknown_conditions: unknown_conditions(node),
            span: node.span,
            broken: false,
        };
        statement.broken = defects.len() > before;
        statement
    }

    /// A statement of which nothing is known: it may allow or deny anything.
    fn unknown(node: &Node, hole: &Hole) -> Self {
        let anything = |style| ElementPatterns {
            negated: false,
            entries: vec![PatternEntry::new(node, &Text::hole(hole.clone()), style)],
            span: node.span,
            unreadable: false,
        };
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
    pub fn actions_of_same_service(&self, action: &str) -> impl Iterator<Item = &str> {
        let service = action.split(':').next().unwrap_or("").to_lowercase();
        let entries = self.actions.iter().flat_map(|actions| &actions.entries);
        entries
            .filter_map(|entry| entry.text.as_str())
            .filter(move |text| {
                text.split(':')
                    .next()
                    .is_some_and(|s| s.eq_ignore_ascii_case(&service))
            })
    }

    pub(super) fn names_service_of(&self, action: &Text) -> bool {
        let action = action.as_str().unwrap_or("");
        self.actions_of_same_service(action).next().is_some()
    }

    /// Whether the statement applies to the request.
    #[must_use]
    pub fn matches(&self, request: &Request<'_>) -> Truth {
        self.matches_as(request, request.caller.as_ref(), PrincipalMatch::Account)
    }

    /// Whether the statement applies to the request of a caller, whom an Allow must name at least
    /// so directly.
    pub(super) fn matches_as(
        &self,
        request: &Request<'_>,
        caller: Option<&Caller>,
        named: PrincipalMatch,
    ) -> Truth {
        let whole = self
            .of_action(request)
            .and_then_with(|| self.of_resource(request))
            .and_then_with(|| self.of_principal(caller, named, request.context))
            .and_then_with(|| self.of_conditions(request.context));
        if self.broken {
            whole.and(Truth::Unknown)
        } else {
            whole
        }
    }

    /// The keys of policy variables in the resources, as they are written.
    pub(super) fn keys_of_resources(&self) -> impl Iterator<Item = &str> {
        let entries = self.resources.iter().flat_map(|listed| &listed.entries);
        entries.flat_map(|entry| entry.pattern.keys())
    }

    pub(super) fn of_action(&self, request: &Request<'_>) -> Truth {
        match &self.actions {
            Some(actions) => actions.covers(&request.action, request.context),
            None => Truth::No,
        }
    }

    /// A statement without resource, as in a trust policy, speaks of whatever it is attached to.
    pub(super) fn of_resource(&self, request: &Request<'_>) -> Truth {
        match &self.resources {
            Some(resources) => resources.covers(&request.resource, request.context),
            None => Truth::Yes,
        }
    }

    /// A statement without principal, as in an identity policy, applies to whoever has it.
    pub(super) fn of_principal(
        &self,
        caller: Option<&Caller>,
        named: PrincipalMatch,
        context: &Context,
    ) -> Truth {
        match (&self.principal, caller) {
            (Some(principal), Some(caller)) => {
                principal.covers(caller, self.named(principal, named), context)
            }
            // A policy of a resource or role says who; what says nobody lets nobody in.
            (None, Some(_)) => Truth::No,
            (_, None) => Truth::Yes,
        }
    }

    /// A Deny counts however its principal is named. An Allow for everybody that asks for an
    /// `aws:PrincipalArn` names those directly.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles>
    fn named(&self, principal: &PrincipalElement, named: PrincipalMatch) -> PrincipalMatch {
        let asks_who = || {
            let keys = self.conditions.iter();
            principal.is_everybody()
                && keys
                    .filter(|c| c.confines())
                    .any(|c| c.folded_key() == "aws:principalarn")
        };
        match self.effect {
            Some(Effect::Allow) if named == PrincipalMatch::Exact && asks_who() => {
                PrincipalMatch::Role
            }
            Some(Effect::Allow) => named,
            _ => PrincipalMatch::Account,
        }
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

impl Truth {
    fn and_then_with(self, next: impl FnOnce() -> Truth) -> Truth {
        if self == Truth::No {
            self
        } else {
            self.and(next())
        }
    }
}

impl ElementPatterns {
    /// Whether the element covers a value.
    #[must_use]
    pub fn covers(&self, value: &Text, context: &Context) -> Truth {
        let named = Truth::any(
            self.entries
                .iter()
                .map(|entry| entry.matches(value, context)),
        );
        let named = match self.unreadable {
            true => named.or(Truth::Unknown),
            false => named,
        };
        let lacks = |entry: &PatternEntry| entry.pattern.lacks_value(context);
        match self.negated {
            true if self.entries.iter().any(lacks) => (!named).and(Truth::Unknown),
            true => !named,
            false => named,
        }
    }
}

impl PatternEntry {
    fn new(node: &Node, text: &Text, style: Style) -> Self {
        PatternEntry {
            text: text.clone(),
            node: node.clone(),
            pattern: Pattern::new(text, style),
        }
    }

    /// Whether the pattern matches a value.
    #[must_use]
    pub fn matches(&self, value: &Text, context: &Context) -> Truth {
        self.pattern.matches(value, context)
    }
}

/// All that a statement can have.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Members that are no elements. What another case of a known one means is not documented.
fn unknown_elements(node: &Node, defects: &mut Vec<Defect>) {
    let is_known = |name: &str| {
        ELEMENTS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    for member in node.members() {
        let name = &*member.key.text;
        if is_known(name) {
            continue;
        }
        let mut message = format!("a statement has no element `{name}`");
        if let Some(near) = nearest(name, ELEMENTS) {
            message.push_str(&format!(": did you mean `{near}`?"));
        }
        defects.push(Defect::new(member.key.span, &message));
    }
}

fn effect(node: &Node, defects: &mut Vec<Defect>) -> Option<Effect> {
    let written = node.get("Effect");
    if written.is_some_and(is_unknown) {
        return None;
    }
    match node.str("Effect") {
        Some("Allow") => Some(Effect::Allow),
        Some("Deny") => Some(Effect::Deny),
        _ => {
            let span = written.map_or(node.span, |effect| effect.span);
            defects.push(Defect::new(span, "`Effect` must be `Allow` or `Deny`"));
            None
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

/// A statement has an element or its `Not…` form, never both.
fn both(node: &Node, [plain, negated]: [&str; 2], defects: &mut Vec<Defect>) {
    if let (Some(_), Some(second)) = (node.get(plain), node.member(negated)) {
        let message = format!("a statement cannot have both `{plain}` and `{negated}`");
        defects.push(Defect::new(second.key.span, &message));
    }
}

fn listed(
    node: &Node,
    [plain, negated]: [&str; 2],
    style: Style,
    defects: &mut Vec<Defect>,
) -> Option<ElementPatterns> {
    both(node, [plain, negated], defects);
    let (value, negated) = match (node.get(plain), node.get(negated)) {
        (Some(value), _) => (value, false),
        (None, Some(value)) => (value, true),
        (None, None) => return None,
    };
    let mut unreadable = false;
    let mut entries = Vec::new();
    for item in value.each() {
        match item.as_text() {
            Some(text) => entries.push(PatternEntry::new(item, text, style)),
            None => {
                unreadable = true;
                let message = format!("`{plain}` must be a text or a list of texts");
                defects.push(Defect::new(item.span, &message));
            }
        }
    }
    Some(ElementPatterns {
        negated,
        entries,
        span: value.span,
        unreadable,
    })
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
            let message = format!("`{}` must be an object of keys", operator.key.text);
            defects.push(Defect::new(operator.value.span, &message));
        }
        let keys = operator.value.members();
        let read = keys
            .iter()
            .map(|key| Condition::read(operator, key, variables));
        conditions.extend(read);
        let named = Operator::parse(&operator.key.text);
        if !named.exists() && !named.is_spelt_in_another_case() {
            let message = format!("there is no condition operator `{}`", operator.key.text);
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

/// Whether a text is not known in full.
fn is_unknown(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.as_str().is_none())
}
