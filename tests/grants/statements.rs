//! Statements that allow something, wherever they stand in a document.

use serde_json::Value;

/// The JSON pointers of the lists of statements in a document. A policy that is written as a text
/// counts as JSON: [`opened`] makes it so.
pub(super) fn lists(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

fn walk(node: &Value, pointer: &str, found: &mut Vec<String>) {
    let each: Vec<(String, &Value)> = match node {
        Value::Object(members) => {
            if members.get("Statement").is_some_and(Value::is_array) {
                found.push(format!("{pointer}/Statement"));
            }
            members
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect()
        }
        Value::Array(items) => {
            let each = items.iter().enumerate();
            each.map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in each {
        let key = key.replace('~', "~0").replace('/', "~1");
        walk(value, &format!("{pointer}/{key}"), found);
    }
}

/// A document in which policies that are written as texts are objects.
pub(super) fn opened(document: &Value) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let parsed = value
                    .as_str()
                    .filter(|_| key == "Policy")
                    .and_then(|text| serde_json::from_str(text).ok());
                (key.clone(), parsed.unwrap_or_else(|| opened(value)))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(opened).collect(),
        other => other.clone(),
    }
}

/// The texts of a member that is one text or a list of them.
pub(super) fn texts(statement: &Value, member: &str) -> Vec<String> {
    match &statement[member] {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn allows(statement: &Value) -> bool {
    statement["Effect"] == "Allow"
}
