//! What stays the same of a finding when its file is edited elsewhere.

use sha2::{Digest, Sha256};

use crate::diagnostics::Finding;
use crate::source::{SourceMap, Span};
use crate::syntax::{Node, value_at};

/// How much of the underlined text counts, in characters.
const MOST_TEXT: usize = 200;

/// The fingerprint of a finding in a document: whom and what it is about, not where. `rule` is the first ID that
/// the rule had, so that a new one changes no baseline.
pub(super) fn fingerprint(
    sources: &SourceMap,
    root: Option<&Node>,
    finding: &Finding,
    rule: &str,
) -> String {
    let subject = &finding.subject;
    let mut actions = subject.actions.clone();
    actions.sort_unstable();
    let place = sources.resolve(finding.primary.span);
    let text = match root.map(|root| value_at(root, place)) {
        Some(node) => text(sources, node, place),
        None => words(sources.slice(place)),
    };
    let parts = [
        rule.to_owned(),
        subject.function.clone().unwrap_or_default(),
        subject
            .policy
            .map_or("", |policy| policy.as_str())
            .to_owned(),
        actions.join(" "),
        subject.resource.clone().unwrap_or_default(),
        subject.principal.clone().unwrap_or_default(),
        without_indices(&finding.pointer),
        text.chars().take(MOST_TEXT).collect(),
        names(&finding.message),
    ];
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let digits = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// What is written at a place, whatever its layout is. Lists and objects are told apart by what the finding says
/// of them: what else is in them may change.
fn text(sources: &SourceMap, node: &Node, place: Span) -> String {
    match node.scalar() {
        _ if !node.span.contains(place) => String::new(),
        Some(text) if node.span == place => words(&text),
        _ if node.is_object() || node.is_array() => String::new(),
        _ => words(sources.slice(place)),
    }
}

/// A text without quotes, brackets and the blanks between its words.
fn words(text: &str) -> String {
    let is_layout = |c: char| c.is_whitespace() || "\"'[]{},".contains(c);
    let words = text.split(is_layout).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A pointer in which all items of a list are one: statements may change their order.
fn without_indices(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_ascii_digit());
    let steps = pointer.split('/');
    let steps = steps.map(|step| if is_index(step) { "*" } else { step });
    steps.collect::<Vec<_>>().join("/")
}

/// The names in a message, which tell apart what has the same wording; the words may change.
fn names(message: &str) -> String {
    let names = message.split('`').skip(1).step_by(2);
    names.collect::<Vec<_>>().join(" ")
}
