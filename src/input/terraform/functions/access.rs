//! Functions that ask for a part of a list, or what it is like.

use super::calling::{Answer, Call, Function, exactly};
use super::substrings::is_simple;
use super::values::{all, any, is_open, members, same, varies};
use crate::syntax::{Kind, Node};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("length", 1, length),
    exactly("element", 2, element),
    exactly("index", 2, index),
    exactly("contains", 2, contains),
    exactly("one", 1, one),
    exactly("alltrue", 1, alltrue),
    exactly("anytrue", 1, anytrue),
];

fn length(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    let count = match &value.kind {
        Kind::Array(items) => (!is_open(items)).then_some(items.len()),
        Kind::Object(_) => {
            let (known, open) = members(&value);
            open.is_empty().then_some(known.len())
        }
        Kind::Text(text) => {
            let text = text.as_str().filter(|text| is_simple(text));
            text.map(|text| text.chars().count())
        }
        _ => return call.mismatch(0, "a list, an object or a string"),
    };
    Ok(count.map_or_else(|| call.unknown(), |count| call.number_node(count)))
}

fn element(call: &Call<'_>) -> Answer {
    let (items, index) = (call.list(0)?, call.integer(1)?);
    let (Some(items), Some(index)) = (items, index) else {
        return Ok(call.unknown());
    };
    if items.is_empty() {
        return call.fault("`element` takes a list with elements, but an empty one given");
    }
    let known = items.iter().take_while(|item| !varies(item)).count();
    let index = match known == items.len() {
        true => {
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            usize::try_from(index.rem_euclid(length)).ok()
        }
        false => usize::try_from(index).ok().filter(|index| *index < known),
    };
    let item = index.and_then(|index| items.get(index));
    Ok(item.cloned().unwrap_or_else(|| call.unknown()))
}

fn index(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    let wanted = call.at(1);
    for (index, item) in items.iter().enumerate() {
        match same(item, &wanted) {
            Some(false) => {}
            Some(true) if !varies(item) => return Ok(call.number_node(index)),
            _ => return Ok(call.unknown()),
        }
    }
    match is_open(&items) {
        true => Ok(call.unknown()),
        false => call.fault("the list of `index` does not have the element"),
    }
}

fn contains(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    let wanted = call.at(1);
    if wanted.is_null() {
        return call.mismatch(1, "a value");
    }
    Ok(call.truth(any(items.iter().map(|item| same(item, &wanted)))))
}

fn one(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    let sure = items.iter().filter(|item| !varies(item)).count();
    match items.as_slice() {
        _ if sure > 1 => call.fault("`one` takes a list of at most one element"),
        items if is_open(items) => Ok(call.unknown()),
        [only] => Ok(only.clone()),
        _ => Ok(Node::new(Kind::Null, call.span)),
    }
}

/// Whether an element is true, where that is known.
fn is_true(item: &Node) -> Option<bool> {
    match &item.kind {
        Kind::Text(text) => text.as_str().map(|text| matches!(text, "true" | "1")),
        Kind::Bool(value) => Some(*value),
        _ => Some(false),
    }
}

fn alltrue(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    Ok(call.truth(all(items.iter().map(is_true))))
}

fn anytrue(call: &Call<'_>) -> Answer {
    let Some(items) = call.list(0)? else {
        return Ok(call.unknown());
    };
    Ok(call.truth(any(items.iter().map(is_true))))
}
