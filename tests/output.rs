//! The JSON output keeps to the schema that the book publishes.

use std::fs;

use serde_json::Value;

use crate::program::{root, run};

/// Whether a value keeps to a schema: the keywords that ours uses.
pub(crate) fn keeps_to(value: &Value, schema: &Value, whole: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return keeps_to(value, whole.pointer(pointer).unwrap(), whole, at);
    }
    if let Some(any) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fitting = any.iter().find(|one| type_fits(value, one, whole));
        return keeps_to(value, fitting.unwrap(), whole, at);
    }
    assert!(
        type_fits(value, schema, whole),
        "{at}: {value} is not of the type {}",
        schema["type"]
    );
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{at}");
    }
    for item in value.as_array().into_iter().flatten() {
        keeps_to(item, &schema["items"], whole, at);
    }
    let Some(members) = value.as_object() else {
        return;
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(
            members.contains_key(name.as_str().unwrap()),
            "{at} lacks {name}"
        );
    }
    for (name, member) in members {
        match schema["properties"].get(name) {
            Some(known) => keeps_to(member, known, whole, &format!("{at}/{name}")),
            None => assert_ne!(schema["additionalProperties"], false, "{at} has {name}"),
        }
    }
}

fn type_fits(value: &Value, schema: &Value, whole: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        return type_fits(
            value,
            whole.pointer(reference.trim_start_matches('#')).unwrap(),
            whole,
        );
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.contains(value);
    }
    if let Some(constant) = schema.get("const") {
        return value == constant;
    }
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let has = |key: &Value| value.get(key.as_str().unwrap()).is_some();
    let complete = schema["required"].as_array().into_iter().flatten().all(has);
    match &schema["type"] {
        Value::Array(types) => types.iter().any(|one| one == name),
        Value::Null => complete,
        one => one == name && (name != "object" || complete),
    }
}

#[test]
fn the_output_keeps_to_its_schema() {
    let schema = fs::read_to_string(root().join("book/src/reference/output.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut kinds = 0;
    for folder in [
        "policies-samples",
        "tests/fixtures/answers",
        "README.md",
        "nowhere.json",
    ] {
        let said = run(&["--format", "json", "--show-undecided", folder]).stdout;
        let value: Value = serde_json::from_str(&said).unwrap();
        keeps_to(&value, &schema, &schema, "");
        kinds += ["findings", "problems", "undecided"]
            .iter()
            .filter(|list| !value[**list].as_array().unwrap().is_empty())
            .count();
    }
    assert!(kinds >= 4, "{kinds}");
}

#[test]
fn explanations_keep_to_their_schema() {
    let schema = root().join("book/src/reference/explanation.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let system = "policies-samples/systems/orders";
    let mut verdicts = 0;
    for name in fs::read_dir(root().join("tests/fixtures/errors")).unwrap() {
        let path = name.unwrap().path();
        let path = path.to_str().unwrap();
        let asked = match path.ends_with("metrics.json") {
            true => vec!["explain", "--metrics", path, "--with", system],
            false => vec!["explain", path, "--with", system, "nowhere.json"],
        };
        let asked = [asked, vec!["--format", "json"]].concat();
        let value = run(&asked).json();
        keeps_to(&value, &schema, &schema, "");
        let each = value["explanations"].as_array().unwrap().iter();
        verdicts += each.filter(|one| !one["documents"].is_null()).count();
    }
    assert!(verdicts >= 3, "{verdicts}");
}
