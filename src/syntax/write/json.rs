//! JSON, as people write it: with a space after commas and colons.

use super::{Style, WIDTH, indented, is_scalar};
use crate::syntax::{Kind, Node};

/// A value on one line where that fits, else with its members on lines of their own.
pub(super) fn lines(style: &Style, node: &Node) -> Vec<String> {
    let line = in_one_line(node);
    let breaks = match &node.kind {
        // Objects are read member by member.
        Kind::Object(members) => members.len() > 1 || line.len() > WIDTH,
        _ => line.len() > WIDTH,
    };
    if is_scalar(node) || style.is_compact && !breaks {
        return vec![line];
    }
    let (open, close, inner) = match &node.kind {
        Kind::Object(members) => {
            let members = members.iter();
            let members =
                members.map(|member| self::member(style, &member.key.text, &member.value));
            ("{", "}", members.collect::<Vec<_>>())
        }
        _ => {
            let items = node.items().iter().map(|item| lines(style, item));
            ("[", "]", items.collect())
        }
    };
    let last = inner.len().saturating_sub(1);
    let mut all = vec![open.to_owned()];
    for (index, mut part) in inner.into_iter().enumerate() {
        if let Some(end) = part.last_mut().filter(|_| index < last) {
            end.push(',');
        }
        all.extend(
            part.into_iter()
                .map(|line| format!("{}{line}", style.indent)),
        );
    }
    all.push(close.to_owned());
    all
}

/// A member, whose value begins on the line of its key.
pub(super) fn member(style: &Style, key: &str, value: &Node) -> Vec<String> {
    let mut lines: Vec<String> = indented(lines(style, value), "").collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("{}: {first}", text(key));
    }
    lines
}

/// A value on one line.
pub(super) fn in_one_line(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(known) => text(&known.to_string()),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(in_one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(members) if members.is_empty() => "{}".to_owned(),
        Kind::Object(members) => {
            let members = members.iter();
            let members =
                members.map(|m| format!("{}: {}", text(&m.key.text), in_one_line(&m.value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text in quotes.
pub(super) fn text(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if c.is_control() => written.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}
