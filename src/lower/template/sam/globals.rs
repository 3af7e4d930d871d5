//! What `Globals` says of every function, merged with what a function says of itself.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>

use crate::document::{Kind, Node};

/// How deep members are merged.
const MAX_DEPTH: usize = 32;

/// The properties of a function, with those that it has from `Globals`.
pub(super) fn properties(template: &Node, function: &Node) -> Node {
    let own = function
        .get("Properties")
        .cloned()
        .unwrap_or_else(|| Node::object([], function.span));
    match template.at(&["Globals", "Function"]) {
        Some(global) => merged(global, &own, MAX_DEPTH),
        None => own,
    }
}

/// Lists are joined, objects merged; anything else is the function's own.
fn merged(global: &Node, own: &Node, depth: usize) -> Node {
    match (&global.kind, &own.kind) {
        (Kind::Array(first), Kind::Array(second)) => Node::array(
            first.iter().chain(second.iter()).cloned().collect(),
            own.span,
        ),
        (Kind::Object(members), Kind::Object(_))
            if depth > 0 && !is_call(global) && !is_call(own) =>
        {
            members.iter().fold(own.clone(), |node, member| {
                let value = match own.get(&member.key.text) {
                    Some(value) => merged(&member.value, value, depth - 1),
                    None => member.value.clone(),
                };
                node.with(&member.key.text, value)
            })
        }
        _ => own.clone(),
    }
}

fn is_call(node: &Node) -> bool {
    matches!(node.members(), [only] if only.key.text.starts_with("Fn::") || &*only.key.text == "Ref")
}
