//! Condition keys with their values and the type of those.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html>

use std::net::IpAddr;

use crate::diagnostics::Problem;
use crate::iam::Context;
use crate::syntax::{Fields, Node, Text, nearest};

/// What the values of a key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyType {
    kind: ValueKind,
    is_list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    String,
    Numeric,
    Boolean,
    Ip,
    Binary,
    Date,
}

const KINDS: [(&str, ValueKind, &str); 6] = [
    ("string", ValueKind::String, "a string"),
    ("numeric", ValueKind::Numeric, "a number"),
    ("boolean", ValueKind::Boolean, "`true` or `false`"),
    ("ip", ValueKind::Ip, "an IP address or range"),
    ("binary", ValueKind::Binary, "Base64"),
    (
        "date",
        ValueKind::Date,
        "a date such as 2026-01-31T12:00:00Z",
    ),
];

/// Reads the condition keys; one without a name, as in a skeleton, is passed over.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Context {
    let mut context = Context::complete();
    for entry in fields.list("ContextEntries") {
        let problems = fields.problems();
        let Some(mut entry) = Fields::open(entry, "a context entry", problems) else {
            continue;
        };
        let key = entry.text("ContextKeyName").filter(|key| !key.is_empty());
        let values = entry.list("ContextKeyValues");
        let texts = entry.texts("ContextKeyValues").into_iter();
        let key_type = key.and(entry.optional("ContextKeyType"));
        if let Some(key_type) = key_type {
            check(key_type, values, entry.problems());
        }
        entry.finish();
        if let Some(key) = key {
            context.set(key, texts.map(Text::from).collect());
        }
    }
    context
}

/// Checks that values are what their type says.
fn check(key_type: &Node, values: &[Node], problems: &mut Vec<Problem>) {
    let word = key_type.as_str().unwrap_or("");
    let Some((key_type, what)) = KeyType::parse(word) else {
        let message = format!("`{word}` is not a type of a context key");
        problems.push(Problem::at(key_type.span, message).help(help(word)));
        return;
    };
    for value in values {
        let is_fit = value.as_str().is_none_or(|text| key_type.kind.takes(text));
        if !is_fit {
            let message = format!("a value of type `{word}` must be {what}");
            problems.push(Problem::at(value.span, message));
        }
    }
    if let (false, Some(second)) = (key_type.is_list, values.get(1)) {
        let message = format!("a key of type `{word}` has one value");
        let help = format!("use the type `{word}List` for several values");
        problems.push(Problem::at(second.span, message).help(help));
    }
}

/// What to write in place of a word that is not a type.
fn help(word: &str) -> String {
    let lists = KINDS.map(|(word, _, _)| format!("{word}List"));
    let words = || KINDS.iter().map(|(word, _, _)| *word);
    match nearest(word, words().chain(lists.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let words: Vec<&str> = words().collect();
            format!("the types are {}, and each with `List`", words.join(", "))
        }
    }
}

impl KeyType {
    /// The type of a word, with what its values are.
    fn parse(word: &str) -> Option<(Self, &'static str)> {
        let (name, is_list) = match word.strip_suffix("List") {
            Some(name) => (name, true),
            None => (word, false),
        };
        let known = KINDS.into_iter().find(|(known, _, _)| *known == name);
        known.map(|(_, kind, what)| (KeyType { kind, is_list }, what))
    }
}

impl ValueKind {
    /// Whether a text is a value of the type.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
    fn takes(self, text: &str) -> bool {
        match self {
            ValueKind::String => true,
            ValueKind::Numeric => text.parse::<f64>().is_ok_and(f64::is_finite),
            ValueKind::Boolean => ["true", "false"]
                .iter()
                .any(|b| b.eq_ignore_ascii_case(text)),
            ValueKind::Ip => is_ip(text),
            ValueKind::Binary => is_base64(text),
            ValueKind::Date => is_date(text),
        }
    }
}

/// Whether a text is an IP address, with or without the length of a prefix.
fn is_ip(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let longest = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|length| length <= longest))
}

/// Whether a text is Base64.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    text.len() - digits.len() <= 2 && text.len().is_multiple_of(4) && digits.bytes().all(is_digit)
}

/// Whether a text looks like a date of ISO 8601, or like seconds of the epoch.
fn is_date(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if is_number(text) {
        return true;
    }
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00Z"));
    let day: Vec<&str> = day.split('-').collect();
    let is_of = |parts: &[&str], lengths: &[usize]| {
        let fits = |(part, length): (&&str, &usize)| part.len() == *length && is_number(part);
        parts.len() <= lengths.len() && parts.iter().zip(lengths).all(fits)
    };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, "Z"),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let clock: Vec<&str> = clock.split(':').collect();
    let zone = zone.trim_start_matches(['+', '-']).replace(':', "");
    let is_zone =
        zone == "Z" || zone.len() == 4 && is_number(&zone) || zone.len() == 2 && is_number(&zone);
    is_of(&day, &[4, 2, 2]) && is_of(&clock, &[2, 2, 2]) && is_number(fraction) && is_zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_their_type() {
        let table: [(ValueKind, &[&str], &[&str]); 5] = [
            (
                ValueKind::Numeric,
                &["1", "-2.5"],
                &["", "x", "inf", "1,000"],
            ),
            (ValueKind::Boolean, &["true", "False"], &["", "yes", "1"]),
            (
                ValueKind::Ip,
                &["10.0.0.1", "10.0.0.0/8", "2001:db8::/32"],
                &["10.0.0", "10.0.0.0/33", "::/129", ""],
            ),
            (
                ValueKind::Binary,
                &["QmluYXJ5", "Zg==", ""],
                &["Zg=", "a b c d"],
            ),
            (
                ValueKind::Date,
                &[
                    "2019-04-25T11:00:00Z",
                    "2019-04-25",
                    "2019-04-25T11:00:00.5+02:00",
                    "1556190000",
                ],
                &["", "tomorrow", "25/04/2019", "2019-4-25", "2019-04-25T11h"],
            ),
        ];
        for (kind, fit, unfit) in table {
            for text in fit {
                assert!(kind.takes(text), "{kind:?} {text}");
            }
            for text in unfit {
                assert!(!kind.takes(text), "{kind:?} {text}");
            }
        }
    }
}
