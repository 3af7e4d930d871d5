//! The smallest case that still breaks a law.

use serde_json::{Value, json};

/// Elements without which a policy is another one.
const KEPT: [&str; 14] = [
    "Version",
    "Statement",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Sid",
    "change",
    "request",
    "act",
    "on",
];

/// All values that are a little smaller.
fn smaller(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Array(list) => {
            for at in 0..list.len() {
                let mut shorter = list.clone();
                shorter.remove(at);
                found.push(Value::Array(shorter));
            }
            for (at, item) in list.iter().enumerate() {
                found.extend(smaller(item).into_iter().map(|item| {
                    let mut list = list.clone();
                    list[at] = item;
                    Value::Array(list)
                }));
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                if name == "change" {
                    continue;
                }
                let with = |item: Value| {
                    let mut members = members.clone();
                    members[name] = item;
                    Value::Object(members)
                };
                if !KEPT.contains(&name.as_str()) {
                    let mut fewer = members.clone();
                    fewer.remove(name);
                    found.push(Value::Object(fewer));
                } else if ["Action", "Resource"].contains(&name.as_str()) && item != "*" {
                    found.push(with(json!("*")));
                }
                let is_list = ["Statement", "Condition"].contains(&name.as_str());
                let inner = smaller(item).into_iter();
                found.extend(inner.filter(|i| is_list || *i != json!([])).map(with));
            }
        }
        _ => {}
    }
    found
}

/// Takes away from a case what is not needed to break a law.
pub(super) fn shrunk(case: &Value, breaks: impl Fn(&Value) -> bool) -> Value {
    let mut smallest = case.clone();
    while let Some(next) = smaller(&smallest).into_iter().find(|next| breaks(next)) {
        smallest = next;
    }
    smallest
}
