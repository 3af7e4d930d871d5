//! Conversions between types, and the common type of the elements of a list.

use super::calling::{Answer, Call, Fault, Function, at_least, exactly};
use super::decimal::Decimal;
use super::values::is_untyped;
use crate::syntax::{Kind, Member, Node};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("tostring", 1, tostring),
    exactly("tonumber", 1, tonumber),
    exactly("tobool", 1, tobool),
    exactly("tolist", 1, tolist),
    exactly("tomap", 1, tomap),
    exactly("sensitive", 1, same),
    exactly("nonsensitive", 1, same),
    exactly("ephemeralasnull", 1, same),
    exactly("issensitive", 1, issensitive),
    at_least("list", 0, list),
];

/// Whether a value is a text for sure.
fn is_text(node: &Node) -> bool {
    matches!(node.kind, Kind::Text(_)) && !is_untyped(node)
}

fn is_number_or_bool(node: &Node) -> bool {
    matches!(node.kind, Kind::Number(_) | Kind::Bool(_))
}

/// Values in their common type: next to a text, numbers and truth values are texts.
pub(super) fn unified(call: &Call<'_>, items: Vec<Node>) -> Result<Vec<Node>, Fault> {
    let parts = || items.iter().flat_map(Node::each);
    let has_bool = parts().any(|node| matches!(node.kind, Kind::Bool(_)));
    let has_number = parts().any(|node| matches!(node.kind, Kind::Number(_)));
    let has_text = parts().any(is_text);
    if has_bool && has_number && !has_text && !parts().any(is_untyped) {
        return call.fault("a list cannot have both numbers and Booleans");
    }
    if !has_text || !(has_bool || has_number) {
        return Ok(items);
    }
    let texts = |node: &Node| as_text(call, node);
    items
        .iter()
        .map(|item| match &item.kind {
            Kind::Array(parts) => {
                let parts = parts.iter().map(texts).collect::<Result<_, _>>()?;
                Ok(Node::array(parts, item.span))
            }
            _ => texts(item),
        })
        .collect()
}

fn as_text(call: &Call<'_>, node: &Node) -> Result<Node, Fault> {
    match is_number_or_bool(node) {
        true => {
            let text = call.text_of(node)?.unwrap_or_else(|| "".into());
            Ok(Node::text(text, node.span))
        }
        false => Ok(node.clone()),
    }
}

fn same(call: &Call<'_>) -> Answer {
    Ok(call.at(0))
}

// Which values are sensitive is not followed.
fn issensitive(call: &Call<'_>) -> Answer {
    Ok(call.unknown())
}

fn tostring(call: &Call<'_>) -> Answer {
    as_text(call, &call.at(0))
}

fn tonumber(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    let given = match &value.kind {
        Kind::Null => return Ok(value),
        Kind::Number(number) => number.to_string(),
        Kind::Text(_) if value.as_hole().is_some() => return Ok(value),
        Kind::Text(text) => match text.as_str() {
            Some(text) => text.to_owned(),
            None => return Ok(call.unknown()),
        },
        _ => return call.mismatch(0, "a number, or a string that is one"),
    };
    match Decimal::is_number(&given) {
        true => Ok(call.number_node(Decimal::shown(&given))),
        false => call.mismatch(0, "a number, or a string that is one"),
    }
}

fn tobool(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    match &value.kind {
        Kind::Null | Kind::Bool(_) => Ok(value),
        Kind::Text(_) if value.as_hole().is_some() => Ok(value),
        Kind::Text(text) => match text.as_str() {
            Some("true" | "1") => Ok(call.bool_node(true)),
            Some("false" | "0") => Ok(call.bool_node(false)),
            None => Ok(call.unknown()),
            _ => call.mismatch(0, "a Boolean, or a string that is one"),
        },
        _ => call.mismatch(0, "a Boolean, or a string that is one"),
    }
}

fn tolist(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    if value.is_null() {
        return Ok(value);
    }
    match call.list(0)? {
        Some(items) => Ok(Node::array(unified(call, items)?, value.span)),
        None => Ok(value),
    }
}

fn tomap(call: &Call<'_>) -> Answer {
    let value = call.at(0);
    if value.is_null() || value.as_hole().is_some() {
        return Ok(value);
    }
    if !value.is_object() {
        return call.mismatch(0, "an object");
    }
    let members = value.members();
    let values = members.iter().map(|member| member.value.clone()).collect();
    let values = unified(call, values)?;
    let members = members.iter().zip(values).map(|(member, value)| Member {
        key: member.key.clone(),
        value,
    });
    Ok(Node::new(
        Kind::Object(members.collect::<Vec<Member>>().into()),
        value.span,
    ))
}

// Terraform had it up to version 0.11.
fn list(call: &Call<'_>) -> Answer {
    Ok(call.list_node(unified(call, call.arguments.to_vec())?))
}
