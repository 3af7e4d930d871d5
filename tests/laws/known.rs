//! Laws of what is known: more of it never turns a decision into another one.

use serde_json::{Value, json};

use super::policies::{has_levels, statement};
use super::requests::callers;
use super::{Law, Relation, try_law};
use crate::test_rng::TestRng;

fn replaced(value: &Value, from: &str, to: &str) -> Value {
    let quoted = json!(to).to_string();
    let text = value.to_string().replace(from, quoted.trim_matches('"'));
    serde_json::from_str(&text).unwrap()
}

const FILLERS: [&str; 9] = [
    "ann",
    "orders",
    "b",
    "eu-west-1",
    "111111111111",
    "team",
    "home/ann",
    "b/k",
    "arn:aws:s3:::b/k",
];

fn fill_hole(case: &Value, rng: &mut TestRng) -> Option<Value> {
    let text = case.to_string();
    let holes: Vec<&str> = text
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(hole, _)| hole)
        .collect();
    let hole = *holes.get(rng.roll(holes.len().max(1)))?;
    // An action that is no name of a service and an action is a mistake, of which nothing is known.
    if is_whole_action(case, &format!("<{hole}>")) {
        return None;
    }
    let filler = match (hole.as_bytes().first()?, hole.split_once('=')) {
        (_, Some((_, likely))) => likely,
        (b's' | b'w', _) => *rng.pick(&FILLERS[..6]),
        (b'o', _) => "own-7d1",
        // What is no principal there is a mistake, of which nothing is known.
        (b'a', _) if is_principal(case, &format!("<{hole}>")) => *rng.pick(&PRINCIPALS),
        (b'a', _) => *rng.pick(&FILLERS),
        _ => return None,
    };
    Some(json!({ "hole": format!("<{hole}>"), "with": filler }))
}

/// What can stand in the name of a principal, for all of it or a part.
const PRINCIPALS: [&str; 2] = ["111111111111", "222222222222"];

/// Whether a hole is all of an action.
fn is_whole_action(value: &Value, hole: &str) -> bool {
    let is_it = |member: &Value| match member {
        Value::Array(items) => items.iter().any(|item| item == hole),
        one => one == hole,
    };
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            name.ends_with("Action") && is_it(member) || is_whole_action(member, hole)
        }),
        Value::Array(items) => items.iter().any(|item| is_whole_action(item, hole)),
        _ => false,
    }
}

/// Whether a hole is in the name of a principal.
fn is_principal(value: &Value, hole: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            name.ends_with("Principal") && member.to_string().contains(hole)
                || is_principal(member, hole)
        }),
        Value::Array(items) => items.iter().any(|item| is_principal(item, hole)),
        _ => false,
    }
}

fn draw_known(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    // Who is likely in the account of the resource may be in another one.
    let is_presumed = case["request"]["caller"].get("open").is_some();
    let drop = |case: &mut Value| case["request"]["caller"] = Value::Null;
    if is_presumed {
        drop(case);
    }
    let unknown = case["request"]["unknown"].as_array()?.clone();
    let change = match rng.roll(6) {
        0 | 1 => fill_hole(case, rng),
        2 | 3 => unknown.get(rng.roll(unknown.len().max(1))).map(|key| {
            let values = [
                json!(["ann"]),
                json!([]),
                Value::Null,
                json!(["home/", "b"]),
                json!(["111111111111"]),
            ];
            json!({ "key": key, "is": rng.pick(&values) })
        }),
        4 => Some(json!({ "complete": true })),
        _ => {
            let callers = callers();
            Some(json!({ "caller": callers[rng.roll(9)] }))
        }
    };
    case["change"] = change?;
    Some(())
}

fn more_known(case: &Value) -> Option<(Value, Relation)> {
    let change = &case["change"];
    let mut changed = case.clone();
    if let (Some(hole), Some(with)) = (change["hole"].as_str(), change["with"].as_str()) {
        changed = replaced(case, hole, with);
        changed["change"] = change.clone();
        (changed != *case).then_some(())?;
    } else if change["key"].is_string() {
        let keys = changed["request"]["unknown"].as_array_mut()?;
        let before = keys.len();
        keys.retain(|key| *key != change["key"]);
        (keys.len() < before).then_some(())?;
        changed["request"]["context"][change["key"].as_str()?] = change["is"].clone();
    } else if change["complete"] == json!(true) {
        (case["request"]["isComplete"] == json!(false)).then_some(())?;
        changed["request"]["isComplete"] = json!(true);
    } else {
        let caller = &case["request"]["caller"];
        let account = change["caller"].to_string();
        let is_own = |arn: &str| arn.split(':').nth(4).is_none_or(|id| account.contains(id));
        // Whoever has the policies is presumed to be in the account of the resource.
        let is_presumed = is_own(case["request"]["on"].as_str()?)
            && case["request"]["owner"]
                .as_str()
                .is_none_or(|id| account.contains(id));
        (is_presumed || !caller.is_null()).then_some(())?;
        (caller.is_null() || caller == "unknown").then_some(())?;
        changed["request"]["caller"] = change["caller"].clone();
        // The keys that follow from who asks are known as before.
        changed["request"]["derived"] = json!(false);
    }
    Some((changed, Relation::Firmer))
}

#[test]
fn what_is_known_more_never_turns_a_decision() {
    try_law(&Law {
        says: "one more thing that is known never turns a decision into another one",
        draw: draw_known,
        change: more_known,
    });
}

fn draw_provided(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let types: Vec<String> = case["policies"].as_object()?.keys().cloned().collect();
    let of_type = types.get(rng.roll(types.len().max(1)))?.clone();
    case["incomplete"] = json!([of_type]);
    let allow = statement(rng, &of_type, &case["request"], "Allow");
    case["change"] = json!({ "type": of_type, "add": allow });
    Some(())
}

/// A policy that was not at hand is presumed not to deny what others of its type allow, so that the one
/// that is found only allows.
fn provided(case: &Value) -> Option<(Value, Relation)> {
    let of_type = case["change"]["type"].as_str()?;
    let added = &case["change"]["add"];
    (case["incomplete"] == json!([of_type]) && added["Effect"] == "Allow").then_some(())?;
    let mut changed = case.clone();
    changed["incomplete"] = json!([]);
    let found = json!({ "Version": "2012-10-17", "Statement": [added] });
    let lists: Vec<&mut Value> = match has_levels(of_type) {
        true => changed["policies"][of_type]
            .as_array_mut()?
            .iter_mut()
            .collect(),
        false => vec![&mut changed["policies"][of_type]],
    };
    for list in lists {
        list.as_array_mut()?.push(found.clone());
    }
    Some((changed, Relation::Firmer))
}

#[test]
fn a_policy_that_is_found_never_turns_a_decision() {
    try_law(&Law {
        says: "a policy that was not at hand never turns a decision into another one",
        draw: draw_provided,
        change: provided,
    });
}
