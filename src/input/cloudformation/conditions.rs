//! Conditions of templates: met, not met, or not known.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use super::evaluation::Resolve;
use super::partial_string::text_of;
use crate::syntax::{Hole, Node, Piece, Text};
use crate::work::{Kind as Work, count};

/// How deep calls in one condition can be: no more than what readers take.
const MAX_DEPTH: usize = 64;

/// Whether the condition of that name is met; nothing where that is not known.
pub(super) fn condition(resolver: &dyn Resolve, name: &str) -> Option<bool> {
    let evaluation = resolver.evaluation();
    let known = |name: &str| match evaluation.context.forced.get(name) {
        Some(forced) => Some(Some(*forced)),
        None => evaluation.conditions.borrow().get(name).copied(),
    };
    // Those that a condition names come before it, so that no chain is too long.
    let mut open = vec![(name, false)];
    while let Some((name, is_ready)) = open.pop() {
        let declared = || evaluation.template.at(&["Conditions", name]);
        let decide = |met| {
            let mut conditions = evaluation.conditions.borrow_mut();
            conditions.insert(name.to_owned(), met)
        };
        if is_ready {
            decide(declared().and_then(|declared| met(resolver, declared, 0)));
        } else if known(name).is_none() {
            count(Work::Conditions, 1);
            // A condition that asks for itself is never known.
            decide(None);
            open.push((name, true));
            let inner = declared().into_iter().flat_map(named);
            open.extend(inner.map(|inner| (inner, false)));
        }
    }
    known(name).flatten()
}

/// The conditions that a condition names.
pub(super) fn named(call: &Node) -> impl Iterator<Item = &str> {
    call.walk().filter_map(|node| {
        let chosen = || node.get("Fn::If")?.items().first()?.as_str();
        node.str("Condition").or_else(chosen)
    })
}

/// Whether a condition of a template is met, in the resolver's context; nothing where that is not
/// known.
pub(super) fn met(resolver: &dyn Resolve, node: &Node, depth: usize) -> Option<bool> {
    let [call] = node.members() else {
        return None;
    };
    if depth > MAX_DEPTH {
        return None;
    }
    let parts = || call.value.items().iter();
    let each = || parts().map(|part| met(resolver, part, depth + 1));
    match &*call.key.text {
        "Condition" => condition(resolver, call.value.as_str()?),
        "Fn::And" => one_is(false, each()).map(|found| !found),
        "Fn::Or" => one_is(true, each()),
        "Fn::Not" => each().next().flatten().map(|met| !met),
        "Fn::Equals" => equal(resolver, &call.value, depth),
        "Fn::Contains" => contains(resolver, &call.value, depth),
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

fn equal(resolver: &dyn Resolve, given: &Node, depth: usize) -> Option<bool> {
    let [left, right] = given.items() else {
        return None;
    };
    let known = |node: &Node| known(resolver, node, depth);
    Some(known(left)? == known(right)?)
}

/// Whether a list has a text, as rules of templates ask for.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html>
fn contains(resolver: &dyn Resolve, given: &Node, depth: usize) -> Option<bool> {
    let [among, one] = given.items() else {
        return None;
    };
    let one = known(resolver, one, depth)?;
    let among = among.is_array().then_some(among)?;
    let each = among.items().iter();
    one_is(
        true,
        each.map(|item| Some(known(resolver, item, depth)? == one)),
    )
}

/// The text of a value; nothing where it is not known.
fn known(resolver: &dyn Resolve, node: &Node, depth: usize) -> Option<String> {
    let value = resolver.resolve(node, depth + 1)?;
    assumed(resolver, &text_of(&value)?)
}

/// A text with the value of each parameter that is given, assumed or a default.
fn assumed(resolver: &dyn Resolve, text: &Text) -> Option<String> {
    let evaluation = resolver.evaluation();
    let value = |hole: &Hole| {
        let own = evaluation.context.assumed(evaluation.template, &hole.id);
        let own = own.or_else(|| evaluation.context.assumed_item(&hole.id));
        own.or_else(|| hole.likely.as_ref().map(ToString::to_string))
    };
    let pieces = text.pieces();
    let parts = pieces.iter().map(|piece| match piece {
        Piece::Known(known) => Some(known.to_string()),
        Piece::Hole(hole) => value(hole),
    });
    parts.collect()
}
