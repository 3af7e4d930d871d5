//! The graph of one function as its checks are made.

use super::connections::{add_all, edge, resource_of};
use super::links::Links;
use super::statements::Statements;
use crate::diagnostics::{Edge, EdgeStatus, FunctionGraph, OpenCheck, Severity, Side, Undecided};
use crate::lint::Check;
use crate::model::{Function, MissingInput};
use crate::requirement::{LintContext, LintResult, NeededFor, RoleNeed, Subject, trigger_grant};
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// A function, and what is known of its connections so far.
pub(super) struct Builder<'l, 'n> {
    function: Function<'n>,
    links: &'l Links<'l>,
    /// The suppressed findings.
    accepted: &'l Links<'l>,
    statements: Statements,
    /// Whether what stays undecided is reported.
    is_open: bool,
    edges: Vec<Drawn<'n>>,
    open: Vec<OpenCheck>,
}

/// A connection, and the part of the model that it was drawn for.
struct Drawn<'n> {
    edge: Edge,
    node: Option<&'n Node>,
    place: Span,
    /// Whether it is only there for a target of records.
    is_target: bool,
    has_check: bool,
    has_hidden: bool,
    worst: Option<Severity>,
}

impl<'n> Drawn<'n> {
    fn new(edge: Edge, node: &'n Node, place: Span) -> Self {
        Drawn {
            edge,
            node: Some(node),
            place,
            is_target: false,
            has_check: false,
            has_hidden: false,
            worst: None,
        }
    }

    fn is_for(&self, node: &Node) -> bool {
        self.node.is_some_and(|own| std::ptr::eq(own, node))
    }

    /// Adds what a setting or source needs of the execution role.
    fn require(&mut self, need: &RoleNeed, statements: &Statements) {
        let requests = need.requests.iter();
        let actions = requests.clone().map(|request| request.action.to_string());
        add_all(&mut self.edge.actions, actions);
        let resources = requests.flat_map(|request| &request.resources);
        let resources = resources.map(ToString::to_string);
        add_all(&mut self.edge.resources, resources);
        let granted_by = statements.called(&need.granted_by);
        add_all(&mut self.edge.granted_by, granted_by);
    }

    fn take(
        &mut self,
        result: &LintResult,
        function: &str,
        (links, accepted): (&Links<'_>, &Links<'_>),
        is_open: bool,
    ) {
        for found in &result.findings {
            if !links.is_of_user(found.primary.span) {
                continue;
            }
            match links.of(found, function) {
                Some(number) => {
                    add_all(&mut self.edge.findings, [number]);
                    let told = links.severity(number);
                    self.worst = self.worst.max(told);
                }
                None => {
                    add_all(&mut self.edge.suppressed, accepted.of(found, function));
                    self.has_hidden |= found.severity > Severity::Info;
                }
            }
        }
        if is_open {
            add_all(&mut self.edge.open, result.undecided.iter().map(open));
        }
    }

    fn finish(self) -> Edge {
        let status = match self.worst {
            Some(Severity::Error) => EdgeStatus::Broken,
            _ if !self.edge.open.is_empty() => EdgeStatus::Unknown,
            Some(Severity::Warning) => EdgeStatus::AtRisk,
            _ if self.has_hidden => EdgeStatus::NotReported,
            _ if self.has_check => EdgeStatus::Granted,
            _ => EdgeStatus::Unchecked,
        };
        Edge {
            status,
            ..self.edge
        }
    }
}

fn name_by_resource(edge: &mut Edge) {
    let arn = edge.resources.first();
    edge.name = arn.map_or_else(String::new, |arn| resource_of(arn).to_owned());
}

fn open(undecided: &Undecided) -> OpenCheck {
    OpenCheck {
        reason: undecided.reason.clone(),
        fetch: undecided.fetch.clone(),
    }
}

fn missing(missing: &MissingInput) -> OpenCheck {
    OpenCheck {
        reason: missing.reason(),
        fetch: Some(missing.fetch.clone()).filter(|fetch| !fetch.is_empty()),
    }
}

impl<'l, 'n> Builder<'l, 'n> {
    /// The function with its triggers, event source mappings and role.
    pub(super) fn new(
        cx: LintContext<'n>,
        subject: &Subject<'n>,
        (links, accepted): (&'l Links<'l>, &'l Links<'l>),
        is_open: bool,
    ) -> Self {
        let function = subject.function;
        let statements = Statements::of(function);
        let mut edges = Vec::new();
        for trigger in function.triggers() {
            let grant = trigger_grant(cx, trigger.node, subject);
            let who = grant.as_ref().map_or(trigger.kind(), |grant| &grant.who);
            let role = grant.as_ref().and_then(|grant| grant.role.as_ref());
            let by = role.map_or_else(|| "function policy".to_owned(), |r| format!("role `{r}`"));
            let mut drawn = edge(Side::Invokes, who, &by);
            drawn
                .resources
                .extend(trigger.source_arn().map(ToString::to_string));
            if drawn.name.is_empty() {
                name_by_resource(&mut drawn);
            }
            drawn.note = trigger.idle_because().map(str::to_owned);
            let allowed = grant.map_or_else(Vec::new, |grant| grant.statements);
            drawn.granted_by = statements.called(&allowed);
            edges.push(Drawn::new(drawn, trigger.node, trigger.node.span));
        }
        for mapping in function.mappings() {
            let arn = mapping.node.get("EventSourceArn").and_then(Node::as_text);
            let mut drawn = edge(Side::Feeds, "event source", "execution role");
            drawn.resources.extend(arn.map(ToString::to_string));
            name_by_resource(&mut drawn);
            edges.push(Drawn::new(drawn, mapping.node, mapping.node.span));
        }
        if let Some(role) = function.role() {
            let mut drawn = edge(Side::Role, "execution role", "trust policy");
            drawn.name = role.name().unwrap_or("").to_owned();
            edges.push(Drawn::new(drawn, role.node, role.node.span));
        }
        Builder {
            function,
            links,
            accepted,
            statements,
            is_open,
            edges,
            open: Vec::new(),
        }
    }

    /// Adds what came of a check.
    pub(super) fn add(&mut self, check: Check<'n>) {
        let name = self.function.called();
        let targets = |edge: &Drawn<'_>| edge.is_target && check.node.span.contains(edge.place);
        let at = match &check.need {
            Some(need) => Some(self.needed(need, check.node)),
            None => {
                let own = self.edges.iter().position(|edge| edge.is_for(check.node));
                let mut inside = self
                    .edges
                    .iter()
                    .enumerate()
                    .filter(|(_, edge)| targets(edge));
                own.or_else(|| match (inside.next(), inside.next()) {
                    (Some((at, _)), None) => Some(at),
                    _ => None,
                })
            }
        };
        let (links, is_open) = ((self.links, self.accepted), self.is_open);
        match at.and_then(|at| self.edges.get_mut(at)) {
            Some(edge) => {
                // Rules about what the role allows say nothing of who can assume it.
                edge.has_check |= edge.edge.side != Side::Role || check.is_of_trust_policy;
                edge.take(&check.result, &name, links, is_open);
            }
            None if is_open => add_all(&mut self.open, check.result.undecided.iter().map(open)),
            None => {}
        }
    }

    /// The connection that something is needed for; a new one where there is none.
    fn needed(&mut self, need: &RoleNeed, node: &'n Node) -> usize {
        let is_source = need.purpose == NeededFor::EventSource;
        let side = if is_source {
            Side::Feeds
        } else {
            Side::Reaches
        };
        let shown = edge(side, &need.name, "execution role");
        let is_same = |drawn: &Drawn<'_>| {
            let is_place = drawn.place == need.place && need.place.file != FileId::NOWHERE;
            let is_own = drawn.is_for(node) || is_place;
            drawn.edge.side == side && is_own && (is_source || drawn.edge.kind == shown.kind)
        };
        let known = self.edges.iter().position(is_same);
        let at = known.unwrap_or_else(|| {
            let new = Drawn::new(shown.clone(), node, need.place);
            let is_target = need.purpose == NeededFor::Target;
            self.edges.push(Drawn { is_target, ..new });
            self.edges.len() - 1
        });
        if let Some(drawn) = self.edges.get_mut(at) {
            let name = Some(shown.name).filter(|name| !name.is_empty());
            drawn.edge.name = name.unwrap_or_else(|| std::mem::take(&mut drawn.edge.name));
            drawn.edge.kind = shown.kind;
            drawn.require(need, &self.statements);
        }
        at
    }

    /// The graph, with what other statements allow.
    pub(super) fn finish(self, cx: LintContext<'_>) -> FunctionGraph {
        let function = self.function;
        let edges = self.edges.into_iter().map(Drawn::finish);
        let mut edges: Vec<Edge> = edges.collect();
        let callers = self.statements.callers(&edges);
        let reached = self.statements.reached(&edges);
        edges.extend(callers);
        edges.extend(reached);
        edges.sort_by_key(|edge| edge.side);
        let limits = limits(cx, function);
        let role = function.role();
        let of_role = role.map_or_else(Vec::new, |role| role.absent());
        let absent = function.absent();
        let span = function.node.span;
        FunctionGraph {
            name: function.called(),
            construct_path: function.construct_path().map(str::to_owned),
            span: (span.file != FileId::NOWHERE).then_some(span),
            when: None,
            edges,
            findings: Vec::new(),
            open: self.open,
            limits,
            absent: absent.iter().chain(&of_role).map(missing).collect(),
        }
    }
}

/// What limits the role beside its own policies.
fn limits(cx: LintContext<'_>, function: Function<'_>) -> Vec<String> {
    let boundary = function.role().and_then(|role| role.boundary());
    let is_controlled = !cx.inventory.organization.service_control.is_empty();
    let limits = [
        boundary.map(|_| "the permissions boundary of the role"),
        is_controlled.then_some("service control policies (SCPs)"),
    ];
    limits.into_iter().flatten().map(str::to_owned).collect()
}
