//! Laws of what changes nothing: other ways to say the same.

use serde_json::{Value, json};

use super::changes::{entries, mark, reordered, split, statements};
use super::grants::{PATTERNS, with_wider};
use super::{Law, Relation, try_law};
use crate::test_rng::TestRng;

/// Incomplete ARNs, and what they stand for.
const INCOMPLETE: [(&str, &str); 6] = [
    ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
    ("arn:aws:sqs:eu-west-1", "arn:aws:sqs:eu-west-1:*:*"),
    ("arn:aws:s3", "arn:aws:s3:*:*:*"),
    ("arn:aws:kms:*:222222222222", "arn:aws:kms:*:222222222222:*"),
    (
        "arn:aws:lambda:eu-west-1:<s2>",
        "arn:aws:lambda:eu-west-1:<s2>:*",
    ),
    ("arn:aws:iam:", "arn:aws:iam::*:*"),
];

fn draw_incomplete(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    let has = |statement: &Value| {
        PATTERNS[2..]
            .iter()
            .find(|name| statement.get(**name).is_some())
            .copied()
    };
    let at = mark(case, rng, |of_type, statement| {
        of_type == "identity" && has(statement).is_some()
    })?;
    let (from, to) = *rng.pick(&INCOMPLETE);
    let statement = case.pointer_mut(&at)?;
    let element = has(statement)?;
    let mut listed = entries(&statement[element]);
    let place = rng.roll(listed.len());
    from.clone_into(listed.get_mut(place)?);
    statement[element] = json!(listed);
    case["change"] = json!({ "element": element, "from": from, "to": to });
    Some(())
}

fn completed(case: &Value) -> Option<(Value, Relation)> {
    with_wider(case).map(|(changed, _)| (changed, Relation::Same))
}

#[test]
fn completing_an_arn_changes_nothing_in_an_identity_policy() {
    try_law(&Law {
        says: "an incomplete ARN in an identity policy is as the complete one",
        draw: draw_incomplete,
        change: completed,
    });
}

/// Makes every role and session that policies name the one role: an account has one of a name.
fn role_named_only(value: &mut Value, role: &str) {
    match value {
        Value::String(text) => {
            let is_other = text.contains(":role/") && !text.contains('*');
            if text.contains("assumed-role") || text.contains('<') || is_other {
                role.clone_into(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| role_named_only(item, role)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|item| role_named_only(item, role)),
        _ => {}
    }
}

fn draw_session(case: &mut Value, role: &str) -> Option<()> {
    role_named_only(&mut case["policies"], role);
    case["request"]["caller"] = json!({ "role": role });
    case["request"]["derived"] = json!(true);
    for key in ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:username"] {
        case["request"]["context"]
            .as_object_mut()?
            .shift_remove(key);
    }
    case["change"] = json!({ "arn": "arn:aws:sts::111111111111:assumed-role/worker/s1" });
    Some(())
}

fn of_session(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    case["request"]["caller"]["role"].as_str()?;
    changed["request"]["caller"] = case["change"].clone();
    // The ARN of a session does not show the path of its role, nor does that of a role say whether it has one.
    Some((changed, Relation::SameOrUnknown))
}

#[test]
fn a_session_is_its_role() {
    try_law(&Law {
        says: "policies that name the role give a session what they give the role",
        draw: |case, _| draw_session(case, "arn:aws:iam::111111111111:role/worker"),
        change: of_session,
    });
}

#[test]
fn a_session_is_its_role_with_a_path() {
    try_law(&Law {
        says: "policies that name the role with its path never give a session something else",
        draw: |case, _| draw_session(case, "arn:aws:iam::111111111111:role/app/worker"),
        change: of_session,
    });
}

fn draw_order(case: &mut Value, rng: &mut TestRng) -> Option<()> {
    case["change"] = json!({ "seed": rng.roll(1_000_000) });
    Some(())
}

fn in_another_order(case: &Value) -> Option<(Value, Relation)> {
    let mut rng = TestRng(case["change"]["seed"].as_u64()?);
    let mut changed = case.clone();
    changed["policies"] = reordered(&case["policies"], &mut rng);
    changed["request"]["context"] = reordered(&case["request"]["context"], &mut rng);
    Some((changed, Relation::Same))
}

#[test]
fn order_never_matters() {
    try_law(&Law {
        says: "the order of policies, statements, conditions and values changes nothing",
        draw: draw_order,
        change: in_another_order,
    });
}

fn draw_any(case: &mut Value, _: &mut TestRng) -> Option<()> {
    case["change"] = json!({});
    Some(())
}

fn in_parts(case: &Value) -> Option<(Value, Relation)> {
    let mut changed = case.clone();
    for (_, at) in statements(case).into_iter().rev() {
        let statement = case.pointer(&at)?;
        if !statement.is_object() {
            continue;
        }
        let (list, _) = at.rsplit_once('/')?;
        let list = changed.pointer_mut(list)?.as_array_mut()?;
        let place: usize = at.rsplit('/').next()?.parse().ok()?;
        let parts = split(statement);
        list.splice(place..=place, parts);
    }
    // Several values are compared without a quantifier only if all of them lead to the same.
    let context = case["request"]["context"].as_object().into_iter().flatten();
    let mut values = context.filter_map(|(_, values)| values.as_array());
    let relation = match values.any(|values| values.len() > 1) {
        true => Relation::SameOrUnknown,
        false => Relation::Same,
    };
    (changed != *case).then_some((changed, relation))
}

#[test]
fn a_statement_is_the_sum_of_its_parts() {
    try_law(&Law {
        says: "a statement for each action, resource, principal and value is as one for all",
        draw: draw_any,
        change: in_parts,
    });
}

fn in_capitals(case: &Value) -> Option<(Value, Relation)> {
    fn capitals(text: &str) -> String {
        match text.contains('<') {
            true => text.to_owned(),
            false => text.to_uppercase(),
        }
    }
    fn keys(value: &Value) -> Value {
        let members = value.as_object().into_iter().flatten();
        members
            .map(|(key, value)| (capitals(key), value.clone()))
            .collect()
    }
    let mut changed = case.clone();
    changed["request"]["act"] = json!(capitals(case["request"]["act"].as_str()?));
    changed["request"]["context"] = keys(&case["request"]["context"]);
    for (_, at) in statements(case) {
        let statement = changed.pointer_mut(&at)?;
        for name in &PATTERNS[..2] {
            if let Some(element) = statement.get_mut(*name) {
                let listed: Vec<String> =
                    entries(element).iter().map(|text| capitals(text)).collect();
                *element = json!(listed);
            }
        }
        let operators = statement
            .get_mut("Condition")
            .and_then(Value::as_object_mut);
        for (_, block) in operators.into_iter().flatten() {
            *block = keys(block);
        }
    }
    Some((changed, Relation::Same))
}

#[test]
fn the_letter_case_of_actions_and_keys_does_not_matter() {
    try_law(&Law {
        says: "the letter case of actions and condition keys changes nothing",
        draw: draw_any,
        change: in_capitals,
    });
}
