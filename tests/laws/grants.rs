//! Laws of what grants more, and what grants less.

use serde_json::{Value, json};

use super::changes::{add_condition, documents, entries, mark, marked, replace_entry, wider};
use super::policies::{condition, document, has_levels, statement};
use super::requests::callers;
use super::{Law, Relation, try_law};
use crate::test_rng::TestRng;

fn draw_condition(case: &mut Value, rng: &mut TestRng, effect: &str) -> Option<()> {
    mark(case, rng, |_, statement| statement["Effect"] == effect)?;
    case["change"] = condition(rng);
    Some(())
}

fn with_condition(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let statement = changed.pointer_mut(&marked(case)?)?;
    let denies = statement["Effect"] == "Deny";
    let is_new = add_condition(statement, &case["change"]);
    is_new.then_some((changed, Relation::NeverMore.reversed_if(denies)))
}

#[test]
fn a_condition_of_an_allow_never_grants_more() {
    try_law(&Law {
        says: "a condition that is added to an Allow never grants more",
        draw: |case, rng| draw_condition(case, rng, "Allow"),
        change: with_condition,
    });
}

/// A condition on who asks, in a statement for everybody, names those directly.
#[test]
fn a_condition_on_who_asks_never_grants_more() {
    try_law(&Law {
        says: "a condition on who asks that is added to an Allow never grants more",
        draw: |case, rng| {
            let at = mark(case, rng, |_, statement| {
                statement["Effect"] == "Allow" && statement.get("Principal").is_some()
            })?;
            case.pointer_mut(&at)?["Principal"] = json!("*");
            let callers = callers();
            case["request"]["caller"] = callers[rng.roll(10)].clone();
            case["request"]["derived"] = json!(true);
            let operator = rng.pick(&["ArnLike", "StringLike"]);
            case["change"] = json!({ *operator: { "aws:PrincipalArn": "arn:aws:*:*:*:*" } });
            Some(())
        },
        change: with_condition,
    });
}

#[test]
fn a_condition_of_a_deny_never_denies_more() {
    try_law(&Law {
        says: "a condition that is added to a Deny never denies more",
        draw: |case, rng| draw_condition(case, rng, "Deny"),
        change: with_condition,
    });
}

fn draw_statement(case: &mut Value, rng: &mut TestRng, effect: &str) -> Option<()> {
    let types: Vec<String> = case["policies"].as_object()?.keys().cloned().collect();
    let of_type = types.get(rng.roll(types.len().max(1)))?.clone();
    let documents = documents(case, &of_type);
    let at = documents.get(rng.roll(documents.len().max(1)))?;
    let added = statement(rng, &of_type, &case["request"], effect);
    added.is_object().then_some(())?;
    case["change"] = json!({ "at": format!("{at}/Statement"), "add": added });
    Some(())
}

fn with_statement(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let added = &case["change"]["add"];
    let at = case["change"]["at"].as_str()?;
    changed.pointer_mut(at)?.as_array_mut()?.push(added.clone());
    let allows = match added["Effect"].as_str()? {
        "Allow" => true,
        "Deny" => false,
        _ => return None,
    };
    Some((changed, Relation::NeverMore.reversed_if(allows)))
}

#[test]
fn a_deny_never_grants_more() {
    try_law(&Law {
        says: "a Deny that is added never grants more",
        draw: |case, rng| draw_statement(case, rng, "Deny"),
        change: with_statement,
    });
}

#[test]
fn an_allow_never_refuses_more() {
    try_law(&Law {
        says: "an Allow that is added never refuses more",
        draw: |case, rng| draw_statement(case, rng, "Allow"),
        change: with_statement,
    });
}

pub(super) const PATTERNS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

fn draw_wider(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let at = mark(case, rng, |_, statement| statement["Effect"] != "<a7>")?;
    let statement = case.pointer(&at)?;
    let present = PATTERNS
        .iter()
        .filter(|name| statement.get(**name).is_some());
    let present: Vec<&str> = present.copied().collect();
    let element = *present.get(rng.roll(present.len().max(1)))?;
    let listed = entries(&statement[element]);
    let from = listed.get(rng.roll(listed.len().max(1)))?.clone();
    let to = wider(rng, &from);
    case["change"] = json!({ "element": element, "from": from, "to": to });
    Some(())
}

/// Whether AWS refuses a pattern with wildcards where it has them, so that nothing is known.
fn is_refused(element: &str, pattern: &str) -> bool {
    let most = if element.ends_with("Action") { 1 } else { 3 };
    let head: Vec<&str> = pattern.split(':').take(most).collect();
    pattern != "*" && head.iter().any(|part| part.contains(['*', '?']))
}

pub(super) fn with_wider(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let text = |name: &str| case["change"][name].as_str();
    let (element, from, to) = (text("element")?, text("from")?, text("to")?);
    let statement = changed.pointer_mut(&marked(case)?)?;
    let is_there = replace_entry(statement.get_mut(element)?, from, to);
    let narrows = (statement["Effect"] == "Deny") != element.starts_with("Not");
    let relation = match is_refused(element, to) || is_refused(element, from) {
        true => Relation::NeverLessOrUnknown,
        false => Relation::NeverLess,
    };
    is_there.then_some((changed, relation.reversed_if(narrows)))
}

#[test]
fn a_wider_pattern_never_matches_less() {
    try_law(&Law {
        says: "a pattern that is made wider never matches less",
        draw: draw_wider,
        change: with_wider,
    });
}

fn draw_limit(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let of_type = *rng.pick(&[
        "boundary",
        "session",
        "serviceControl",
        "resourceControl",
        "endpoint",
    ]);
    let added = document(rng, of_type, &case["request"]);
    case["change"] = json!({ "type": of_type, "add": added });
    Some(())
}

fn limited(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let of_type = case["change"]["type"].as_str()?;
    let added = json!([case["change"]["add"]]);
    let there = &mut changed["policies"][of_type];
    match has_levels(of_type) {
        true if there.is_null() => *there = json!([added]),
        true => there.as_array_mut()?.push(added),
        false if there.is_null() => *there = added,
        false => return None,
    }
    Some((changed, Relation::NeverMore))
}

#[test]
fn a_limit_never_grants_more() {
    try_law(&Law {
        says: "a boundary, a session policy, a level of the organization or an endpoint policy never grants more",
        draw: draw_limit,
        change: limited,
    });
}
