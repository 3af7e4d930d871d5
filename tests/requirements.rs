//! The kinds of requirements, as their files describe them, in the schema and in the book.

use std::fmt::Write;
use std::fs;

use lint_lambda::unstable::requirement::{Form, KINDS, Kind, Member};
use serde_json::{Map, Value, json};

use crate::bless;
use crate::program::root;

/// What the schema says of a member.
fn form(member: &Member) -> Value {
    let mut form = match member.form {
        Form::Text | Form::Path | Form::Template | Form::Pattern => json!({ "type": "string" }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Number => json!({ "type": "integer", "minimum": 0 }),
        Form::Word([only]) => json!({ "const": only }),
        Form::Word(words) => json!({ "enum": words }),
        Form::Grants => json!({ "type": "array", "items": { "$ref": "#/$defs/grant" } }),
    };
    form["description"] = member.description.into();
    form
}

/// What the schema says of a kind.
fn schema(kind: &Kind) -> Value {
    let members = kind.members.iter();
    let properties: Map<String, Value> = members
        .map(|member| (member.name.to_owned(), form(member)))
        .collect();
    let required = kind.members.iter().filter(|member| member.is_required);
    let required: Vec<&str> = required.map(|member| member.name).collect();
    json!({
        "type": "object",
        "description": format!("{} {}", kind.summary, kind.note).trim_end(),
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

#[test]
fn the_schema_has_every_kind() {
    let path = "rules/schema.json";
    let written = fs::read_to_string(root().join(path)).unwrap();
    let mut whole: Value = serde_json::from_str(&written).unwrap();
    let kinds = KINDS.iter();
    let properties: Map<String, Value> = kinds
        .map(|kind| (kind.name.to_owned(), schema(kind)))
        .collect();
    whole["$defs"]["requirement"]["properties"] = properties.into();
    let text = serde_json::to_string_pretty(&whole).unwrap();
    bless::file(path, format!("{text}\n"));
}

/// The shortest rule of the program that uses a kind.
fn example(kind: &Kind) -> String {
    let rules = fs::read_dir(root().join("rules")).unwrap();
    let mut examples = Vec::new();
    for entry in rules {
        let path = entry.unwrap().path();
        let is_pack = path.extension().is_some_and(|ending| ending == "json");
        if !is_pack || path.ends_with("schema.json") {
            continue;
        }
        let pack: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let rules = pack["rules"].as_array().unwrap().iter();
        let using = rules.filter(|rule| rule["require"].get(kind.name).is_some());
        examples.extend(using.map(|rule| {
            let members = ["select", "require", "message"].into_iter();
            let shown = members.filter_map(|name| Some((name, rule.get(name)?)));
            let lines = shown.map(|(name, value)| {
                format!(
                    "\"{name}\": {}",
                    serde_json::to_string_pretty(value).unwrap()
                )
            });
            lines.collect::<Vec<_>>().join(",\n")
        }));
    }
    let shortest = examples
        .into_iter()
        .min_by_key(|text| (text.len(), text.clone()));
    shortest.unwrap_or_else(|| panic!("no rule uses `{}`", kind.name))
}

/// What a member must be, in words.
fn form_in_words(member: &Member) -> String {
    match member.form {
        Form::Text => "string".to_owned(),
        Form::Texts => "list of strings".to_owned(),
        Form::Number => "number".to_owned(),
        Form::Path => "JSONPath".to_owned(),
        Form::Template => "string with `{names}`".to_owned(),
        Form::Pattern => "regular expression".to_owned(),
        Form::Grants => "list of [grants](../contributing/new-event-source.md#grants)".to_owned(),
        Form::Word(words) => {
            let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            quoted.join(", ")
        }
    }
}

/// The section of the book about a kind.
fn section(kind: &Kind) -> String {
    let mut text = format!("### {}\n\n{}\n", kind.name, kind.summary);
    if !kind.members.is_empty() {
        text.push_str("\n| Member | Form | Description |\n|---|---|---|\n");
        for member in kind.members {
            let optional = match member.is_required {
                true => "",
                false => ", optional",
            };
            let (name, form) = (member.name, form_in_words(member));
            writeln!(
                text,
                "| `{name}` | {form}{optional} | {} |",
                member.description
            )
            .unwrap();
        }
    }
    if !kind.note.is_empty() {
        write!(text, "\n{}\n", kind.note).unwrap();
    }
    write!(text, "\n```json\n{}\n```\n", example(kind)).unwrap();
    text
}

#[test]
fn the_book_has_every_kind() {
    let mut text = "\n\n| Requirement | Selected | Needs `message` |\n|---|---|---|\n".to_owned();
    for kind in KINDS {
        let (name, selects) = (kind.name, kind.selects);
        let link = name.to_lowercase();
        let message = match kind.needs_message {
            true => "yes",
            false => "no",
        };
        writeln!(text, "| [`{name}`](#{link}) | {selects} | {message} |").unwrap();
    }
    for kind in KINDS {
        text.push('\n');
        text.push_str(&section(kind));
    }
    text.push('\n');
    bless::part("book/src/guide/own-rules.md", "requirements", &text);
}

#[test]
fn the_kinds_are_sorted_into_files() {
    for kind in KINDS {
        let upper = |c: char| c.is_ascii_uppercase();
        let mut file = String::new();
        for c in kind.name.chars() {
            if upper(c) {
                file.push('_');
            }
            file.push(c.to_ascii_lowercase());
        }
        let path = root().join(format!("src/requirement/{file}.rs"));
        assert!(path.exists(), "{} is not in {}", kind.name, path.display());
    }
}
