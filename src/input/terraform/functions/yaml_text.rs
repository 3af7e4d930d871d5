//! A value as the YAML that `yamlencode` writes: every text between quotes, or in a block where it has lines.

use super::decimal::Decimal;
use super::json_text::escaped;
use super::values::members;
use crate::syntax::{Kind, Node};

/// The YAML of a known value.
pub(super) fn yaml_text(node: &Node) -> String {
    let mut lines = lines(node);
    if matches!(node.kind, Kind::Null | Kind::Bool(_) | Kind::Number(_)) {
        lines.push("...".to_owned());
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// A text between quotes; those characters that JSON escapes for HTML stay.
fn quoted(text: &str) -> String {
    let characters = text.chars().map(|c| match c {
        '<' | '>' | '&' => c.to_string(),
        c => escaped(c.encode_utf8(&mut [0; 4])),
    });
    format!("\"{}\"", characters.collect::<String>())
}

/// A value in one line, where it has one.
fn one_line(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Null => Some("null".to_owned()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) => Some(Decimal::shown(number)),
        Kind::Text(text) => {
            let text = text.as_str().unwrap_or_default();
            (!text.contains('\n')).then(|| quoted(text))
        }
        Kind::Array(items) => items.is_empty().then(|| "[]".to_owned()),
        Kind::Object(members) => members.is_empty().then(|| "{}".to_owned()),
    }
}

fn lines(node: &Node) -> Vec<String> {
    if let Some(line) = one_line(node) {
        return vec![line];
    }
    match &node.kind {
        Kind::Array(items) => items.iter().flat_map(item).collect(),
        Kind::Object(_) => {
            let (known, _) = members(node);
            let members = known.iter();
            members
                .flat_map(|(name, member)| with_key(&quoted(name), &member.value))
                .collect()
        }
        _ => block(node),
    }
}

/// A text with line breaks: its header and its lines.
fn block(node: &Node) -> Vec<String> {
    let text = node.as_str().unwrap_or_default();
    let content = text.trim_end_matches('\n');
    let header = match text.len() - content.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let mut lines = vec![header.to_owned()];
    let shown = text.strip_suffix('\n').unwrap_or(text);
    lines.extend(shown.split('\n').map(|line| match line {
        "" => String::new(),
        line => format!("  {line}"),
    }));
    lines
}

fn with_key(key: &str, value: &Node) -> Vec<String> {
    if let Some(line) = one_line(value) {
        return vec![format!("{key}: {line}")];
    }
    let mut all = Vec::new();
    match &value.kind {
        Kind::Array(_) => {
            all.push(format!("{key}:"));
            all.extend(lines(value));
        }
        Kind::Object(_) => {
            all.push(format!("{key}:"));
            all.extend(lines(value).into_iter().map(|line| indented(&line)));
        }
        _ => {
            let mut block = block(value).into_iter();
            all.extend(block.next().map(|header| format!("{key}: {header}")));
            all.extend(block);
        }
    }
    all
}

fn indented(line: &str) -> String {
    match line {
        "" => String::new(),
        line => format!("  {line}"),
    }
}

fn item(node: &Node) -> Vec<String> {
    let is_block = matches!(node.kind, Kind::Text(_));
    let lines = lines(node).into_iter().enumerate();
    let lines = lines.map(|(index, line)| match index {
        0 => format!("- {line}"),
        _ if is_block => line,
        _ => indented(&line),
    });
    lines.collect()
}
