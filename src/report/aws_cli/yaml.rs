//! `--output yaml`: blocks with sorted keys.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html#yaml-output>

use serde_json::{Map, Value};

use super::is_scalar;

/// Writes a value.
pub(super) fn write(value: &Value, out: &mut String) {
    if is_scalar(value) {
        out.push_str(&value.to_string());
        out.push('\n');
        return;
    }
    write_block(value, 0, out);
}

/// Writes a value at an indentation, on a line that is already begun with that.
fn write_block(value: &Value, indentation: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => write_items(items, indentation, out),
        Value::Object(members) if !members.is_empty() => write_members(members, indentation, out),
        Value::Array(_) => out.push_str("[]\n"),
        Value::Object(_) => out.push_str("{}\n"),
        Value::String(text) => {
            out.push_str(&written(text));
            out.push('\n');
        }
        other => {
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

fn write_items(items: &[Value], indentation: usize, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(&" ".repeat(indentation));
        }
        out.push_str("- ");
        write_block(item, indentation + 2, out);
    }
}

fn write_members(members: &Map<String, Value>, indentation: usize, out: &mut String) {
    let mut members: Vec<(&String, &Value)> = members.iter().collect();
    members.sort_by_key(|(name, _)| *name);
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push_str(&" ".repeat(indentation));
        }
        out.push_str(&written(name));
        out.push(':');
        match value {
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                out.push_str(&" ".repeat(indentation));
                write_items(items, indentation, out);
            }
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                out.push_str(&" ".repeat(indentation + 2));
                write_members(inner, indentation + 2, out);
            }
            value => {
                out.push(' ');
                write_block(value, indentation, out);
            }
        }
    }
}

/// A text as a scalar: plain where that reads as the same text, otherwise in quotes.
fn written(text: &str) -> String {
    if text.chars().any(|c| c.is_control() || c == '\u{feff}') {
        return Value::from(text).to_string();
    }
    match is_plain(text) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// Whether a text without quotes is a text, and the same one.
fn is_plain(text: &str) -> bool {
    let begins_so = |c: char| "-?:,[]{}#&*!|>'\"%@`=".contains(c);
    let Some(first) = text.chars().next() else {
        return false;
    };
    let second = text.chars().nth(1);
    let is_indicator = match first {
        '-' | '?' | ':' => second.is_none_or(|c| c == ' ') || text.starts_with("---"),
        first => begins_so(first),
    };
    let is_split = [": ", " #"].iter().any(|mark| text.contains(mark)) || text.ends_with(':');
    let is_padded = text.starts_with(' ') || text.ends_with(' ');
    !(is_indicator || is_split || is_padded || is_other_type(text))
}

/// Whether a plain text would be a number, a date, a truth value or nothing.
///
/// <https://yaml.org/type/>
fn is_other_type(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "<<", ".nan", ".inf",
    ];
    let lower = text.to_lowercase();
    let unsigned = lower.trim_start_matches(['-', '+']);
    let begins_as_number = unsigned
        .trim_start_matches('.')
        .starts_with(|c: char| c.is_ascii_digit());
    let is_number = |c: char| c.is_ascii_hexdigit() || "_.:xo+-tz ".contains(c);
    WORDS.contains(&unsigned) || begins_as_number && unsigned.chars().all(is_number)
}
