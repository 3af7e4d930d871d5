//! Which document of a function grants what to whom, and what for.

use crate::catalogue::{Catalogue, Grant, Need, Needs};
use crate::document::{Names, Node, Text};
use crate::finding::{Grants, Row};
use crate::iam::{Context, Effect, Listed, PolicyDocument, Statement, Truth};
use crate::model::{Function, Inventory, Mapping, Role, Trigger};

/// What an execution role is needed for.
struct Purpose<'k> {
    name: String,
    grants: Vec<&'k Grant>,
    names: Names,
}

/// The grants of every function.
#[must_use]
pub fn matrix(inventory: &Inventory, catalogue: &Catalogue) -> Vec<Grants> {
    inventory
        .functions()
        .map(|function| of_function(function, catalogue))
        .collect()
}

fn of_function(function: Function<'_>, catalogue: &Catalogue) -> Grants {
    let mut rows = Vec::new();
    for (qualifier, document) in function.policies() {
        let name = match qualifier {
            Some(qualifier) => format!("of `{qualifier}`"),
            None => String::new(),
        };
        rows.extend(of_function_policy(function, document, &name, catalogue));
    }
    if let Some(role) = function.role() {
        let purposes = purposes(function, catalogue);
        rows.extend(of_role(role, &purposes));
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
        absent: absent.map(|absent| absent.what).collect(),
    }
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
        let mut principals = source.principals.iter();
        let is_meant = principals.any(|form| who.iter().any(|who| who == form.as_str()));
        let short = trigger.source_arn().and_then(|arn| source.short_name(arn));
        is_meant.then(|| match short {
            Some(short) => format!("{} `{short}`", source.name),
            None => source.name.clone(),
        })
    });
    unique(of_service)
}

fn of_role(role: Role<'_>, purposes: &[Purpose<'_>]) -> Vec<Row> {
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
            row.who = vec!["the role at most".to_owned()];
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
        let name = name.map_or_else(
            || role.label(),
            |name| format!("{}, `{name}`", role.label()),
        );
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
            ..row("source's role", &name, statement)
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
            true => names.map(|name| format!("all but {name}")).collect(),
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
        resources: texts(statement.resources.as_ref()),
        conditions: unique(conditions),
        purposes: Vec::new(),
        span: statement.span,
    }
}

fn texts(listed: Option<&Listed>) -> Vec<String> {
    let Some(listed) = listed else {
        return Vec::new();
    };
    let texts = listed.entries.iter().map(|entry| entry.text.to_string());
    match listed.negated {
        true => texts.map(|text| format!("all but {text}")).collect(),
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

/// What the settings of a function need of its role.
fn purposes<'k>(function: Function<'_>, catalogue: &'k Catalogue) -> Vec<Purpose<'k>> {
    let own = function.names();
    let mut purposes = Vec::new();
    for mapping in function.mappings() {
        purposes.extend(of_mapping(mapping, &own, catalogue));
    }
    let configuration = function.configuration();
    let is_set = |id: &str| match id {
        "vpc" => configuration
            .and_then(|c| c.at(&["VpcConfig", "SubnetIds"]))
            .is_some_and(|subnets| !subnets.items().is_empty()),
        "logs" => true,
        "tracing" => configuration
            .and_then(|c| c.at(&["TracingConfig", "Mode"]))
            .is_some_and(|mode| mode.as_str() == Some("Active")),
        _ => false,
    };
    for feature in catalogue
        .features
        .iter()
        .filter(|feature| is_set(&feature.id))
    {
        let setting = configuration.cloned().unwrap_or_default();
        let names = feature.names(&setting, &own);
        let name = feature.name.clone();
        purposes.extend(names.map(|names| Purpose::of(name, &feature.needs, names)));
    }
    let dead_letter = configuration.and_then(|c| c.at(&["DeadLetterConfig", "TargetArn"]));
    let configs = function.node.get("FunctionEventInvokeConfigs");
    let configs = configs.map_or(&[][..], Node::items).iter();
    let ends = ["OnSuccess", "OnFailure"];
    let destinations = configs.flat_map(|config| {
        ends.iter()
            .filter_map(|end| config.at(&["DestinationConfig", end, "Destination"]))
    });
    for arn in dead_letter.into_iter().chain(destinations) {
        purposes.extend(of_target(arn, &own, catalogue));
    }
    purposes
}

fn of_mapping<'k>(
    mapping: Mapping<'_>,
    own: &Names,
    catalogue: &'k Catalogue,
) -> Option<Purpose<'k>> {
    let source = catalogue.poll_source(mapping.source()?)?;
    let mut names = own.clone();
    names.extend(source.names(mapping.node));
    let name = match source.short_name(&names) {
        Some(short) => format!("{} `{short}`", source.name),
        None => source.name.clone(),
    };
    Some(Purpose::of(name, &source.needs, names))
}

fn of_target<'k>(arn: &Node, own: &Names, catalogue: &'k Catalogue) -> Option<Purpose<'k>> {
    let arn = arn.as_text()?;
    let mut targets = catalogue.targets.iter();
    let (target, more) = targets.find_map(|target| Some((target, target.names(arn)?)))?;
    let mut names = own.clone();
    names.extend(more);
    let short = target.short_name(&names);
    let name = match short {
        Some(short) => format!("{} `{short}`", target.name),
        None => target.name.clone(),
    };
    Some(Purpose::of(name, &target.needs, names))
}

impl<'k> Purpose<'k> {
    fn of(name: String, needs: &'k Needs, names: Names) -> Self {
        let grants = needs.grants.iter();
        Purpose {
            name,
            grants: grants
                .filter(|grant| grant.need != Need::Optional)
                .collect(),
            names,
        }
    }

    /// Whether a statement speaks of an action on a resource that this needs.
    fn is_met_by(&self, statement: &Statement) -> bool {
        let context = Context::default();
        let covers = |listed: &Option<Listed>, text: &Text| {
            listed
                .as_ref()
                .is_some_and(|listed| listed.covers(text, &context) != Truth::No)
        };
        self.grants.iter().any(|grant| {
            let mut resources: Vec<Text> = grant
                .resources
                .iter()
                .map(|resource| resource.fill(&self.names))
                .collect();
            if resources.is_empty() {
                resources.push(Text::from("*"));
            }
            let mut actions = grant.actions.iter();
            let does =
                actions.any(|action| covers(&statement.actions, &Text::from(action.as_str())));
            does && resources.iter().any(|on| covers(&statement.resources, on))
        })
    }
}
