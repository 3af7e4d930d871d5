//! Rules as SARIF describes them, within what GitHub shows.

use serde_json::{Map, Value, json};

use super::super::{clean, markdown_text};
use super::message::{at_most, literal, sentence};
use super::result::level;
use crate::diagnostics::{RuleDescription, Severity};

/// Characters of a description that GitHub takes.
const MOST_CHARACTERS: usize = 1024;

/// A rule of a pack.
pub(super) fn descriptor(rule: &RuleDescription) -> Value {
    let (pack, _) = rule.id.split_once('/').unwrap_or((&rule.id, ""));
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("id", json!(&*rule.id));
    put("name", json!(name(&rule.id)));
    put("shortDescription", short(&rule.title));
    put("fullDescription", short(&rule.why));
    let address = rule.references.iter().find_map(|url| web_address(url));
    if let Some(address) = address {
        put("helpUri", json!(address));
    }
    put(
        "help",
        json!({ "text": help(rule), "markdown": markdown_help(rule) }),
    );
    put(
        "defaultConfiguration",
        json!({ "level": level(rule.severity) }),
    );
    let (precision, severity) = ranks(rule.severity);
    put(
        "properties",
        json!({ "tags": [pack], "precision": precision, "problem.severity": severity }),
    );
    Value::Object(members)
}

/// A rule of which nothing but the id is known.
pub(super) fn unknown(id: &str) -> Value {
    let text = json!({ "text": id });
    json!({ "id": id, "shortDescription": text, "fullDescription": text, "help": text })
}

/// How GitHub ranks the findings of a rule. An error is reported only if the documents leave no doubt.
fn ranks(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("very-high", "error"),
        Severity::Warning => ("high", "warning"),
        Severity::Info => ("medium", "recommendation"),
    }
}

fn short(text: &str) -> Value {
    json!({ "text": at_most(&sentence(text), MOST_CHARACTERS) })
}

/// The id as a name, which must differ from it: `VpcEniActionsNotGranted`.
fn name(id: &str) -> String {
    let words = id.split(['/', '-']);
    let words = words.map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    words.collect()
}

fn help(rule: &RuleDescription) -> String {
    let mut lines = vec![sentence(&rule.why)];
    let help = rule.help.iter();
    lines.extend(help.map(|help| format!("What to do: {}", sentence(help))));
    let pages = rule.references.iter();
    lines.extend(pages.map(|url| literal(&clean(url))));
    lines.join("\n")
}

fn markdown_help(rule: &RuleDescription) -> String {
    let mut parts = vec![markdown_text::inline(&rule.why)];
    let help = rule.help.iter();
    parts.extend(help.map(|help| format!("**What to do**: {}", markdown_text::inline(help))));
    let pages = rule.references.iter().filter_map(|url| web_address(url));
    let pages: Vec<String> = pages.map(|url| format!("- <{url}>")).collect();
    if !pages.is_empty() {
        parts.push(format!("**Documentation**\n\n{}", pages.join("\n")));
    }
    parts.join("\n\n")
}

fn web_address(url: &str) -> Option<&str> {
    markdown_text::is_web_address(url).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_words_of_the_id() {
        assert_eq!(
            name("vpc/eni-actions-not-granted"),
            "VpcEniActionsNotGranted"
        );
    }
}
