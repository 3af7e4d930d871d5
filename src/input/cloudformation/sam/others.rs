//! Serverless resources that are no functions, as the data tells of their types.

use super::event::Event;
use super::policies::Policies;
use super::{globals, letters, resource};
use crate::syntax::{Member, Node};

/// The resources that a serverless resource stands for.
pub(super) fn resources(template: &Node, member: &Member, told: &Node, sam: &Node) -> Vec<Member> {
    let kind = told.str("globals").unwrap_or("");
    let properties = globals::properties(template, kind, &member.value);
    let name = &*member.key.text;
    let whole = Event {
        properties: &properties,
        function: name,
        names: vec![("resource", name.to_owned())],
        alias: None,
        span: member.key.span,
    };
    let mut made = whole.resources(told);
    for each in told.get("each").map_or(&[][..], Node::items) {
        made.extend(parts(&whole, each));
    }
    made.extend(role(&whole, told, sam));
    // A condition of the resource is one of all that is made for it.
    if let Some(condition) = member.value.get("Condition") {
        for resource in &mut made {
            resource.value = resource.value.with("Condition", condition.clone());
        }
    }
    for resource in &mut made {
        if let Some(connectors) = member.value.get("Connectors") {
            resource.value = resource.value.with("Connectors", connectors.clone());
        }
    }
    made
}

/// What the data tells of each member of a property, such as each authorizer.
fn parts(whole: &Event<'_>, each: &Node) -> Vec<Member> {
    let way = each.get("of").map_or(&[][..], Node::items);
    let way: Vec<&str> = way.iter().filter_map(Node::as_str).collect();
    let parts = whole.properties.at(&way).map_or(&[][..], Node::members);
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
fn role(whole: &Event<'_>, told: &Node, sam: &Node) -> Option<Member> {
    let trust = whole.value(told.get("role")?)?;
    if whole.properties.get("Role").is_some() {
        return None;
    }
    let written = whole.properties.get("Policies");
    let written = written.map(|node| Policies::read(node, sam));
    let name = format!("{}Role", whole.function);
    let mut properties = written.unwrap_or_default().properties(&name, whole.span);
    properties.push(("AssumeRolePolicyDocument", trust));
    let boundary = whole.properties.get("PermissionsBoundary").cloned();
    properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary)));
    Some(resource(&name, "AWS::IAM::Role", properties, whole.span))
}
