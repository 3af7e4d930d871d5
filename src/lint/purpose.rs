//! What the settings of a function need of its role, by what the rules select.

use crate::catalogue::{Catalogue, Grant, Need, Needs};
use crate::iam::{Context, ElementPatterns, Statement, Truth};
use crate::model::{Function, Mapping};
use crate::rules::{Needed, Packs, Requirement};
use crate::syntax::{Names, Node, Text};

/// What an execution role is needed for.
#[derive(Debug)]
pub struct Purpose {
    /// What it is called, as in "SQS queue `orders`".
    pub name: String,
    /// The actions with the resources that they are needed on.
    needed: Vec<(Text, Vec<Text>)>,
}

/// What a function needs its role for.
#[must_use]
pub fn purposes(packs: &Packs, catalogue: &Catalogue, function: Function<'_>) -> Vec<Purpose> {
    let own = function.names();
    let functions = Node::array(vec![function.node.clone()], function.node.span);
    let alone = Node::object([("Functions", functions)], function.node.span);
    let mut purposes = Vec::new();
    for rule in packs.rules() {
        let Requirement::RoleAllows(needed, need) = &rule.require else {
            continue;
        };
        let places = rule.select.iter().flat_map(|path| path.select(&alone));
        for place in places.filter(|_| *need != Need::Optional) {
            purposes.extend(match needed {
                Needed::EventSource => of_mapping(Mapping::new(place), &own, catalogue),
                Needed::Target => of_target(place, &own, catalogue),
                Needed::Feature(id) => of_feature(id, place, &own, catalogue),
                Needed::Grants(_) => None,
            });
        }
    }
    purposes
}

fn of_mapping(mapping: Mapping<'_>, own: &Names, catalogue: &Catalogue) -> Option<Purpose> {
    let source = catalogue.poll_source(mapping.source()?)?;
    let mut names = own.clone();
    names.extend(source.names(mapping.node));
    let name = called(&source.name, source.short_name(&names));
    Some(Purpose::of(name, &source.needs, &names))
}

fn of_target(arn: &Node, own: &Names, catalogue: &Catalogue) -> Option<Purpose> {
    let arn = arn.as_text()?;
    let mut targets = catalogue.targets.iter();
    let (target, more) = targets.find_map(|target| Some((target, target.names(arn)?)))?;
    let mut names = own.clone();
    names.extend(more);
    let name = called(&target.name, target.short_name(&names));
    Some(Purpose::of(name, &target.needs, &names))
}

fn of_feature(id: &str, setting: &Node, own: &Names, catalogue: &Catalogue) -> Option<Purpose> {
    let feature = catalogue.feature(id)?;
    let names = feature.names(setting, own)?;
    Some(Purpose::of(feature.name.clone(), &feature.needs, &names))
}

fn called(kind: &str, short: Option<impl std::fmt::Display>) -> String {
    match short {
        Some(short) => format!("{kind} `{short}`"),
        None => kind.to_owned(),
    }
}

impl Purpose {
    fn of(name: String, needs: &Needs, names: &Names) -> Self {
        let grants = needs.grants.iter();
        let grants = grants.filter(|grant| grant.need != Need::Optional);
        Purpose {
            name,
            needed: grants.flat_map(|grant| needed(grant, names)).collect(),
        }
    }

    /// Whether a statement speaks of an action on a resource that this needs.
    #[must_use]
    pub fn is_met_by(&self, statement: &Statement) -> bool {
        let context = Context::default();
        let covers = |listed: &Option<ElementPatterns>, text: &Text| {
            let listed = listed.as_ref();
            listed.is_some_and(|listed| listed.covers(text, &context) != Truth::No)
        };
        self.needed.iter().any(|(action, resources)| {
            let mut resources = resources.iter();
            covers(&statement.actions, action)
                && resources.any(|resource| covers(&statement.resources, resource))
        })
    }
}

fn needed(grant: &Grant, names: &Names) -> Vec<(Text, Vec<Text>)> {
    let mut resources: Vec<Text> = grant.resources.iter().map(|r| r.fill(names)).collect();
    if resources.is_empty() {
        resources.push(Text::from("*"));
    }
    let actions = grant.actions.iter();
    let each = actions.map(|action| (Text::from(action.as_str()), resources.clone()));
    each.collect()
}
