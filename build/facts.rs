//! The files of facts by their lists, of which only those that a run needs are decoded.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{Fault, read};

/// The files, in the order in which they are read.
const FILES: [&str; 6] = [
    "answers.json",
    "deliveries.json",
    "event-sources.json",
    "features.json",
    "callers.json",
    "principals.json",
];

/// The lists, as Rust.
pub(crate) fn lists() -> Result<String, Fault> {
    let mut table = "[\n".to_owned();
    for file in FILES {
        let content: Value = serde_json::from_str(&read(&format!("rules/catalogue/{file}"))?)?;
        let members = content
            .as_object()
            .ok_or_else(|| format!("{file}: no object"))?;
        for (member, value) in members.iter().filter(|(name, _)| *name != "$schema") {
            let list = match value {
                Value::Array(_) => value.clone(),
                // What there is only one of is a list of one.
                Value::Object(_) => json!([value]),
                _ => return Err(format!("{file}: `{member}` must be a list or an object").into()),
            };
            let list = list.to_string();
            let row =
                format!("EmbeddedList {{ file: {file:?}, member: {member:?}, list: {list:?} }}");
            writeln!(table, "    {row},")?;
        }
    }
    table.push(']');
    Ok(table)
}
