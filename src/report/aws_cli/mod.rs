//! Output as the AWS CLI writes it: pages, `--query`, and the formats of `--output`.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output.html>

mod base64;
mod paging;
mod query;
mod skeleton;
mod table;
mod text;
mod yaml;

use serde_json::{Map, Value};

use super::clean;
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

/// Writes the results of an operation.
pub(super) fn render(results: Vec<Value>, output: &AwsOutput) -> Result<String, String> {
    let (response, next) = output.paging.response(results);
    let mut pages = vec![response];
    if let Some(token) = next {
        match (output.format, pages.first_mut()) {
            // A page of its own, to which the query is applied as well.
            (AwsFormat::Text, _) => {
                let inner = object([("NextToken", Value::String(token))]);
                pages.push(object([("NextToken", inner)]));
            }
            (_, Some(Value::Object(members))) => {
                members.insert("NextToken".to_owned(), Value::String(token));
            }
            _ => {}
        }
    }
    let mut out = String::new();
    for page in pages {
        let value = match &output.query {
            Some(query) => query.search(page)?,
            None => page,
        };
        write(value, output, &mut out);
    }
    Ok(clean::in_json(&out).into_owned())
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
