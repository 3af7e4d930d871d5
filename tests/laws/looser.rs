//! Laws of conditions and lists that let more through.

use serde_json::{Value, json};

use super::changes::{mark, marked};
use super::{Law, Relation, try_law};
use crate::test_rng::TestRng;

/// A pointer to each list of a statement, and whether a longer one matches more. That of `NotPrincipal` is
/// left out: what an account in it exempts depends on what else is listed.
fn lists(statement: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (name, matches_more) in [
        ("Action", true),
        ("NotAction", false),
        ("Resource", true),
        ("NotResource", false),
        ("Principal/AWS", true),
        ("Principal/Service", true),
    ] {
        found.push((format!("/{name}"), matches_more));
    }
    let operators = statement["Condition"].as_object().into_iter().flatten();
    for (operator, keys) in operators {
        for (key, _) in keys.as_object().into_iter().flatten() {
            let key = key.replace('/', "~1");
            let at = format!("/Condition/{operator}/{key}");
            found.push((at, !operator.contains("Not")));
        }
    }
    found.retain(|(at, _)| statement.pointer(at).is_some());
    found
}

/// What can stand in a list.
fn entry(rng: &mut TestRng, list: &str) -> &'static str {
    let entries: &[&str] = match list {
        "/Action" | "/NotAction" => &["s3:GetObject", "sqs:*", "kms:Decrypt"],
        "/Resource" | "/NotResource" => &["arn:aws:s3:::b/k", "arn:aws:sqs:*:*:orders", "*"],
        "/Principal/AWS" => &["111111111111", "arn:aws:iam::111111111111:role/worker", "*"],
        "/Principal/Service" => &["s3.amazonaws.com", "events.amazonaws.com"],
        _ => &[
            "ann",
            "true",
            "10",
            "arn:aws:s3:::b",
            "203.0.113.7",
            "2026-01-01",
        ],
    };
    entries[rng.roll(entries.len())]
}

fn draw_longer(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let at = mark(case, rng, |_, statement| statement["Effect"] != "<a7>")?;
    let lists = lists(case.pointer(&at)?);
    let (list, matches_more) = lists.get(rng.roll(lists.len().max(1)))?;
    case["change"] = json!({
        "at": list,
        "matchesMore": matches_more,
        "add": entry(rng, list),
    });
    Some(())
}

fn longer(case: &Value) -> Option<(Value, Relation)> {
    let change = &case["change"];
    let mut changed = case.clone();
    let statement = changed.pointer_mut(&marked(case)?)?;
    let denies = statement["Effect"] == "Deny";
    let list = statement.pointer_mut(change["at"].as_str()?)?;
    *list = match list.take() {
        Value::Array(mut list) => {
            list.push(change["add"].clone());
            Value::Array(list)
        }
        one => json!([one, change["add"]]),
    };
    let narrows = denies == change["matchesMore"].as_bool()?;
    Some((changed, Relation::NeverLess.reversed_if(narrows)))
}

#[test]
fn a_longer_list_never_matches_less() {
    try_law(&Law {
        says: "one more entry in a list never matches less, or more where the list is negated",
        draw: draw_longer,
        change: longer,
    });
}

/// Operators, and what is met by all that they are met by.
const LOOSER: [(&str, &str); 9] = [
    ("StringEquals", "StringEqualsIgnoreCase"),
    ("StringNotEqualsIgnoreCase", "StringNotEquals"),
    ("ArnEquals", "ArnLike"),
    ("ArnLike", "ArnEquals"),
    ("NumericLessThan", "NumericLessThanEquals"),
    ("NumericGreaterThan", "NumericGreaterThanEquals"),
    ("NumericEquals", "NumericLessThanEquals"),
    ("DateLessThan", "DateLessThanEquals"),
    ("DateEquals", "DateGreaterThanEquals"),
];

/// An operator that is met by at least as much.
fn looser(rng: &mut TestRng, operator: &str) -> Option<String> {
    let (quantifier, rest) = match operator.split_once(':') {
        Some((quantifier, rest)) => (format!("{quantifier}:"), rest),
        None => (String::new(), operator),
    };
    let (base, end) = match rest.strip_suffix("IfExists") {
        Some(base) => (base, "IfExists"),
        None => (rest, ""),
    };
    let next = LOOSER.iter().find(|(from, _)| *from == base);
    match next {
        Some((_, next)) if rng.roll(2) == 0 => Some(format!("{quantifier}{next}{end}")),
        _ if end.is_empty() && !["Null", "StringEqual"].contains(&base) => {
            Some(format!("{operator}IfExists"))
        }
        _ => None,
    }
}

fn draw_looser(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let at = mark(case, rng, |_, statement| {
        statement["Condition"].is_object() && statement["Effect"] != "<a7>"
    })?;
    let operators = case.pointer(&at)?["Condition"].as_object()?;
    let names: Vec<String> = operators.keys().cloned().collect();
    let from = names.get(rng.roll(names.len().max(1)))?;
    let to = looser(rng, from)?;
    case["change"] = json!({ "from": from, "to": to });
    Some(())
}

fn with_looser(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    let statement = changed.pointer_mut(&marked(case)?)?;
    let denies = statement["Effect"] == "Deny";
    let operators = statement.get_mut("Condition")?.as_object_mut()?;
    let (from, to) = (
        case["change"]["from"].as_str()?,
        case["change"]["to"].as_str()?,
    );
    (!operators.contains_key(to)).then_some(())?;
    let keys = operators.shift_remove(from)?;
    operators.insert(to.to_owned(), keys);
    Some((changed, Relation::NeverLess.reversed_if(denies)))
}

#[test]
fn a_looser_operator_is_never_met_by_less() {
    try_law(&Law {
        says: "a looser operator is never met by less",
        draw: draw_looser,
        change: with_looser,
    });
}

/// Policies that let everything through.
fn draw_open(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let of_type = *rng.pick(&["serviceControl", "resourceControl"]);
    case["change"] = json!({ "type": of_type });
    Some(())
}

fn with_open(case: &Value) -> Option<(Value, Relation)> {
    let of_type = case["change"]["type"].as_str()?;
    let mut all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    if of_type == "resourceControl" {
        all["Principal"] = json!("*");
    }
    let level = json!([{ "Version": "2012-10-17", "Statement": [all] }]);
    let mut changed = case.clone();
    match &mut changed["policies"][of_type] {
        Value::Array(levels) => levels.push(level),
        none => *none = json!([level]),
    }
    Some((changed, Relation::Same))
}

#[test]
fn a_level_that_allows_everything_changes_nothing() {
    try_law(&Law {
        says: "a level of the organization that allows everything changes nothing",
        draw: draw_open,
        change: with_open,
    });
}

/// Names that mean nothing by themselves, and others.
const NAMES: [(&str, &str); 5] = [
    ("111111111111", "333333333333"),
    ("222222222222", "012345678901"),
    ("worker", "W0rker_2"),
    ("eu-west-1", "ap-southeast-2"),
    ("team", "Cost-Center"),
];

fn draw_names(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let (from, to) = rng.pick(&NAMES);
    case["change"] = json!([from, to]);
    Some(())
}

fn renamed(case: &Value) -> Option<(Value, Relation)> {
    let (from, to) = (case["change"][0].as_str()?, case["change"][1].as_str()?);
    let written = case.to_string();
    // Wildcards can tell a name from another.
    let is_told_apart = written.contains("eu-west-?") || written.contains('<');
    (written.contains(from) && !is_told_apart).then_some(())?;
    let changed = serde_json::from_str(&written.replace(from, to)).ok()?;
    Some((changed, Relation::Same))
}

#[test]
fn another_name_changes_nothing() {
    try_law(&Law {
        says: "another account, Region, role or tag throughout changes nothing",
        draw: draw_names,
        change: renamed,
    });
}
