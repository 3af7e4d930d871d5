//! Questions about values that may be known in part, with three answers: yes, no, and not known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decimal::Decimal;
use crate::syntax::{Accepts, Kind, Member, Node, Piece, Text};

/// Whether an element stands for an unknown number of elements: what is made of each of them.
pub(super) fn varies(node: &Node) -> bool {
    varies_within(node, 6)
}

fn varies_within(node: &Node, depth: usize) -> bool {
    match &node.kind {
        Kind::Text(text) => text.holes().any(|hole| hole.varies),
        Kind::Object(members) if depth > 0 => {
            let mut members = members.iter();
            members.any(|member| varies_within(&member.value, depth - 1))
        }
        _ => false,
    }
}

/// The elements of an unknown list.
pub(super) fn elements(node: &Node) -> Node {
    let Some(hole) = node.as_hole() else {
        return node.clone();
    };
    let mut hole = hole.clone().varying();
    if !hole.id.ends_with("[*]") {
        hole.id = format!("{}[*]", hole.id).into();
    }
    Node::text(Text::hole(hole), node.span)
}

/// Whether a list has an unknown number of elements.
pub(super) fn is_open(items: &[Node]) -> bool {
    items.iter().any(varies)
}

/// Whether nothing in a value is unknown.
pub(super) fn is_known(node: &Node) -> bool {
    node.walk().all(|node| {
        let is_text_known = node.as_text().is_none_or(|text| text.as_str().is_some());
        is_text_known && !node.members().iter().any(|member| member.key.is_open())
    })
}

/// Whether a hole can be of any type, and not a text alone.
pub(super) fn is_untyped(node: &Node) -> bool {
    let hole = node.as_hole();
    hole.is_some_and(|hole| hole.accepts == Accepts::Anything)
}

/// Whether a value is null, where that is known.
pub(super) fn is_null(node: &Node) -> Option<bool> {
    match is_untyped(node) {
        true => None,
        false => Some(node.is_null()),
    }
}

/// The members of an object by name, the last one of each name, and those whose name is not known.
pub(super) fn members(node: &Node) -> (BTreeMap<Arc<str>, Member>, Vec<Member>) {
    let mut known = BTreeMap::new();
    let mut open = Vec::new();
    for member in node.members() {
        match member.key.is_open() {
            true => open.push(member.clone()),
            false => {
                known.insert(Arc::clone(&member.key.text), member.clone());
            }
        }
    }
    (known, open)
}

/// Whether two values are equal, where that is known.
pub(in crate::input::terraform) fn same(left: &Node, right: &Node) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (Kind::Text(a), Kind::Text(b)) => same_texts(a, b),
        (Kind::Text(_), _) if left.as_hole().is_some() => untyped_or_no(left),
        (_, Kind::Text(_)) if right.as_hole().is_some() => untyped_or_no(right),
        (Kind::Number(a), Kind::Number(b)) => Some(same_numbers(a, b)),
        (Kind::Array(a), Kind::Array(b)) if Arc::ptr_eq(a, b) && is_known(left) => Some(true),
        (Kind::Array(a), Kind::Array(b)) => same_lists(a, b),
        (Kind::Object(_), Kind::Object(_)) => same_objects(left, right),
        (a, b) => Some(a == b),
    }
}

/// A value of any type can be equal to one of another type than text; a text cannot.
fn untyped_or_no(hole: &Node) -> Option<bool> {
    match is_untyped(hole) {
        true => None,
        false => Some(false),
    }
}

fn same_numbers(left: &str, right: &str) -> bool {
    match (Decimal::read(left), Decimal::read(right)) {
        (Some(left), Some(right)) => left.compared(right).is_some_and(std::cmp::Ordering::is_eq),
        _ => left == right,
    }
}

fn same_lists(left: &[Node], right: &[Node]) -> Option<bool> {
    if is_open(left) || is_open(right) {
        return None;
    }
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().zip(right).map(|(a, b)| same(a, b)))
}

fn same_objects(left: &Node, right: &Node) -> Option<bool> {
    let ((left, left_open), (right, right_open)) = (members(left), members(right));
    if !left_open.is_empty() || !right_open.is_empty() {
        return None;
    }
    if !left.keys().eq(right.keys()) {
        return Some(false);
    }
    let pairs = left.values().zip(right.values());
    all(pairs.map(|(a, b)| same(&a.value, &b.value)))
}

/// Whether all answers are yes.
pub(super) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether an answer is yes.
pub(super) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|answer| !answer))).map(|none| !none)
}

fn same_texts(left: &Text, right: &Text) -> Option<bool> {
    match (left, right) {
        (Text::Known(a), Text::Known(b)) => Some(a == b),
        (a, b) if a == b && !a.holes().any(|hole| hole.varies) => Some(true),
        (Text::Partial(a), Text::Partial(b)) => match (&**a, &**b) {
            ([Piece::Hole(a)], [Piece::Hole(b)]) if a.differs(b) => Some(false),
            _ => differ_at_ends(left, right),
        },
        _ => differ_at_ends(left, right),
    }
}

/// No, where the known starts or ends of two texts differ, or a text has what the holes of the other one cannot hold.
fn differ_at_ends(left: &Text, right: &Text) -> Option<bool> {
    let is_prefix = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let is_suffix = |a: &str, b: &str| a.ends_with(b) || b.ends_with(a);
    let (a, b) = (ends(left), ends(right));
    let fits = is_prefix(&a.0, &b.0)
        && is_suffix(&a.1, &b.1)
        && !lacks(left, right)
        && !lacks(right, left)
        && is_long_enough(left, right)
        && is_long_enough(right, left);
    if fits { None } else { Some(false) }
}

/// Whether a known text is at least as long as what is known of the other one.
fn is_long_enough(known: &Text, other: &Text) -> bool {
    let Some(known) = known.as_str() else {
        return true;
    };
    let pieces = other.pieces();
    let least = pieces.iter().map(|piece| match piece {
        Piece::Known(text) => text.len(),
        Piece::Hole(hole) if hole.accepts.empty() => 0,
        Piece::Hole(_) => 1,
    });
    known.len() >= least.sum()
}

/// The known start and end of a text.
fn ends(text: &Text) -> (String, String) {
    let pieces = text.pieces();
    let known = |piece: Option<&Piece>| match piece {
        Some(Piece::Known(text)) => text.to_string(),
        _ => String::new(),
    };
    (known(pieces.first()), known(pieces.last()))
}

/// Whether a known text has a character more often than the other one can have it.
fn lacks(known: &Text, other: &Text) -> bool {
    let Some(known) = known.as_str() else {
        return false;
    };
    let count = |text: &str, wanted: char| text.chars().filter(|c| *c == wanted).count();
    [':', '/'].iter().any(|wanted| {
        let can_have = other.holes().any(|hole| hole.accepts.char(*wanted));
        let pieces = other.pieces();
        let written = pieces.iter().map(|piece| match piece {
            Piece::Known(text) => count(text, *wanted),
            Piece::Hole(_) => 0,
        });
        !can_have && count(known, *wanted) != written.sum::<usize>()
    })
}

/// Whether a text is empty, where that is known.
pub(super) fn is_empty(text: &Text) -> Option<bool> {
    let pieces = text.pieces();
    let is_long = pieces.iter().any(|piece| match piece {
        Piece::Known(text) => !text.is_empty(),
        Piece::Hole(hole) => !hole.accepts.empty(),
    });
    match text.as_str() {
        Some(text) => Some(text.is_empty()),
        None if is_long => Some(false),
        None => None,
    }
}
