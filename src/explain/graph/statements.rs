//! What statements allow that is not needed for a setting, a trigger or an event source.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::connections::{add_all, edge};
use crate::diagnostics::{Edge, EdgeStatus, GrantedBy, Side};
use crate::iam::{Effect, ElementPatterns, PolicyDocument, Statement};
use crate::model::{Function, Role};
use crate::source::Span;

/// Services of one statement that are connections of their own.
const MOST_SERVICES: usize = 4;

/// The statements of a function, with what they are called.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// Those of the function policies.
    of_function: Vec<(GrantedBy, Arc<Statement>)>,
    /// Those of the execution role.
    of_role: Vec<(GrantedBy, Arc<Statement>)>,
    names: HashMap<Span, GrantedBy>,
}

impl Statements {
    /// The statements of a function and its execution role.
    pub(super) fn of(function: Function<'_>) -> Self {
        let mut all = Statements::default();
        for (qualifier, document) in function.policies() {
            let name = match qualifier {
                Some(qualifier) => format!("function policy of `{qualifier}`"),
                None => "function policy".to_owned(),
            };
            let read = named(&name, &PolicyDocument::read(document));
            all.of_function.extend(read);
        }
        if let Some(role) = function.role() {
            all.of_role = of_role(role, "the execution role");
        }
        let known = all.of_function.iter().chain(&all.of_role);
        let names = known.map(|(grant, _)| (grant.span, grant.clone()));
        all.names = names.collect();
        for role in function.triggers().filter_map(|trigger| trigger.role()) {
            let read = of_role(role, &role.label());
            let names = read.into_iter().map(|(grant, _)| (grant.span, grant));
            all.names.extend(names);
        }
        all
    }

    /// What statements are called, each once.
    pub(super) fn called(&self, spans: &[Span]) -> Vec<GrantedBy> {
        let mut called = Vec::new();
        add_all(
            &mut called,
            spans
                .iter()
                .filter_map(|span| self.names.get(span).cloned()),
        );
        called
    }

    /// Whom the function policies let invoke the function beside the triggers that are known.
    pub(super) fn callers(&self, known: &[Edge]) -> Vec<Edge> {
        let statements = self.of_function.iter();
        let others = statements.filter(|(grant, _)| !grants_any(known, grant, Side::Invokes));
        let edges = others.map(|(grant, statement)| {
            let principal = statement.principal.as_ref();
            let who = principal.map(|principal| {
                let names = principal.entries.iter().map(|entry| entry.name.to_string());
                let names = names.collect::<Vec<_>>().join(", ");
                if principal.negated {
                    format!("everyone except {names}")
                } else {
                    names
                }
            });
            Edge {
                name: who.unwrap_or_default(),
                kind: "principal".to_owned(),
                ..of_statement(Side::Invokes, "function policy", grant, statement)
            }
        });
        edges.collect()
    }

    /// What the role allows the code of the function, by service.
    pub(super) fn reached(&self, known: &[Edge]) -> Vec<Edge> {
        let mut edges: Vec<Edge> = Vec::new();
        for (grant, statement) in &self.of_role {
            for new in reached_by(grant, statement, known) {
                let is_same = |old: &&mut Edge| {
                    old.name == new.name && old.kind == new.kind && old.status == new.status
                };
                let Some(old) = edges.iter_mut().find(is_same) else {
                    edges.push(new);
                    continue;
                };
                add_all(&mut old.actions, new.actions);
                add_all(&mut old.resources, new.resources);
                add_all(&mut old.granted_by, new.granted_by);
            }
        }
        edges
    }
}

fn named(document: &str, read: &PolicyDocument) -> Vec<(GrantedBy, Arc<Statement>)> {
    let statements = read.statements.iter();
    let named = statements.map(|statement| {
        let grant = GrantedBy {
            document: document.to_owned(),
            statement: statement.name().map(str::to_owned),
            span: statement.span,
        };
        (grant, statement.clone())
    });
    named.collect()
}

fn of_role(role: Role<'_>, label: &str) -> Vec<(GrantedBy, Arc<Statement>)> {
    let documents = role.policies().documents.into_iter();
    let statements = documents.flat_map(|(name, document)| {
        let name = match name {
            Some(name) => format!("policy `{name}`"),
            None => format!("a policy of {label}"),
        };
        named(&name, &PolicyDocument::read(document))
    });
    statements.collect()
}

fn grants_any(known: &[Edge], grant: &GrantedBy, side: Side) -> bool {
    let mut edges = known.iter().filter(|edge| edge.side == side);
    edges.any(|edge| edge.granted_by.iter().any(|by| by.span == grant.span))
}

fn texts(listed: Option<&ElementPatterns>) -> Vec<String> {
    let Some(listed) = listed else {
        return Vec::new();
    };
    let texts = listed.entries.iter().map(|entry| entry.text.to_string());
    match listed.negated {
        true => vec![format!(
            "everything except {}",
            texts.collect::<Vec<_>>().join(", ")
        )],
        false => texts.collect(),
    }
}

fn of_statement(side: Side, decided_by: &str, grant: &GrantedBy, statement: &Statement) -> Edge {
    let status = match statement.effect {
        Some(Effect::Allow) if statement.broken => EdgeStatus::Unchecked,
        Some(Effect::Allow) => EdgeStatus::Granted,
        Some(Effect::Deny) => EdgeStatus::Denied,
        None => EdgeStatus::Unknown,
    };
    let is_limited = !statement.conditions.is_empty() || statement.unknown_conditions.is_some();
    Edge {
        status,
        is_statement: true,
        actions: texts(statement.actions.as_ref()),
        resources: texts(statement.resources.as_ref()),
        granted_by: vec![grant.clone()],
        note: is_limited.then(|| "under conditions".to_owned()),
        ..edge(side, "", decided_by)
    }
}

/// The connections of one statement of the role.
fn reached_by(grant: &GrantedBy, statement: &Statement, known: &[Edge]) -> Vec<Edge> {
    let whole = Edge {
        kind: "service".to_owned(),
        ..of_statement(Side::Reaches, "execution role", grant, statement)
    };
    let services = services_of(grant, statement, &whole, known);
    if services.len() > MOST_SERVICES {
        let count = services.len();
        return vec![Edge {
            kind: format!("{count} services"),
            name: grant
                .statement
                .clone()
                .unwrap_or_else(|| grant.document.replace('`', "")),
            ..whole
        }];
    }
    let edges = services.into_iter().map(|(service, actions)| {
        let is_of_service = |arn: &&String| {
            let mut fields = arn.split(':').skip(2);
            fields
                .next()
                .is_none_or(|own| own.eq_ignore_ascii_case(&service))
        };
        let own: Vec<String> = whole
            .resources
            .iter()
            .filter(is_of_service)
            .cloned()
            .collect();
        let resources = if own.is_empty() {
            whole.resources.clone()
        } else {
            own
        };
        Edge {
            name: if service == "*" {
                "all services".to_owned()
            } else {
                service
            },
            actions,
            resources,
            ..whole.clone()
        }
    });
    edges.collect()
}

/// The actions of a statement by service, without those of services that something else needs.
fn services_of(
    grant: &GrantedBy,
    statement: &Statement,
    whole: &Edge,
    known: &[Edge],
) -> BTreeMap<String, Vec<String>> {
    let listed = statement.actions.as_ref();
    let is_negated = listed.is_none_or(|listed| listed.negated);
    let mut services: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for action in &whole.actions {
        let service = match action.split_once(':') {
            Some((service, _)) if !is_negated => service.to_lowercase(),
            _ => action.clone(),
        };
        services.entry(service).or_default().push(action.clone());
    }
    services.retain(|service, actions| {
        let needs = known.iter().filter(|edge| edge.granted_by.contains(grant));
        let own = needs.flat_map(|edge| &edge.actions);
        let is_needed = own.into_iter().any(|action| {
            action
                .split(':')
                .next()
                .is_some_and(|own| own.eq_ignore_ascii_case(service))
        });
        !is_needed || actions.iter().any(|action| action.contains(['*', '?']))
    });
    services
}
