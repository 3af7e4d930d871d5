//! The Serverless Framework: its configuration as the CloudFormation template that the framework deploys.
//!
//! Owns variables, and what the framework makes and grants by itself, which `rules/catalogue/serverless.json`
//! describes. What it makes lies at the place of what asked for it.
//!
//! <https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml>

mod apis;
mod calls;
mod context;
mod evaluate;
mod event_kinds;
mod events;
mod fill;
mod functions;
mod includes;
mod merge;
mod names;
mod resources;
mod role_names;
mod roles;
mod service;
mod variable;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cloudformation::{Places, Template};
use super::infra::Generated;
use super::scope::Scope;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};
use evaluate::{Defaults, Evaluator};
use service::Service;

pub(super) use evaluate::Files;
pub(crate) use includes::named_files;
pub(super) use includes::{fits, is_service};

/// A configuration that was read.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) root: Node,
    pub(super) scope: Scope,
    /// The path of its file.
    pub(super) path: String,
}

/// Where the region of a template is given.
const REGION: &str = "AWS::Region";

/// The template that the framework deploys, and what is wrong with the configuration.
pub(super) fn template(
    configuration: Configuration,
    files: &Files,
    given: &BTreeMap<String, String>,
    catalogue: &Catalogue,
) -> Option<(Template, Vec<Problem>)> {
    let data = catalogue.serverless()?;
    let Configuration { root, scope, path } = configuration;
    let scripts = data.get("scripts").map_or(&[][..], Node::items);
    let scripts: Vec<&str> = scripts.iter().filter_map(Node::as_str).collect();
    let default = |name: &str| data.at(&["defaults", name]).and_then(Node::as_str);
    let defaults = Defaults {
        stage: default("stage").unwrap_or_default(),
        region: default("region").unwrap_or_default(),
        scripts: &scripts,
        has_pseudo_parameters: uses_pseudo_parameters(&root, data),
    };
    let evaluator = Evaluator::new((&root, &path), files, given, defaults);
    let mut values = BTreeMap::new();
    if let Some(region) = evaluator.region() {
        values.insert(REGION.to_owned(), region);
    }
    let service = Service::new(evaluator.root(), evaluator.stage(), data);
    let problems = problems(&service);
    let mut generated = HashMap::new();
    let resources = resources(&service, &mut generated);
    let resources = Node::new(Kind::Object(resources.into()), root.span);
    let compiled = Node::new(
        Kind::Object(vec![member("Resources", resources)].into()),
        root.span,
    );
    let merged = Node {
        span: root.span,
        ..service.with_own(compiled)
    };
    let template = match what_adds_more(&service) {
        Some(what) => merged.with("Transform", what),
        None => merged,
    };
    let declares_more = service.uses("addsResources")
        || !service.unknown_functions().is_empty()
        || refers_to_others(&service, &template);
    let template = Template {
        root: template,
        declares_more,
        generated,
        places: Places {
            resources: ["resources", "Resources"].map(str::to_owned).to_vec(),
            statements: service.statement_places(),
        },
        values,
        scope: scope.of_bundle(root.span.start),
        path,
    };
    Some((template, problems))
}

fn uses_pseudo_parameters(root: &Node, data: &Node) -> bool {
    let known = data
        .at(&["plugins", "pseudoParameters"])
        .map_or(&[][..], Node::items);
    let plugins = root.get("plugins");
    let modules = plugins
        .and_then(|plugins| plugins.get("modules"))
        .or(plugins);
    modules
        .map_or(&[][..], Node::each)
        .iter()
        .any(|name| known.contains(name))
}

/// The resources that the framework makes.
fn resources(service: &Service<'_>, generated: &mut HashMap<String, Generated>) -> Vec<Member> {
    let appended = service.facts(&["appended"]);
    let mut resources = Vec::new();
    let mut add = |new: Vec<Member>| {
        for member in new {
            merge::add(&mut resources, member, &appended);
        }
    };
    let bucket = service.provider.get("deploymentBucket").cloned();
    let span = service.role_span();
    let core = bucket.map(|bucket| ("deploymentBucket", bucket));
    let core = service.bare(Node::object(core, span), span);
    add(core.resources(service.fact(&["core"])));
    add(layers(service));
    for function in &service.functions {
        let fill = service.fill(function, service.prepared(function), function.span);
        let mut made = fill.resources(service.fact(&["function"]));
        for member in &mut made {
            // The function is written there; the rest follows from it.
            if member.value.str("Type") == Some(super::infra::types::FUNCTION) {
                member.value.span = function.node.span;
            }
        }
        add(made);
        for event in service.events_of(function) {
            let made = service.made_for(function, &event);
            if let Some(kind) = made.event_source {
                for member in &made.resources {
                    let entry = generated.entry(member.key.text.to_string()).or_default();
                    entry.event_source = Some(kind.clone());
                }
            }
            add(made.resources);
        }
    }
    let mut kinds = service.functions.iter();
    if kinds.any(|function| service.has_event(function, "httpApi")) {
        add(service.http_authorizers());
    }
    let roles = service.roles();
    for role in &roles {
        let entry = generated.entry(role.key.text.to_string()).or_default();
        entry.inline_documents = vec![0];
    }
    add(roles);
    resources
}

fn layers(service: &Service<'_>) -> Vec<Member> {
    let layers = service
        .root
        .get("layers")
        .map_or(&[][..], Node::members)
        .iter();
    let made = layers.flat_map(|layer| {
        let mut fill = service.bare(layer.value.clone(), layer.key.span);
        fill.name("layer", &names::normalized(&layer.key.text));
        fill.name("key", &layer.key.text);
        fill.resources(service.fact(&["layers"]))
    });
    made.collect()
}

/// What can change roles and permissions of the service and is not known: a plugin, or resources that a program
/// makes.
fn what_adds_more(service: &Service<'_>) -> Option<Node> {
    let lists = [
        "rolesPerFunction",
        "pseudoParameters",
        "addsResources",
        "harmless",
    ];
    let known: BTreeSet<&str> = lists
        .iter()
        .flat_map(|list| service.facts(&["plugins", list]))
        .collect();
    let mut plugins = service.plugin_nodes().into_iter();
    let plugin = plugins.find(|plugin| plugin.as_str().is_none_or(|name| !known.contains(name)));
    let mut parts = service.own_resources().into_iter();
    let part = parts.find(|part| part.as_text().is_some());
    let found = plugin.or(part)?;
    Some(Node::text(what(found), found.span))
}

/// What a value that is not known is in the configuration.
fn what(node: &Node) -> String {
    match (node.as_hole(), node.as_text()) {
        (Some(hole), _) => hole.id.to_string(),
        (None, Some(text)) => text.to_string(),
        (None, None) => "a plugin".to_owned(),
    }
}

/// What of the configuration cannot be checked.
fn problems(service: &Service<'_>) -> Vec<Problem> {
    let unknown = service.unknown_functions().into_iter().map(|node| {
        let what = what(node);
        let message = format!("the functions in `{what}` are not checked");
        let is_data = named_files(&what).into_iter().next();
        let help = match is_data {
            Some(path) => format!("`{path}` was not found from the folder of the service"),
            None => format!("it is not evaluated: {}", super::SERVERLESS_HELP),
        };
        Problem::at(node.span, message).help(help)
    });
    unknown.collect()
}

/// Whether resources are referred to that the framework makes and that are not made here, such as usage plans.
fn refers_to_others(service: &Service<'_>, template: &Node) -> bool {
    let beginnings = service.facts(&["others"]);
    let resources = template.get("Resources");
    let is_other = |name: &str| {
        let is_made = resources.is_some_and(|resources| resources.get(name).is_some());
        !is_made && beginnings.iter().any(|start| name.starts_with(start))
    };
    let mut nodes = template.walk();
    nodes.any(|node| {
        let calls = ["Ref", "Fn::GetAtt", "Fn::Sub", "DependsOn"];
        let given = calls.iter().filter_map(|call| node.get(call));
        let mut texts = given.flat_map(Node::walk).filter_map(Node::as_str);
        texts.any(|text| {
            let mut names = text.split(|c: char| !c.is_ascii_alphanumeric());
            names.any(is_other)
        })
    })
}

fn member(name: &str, value: Node) -> Member {
    let key = Key {
        text: name.into(),
        span: Span {
            end: value.span.start,
            ..value.span
        },
    };
    Member { key, value }
}

/// Whether a document asks for an option or parameter of a name. Those of the stage and Region always count.
pub(super) fn asks_for(root: &Node, name: &str) -> bool {
    let marks = ["opt", "param"].map(|kind| format!("{kind}:{name}"));
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c));
    let asks = |text: &str, mark: &String| {
        let mut found = text.match_indices(mark.as_str());
        found.any(|(at, _)| text.get(at + mark.len()..).is_some_and(is_end))
    };
    let mut texts = root.walk().filter_map(Node::as_str);
    ["stage", "region"].contains(&name)
        || texts.any(|text| marks.iter().any(|mark| asks(text, mark)))
}
