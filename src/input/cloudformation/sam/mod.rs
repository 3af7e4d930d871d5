//! SAM: serverless resources as the CloudFormation resources that AWS's transform makes of them.
//!
//! Owns what the transform adds by itself: roles, policies, permissions and mappings. What it adds
//! lies at the place of what asked for it.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

mod connectors;
mod event;
mod function;
mod globals;
mod ids;
mod ignored;
mod others;
mod policies;
mod resources;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::template_types::{
    SERVERLESS, SERVERLESS_CONNECTOR, SERVERLESS_FUNCTION, TRANSFORM_OF_SAM,
};
use crate::input::infra::Generated;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};
use resources::Made;

pub(super) use ids::GeneratedIds;

/// What the transform knows of the resources that it made, by their logical ids.
pub(super) type Generation = HashMap<String, Generated>;

/// Whether a template asks for the transform.
pub(super) fn is_asked_for(template: &Node) -> bool {
    let transforms = template.get("Transform").map_or(&[][..], Node::each);
    let mut names = transforms.iter().filter_map(Node::as_str);
    names.any(|name| name == TRANSFORM_OF_SAM)
}

/// Whether the transform makes something of a template.
pub(super) fn is_needed(template: &Node) -> bool {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    resources.iter().any(is_serverless)
}

/// What the transform makes of a template.
#[derive(Debug)]
pub(super) struct Expansion {
    /// The template with every serverless resource in its long form.
    pub(super) root: Node,
    pub(super) generation: Generation,
    /// The names of properties of `Globals` that the transform ignores, at their places.
    pub(super) ignored: Vec<Node>,
}

/// Whether the transform makes something of a resource.
pub(super) fn is_of_sam(resource: &Node) -> bool {
    let kind = resource.str("Type");
    kind.is_some_and(|kind| kind.starts_with(SERVERLESS))
}

/// The names of the members of a resource whose values need not be in what the transform makes of it.
pub(super) fn dropped_properties<'s>(resource: &Node, sam: &'s Node) -> Vec<&'s str> {
    let kind = resource.str("Type").unwrap_or("");
    let list = |name: &str| {
        sam.at(&["ids", "dropped", name])
            .map_or(&[][..], Node::items)
    };
    let always = list("always").iter().chain(list(kind));
    let mut names: Vec<&str> = always.filter_map(Node::as_str).collect();
    if let Some(properties) = resource.get("Properties") {
        names.extend(ignored::names(kind, properties, sam));
    }
    names
}

/// Expands the serverless resources of a template.
pub(super) fn expanded(template: &Node, sam: &Node) -> Option<Expansion> {
    let resources = template.get("Resources")?;
    let written = resources.members();
    let mut made: Vec<Made> = implied(template, sam);
    for member in written {
        match (member.value.str("Type"), of_type(&member.value, sam)) {
            (Some(SERVERLESS_FUNCTION), _) => {
                made.extend(function::resources(template, member, sam));
            }
            (_, Some(entry)) => made.extend(others::resources(template, member, entry, sam)),
            _ => made.push(Made::from(member.clone())),
        }
    }
    // Several events can ask for one and the same resource.
    let mut names: HashSet<Arc<str>> = HashSet::new();
    made.retain(|made| names.insert(Arc::clone(&made.member.key.text)));
    let connections = connectors::connections(written);
    let left = connectors::policies(&connections, &mut made, sam);
    made.retain(|made| {
        let is_connector = made.member.value.str("Type") == Some(SERVERLESS_CONNECTOR);
        !is_connector || left.contains(&*made.member.key.text)
    });
    let mut generation = Generation::new();
    let mut members = Vec::with_capacity(made.len());
    for Made { member, generated } in made {
        if generated != Generated::default() {
            generation.insert(member.key.text.to_string(), generated);
        }
        members.push(member);
    }
    let resources = Node::new(Kind::Object(members.into()), resources.span);
    let kinds = sam.get("ignored").map_or(&[][..], Node::members).iter();
    let ignored = kinds.flat_map(|kind| ignored::in_globals(template, &kind.key.text, sam));
    Some(Expansion {
        root: template.with("Resources", resources),
        generation,
        ignored: ignored.collect(),
    })
}

/// Whether the transform makes something of a resource.
fn is_serverless(member: &Member) -> bool {
    is_of_sam(&member.value) || member.value.get("Connectors").is_some()
}

fn of_type<'s>(resource: &Node, sam: &'s Node) -> Option<&'s Node> {
    sam.get("resources")?.get(resource.str("Type")?)
}

/// The APIs that events of functions imply.
fn implied(template: &Node, sam: &Node) -> Vec<Made> {
    let kinds = sam.get("resources").map_or(&[][..], Node::members).iter();
    let made = kinds.flat_map(|kind| {
        let implied = kind.value.get("implied")?;
        let name = implied.str("name")?;
        let span = asked_by(template, implied)?;
        let value = Node::object([("Type", Node::text(&*kind.key.text, span))], span);
        let key = Key {
            text: name.into(),
            span,
        };
        let member = Member { key, value };
        Some(others::resources(template, &member, &kind.value, sam))
    });
    made.flatten().collect()
}

/// Where an event asks for an API without naming one.
fn asked_by(template: &Node, implied: &Node) -> Option<Span> {
    let (kind, naming) = (implied.str("event")?, implied.str("without")?);
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let serverless = resources.iter().filter(|member| is_serverless(member));
    let events = serverless.flat_map(|resource| {
        let events = resource.value.at(&["Properties", "Events"]);
        events.map_or(&[][..], Node::members)
    });
    let mut asking = events.filter(|event| {
        let names_one = event.value.at(&["Properties", naming]).is_some();
        event.value.str("Type") == Some(kind) && !names_one
    });
    asking.next().map(|event| event.key.span)
}
