//! Requirements about a policy document as a whole.

use std::collections::HashMap;

use super::judge::{Known, LintResult, Match};
use super::syntax_checks::finding;
use super::verdict::note;
use crate::iam::{PolicyDocument, Version};
use crate::rules::Rule;
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// No two statements have one id.
pub(super) fn unique_sids(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for statement in matched.node.get("Statement").map_or(&[][..], Node::each) {
        let Some(sid) = statement.get("Sid") else {
            continue;
        };
        let Some(id) = sid.as_str().filter(|id| !id.is_empty()) else {
            continue;
        };
        if let Some(first) = seen.insert(id, sid.span) {
            let mut found = finding(rule, matched, sid.span);
            found.message = format!("AWS refuses this document: two statements have the id `{id}`");
            found.primary.text = "this id is taken".to_owned();
            found.notes = vec![note("the first one".to_owned(), first)];
            found.help = Some("give each statement an id of its own, or none".to_owned());
            result.findings.push(found);
        }
    }
}

/// The version of the document takes policy variables for such.
pub(super) fn variables_work(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    if PolicyDocument::read(matched.node).version == Version::V2012 {
        return;
    }
    let statements = matched.node.get("Statement").map_or(&[][..], Node::each);
    let places = statements.iter().flat_map(|statement| {
        ["Resource", "NotResource", "Condition"]
            .into_iter()
            .filter_map(|name| statement.get(name))
    });
    let Some((variable, place)) = places.flat_map(variables_in).next() else {
        return;
    };
    let mut found = finding(rule, matched, place);
    found.message =
        format!("`{variable}` is plain text here: the document is of version 2008-10-17");
    found.primary.text = "this is not replaced".to_owned();
    match matched.node.member("Version") {
        Some(version) => {
            found.notes = vec![note(
                "this version has no variables".to_owned(),
                version.value.span,
            )];
            found.help = Some("write \"Version\": \"2012-10-17\"".to_owned());
        }
        None => {
            found.help = Some("add \"Version\": \"2012-10-17\" to the document".to_owned());
        }
    }
    result.findings.push(found);
}

/// The variables in the texts under a node, such as `${aws:username}`, with the texts' places.
fn variables_in(node: &Node) -> Vec<(&str, Span)> {
    let found = node.walk().filter_map(|node| {
        let variable = variable_in(node.as_str()?)?;
        Some((variable, node.span))
    });
    found.collect()
}

/// A variable of IAM has a colon in its name; `${*}`, `${?}` and `${$}` are ways to write these.
fn variable_in(text: &str) -> Option<&str> {
    let start = text.find("${")?;
    let rest = text.get(start..)?;
    let end = rest.find('}')?;
    rest.get(..=end)
        .filter(|variable| variable.contains(':') && !variable.starts_with("${AWS::"))
}

/// The document has no more characters than that, white space not counted.
pub(super) fn no_longer_than(
    known: Known<'_>,
    rule: &Rule,
    most: usize,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let size = size(known, matched.node);
    if size > most {
        let mut found = finding(rule, matched, matched.node.span.at_start());
        let fill = |text: &str| {
            text.replace("{size}", &size.to_string())
                .replace("{most}", &most.to_string())
        };
        found.message = fill(&found.message);
        found.primary.text = fill(&found.primary.text);
        found.help = found.help.as_deref().map(fill);
        result.findings.push(found);
    }
}

/// How many characters a document has as JSON without white space.
fn size(known: Known<'_>, node: &Node) -> usize {
    let quoted = |span: Span, text: &str| {
        let written = known.sources.slice(span);
        // A literal counts as it is written, with its escapes.
        match written.starts_with('"') {
            true => written.chars().count(),
            false => text.chars().count() + 2,
        }
    };
    let commas = |count: usize| count.saturating_sub(1);
    match &node.kind {
        Kind::Null => 4,
        Kind::Bool(value) => value.to_string().len(),
        Kind::Number(number) => number.len(),
        Kind::Text(text) => quoted(node.span, &text.to_string()),
        Kind::Array(items) => {
            2 + commas(items.len()) + items.iter().map(|item| size(known, item)).sum::<usize>()
        }
        Kind::Object(members) => {
            let member = |m: &crate::syntax::Member| {
                quoted(m.key.span, &m.key.text) + 1 + size(known, &m.value)
            };
            2 + commas(members.len()) + members.iter().map(member).sum::<usize>()
        }
    }
}
