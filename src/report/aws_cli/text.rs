//! `--output text`: a line with tabs for each object, which begins with the name of its member.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html#text-output>

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{is_scalar, scalar};

/// Writes a value.
pub(super) fn write(value: &Value, out: &mut String) {
    write_value(value, None, None, out);
}

/// Writes a value that is the member of a name; of an object, the columns are those of all objects of its list.
fn write_value(
    value: &Value,
    name: Option<&str>,
    columns: Option<&BTreeSet<&str>>,
    out: &mut String,
) {
    match value {
        Value::Object(members) => write_object(members, name, columns, out),
        Value::Array(items) => write_list(items, name, out),
        value => line([scalar(value)], out),
    }
}

fn write_list(items: &[Value], name: Option<&str>, out: &mut String) {
    if items.iter().any(Value::is_object) {
        let members = items.iter().filter_map(Value::as_object).flatten();
        let columns: BTreeSet<&str> = members
            .filter(|(_, value)| is_scalar(value))
            .map(|(name, _)| name.as_str())
            .collect();
        for item in items {
            write_value(item, name, Some(&columns), out);
        }
        return;
    }
    let (scalars, lists): (Vec<&Value>, Vec<&Value>) = items.iter().partition(|v| is_scalar(v));
    let scalars: Vec<String> = scalars.into_iter().map(scalar).collect();
    match name.map(str::to_uppercase) {
        Some(name) => scalars.iter().for_each(|text| line([&name, text], out)),
        None if scalars.is_empty() => {}
        None => line(&scalars, out),
    }
    for list in lists {
        write_value(list, name, None, out);
    }
}

fn write_object(
    members: &Map<String, Value>,
    name: Option<&str>,
    columns: Option<&BTreeSet<&str>>,
    out: &mut String,
) {
    let own: BTreeSet<&str> = members
        .iter()
        .filter(|(_, value)| is_scalar(value))
        .map(|(name, _)| name.as_str())
        .collect();
    let columns = columns.unwrap_or(&own);
    if !columns.is_empty() {
        let cell = |column: &&str| members.get(*column).map_or_else(String::new, scalar);
        let cells = columns.iter().map(cell);
        let name = name.map(str::to_uppercase);
        line(name.into_iter().chain(cells).collect::<Vec<_>>(), out);
    }
    let mut others: Vec<(&String, &Value)> = members
        .iter()
        .filter(|(name, _)| !columns.contains(name.as_str()))
        .collect();
    others.sort_by_key(|(name, _)| *name);
    for (name, value) in others {
        write_value(value, Some(name), None, out);
    }
}

/// Writes a line of cells.
fn line<I: IntoIterator<Item: AsRef<str>>>(cells: I, out: &mut String) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push('\t');
        }
        out.push_str(cell.as_ref());
    }
    out.push('\n');
}
