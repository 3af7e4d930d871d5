//! Regular expressions, and `replace`, which takes one between slashes.

use super::calling::{Answer, Call, Function, MAX_TEXT, exactly};
use super::substrings::replaced;
use crate::syntax::Key;
use crate::syntax::{GoPattern, Kind, Member, Node};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("replace", 3, replace),
    exactly("regex", 2, regex),
    exactly("regexall", 2, regexall),
];

fn replace(call: &Call<'_>) -> Answer {
    let (text, wanted, by) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let Some(wanted) = wanted.as_str() else {
        return Ok(call.unknown());
    };
    let is_pattern = wanted.len() > 1 && wanted.starts_with('/') && wanted.ends_with('/');
    if !is_pattern {
        return replaced(call, &text, wanted, &by);
    }
    let pattern = wanted.get(1..wanted.len() - 1).unwrap_or_default();
    let (Some(text), Some(by)) = (text.as_str(), by.as_str()) else {
        return Ok(call.unknown());
    };
    let Some(pattern) = compiled(pattern, text) else {
        return Ok(call.unknown());
    };
    match pattern.replaced(text, by, MAX_TEXT) {
        Some(result) => Ok(call.text_node(result)),
        None => Err(call.too_large()),
    }
}

/// A pattern whose matches in a text are those that Go finds.
fn compiled(pattern: &str, text: &str) -> Option<GoPattern> {
    let has_class = pattern.contains('\\') || pattern.contains("(?i");
    match text.is_ascii() || !has_class {
        true => GoPattern::new(pattern),
        false => None,
    }
}

/// What a match is: an object by the names of groups, a list of the groups, or a text.
fn matched(call: &Call<'_>, names: &[Option<String>], groups: Vec<Option<String>>) -> Node {
    let text = |group: Option<String>| match group {
        Some(text) => call.text_node(text),
        None => Node::new(Kind::Null, call.span),
    };
    if names.is_empty() {
        return text(groups.into_iter().next().flatten());
    }
    let groups = groups.into_iter().skip(1).map(text);
    if names.iter().all(Option::is_none) {
        return Node::array(groups.collect(), call.span);
    }
    let members = names.iter().zip(groups).map(|(name, value)| Member {
        key: Key {
            text: name.clone().unwrap_or_default().into(),
            span: call.span,
        },
        value,
    });
    Node::new(
        Kind::Object(members.collect::<Vec<Member>>().into()),
        call.span,
    )
}

/// The names of groups; either all have one or none.
fn names(call: &Call<'_>, pattern: &GoPattern) -> Result<Vec<Option<String>>, super::Fault> {
    let names = pattern.groups();
    let named = names.iter().filter(|name| name.is_some()).count();
    match named == 0 || named == names.len() {
        true => Ok(names),
        false => call.fault("a pattern cannot have both named and unnamed groups"),
    }
}

fn regex(call: &Call<'_>) -> Answer {
    let (Some(pattern), Some(text)) = (call.known(0)?, call.known(1)?) else {
        return Ok(call.unknown());
    };
    let Some(pattern) = compiled(&pattern, &text) else {
        return Ok(call.unknown());
    };
    let names = names(call, &pattern)?;
    match pattern.matches(&text).next() {
        Some(groups) => Ok(matched(call, &names, groups)),
        None => call.fault("the pattern of `regex` does not match any part of the string"),
    }
}

fn regexall(call: &Call<'_>) -> Answer {
    let (Some(pattern), Some(text)) = (call.known(0)?, call.known(1)?) else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let Some(pattern) = compiled(&pattern, &text) else {
        return Ok(call.list_node(vec![call.varying()]));
    };
    let names = names(call, &pattern)?;
    let mut found = Vec::new();
    for groups in pattern.matches(&text) {
        found.push(matched(call, &names, groups));
        call.check_items(found.len())?;
    }
    Ok(call.list_node(found))
}
