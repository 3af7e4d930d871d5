//! Requirements that look at what is written, whatever it means.

use std::collections::HashMap;

use super::judge::{Hit, Judged, Known};
use super::verdict::note;
use crate::document::{Node, TextPattern, piece_span};
use crate::finding::{Confidence, Finding, Label, Note, Subject};
use crate::pack::Rule;
use crate::source::Span;

/// No object in the document has a key twice.
pub(super) fn unique_keys(rule: &Rule, hit: Hit<'_, '_>, judged: &mut Judged) {
    let mut open = vec![hit.node];
    while let Some(node) = open.pop() {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for member in node.members() {
            let first = seen.insert(&member.key.text, member.key.span);
            if let Some(first) = first {
                let mut found = finding(rule, hit, member.key.span);
                found.message = format!("the key `{}` is there twice", member.key.text);
                found.primary.text = "only one of the two counts".to_owned();
                found.notes = vec![note("the first one".to_owned(), first)];
                judged.findings.push(found);
            }
            open.push(&member.value);
        }
        open.extend(node.items());
    }
}

/// One of the condition keys confines the statement.
pub(super) fn conditioned(rule: &Rule, keys: &[String], hit: Hit<'_, '_>, judged: &mut Judged) {
    if condition_on(hit.node, keys).is_none() {
        let place = place_in_statement(hit.node);
        judged.findings.push(finding(rule, hit, place));
    }
}

/// The statement asks for none of the condition keys.
pub(super) fn unconditioned(rule: &Rule, keys: &[String], hit: Hit<'_, '_>, judged: &mut Judged) {
    if let Some(place) = condition_on(hit.node, keys) {
        judged.findings.push(finding(rule, hit, place));
    }
}

/// The place of the first of these condition keys, which are in lower case.
fn condition_on(statement: &Node, keys: &[String]) -> Option<Span> {
    let operators = statement.get("Condition").map_or(&[][..], Node::members);
    let mut written = operators
        .iter()
        .flat_map(|operator| operator.value.members());
    let found = written.find(|member| keys.contains(&member.key.text.to_lowercase()))?;
    Some(found.key.span)
}

/// Nothing may be selected.
pub(super) fn absent(rule: &Rule, hit: Hit<'_, '_>, judged: &mut Judged) {
    judged
        .findings
        .push(finding(rule, hit, place_in_statement(hit.node)));
}

/// A pattern does not occur in the text.
pub(super) fn not_matching(
    known: Known<'_>,
    rule: &Rule,
    pattern: &TextPattern,
    unless: Option<&TextPattern>,
    hit: Hit<'_, '_>,
    judged: &mut Judged,
) {
    let Some(text) = hit.node.as_str() else {
        return;
    };
    let Some(range) = pattern.find(text) else {
        return;
    };
    if unless.is_some_and(|unless| unless.matches(text)) {
        return;
    }
    let span = match range.is_empty() {
        true => hit.node.span,
        false => piece_span(known.sources, hit.node, range),
    };
    judged.findings.push(finding(rule, hit, span));
}

/// Whom a statement speaks to is the part of it that says the most.
fn place_in_statement(node: &Node) -> Span {
    let member = ["Principal", "NotPrincipal"]
        .iter()
        .find_map(|name| node.member(name));
    member.map_or(node.span, |member| Span {
        start: member.key.span.start,
        ..member.value.span
    })
}

fn finding(rule: &Rule, hit: Hit<'_, '_>, span: Span) -> Finding {
    let text = hit.node.as_str().unwrap_or("");
    let shown = match text {
        "" => "an empty text".to_owned(),
        text => format!("`{text}`"),
    };
    let filled = |words: &Option<String>| words.as_ref().map(|w| w.replace("{text}", &shown));
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        confidence: Confidence::Certain,
        message: filled(&rule.words.message).unwrap_or_else(|| rule.title.clone()),
        primary: Label {
            span,
            text: filled(&rule.words.label).unwrap_or_default(),
        },
        notes: Vec::<Note>::new(),
        help: filled(&rule.words.help),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: hit.function(),
            ..Subject::default()
        },
        fix: None,
        pointer: String::new(),
    }
}
