//! Serverless resources other than functions, as the data describes their types.

use super::event::Event;
use super::globals;
use super::ignored;
use super::policies::Policies;
use super::resources::{Made, letters, resource};
use crate::input::infra::types;
use crate::syntax::{Member, Node};

/// The resources that the transform makes of a serverless resource.
pub(super) fn resources(template: &Node, member: &Member, entry: &Node, sam: &Node) -> Vec<Made> {
    let kind = entry.str("globals").unwrap_or("");
    let properties = globals::properties(template, kind, &member.value);
    let name = &*member.key.text;
    let whole = Event {
        properties: &properties,
        function: name,
        names: vec![("resource", name.to_owned())],
        alias: None,
        span: member.key.span,
    };
    let mut made = whole.resources(entry);
    if let (Some(first), Some(kind)) = (made.first_mut(), member.value.str("Type")) {
        first.generated.ignored = ignored::own(kind, &member.value, &properties, sam);
    }
    for each in entry.get("each").map_or(&[][..], Node::items) {
        made.extend(parts(&whole, each));
    }
    made.extend(role(&whole, entry, sam));
    // A condition of the resource is one of all that is made for it.
    if let Some(condition) = member.value.get("Condition") {
        for resource in &mut made {
            resource.set("Condition", condition);
        }
    }
    if let Some(connectors) = member.value.get("Connectors") {
        for resource in &mut made {
            resource.set("Connectors", connectors);
        }
    }
    made
}

/// What the data says of each member of a property, such as each authorizer.
fn parts(whole: &Event<'_>, each: &Node) -> Vec<Made> {
    let path = each.get("of").map_or(&[][..], Node::items);
    let path: Vec<&str> = path.iter().filter_map(Node::as_str).collect();
    let parts = whole.properties.at(&path).map_or(&[][..], Node::members);
    let with = each.str("with").unwrap_or("");
    let asking = parts.iter().filter(|part| part.value.get(with).is_some());
    let made = asking.flat_map(|part| {
        let key = &*part.key.text;
        let mut names = whole.names.clone();
        names.extend([("member", letters(key)), ("key", key.to_owned())]);
        let event = Event {
            properties: &part.value,
            names,
            span: part.key.span,
            ..whole.clone()
        };
        event.resources(each)
    });
    made.collect()
}

/// The role that is made where the resource names none.
fn role(whole: &Event<'_>, entry: &Node, sam: &Node) -> Option<Made> {
    let trust = whole.value(entry.get("role")?)?;
    if whole.properties.get("Role").is_some() {
        return None;
    }
    let written = whole.properties.get("Policies");
    let written = written.map(|node| Policies::read(node, sam));
    let name = format!("{}Role", whole.function);
    let policies = written.unwrap_or_default();
    let inline_documents = policies.generated();
    let mut properties = policies.properties(&name, whole.span);
    properties.push(("AssumeRolePolicyDocument", trust));
    let boundary = whole.properties.get("PermissionsBoundary").cloned();
    properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary)));
    let mut role = resource(&name, types::ROLE, properties, whole.span);
    role.generated.inline_documents = inline_documents;
    Some(role)
}
