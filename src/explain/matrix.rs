//! Which document of a function grants what to whom, and what for.

use crate::catalogue::{Catalogue, Need};
use crate::diagnostics::{Grants, NeedRow, Row};
use crate::iam::{Context, Effect, ElementPatterns, PolicyDocument, Statement, Truth};
use crate::model::{Function, Inventory, Organization, Role, Trigger};
use crate::requirement::RoleNeed;
use crate::simulate::unknown_action;
use crate::syntax::{Node, Template, Text};

/// The grants of every function.
#[must_use]
pub fn matrix(
    inventory: &Inventory,
    catalogue: &Catalogue,
    purposes: impl Fn(Function<'_>) -> Vec<RoleNeed>,
) -> Vec<Grants> {
    inventory
        .functions()
        .map(|function| {
            let purposes = purposes(function);
            let mut grants = of_function(function, catalogue, &purposes);
            grants.rows.extend(of_organization(&inventory.organization));
            grants.needs = needs(&purposes);
            for row in &mut grants.rows {
                row.unknown = unknown(&row.actions, catalogue);
            }
            grants
        })
        .collect()
}

/// What is wrong with the actions that are not known; those with wildcards stand for known ones.
fn unknown(actions: &[String], catalogue: &Catalogue) -> Vec<String> {
    let names = actions
        .iter()
        .filter(|action| !action.contains(['*', '?', '$', ' ']));
    names
        .filter_map(|action| unknown_action(catalogue, action))
        .collect()
}

fn of_function(function: Function<'_>, catalogue: &Catalogue, purposes: &[RoleNeed]) -> Grants {
    let mut rows = Vec::new();
    for (qualifier, document) in function.policies() {
        let name = match qualifier {
            Some(qualifier) => format!("of `{qualifier}`"),
            None => String::new(),
        };
        rows.extend(of_function_policy(function, document, &name, catalogue));
    }
    if let Some(role) = function.role() {
        rows.extend(of_role(role, purposes));
    }
    for trigger in function.triggers() {
        rows.extend(of_caller(trigger, catalogue));
    }
    let absent = function.absent().into_iter();
    let of_role = function.role().map(|role| role.absent());
    let absent = absent.chain(of_role.into_iter().flatten());
    Grants {
        function: function.called(),
        rows,
        needs: Vec::new(),
        absent: absent.map(|absent| absent.what).collect(),
    }
}

/// What the role is needed for, each once, with what all policies together say of it.
fn needs(purposes: &[RoleNeed]) -> Vec<NeedRow> {
    let mut needs: Vec<NeedRow> = Vec::new();
    for purpose in purposes
        .iter()
        .filter(|purpose| purpose.need == Need::Required)
    {
        let new = NeedRow {
            name: purpose.name.clone(),
            refused: unique(purpose.refused.iter().cloned()),
            open: purpose.open.clone(),
        };
        if !needs.contains(&new) {
            needs.push(new);
        }
    }
    needs
}

/// The statements of the organization, which limit every role and resource.
fn of_organization(organization: &Organization) -> Vec<Row> {
    let levels = [
        ("service control policy", &organization.service_control),
        ("resource control policy", &organization.resource_control),
    ];
    let mut rows = Vec::new();
    for (document, levels) in levels {
        let policies = levels.iter().flatten();
        for policy in policies.filter(|policy| !policy.is_default) {
            let statements = policy.document.statements.iter();
            rows.extend(statements.map(|statement| Row {
                who: vec!["the accounts of the organization".to_owned()],
                ..row(document, &format!("`{}`", policy.name), statement)
            }));
        }
    }
    rows
}

fn of_function_policy(
    function: Function<'_>,
    document: &Node,
    name: &str,
    catalogue: &Catalogue,
) -> Vec<Row> {
    let document = PolicyDocument::read(document);
    let rows = document.statements.iter().map(|statement| {
        let mut row = row("function policy", name, statement);
        row.purposes = triggers_of(function, &row.who, catalogue);
        row
    });
    rows.collect()
}

/// The triggers whose service a statement speaks of.
fn triggers_of(function: Function<'_>, who: &[String], catalogue: &Catalogue) -> Vec<String> {
    let of_service = function.triggers().filter_map(|trigger: Trigger<'_>| {
        let source = catalogue.push_source(trigger.kind())?;
        let principals = source.principals.iter().map(Template::as_str);
        let mut named = principals.flat_map(|form| who.iter().map(move |who| (who, form)));
        let is_meant = named.any(|(who, form)| {
            let principals = &catalogue.principals;
            who == form || principals.is_of(&Text::from(who.as_str()), form)
        });
        let short = trigger.source_arn().and_then(|arn| source.short_name(arn));
        is_meant.then(|| match short {
            Some(short) => format!("{} `{short}`", source.name),
            None => source.name.clone(),
        })
    });
    unique(of_service)
}

fn of_role(role: Role<'_>, purposes: &[RoleNeed]) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(trust) = role.trust_policy() {
        let document = PolicyDocument::read(trust);
        rows.extend(document.statements.iter().map(|statement| {
            let mut row = row("trust policy", "", statement);
            row.resources = vec![role.label()];
            row
        }));
    }
    for (name, document) in role.policies().documents {
        let document = PolicyDocument::read(document);
        let name = name.map_or_else(String::new, |name| format!("`{name}`"));
        rows.extend(document.statements.iter().map(|statement| {
            let mut row = row("execution role", &name, statement);
            let met = purposes
                .iter()
                .filter(|purpose| purpose.is_met_by(statement));
            row.purposes = unique(met.map(|purpose| purpose.name.clone()));
            row.who = vec![match row.purposes.is_empty() {
                true => "the code".to_owned(),
                false => "Lambda".to_owned(),
            }];
            row
        }));
    }
    if let Some(Some(boundary)) = role.boundary() {
        let document = PolicyDocument::read(boundary);
        rows.extend(document.statements.iter().map(|statement| {
            let mut row = row("boundary", "", statement);
            row.who = vec!["the role".to_owned()];
            row
        }));
    }
    rows
}

/// What the role of a source allows that has to do with invoking functions.
fn of_caller(trigger: Trigger<'_>, catalogue: &Catalogue) -> Vec<Row> {
    let source = catalogue.push_source(trigger.kind());
    let (Some(source), Some(role)) = (source, trigger.role()) else {
        return Vec::new();
    };
    let short = trigger.source_arn().and_then(|arn| source.short_name(arn));
    let who = match short {
        Some(short) => format!("{} `{short}`", source.name),
        None => source.name.clone(),
    };
    let context = Context::default();
    let mut rows = Vec::new();
    for (name, document) in role.policies().documents {
        let document = PolicyDocument::read(document);
        let names = role.name().into_iter().chain(name);
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        let name = names.join(", ");
        let invokes = document.statements.iter().filter(|statement| {
            let actions = source.needs.grants.iter().flat_map(|grant| &grant.actions);
            actions.into_iter().any(|action| {
                let listed = statement.actions.as_ref();
                let action = Text::from(action.as_str());
                listed.is_some_and(|listed| listed.covers(&action, &context) != Truth::No)
            })
        });
        rows.extend(invokes.map(|statement| Row {
            who: vec![who.clone()],
            ..row("caller role", &name, statement)
        }));
    }
    rows
}

fn row(document: &'static str, name: &str, statement: &Statement) -> Row {
    let named = statement.name().map(|sid| format!("`{sid}`"));
    let parts = [Some(name.to_owned()), named].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let principal = statement.principal.as_ref();
    let who = principal.map(|principal| {
        let entries = principal.entries.iter();
        let names = entries.map(|entry| entry.name.to_string());
        match principal.negated {
            true => names
                .map(|name| format!("everything except {name}"))
                .collect(),
            false => names.collect(),
        }
    });
    let conditions = statement
        .conditions
        .iter()
        .map(|condition| condition.key.to_string());
    Row {
        document,
        name: parts.join(", "),
        denies: statement.effect == Some(Effect::Deny),
        who: who.unwrap_or_default(),
        actions: texts(statement.actions.as_ref()),
        unknown: Vec::new(),
        resources: texts(statement.resources.as_ref()),
        conditions: unique(conditions),
        purposes: Vec::new(),
        span: statement.span,
    }
}

fn texts(listed: Option<&ElementPatterns>) -> Vec<String> {
    let Some(listed) = listed else {
        return Vec::new();
    };
    let texts = listed.entries.iter().map(|entry| entry.text.to_string());
    match listed.negated {
        true => texts
            .map(|text| format!("everything except {text}"))
            .collect(),
        false => texts.collect(),
    }
}

fn unique(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique = Vec::new();
    for one in all {
        if !unique.contains(&one) {
            unique.push(one);
        }
    }
    unique
}
