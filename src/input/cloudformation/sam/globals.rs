//! What `Globals` says of every resource of a kind, merged with what one says of itself.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>

use std::collections::HashMap;

use crate::syntax::{Kind, Member, Node};

/// How deep members are merged.
const MAX_DEPTH: usize = 32;

/// The properties of a resource, with those that its kind has from `Globals`.
pub(super) fn properties(template: &Node, kind: &str, resource: &Node) -> Node {
    let own = resource
        .get("Properties")
        .cloned()
        .unwrap_or_else(|| Node::object([], resource.span));
    let ignored = resource.get("IgnoreGlobals").map_or(&[][..], Node::each);
    let ignored: Vec<&str> = ignored.iter().filter_map(Node::as_str).collect();
    match template.at(&["Globals", kind]) {
        Some(global) if !ignored.contains(&"*") => {
            let global = ignored
                .iter()
                .fold(global.clone(), |all, name| all.without(name));
            merged(&global, &own, MAX_DEPTH)
        }
        _ => own,
    }
}

/// Lists are joined, objects merged; anything else is the function's own.
fn merged(global: &Node, own: &Node, depth: usize) -> Node {
    match (&global.kind, &own.kind) {
        (Kind::Array(first), Kind::Array(second)) => Node::array(
            first.iter().chain(second.iter()).cloned().collect(),
            own.span,
        ),
        (Kind::Object(globals), Kind::Object(own_members))
            if depth > 0 && !is_call(global) && !is_call(own) =>
        {
            let mut left: HashMap<&str, &Node> = globals
                .iter()
                .map(|member| (&*member.key.text, &member.value))
                .collect();
            let mut members: Vec<Member> = Vec::with_capacity(own_members.len());
            for member in own_members.iter() {
                let value = match left.remove(&*member.key.text) {
                    Some(value) => merged(value, &member.value, depth - 1),
                    None => member.value.clone(),
                };
                let key = member.key.clone();
                members.push(Member { key, value });
            }
            let added = globals
                .iter()
                .filter(|member| left.contains_key(&*member.key.text));
            members.extend(added.cloned());
            Node::new(Kind::Object(members.into()), own.span)
        }
        _ => own.clone(),
    }
}

fn is_call(node: &Node) -> bool {
    matches!(node.members(), [only] if only.key.text.starts_with("Fn::") || &*only.key.text == "Ref")
}
