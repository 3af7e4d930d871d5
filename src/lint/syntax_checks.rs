//! Requirements that look at what is written, whatever it means.

use std::collections::HashMap;

use super::judge::{Known, LintResult, Match};
use super::verdict::note;
use crate::diagnostics::{Confidence, Finding, Label, Note, Subject};
use crate::iam::{Context, PolicyDocument, PrincipalElement, Statement, Truth};
use crate::rules::{Conditions, Forbidden, Rule, Which, Who};
use crate::source::Span;
use crate::syntax::{Node, Text, piece_span};

/// No object in the document has a key twice.
pub(super) fn unique_keys(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    for node in matched.node.walk() {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for member in node.members() {
            let first = seen.insert(&member.key.text, member.key.span);
            if let Some(first) = first {
                let mut found = finding(rule, matched, member.key.span);
                found.message = format!("the key `{}` is there twice", member.key.text);
                found.primary.text = "only one of the two counts".to_owned();
                found.notes = vec![note("the first one".to_owned(), first)];
                result.findings.push(found);
            }
        }
    }
}

/// A condition confines the statement.
pub(super) fn conditioned(
    rule: &Rule,
    asked: &Conditions,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let statement = PolicyDocument::read_statement(matched.node);
    if is_meant(&asked.of, &statement) && confined_by(&statement, asked).is_none() {
        let place = place_in_statement(matched.node);
        result.findings.push(finding(rule, matched, place));
    }
}

/// No condition on the keys confines the statement.
pub(super) fn unconditioned(
    rule: &Rule,
    asked: &Conditions,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let statement = PolicyDocument::read_statement(matched.node);
    if is_meant(&asked.of, &statement)
        && let Some(place) = confined_by(&statement, asked)
    {
        result.findings.push(finding(rule, matched, place));
    }
}

fn is_meant(which: &Which, statement: &Statement) -> bool {
    let principal = statement.principal.as_ref();
    let of_principal = match which.principal {
        None => true,
        // Whoever is not named is everybody else.
        Some(Who::Everybody) => principal.is_some_and(|p| p.negated || p.is_everybody()),
        Some(Who::Service) => principal.is_some_and(PrincipalElement::names_service),
    };
    let context = Context::default();
    let covers = |action: &String| {
        let actions = statement.actions.as_ref();
        actions.is_some_and(|a| a.covers(&Text::from(action.as_str()), &context) != Truth::No)
    };
    of_principal && (which.actions.is_empty() || which.actions.iter().any(covers))
}

/// The place of the first condition on one of the keys that confines the statement.
fn confined_by(statement: &Statement, asked: &Conditions) -> Option<Span> {
    let is = |key: &str, wanted: &String| match wanted.strip_suffix('*') {
        Some(prefix) => key.starts_with(prefix),
        None => key == wanted,
    };
    let meant = |key: &str| asked.keys.is_empty() || asked.keys.iter().any(|w| is(key, w));
    let mut conditions = statement.conditions.iter();
    let found = conditions.find(|c| meant(c.folded_key()) && c.confines())?;
    Some(found.span)
}

/// The document has the form that IAM asks for.
pub(super) fn well_formed(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    for defect in PolicyDocument::read(matched.node).defects {
        let mut found = finding(rule, matched, defect.span);
        found.message = format!("AWS refuses this document: {}", defect.message);
        result.findings.push(found);
    }
}

/// Nothing may be selected.
pub(super) fn absent(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    result
        .findings
        .push(finding(rule, matched, place_in_statement(matched.node)));
}

/// A pattern does not occur in the text, or in the texts of a statement's member.
pub(super) fn not_matching(
    known: Known<'_>,
    rule: &Rule,
    forbidden: &Forbidden,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(member) = &forbidden.member else {
        result
            .findings
            .extend(forbidden_text(known, rule, forbidden, matched));
        return;
    };
    let statement = PolicyDocument::read_statement(matched.node);
    if !is_meant(&forbidden.of, &statement) {
        return;
    }
    for node in matched.node.get(member).map_or(&[][..], Node::each) {
        let matched = Match { node, ..matched };
        result
            .findings
            .extend(forbidden_text(known, rule, forbidden, matched));
    }
}

fn forbidden_text(
    known: Known<'_>,
    rule: &Rule,
    forbidden: &Forbidden,
    matched: Match<'_, '_>,
) -> Option<Finding> {
    let text = matched.node.as_str()?;
    let range = forbidden.pattern.find(text)?;
    if forbidden
        .unless
        .as_ref()
        .is_some_and(|unless| unless.matches(text))
    {
        return None;
    }
    let span = match range.is_empty() {
        true => matched.node.span,
        false => piece_span(known.sources, matched.node, range),
    };
    Some(finding(rule, matched, span))
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

pub(super) fn finding(rule: &Rule, matched: Match<'_, '_>, span: Span) -> Finding {
    let text = matched.node.as_str().unwrap_or("");
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
            function: matched.function(),
            ..Subject::default()
        },
        fix: None,
        pointer: String::new(),
    }
}
