//! The packs, as a table of which only the rules that a run needs are decoded.

use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::{Fault, read};

/// The packs, in the order in which they are listed.
const PACKS: [&str; 14] = [
    "push-sources",
    "poll-sources",
    "vpc",
    "logging",
    "async",
    "features",
    "trust",
    "function-policy",
    "permission",
    "wrong-policy",
    "package",
    "policy-document",
    "template",
    "suppression",
];

/// What a finding says of its rule.
const TOLD: [&str; 6] = ["title", "why", "references", "message", "label", "help"];

/// What a rule checks, and where.
const JUDGED: [&str; 2] = ["select", "require"];

/// What stands in the table by itself.
const OWN: [&str; 3] = ["name", "severity", "aliases"];

/// The packs.
pub(crate) fn packs() -> Result<Vec<Value>, Fault> {
    check_names()?;
    let read = |name: &str| {
        let path = format!("rules/{name}.json");
        let pack = serde_json::from_str(&read(&path)?);
        Ok(pack.map_err(|fault| format!("{path}: {fault}"))?)
    };
    PACKS.into_iter().map(read).collect()
}

/// The table, as Rust.
pub(crate) fn table(packs: &[Value]) -> Result<String, Fault> {
    let mut table = "[".to_owned();
    for (name, pack) in PACKS.iter().zip(packs) {
        let written = pack_of(pack).map_err(|fault| format!("rules/{name}.json: {fault}"))?;
        writeln!(table, "{written},")?;
    }
    table.push(']');
    Ok(table)
}

/// A pack that nobody lists would be left out.
fn check_names() -> Result<(), Fault> {
    for entry in Path::new("rules").read_dir()? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        let pack = name.strip_suffix(".json").filter(|name| *name != "schema");
        if pack.is_some_and(|pack| !PACKS.contains(&pack)) {
            return Err(format!("rules/{name} is not listed in build/rules.rs").into());
        }
    }
    Ok(())
}

fn pack_of(pack: &Value) -> Result<String, Fault> {
    let (name, title) = (text(pack, "pack")?, text(pack, "title")?);
    let rules = pack.get("rules").and_then(Value::as_array);
    let mut written = String::new();
    for rule in rules.ok_or("a pack without `rules`")? {
        let shown = rule.get("name").unwrap_or(&Value::Null);
        let rule = rule_of(name, rule).map_err(|fault| format!("rule {shown}: {fault}"))?;
        writeln!(written, "    {rule},")?;
    }
    Ok(format!(
        "EmbeddedPack {{ name: {name:?}, title: {title:?}, rules: &[\n{written}] }}"
    ))
}

fn rule_of(pack: &str, rule: &Value) -> Result<String, Fault> {
    let members = rule.as_object().ok_or("a rule must be an object")?;
    let is_known = |name: &str| [&TOLD[..], &JUDGED, &OWN].concat().contains(&name);
    if let Some(name) = members.keys().find(|name| !is_known(name)) {
        return Err(format!("unknown member `{name}`").into());
    }
    let id = format!("{pack}/{}", text(rule, "name")?);
    let severity = text(rule, "severity")?;
    let aliases: Vec<&str> = texts(members.get("aliases"));
    let paths = texts(members.get("select"));
    let starts: Vec<String> = paths.iter().map(|path| start(path)).collect();
    let (told, judged) = (part(members, &TOLD), part(members, &JUDGED));
    Ok(format!(
        "EmbeddedRule {{ id: {id:?}, severity: {severity:?}, aliases: &{aliases:?}, starts: &[{}], \
         told: {told:?}, judged: {judged:?} }}",
        starts.join(", ")
    ))
}

/// The list of the inventory that a path begins with, and the member and value by which it chooses from it.
fn start(path: &str) -> String {
    let rest = path.strip_prefix("$.").unwrap_or("");
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (list, rest) = rest.split_at(end);
    let test = rest.strip_prefix("[?@.").and_then(|filter| {
        let (filter, _) = filter.split_once(']').filter(|(f, _)| !f.contains("||"))?;
        let first = filter.split_once(" && ").map_or(filter, |(first, _)| first);
        let (member, value) = first.split_once(" == '")?;
        let value = value.strip_suffix('\'')?;
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (is_plain(member) && is_plain(value)).then_some((member, value))
    });
    format!("Start {{ list: {list:?}, test: {test:?} }}")
}

/// Some members of an object, as JSON without spaces.
fn part(members: &Map<String, Value>, names: &[&str]) -> String {
    let own = members
        .iter()
        .filter(|(name, _)| names.contains(&name.as_str()));
    let own: Map<String, Value> = own
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    json!(own).to_string()
}

fn text<'v>(object: &'v Value, name: &str) -> Result<&'v str, Fault> {
    let text = object.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("`{name}` must be a string").into())
}

/// A text, or the texts of a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}
