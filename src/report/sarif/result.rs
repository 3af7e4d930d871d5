//! Findings as results.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::{Report, clean, details, details::located, plain};
use super::{message, place};
use crate::diagnostics::{Finding, Patch, Severity, Suppressed, Suppressor};
use crate::source::Span;

/// What the baseline has to do with a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Baseline {
    /// Whether there is one.
    pub(super) is_used: bool,
}

/// The level of a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A finding as a result.
pub(super) fn result(
    report: &Report<'_>,
    finding: &Finding,
    suppressed: Option<&Suppressed>,
    baseline: Baseline,
    rules: &BTreeMap<&str, usize>,
) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("ruleId", json!(&*finding.rule));
    if let Some(number) = rules.get(&*finding.rule) {
        put("ruleIndex", json!(number));
    }
    put("level", json!(level(finding.severity)));
    put("message", json!({ "text": text(report, finding) }));
    put("locations", json!([location(report, finding)]));
    let related = related(report, finding);
    if !related.is_empty() {
        put("relatedLocations", Value::Array(related));
    }
    put(
        "partialFingerprints",
        json!({ "lintLambdaFinding/v1": finding.fingerprint }),
    );
    if let Some(fix) = finding.patch.as_ref().and_then(|p| fix(report, finding, p)) {
        put("fixes", json!([fix]));
    }
    if let Some(suppressed) = suppressed {
        put("suppressions", json!([suppression(report, suppressed)]));
    }
    if baseline.is_used {
        let is_old = suppressed.is_some_and(|one| one.by == Suppressor::Baseline);
        let state = if is_old { "unchanged" } else { "new" };
        put("baselineState", json!(state));
    }
    put(
        "properties",
        json!({ "confidence": finding.confidence.as_str() }),
    );
    Value::Object(members)
}

/// The message, and under it what explains it and what to write. Notes about places are links to them.
fn text(report: &Report<'_>, finding: &Finding) -> String {
    let mut lines = vec![message::sentence(&finding.message)];
    let mut links = 0;
    for said in details::said(finding) {
        let text = clean(said.text);
        let text = match said.span {
            Some(_) => {
                links += 1;
                format!("[{}]({links})", message::in_link(&text))
            }
            None => message::literal(&text),
        };
        lines.push(format!("{}: {text}", said.word));
    }
    let code = plain::code(report.sources, finding);
    lines.extend(code.iter().map(|line| message::literal(line)));
    lines.join("\n")
}

/// The primary place, with the function that it is about.
fn location(report: &Report<'_>, finding: &Finding) -> Value {
    let mut location = place::location(report, finding.primary.span);
    if let (Some(function), Value::Object(members)) = (&finding.subject.function, &mut location) {
        let function = json!([{ "name": clean(function), "kind": "function" }]);
        members.insert("logicalLocations".to_owned(), function);
    }
    location
}

/// The places of the notes, numbered from 1 on as the links in the text are.
fn related(report: &Report<'_>, finding: &Finding) -> Vec<Value> {
    let spans = details::said(finding).filter_map(|said| Some((said.text, said.span?)));
    let related = spans.enumerate().map(|(number, (text, span))| {
        let mut location = place::location(report, span);
        if let Value::Object(members) = &mut location {
            members.insert("id".to_owned(), json!(number + 1));
            let text = json!({ "text": message::literal(&clean(text)) });
            members.insert("message".to_owned(), text);
        }
        location
    });
    related.collect()
}

/// The edits of a fix, by file.
fn fix(report: &Report<'_>, finding: &Finding, patch: &Patch) -> Option<Value> {
    let mut by_file: BTreeMap<_, (Span, Vec<Value>)> = BTreeMap::new();
    for edit in &patch.edits {
        let span = report.sources.resolve(edit.span);
        let (_, replacements) = by_file.entry(span.file).or_insert((span, Vec::new()));
        replacements.push(json!({
            "deletedRegion": place::region(report, span),
            "insertedContent": { "text": edit.text },
        }));
    }
    let changes = by_file.into_values().map(|(span, replacements)| {
        let at = located(report.sources, span);
        json!({
            "artifactLocation": place::artifact(report, &at.path),
            "replacements": replacements,
        })
    });
    let changes: Vec<Value> = changes.collect();
    let help = finding.help.as_deref().unwrap_or("apply the fix");
    let help = message::sentence(help.trim_end_matches(':'));
    (!changes.is_empty())
        .then(|| json!({ "description": { "text": help }, "artifactChanges": changes }))
}

fn suppression(report: &Report<'_>, suppressed: &Suppressed) -> Value {
    let kind = match suppressed.by {
        Suppressor::Comment | Suppressor::Metadata => "inSource",
        Suppressor::Configuration | Suppressor::Baseline => "external",
    };
    let mut members = Map::new();
    members.insert("kind".to_owned(), json!(kind));
    members.insert("status".to_owned(), json!("accepted"));
    if let Some(reason) = &suppressed.reason {
        members.insert("justification".to_owned(), json!(clean(reason)));
    }
    if let Some(span) = suppressed.span {
        members.insert("location".to_owned(), place::location(report, span));
    }
    Value::Object(members)
}
