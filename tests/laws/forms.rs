//! Laws of what says the same in another form.

use serde_json::{Value, json};

use super::changes::{add_condition, mark, marked};
use super::policies::condition;
use super::requests::RESOURCES;
use super::{Law, Relation, try_law};
use crate::test_rng::TestRng;

/// Principals that are written in two ways.
const ALIKE: [(&str, &str); 3] = [
    (
        r#"{"AWS":"111111111111"}"#,
        r#"{"AWS":["arn:aws:iam::111111111111:root"]}"#,
    ),
    (r#""Principal":"*""#, r#""Principal":{"AWS":"*"}"#),
    (r#""Principal":{"AWS":"*"}"#, r#""Principal":{"AWS":["*"]}"#),
];

fn draw_alike(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let (from, to) = rng.pick(&ALIKE);
    case["change"] = json!([from, to]);
    Some(())
}

fn alike(case: &Value) -> Option<(Value, Relation)> {
    let (from, to) = (case["change"][0].as_str()?, case["change"][1].as_str()?);
    let written = case["policies"].to_string();
    let policies = written.replace(from, to);
    let mut changed = case.clone();
    changed["policies"] = serde_json::from_str(&policies).ok()?;
    (policies != written).then_some((changed, Relation::Same))
}

#[test]
fn two_ways_to_write_a_principal_mean_the_same() {
    try_law(&Law {
        says: "two ways to write a principal mean the same",
        draw: draw_alike,
        change: alike,
    });
}

/// Operators of which every request meets exactly one.
const OPPOSITES: [(&str, &str); 9] = [
    ("StringEquals", "StringNotEquals"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ("StringLike", "StringNotLike"),
    ("ArnLike", "ArnNotLike"),
    ("NumericEquals", "NumericNotEquals"),
    ("DateEquals", "DateNotEquals"),
    ("IpAddress", "NotIpAddress"),
    ("ForAllValues:StringLike", "ForAnyValue:StringNotLike"),
    ("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals"),
];

fn draw_opposites(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    mark(case, rng, |_, _| true)?;
    let condition = condition(rng);
    let (_, block) = condition.as_object()?.iter().next()?;
    case["change"] = json!({ "operators": rng.pick(&OPPOSITES), "block": block });
    Some(())
}

fn by_opposites(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let at = marked(case)?;
    let statement = case.pointer(&at)?;
    let (list, _) = at.rsplit_once('/')?;
    let list = changed.pointer_mut(list)?.as_array_mut()?;
    list.retain(|other| other != statement);
    for operator in case["change"]["operators"].as_array()? {
        let mut part = statement.clone();
        let block = json!({ operator.as_str()?: case["change"]["block"] });
        add_condition(&mut part, &block).then_some(())?;
        list.push(part);
    }
    Some((changed, Relation::SameOrUnknown))
}

#[test]
fn every_request_meets_one_of_two_opposite_conditions() {
    try_law(&Law {
        says: "a condition in one statement and its opposite in another are as none",
        draw: draw_opposites,
        change: by_opposites,
    });
}

fn in_complements(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let at = marked(case)?;
    let statement = changed.pointer(&at)?.clone();
    let element = case["change"]["element"].as_str()?;
    (statement[element] == "*").then_some(())?;
    let (list, _) = at.rsplit_once('/')?;
    let list = changed.pointer_mut(list)?.as_array_mut()?;
    list.retain(|other| *other != statement);
    for name in [element.to_owned(), format!("Not{element}")] {
        let mut part = statement.clone();
        part.as_object_mut()?.shift_remove(element);
        part[name] = case["change"]["patterns"].clone();
        list.push(part);
    }
    Some((changed, Relation::SameOrUnknown))
}

fn draw_complements(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let element = *rng.pick(&["Action", "Resource"]);
    let at = mark(case, rng, |_, statement| statement.get(element).is_some())?;
    let old = case.pointer(&at)?[element].clone();
    case.pointer_mut(&at)?[element] = json!("*");
    case["change"] = json!({ "element": element, "patterns": old });
    Some(())
}

#[test]
fn an_element_and_its_negation_are_everything() {
    try_law(&Law {
        says: "Action and NotAction, or Resource and NotResource, together are everything",
        draw: draw_complements,
        change: in_complements,
    });
}

fn draw_variable(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let at = mark(case, rng, |_, statement| {
        statement.get("Resource").is_some()
    })?;
    let resource = match RESOURCES[rng.roll(2)] {
        "arn:aws:s3:::b/k" => "arn:aws:s3:::b/${aws:username}",
        _ => "arn:aws:s3:::b/home/${aws:username, 'bob'}/*",
    };
    case.pointer_mut(&at)?["Resource"] = json!(resource);
    case["request"]["context"]["aws:username"] = json!([rng.pick(&["ann", "k", "bob"])]);
    case["change"] = json!({});
    Some(())
}

fn without_variables(case: &Value) -> Option<(Value, Relation)> {
    let unknown = case["request"]["unknown"].to_string();
    (!unknown.contains("aws:username")).then_some(())?;
    let value = case["request"]["context"]["aws:username"][0].as_str()?;
    let written = case["policies"].to_string();
    // Bytes have no variables.
    let is_plain = !written.contains("2008-10-17") && !written.contains("BinaryEquals");
    (is_plain && !value.contains(['<', '*'])).then_some(())?;
    let filled = written.replace("${aws:username}", value);
    let filled = filled
        .replace("${aws:username, 'ann'}", value)
        .replace("${aws:username, 'bob'}", value);
    let mut changed = case.clone();
    changed["policies"] = serde_json::from_str(&filled).ok()?;
    (filled != written).then_some((changed, Relation::Same))
}

#[test]
fn a_variable_is_its_value() {
    try_law(&Law {
        says: "a policy variable is as its value written in its place",
        draw: draw_variable,
        change: without_variables,
    });
}
