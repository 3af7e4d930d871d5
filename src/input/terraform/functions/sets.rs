//! Sets: sorted, and each element once. Where an element is not known, the order means nothing.

use std::collections::HashSet;

use super::calling::{Answer, Call, Function, at_least, exactly};
use super::conversions::unified;
use super::decimal::Decimal;
use super::values::{all, any, elements, is_known, same};
use crate::syntax::{Kind, Node, Piece, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("toset", 1, toset),
    at_least("setunion", 1, setunion),
    at_least("setintersection", 1, setintersection),
    exactly("setsubtract", 2, setsubtract),
];

/// How many elements one that is not known is compared with.
const COMPARED: usize = 500;

/// An element of which it is not known whether it is there.
pub(super) fn maybe(call: &Call<'_>, node: &Node) -> Node {
    match &node.kind {
        Kind::Text(text @ Text::Partial(_)) => {
            let pieces = text.pieces().into_iter().map(|piece| match piece {
                Piece::Hole(hole) => Piece::Hole(hole.varying()),
                known => known,
            });
            Node::text(Text::of(pieces.collect::<Vec<_>>()), node.span)
        }
        _ => call.varying(),
    }
}

/// The elements, each once; one that can be equal to another one is there or not.
pub(super) fn distinct_items(call: &Call<'_>, items: Vec<Node>) -> Vec<Node> {
    let mut seen: HashSet<Node> = HashSet::new();
    let mut kept: Vec<Node> = Vec::new();
    let mut unknown: Vec<Node> = Vec::new();
    for item in items {
        let is_item_known = is_known(&item);
        if is_item_known && !seen.insert(canonical(&item)) {
            continue;
        }
        let others = if is_item_known { &unknown } else { &kept };
        let is_there = match others.len() > COMPARED {
            true => None,
            false => any(others.iter().map(|other| same(&item, other))),
        };
        let item = match is_there {
            Some(true) => continue,
            Some(false) => item,
            // A known element is there: the other one may not be another.
            None if is_item_known => {
                kept = kept
                    .iter()
                    .map(|other| unsure(call, &item, other))
                    .collect();
                item
            }
            None => maybe(call, &item),
        };
        if !is_item_known {
            unknown.push(item.clone());
        }
        kept.push(item);
    }
    kept
}

/// An earlier element, which is there or not where it can be equal to a later known one.
fn unsure(call: &Call<'_>, item: &Node, other: &Node) -> Node {
    match is_known(other) || same(item, other) == Some(false) {
        true => other.clone(),
        false => maybe(call, other),
    }
}

/// A known value with its numbers in one form.
fn canonical(node: &Node) -> Node {
    match &node.kind {
        Kind::Number(number) => Node::new(Kind::Number(Decimal::shown(number).into()), node.span),
        _ => node.clone(),
    }
}

/// The elements as a set.
pub(super) fn set_of(call: &Call<'_>, items: Vec<Node>) -> Answer {
    let mut items = distinct_items(call, unified(call, items)?);
    items.sort_by_cached_key(Rank::of);
    Ok(call.list_node(items))
}

/// Where an element stands in a set.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Bool(bool),
    Number(Ordered),
    Text(String),
    Other,
}

impl Rank {
    fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::Bool(value) => Rank::Bool(*value),
            Kind::Number(number) => {
                Decimal::read(number).map_or(Rank::Other, |number| Rank::Number(Ordered(number)))
            }
            Kind::Text(Text::Known(text)) => Rank::Text(text.to_string()),
            _ => Rank::Other,
        }
    }
}

/// A number in the order of numbers.
struct Ordered(Decimal);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0
            .compared(other.0)
            .unwrap_or(std::cmp::Ordering::Equal)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

fn toset(call: &Call<'_>) -> Answer {
    if call.at(0).is_null() {
        return Ok(call.at(0));
    }
    match call.list(0)? {
        Some(items) => set_of(call, items),
        None => Ok(call.at(0)),
    }
}

fn setunion(call: &Call<'_>) -> Answer {
    let mut all = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        match call.list(index)? {
            Some(items) => all.extend(items),
            None => all.push(elements(argument)),
        }
        call.check_items(all.len())?;
    }
    set_of(call, all)
}

/// The elements of the first set of which a question about the other sets is answered with yes.
fn chosen(
    call: &Call<'_>,
    is_chosen: impl Fn(&Node, &[Option<Vec<Node>>]) -> Option<bool>,
) -> Answer {
    let mut sets = Vec::new();
    for index in 0..call.arguments.len() {
        let items = call.list(index)?;
        sets.push(items.map(|items| unified(call, items)).transpose()?);
    }
    let (first, others) = match sets.split_first() {
        Some((Some(first), others)) => (first, others),
        _ => return Ok(call.list_node(vec![call.varying()])),
    };
    let compared: usize = others.iter().flatten().map(Vec::len).sum();
    call.check_items(first.len().saturating_mul(compared) / 1_000)?;
    let mut kept = Vec::new();
    for item in first {
        match is_chosen(item, others) {
            Some(true) => kept.push(item.clone()),
            Some(false) => {}
            None => kept.push(maybe(call, item)),
        }
    }
    set_of(call, kept)
}

/// Whether a set has an element, where that is known.
fn has(set: Option<&Vec<Node>>, item: &Node) -> Option<bool> {
    any(set?.iter().map(|other| same(item, other)))
}

fn setintersection(call: &Call<'_>) -> Answer {
    chosen(call, |item, others| {
        all(others.iter().map(|set| has(set.as_ref(), item)))
    })
}

fn setsubtract(call: &Call<'_>) -> Answer {
    chosen(call, |item, others| {
        let is_in = any(others.iter().map(|set| has(set.as_ref(), item)));
        is_in.map(|is_in| !is_in)
    })
}
