//! Statements: what each says, and whether it speaks of a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html>

use std::sync::Arc;

use super::arn;
use super::condition::{Condition, Operator};
use super::context::Context;
use super::defect::Defect;
use super::elements::{Effect, check_elements, effect, is_element};
use super::pattern::{Pattern, Style};
use super::pattern_form;
use super::principal::{PrincipalElement, PrincipalMatch};
use super::request::{Caller, Request};
use super::service_prefix::ServicePrefix;
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Hole, Node, Text};

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
    /// The service of all entries, where they are actions of one.
    service: Option<ServicePrefix>,
}

/// A pattern as it was written, with its compiled form.
#[derive(Clone, Debug)]
pub struct PatternEntry {
    /// The text.
    pub text: Text,
    /// Where it was written.
    pub node: Node,
    pattern: Pattern,
    /// The pattern with `*` for the parts that an incomplete ARN lacks.
    completed: Option<Pattern>,
    /// Whether AWS refuses it, or does not say what it does with it.
    is_mistaken: bool,
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
        let resource = Style::resource(variables);
        let mut statement = Statement {
            sid: node.str("Sid").filter(|sid| !sid.is_empty()).map(Arc::from),
            effect,
            principal: principal(node, defects),
            actions: listed(
                node,
                ["Action", "NotAction"],
                defects,
                PatternEntry::of_action,
            )
            .map(ElementPatterns::by_service),
            resources: listed(
                node,
                ["Resource", "NotResource"],
                defects,
                |item, text, _| PatternEntry::new(item, text, resource),
            ),
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
        let anything = |style| ElementPatterns {
            negated: false,
            entries: vec![PatternEntry::new(node, &Text::hole(hole.clone()), style)],
            span: node.span,
            unreadable: false,
            service: None,
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

    /// An entry that AWS refuses, or does not document.
    pub(super) fn mistaken_entry(&self) -> Option<&PatternEntry> {
        let listed = self.actions.iter().chain(&self.resources);
        let mut entries = listed.flat_map(|listed| &listed.entries);
        entries.find(|entry| entry.is_mistaken)
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
        entries.flat_map(|entry| entry.pattern.keys())
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

impl ElementPatterns {
    /// Whether `*` is listed.
    pub(super) fn is_everything(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.text.as_str() == Some("*"))
    }

    /// Whether the element covers a value.
    #[must_use]
    pub fn covers(&self, value: &Text, context: &Context) -> Truth {
        self.covers_read(value, context, Truth::Unknown)
    }

    /// Actions, those of another service than theirs told by one look.
    fn by_service(self) -> Self {
        let actions = self.entries.iter().map(|entry| &entry.text);
        ElementPatterns {
            service: ServicePrefix::of_all(actions),
            ..self
        }
    }

    fn covers_read(&self, value: &Text, context: &Context, completes_arns: Truth) -> Truth {
        let is_of_service = self
            .service
            .as_ref()
            .is_none_or(|service| service.may_have(value));
        let entries = self.entries.iter().filter(|_| is_of_service);
        let named = entries.map(|entry| entry.matches_read(value, context, completes_arns));
        let named = Truth::any(named);
        let named = match self.unreadable {
            true => named.or(Truth::Unknown),
            false => named,
        };
        match self.negated {
            true => !named,
            false => named,
        }
    }
}

impl PatternEntry {
    fn new(node: &Node, text: &Text, style: Style) -> Self {
        let completed = style
            .segments
            .then(|| arn::completed(text, style.variables))
            .flatten();
        PatternEntry {
            text: text.clone(),
            node: node.clone(),
            pattern: Pattern::new(text, style),
            completed: completed.map(|arn| Pattern::new(&arn, style)),
            is_mistaken: style.segments && pattern_form::is_doubtful_resource(text, style),
        }
    }

    /// An entry of `Action` or `NotAction`; what AWS refuses is noted.
    fn of_action(node: &Node, text: &Text, defects: &mut Vec<Defect>) -> Self {
        let mistake = pattern_form::malformed_action(text);
        let is_mistaken = mistake.is_some();
        defects.extend(mistake.map(|message| Defect::of_action(node.span, message)));
        PatternEntry {
            is_mistaken,
            ..PatternEntry::new(node, text, Style::ACTION)
        }
    }

    /// Whether the pattern matches a value.
    #[must_use]
    pub fn matches(&self, value: &Text, context: &Context) -> Truth {
        self.matches_read(value, context, Truth::Unknown)
    }

    fn matches_read(&self, value: &Text, context: &Context, completes_arns: Truth) -> Truth {
        let as_written = || match self.is_mistaken {
            true => self.may_match(value, context),
            false => self.pattern.matches(value, context),
        };
        let completed = || {
            let truth = self.completed.as_ref().map(|p| p.matches(value, context));
            truth.map(|truth| match self.is_mistaken {
                true => truth.and(Truth::Unknown),
                false => truth,
            })
        };
        match completes_arns {
            Truth::Yes => completed().unwrap_or_else(as_written),
            Truth::No => as_written(),
            Truth::Unknown => match (as_written(), completed()) {
                (truth, Some(other)) if truth != other => Truth::Unknown,
                (truth, _) => truth,
            },
        }
    }
}

impl PatternEntry {
    /// Whether an entry with a mistake may mean a value. An action without its service may be that of
    /// any service.
    fn may_match(&self, value: &Text, context: &Context) -> Truth {
        let matches = |value: &Text| self.pattern.matches(value, context);
        let name = value.as_str().and_then(|action| action.split_once(':'));
        let name = name.map_or(Truth::No, |(_, name)| matches(&Text::from(name)));
        matches(value).or(name).and(Truth::Unknown)
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
    defects: &mut Vec<Defect>,
    entry: impl Fn(&Node, &Text, &mut Vec<Defect>) -> PatternEntry,
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
            Some(text) => entries.push(entry(item, text, defects)),
            None => {
                unreadable = true;
                let message = format!("`{plain}` must be a text or a list of texts");
                defects.push(Defect::new(item.span, &message));
            }
        }
    }
    Some(ElementPatterns {
        negated,
        service: None,
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
        let is_known = named.exists() || named.is_spelt_in_another_case();
        // An element that stands too deep is told as such.
        if !is_known && !operator.key.is_open() && !is_element(&operator.key.text) {
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
