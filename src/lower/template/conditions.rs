//! Conditions of templates: met or not, in one setting.
//!
//! What cannot be known is taken to be met; the settings see to it that conditions which exclude
//! each other are not met together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use super::resolve::{Resolver, text_of};
use crate::document::{Hole, Node, Piece, Text};

const MAX_DEPTH: usize = 64;

/// Whether the condition of that name is met.
pub(super) fn named(resolver: &Resolver<'_>, name: &str, depth: usize) -> bool {
    let declared = resolver
        .template
        .get("Conditions")
        .and_then(|all| all.get(name));
    declared.is_none_or(|node| met(resolver, node, depth + 1))
}

fn met(resolver: &Resolver<'_>, node: &Node, depth: usize) -> bool {
    let [call] = node.members() else {
        return true;
    };
    if depth > MAX_DEPTH {
        return true;
    }
    let each = || {
        call.value
            .items()
            .iter()
            .map(|part| met(resolver, part, depth + 1))
    };
    match &*call.key.text {
        "Condition" => call
            .value
            .as_str()
            .is_none_or(|name| named(resolver, name, depth)),
        "Fn::And" => each().all(|met| met),
        "Fn::Or" => each().any(|met| met),
        "Fn::Not" => !each().all(|met| met),
        "Fn::Equals" => equal(resolver, &call.value, depth),
        _ => true,
    }
}

fn equal(resolver: &Resolver<'_>, given: &Node, depth: usize) -> bool {
    let [left, right] = given.items() else {
        return true;
    };
    let known = |node: &Node| {
        let value = resolver.deep(node, depth + 1)?;
        assumed(resolver, &text_of(&value)?)
    };
    match (known(left), known(right)) {
        (Some(left), Some(right)) => left == right,
        _ => true,
    }
}

/// A text with the value of each parameter that is given, assumed or a default.
fn assumed(resolver: &Resolver<'_>, text: &Text) -> Option<String> {
    let value = |hole: &Hole| {
        let assumed = resolver.setting.assumed(resolver.template, &hole.id);
        assumed.or_else(|| hole.likely.as_deref().map(str::to_owned))
    };
    let pieces = text.pieces();
    let parts = pieces.iter().map(|piece| match piece {
        Piece::Known(known) => Some(known.to_string()),
        Piece::Hole(hole) => value(hole),
    });
    parts.collect()
}

/// The parameters that a template's conditions compare with texts, and these texts.
pub(super) fn asked(template: &Node) -> Vec<(String, String)> {
    let mut asked = Vec::new();
    let conditions = template.get("Conditions").map_or(&[][..], Node::members);
    let mut open: Vec<&Node> = conditions.iter().map(|member| &member.value).collect();
    while let Some(node) = open.pop() {
        if let Some([left, right]) = node.get("Fn::Equals").map(Node::items) {
            for (one, other) in [(left, right), (right, left)] {
                let pair = one.str("Ref").zip(text_of(other).and_then(known));
                asked.extend(pair.map(|(name, text)| (name.to_owned(), text)));
            }
        }
        open.extend(node.items());
        open.extend(node.members().iter().map(|member| &member.value));
    }
    asked.sort();
    asked.dedup();
    asked
}

fn known(text: Text) -> Option<String> {
    text.as_str().map(str::to_owned)
}
