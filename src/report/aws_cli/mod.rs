//! Output as the AWS CLI writes it: pages, `--query`, and the formats of `--output`.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output.html>

mod paging;
mod query;
mod skeleton;
mod table;
mod text;
mod yaml;

use serde_json::{Map, Value};

use super::clean;
use paging::NEXT;
pub use paging::{Paging, Token};
pub use query::Query;
pub use skeleton::{Operation, skeleton, yaml_skeleton};

/// A format of `--output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AwsFormat {
    /// JSON, indented by four.
    #[default]
    Json,
    /// Tab-separated lines.
    Text,
    /// Tables with borders.
    Table,
    /// YAML, with sorted keys.
    Yaml,
    /// YAML, as a list of pages.
    YamlStream,
}

/// What is to be printed of a response, and how.
#[derive(Clone, Debug, Default)]
pub struct AwsOutput {
    /// The format.
    pub format: AwsFormat,
    /// What to print of the response; all of it by default.
    pub query: Option<Query>,
    /// Which part of the results to print.
    pub paging: Paging,
    /// The operation, which is the title of a table.
    pub operation: Operation,
}

/// Writes results of an operation, of which there are so many: `value` gives each.
pub(super) fn render(
    count: usize,
    value: &mut dyn FnMut(usize) -> Option<Value>,
    output: &AwsOutput,
) -> Result<String, String> {
    let (part, beside) = output.paging.part(count);
    let mut values = part.filter_map(value);
    if output.format == AwsFormat::Json && output.query.is_none() {
        return Ok(clean::in_json(&json_of(&mut values, beside)).into_owned());
    }
    let mut response = object([("EvaluationResults", values.collect())]);
    let mut last = None;
    match (beside, &mut response) {
        // A page of its own, to which the query is applied as well.
        (Some((NEXT, token)), _) if output.format == AwsFormat::Text => {
            last = Some(object([(NEXT, object([(NEXT, token)]))]));
        }
        (Some((name, value)), Value::Object(members)) => {
            members.insert(name.to_owned(), value);
        }
        _ => {}
    }
    let mut out = String::new();
    for page in std::iter::once(response).chain(last) {
        let value = match &output.query {
            Some(query) => query.search(page)?,
            None => page,
        };
        write(value, output, &mut out);
    }
    Ok(clean::in_json(&out).into_owned())
}

/// A response as JSON, of which no more than one result is in memory.
fn json_of(
    values: &mut dyn Iterator<Item = Value>,
    beside: Option<(&'static str, Value)>,
) -> String {
    let mut out = String::from("{\n    \"EvaluationResults\": [");
    let mut is_first = true;
    for value in values {
        out.push_str(if is_first { "\n" } else { ",\n" });
        is_first = false;
        let lines = indented(&value);
        let lines = lines.lines().map(|line| ["        ", line].concat());
        out.push_str(&lines.collect::<Vec<_>>().join("\n"));
    }
    out.push_str(if is_first { "]" } else { "\n    ]" });
    if let Some((name, value)) = beside {
        out.push_str(&format!(",\n    \"{name}\": {value}"));
    }
    out + "\n}\n"
}

/// Writes a value in a format.
fn write(value: Value, output: &AwsOutput, out: &mut String) {
    match output.format {
        AwsFormat::Json if value == Value::Object(Map::new()) => {}
        AwsFormat::Json => {
            out.push_str(&indented(&value));
            out.push('\n');
        }
        AwsFormat::Text => text::write(&own_removed(value), out),
        AwsFormat::Table => table::write(output.operation.as_str(), &own_removed(value), out),
        AwsFormat::Yaml => yaml::write(&value, out),
        AwsFormat::YamlStream => yaml::write(&Value::Array(vec![value]), out),
    }
}

/// JSON with an indentation of four.
pub(super) fn indented(value: &Value) -> String {
    let mut out = String::new();
    for line in format!("{value:#}").lines() {
        let rest = line.trim_start_matches(' ');
        // A text has no line break of its own in JSON.
        let indentation = " ".repeat(2 * (line.len() - rest.len()));
        out.extend([&indentation, rest, "\n"]);
    }
    out.pop();
    out
}

/// A value without the members that are ours, which would be columns: in objects that are whole, not in those
/// that a query made.
fn own_removed(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(own_removed).collect(),
        Value::Object(members) => {
            let is_whole = WHOLE.iter().any(|names| {
                let mut names = names.iter();
                names.all(|name| members.contains_key(*name))
            });
            let is_kept = |name: &str| !is_whole || !name.starts_with(|c: char| c.is_lowercase());
            let kept = members.into_iter().filter(|(name, _)| is_kept(name));
            kept.map(|(name, value)| (name, own_removed(value)))
                .collect::<Map<String, Value>>()
                .into()
        }
        scalar => scalar,
    }
}

/// Members by which an object is a whole result or statement.
const WHOLE: [&[&str]; 3] = [
    &["EvalActionName", "EvalDecision", "MatchedStatements"],
    &[
        "EvalResourceName",
        "EvalResourceDecision",
        "MatchedStatements",
    ],
    &["SourcePolicyId", "StartPosition", "EndPosition"],
];

/// An object with these members.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.into_iter().collect())
}

/// A scalar as Python writes it, which the formats for people show.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a value is neither a list nor an object.
fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}
