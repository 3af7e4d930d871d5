//! Condition keys with their values and the type of those.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html>

use crate::diagnostics::Problem;
use crate::iam::{Context, Kind};
use crate::syntax::{Fields, Node, Text, nearest};

/// What the values of a key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyType {
    kind: Kind,
    is_list: bool,
}

const KINDS: [(&str, Kind, &str); 6] = [
    ("string", Kind::Text, "a string"),
    ("numeric", Kind::Number, "a number"),
    ("boolean", Kind::Bool, "`true` or `false`"),
    ("ip", Kind::Ip, "an IP address or range"),
    ("binary", Kind::Binary, "Base64"),
    ("date", Kind::Date, "a date such as 2026-01-31T12:00:00Z"),
];

/// Reads the condition keys; one without a name, as in a skeleton, is passed over.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Context {
    let mut context = Context::complete();
    for entry in fields.list("ContextEntries") {
        let place = entry.span;
        let problems = fields.problems();
        let Some(mut entry) = Fields::open(entry, "a context entry", problems) else {
            continue;
        };
        let key = entry.text("ContextKeyName").filter(|key| !key.is_empty());
        let values = entry.list("ContextKeyValues");
        let texts = entry.texts("ContextKeyValues").into_iter();
        let key_type = key.and(entry.optional("ContextKeyType"));
        let key_type = key_type.and_then(|node| checked(node, values, entry.problems()));
        entry.finish();
        if let Some(key) = key {
            if context.tells_of(key) {
                let message = format!("duplicate context key `{key}`");
                fields.problems().push(Problem::at(place, message));
            }
            if key_type.is_some_and(|key_type| key_type.is_list) {
                context.set_multivalued(key);
            }
            context.set(key, texts.map(Text::from).collect());
        }
    }
    context
}

/// The type of a key, and whether the values are what it says.
fn checked(key_type: &Node, values: &[Node], problems: &mut Vec<Problem>) -> Option<KeyType> {
    let word = key_type.as_str().unwrap_or("");
    let Some((key_type, what)) = KeyType::parse(word) else {
        let message = format!("`{word}` is not a valid context key type");
        problems.push(Problem::at(key_type.span, message).help(help(word)));
        return None;
    };
    for value in values {
        let is_fit = value.as_str().is_none_or(|text| key_type.kind.takes(text));
        if !is_fit {
            let message = format!("a value of type `{word}` must be {what}");
            problems.push(Problem::at(value.span, message));
        }
    }
    if let (false, Some(second)) = (key_type.is_list, values.get(1)) {
        let message = format!("a key of type `{word}` accepts only one value");
        let help = format!("use the type `{word}List` for several values");
        problems.push(Problem::at(second.span, message).help(help));
    }
    Some(key_type)
}

/// What to write in place of a word that is not a type.
fn help(word: &str) -> String {
    let lists = KINDS.map(|(word, _, _)| format!("{word}List"));
    let words = || KINDS.iter().map(|(word, _, _)| *word);
    match nearest(word, words().chain(lists.iter().map(String::as_str))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let words: Vec<&str> = words().collect();
            format!(
                "expected one of: {}, or one of them with `List`",
                words.join(", ")
            )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_of_their_type() {
        let table: [(Kind, &[&str], &[&str]); 5] = [
            (Kind::Number, &["1", "-2.5"], &["", "x", "inf", "1,000"]),
            (Kind::Bool, &["true", "False"], &["", "yes", "1"]),
            (
                Kind::Ip,
                &["10.0.0.1", "10.0.0.0/8", "2001:db8::/32"],
                &["10.0.0", "10.0.0.0/33", "::/129", ""],
            ),
            (Kind::Binary, &["QmluYXJ5", "Zg==", ""], &["Zg=", "a b c d"]),
            (
                Kind::Date,
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
