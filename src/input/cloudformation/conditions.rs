//! Conditions of templates: met, not met, or not known.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use super::resolve::{Resolver, text_of};
use crate::syntax::{Hole, Node, Piece, Text};

const MAX_DEPTH: usize = 64;

/// Whether a condition of a template is met, in the resolver's setting; nothing where that is not
/// known.
pub(super) fn met(resolver: &Resolver<'_>, node: &Node, depth: usize) -> Option<bool> {
    let [call] = node.members() else {
        return None;
    };
    if depth > MAX_DEPTH {
        return None;
    }
    let parts = || call.value.items().iter();
    let each = || parts().map(|part| met(resolver, part, depth + 1));
    match &*call.key.text {
        "Condition" => resolver.condition(call.value.as_str()?, depth),
        "Fn::And" => one_is(false, each()).map(|found| !found),
        "Fn::Or" => one_is(true, each()),
        "Fn::Not" => each().next().flatten().map(|met| !met),
        "Fn::Equals" => equal(resolver, &call.value, depth),
        _ => None,
    }
}

/// Whether one of them is that; not known where none is and some are not known.
fn one_is(wanted: bool, each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for met in each {
        match met {
            Some(met) if met == wanted => return Some(true),
            Some(_) => {}
            None => known = None,
        }
    }
    known
}

fn equal(resolver: &Resolver<'_>, given: &Node, depth: usize) -> Option<bool> {
    let [left, right] = given.items() else {
        return None;
    };
    let known = |node: &Node| {
        let value = resolver.deep(node, depth + 1)?;
        assumed(resolver, &text_of(&value)?)
    };
    Some(known(left)? == known(right)?)
}

/// A text with the value of each parameter that is given, assumed or a default.
fn assumed(resolver: &Resolver<'_>, text: &Text) -> Option<String> {
    let value = |hole: &Hole| {
        let own = resolver.setting.assumed(resolver.template, &hole.id);
        own.or_else(|| hole.likely.as_ref().map(ToString::to_string))
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
    for node in conditions.iter().flat_map(|member| member.value.walk()) {
        if let Some([left, right]) = node.get("Fn::Equals").map(Node::items) {
            for (one, other) in [(left, right), (right, left)] {
                let pair = one.str("Ref").zip(text_of(other).and_then(known));
                asked.extend(pair.map(|(name, text)| (name.to_owned(), text)));
            }
        }
    }
    asked.sort();
    asked.dedup();
    asked
}

fn known(text: Text) -> Option<String> {
    text.as_str().map(str::to_owned)
}
