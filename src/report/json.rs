//! The report as one JSON object, whose shape `schemas/report.schema.json` fixes.

use serde_json::{Value, json};

use super::details::located;
use super::statement::{self, Form};
use super::{Report, Tally};
use crate::diagnostics::{Finding, Fix, Fixed, Patch, Place, Problem, Suppressed, Undecided};
use crate::source::{SourceMap, Span};

/// The report as JSON, with a line break at its end.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let sources = report.sources;
    let value = json!({
        "version": 1,
        "findings": report.findings.iter().map(|f| finding(sources, f)).collect::<Vec<_>>(),
        "problems": report.problems.iter().map(|p| problem(sources, p)).collect::<Vec<_>>(),
        "undecided": report.undecided.iter().map(|u| undecided(sources, u)).collect::<Vec<_>>(),
        "suppressed": report.suppressed.iter().map(|s| suppressed(sources, s)).collect::<Vec<_>>(),
        "fixed": report.fixed.iter().map(fixed).collect::<Vec<_>>(),
        "summary": summary(&report.tally()),
    });
    // Values made of texts and numbers always print.
    super::clean::in_json(&format!("{value:#}\n")).into_owned()
}

/// How much there is of everything.
pub(super) fn summary(tally: &Tally) -> Value {
    let mut value = json!({
        "files": tally.files,
        "functions": tally.functions,
        "errors": tally.errors,
        "warnings": tally.warnings,
        "infos": tally.infos,
        "problems": tally.problems,
        "undecided": tally.undecided,
        "suppressed": tally.suppressed,
        "fixed": tally.fixed,
    });
    if let (Some(records), Value::Object(members)) = (tally.records, &mut value) {
        members.insert("records".to_owned(), json!(records));
    }
    value
}

/// JSON text with its members on lines of their own; other text as it is, but for what is unfit
/// for a terminal.
#[must_use]
pub fn indented(text: &str) -> String {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    clean_lines(pretty.as_deref().unwrap_or(text))
}

fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| super::clean(line).into()).collect();
    lines.join("\n")
}

/// A finding with everything that is known of it.
pub(super) fn finding(sources: &SourceMap, finding: &Finding) -> Value {
    let subject = &finding.subject;
    let related = finding.notes.iter().filter_map(|note| {
        let span = note.span?;
        Some(json!({ "message": note.text, "location": location(sources, span, None) }))
    });
    json!({
        "rule": &*finding.rule,
        "severity": finding.severity.as_str(),
        "confidence": finding.confidence.as_str(),
        "message": finding.message,
        "help": finding.help.as_ref().map(|help| help.trim_end_matches(':')),
        "url": finding.url,
        "function": subject.function,
        "functions": subject.function.iter().chain(&subject.others).collect::<Vec<_>>(),
        "policy": subject.policy.map(|policy| policy.as_str()),
        "actions": subject.actions,
        "resource": subject.resource,
        "principal": subject.principal,
        "location": location(sources, finding.primary.span, Some(&finding.pointer)),
        "related": related.collect::<Vec<_>>(),
        "fix": finding.fix.as_ref().map(|change| fix(sources, change, finding.patch.as_ref())),
        "fingerprint": finding.fingerprint,
    })
}

/// A finding that does not count, and why.
pub(super) fn suppressed(sources: &SourceMap, suppressed: &Suppressed) -> Value {
    json!({
        "by": suppressed.by.as_str(),
        "reason": suppressed.reason,
        "location": suppressed.span.map(|span| location(sources, span, None)),
        "finding": finding(sources, &suppressed.finding),
    })
}

/// What the baseline holds and is no longer found.
pub(super) fn fixed(fixed: &Fixed) -> Value {
    json!({ "folder": fixed.folder, "rule": fixed.rule, "message": fixed.message })
}

fn fix(sources: &SourceMap, fix: &Fix, patch: Option<&Patch>) -> Value {
    let patch = patch.filter(|patch| !patch.edits.is_empty());
    let edits = patch.map(|patch| {
        let edits = patch.edits.iter().map(|edit| {
            let location = location(sources, edit.span, None);
            json!({ "location": location, "text": edit.text })
        });
        edits.collect::<Vec<_>>()
    });
    match fix {
        Fix::Allow(allow) => {
            let form = Form::of(allow);
            let permission = allow.permission.as_ref();
            let qualifier = permission.and_then(|permission| permission.qualifier.as_ref());
            let statements = allow.statements.iter();
            json!({
                "policy": allow.policy.as_str(),
                "owner": allow.owner,
                "qualifier": qualifier.map(|qualifier| form.text(qualifier)),
                "statements": statements.map(|new| statement::value(new, form)).collect::<Vec<_>>(),
                "placeholders": statement::placeholders(allow),
                "replaces": allow.narrows.map(|new| location(sources, new.statement, None)),
                "edits": edits,
            })
        }
        Fix::Replace { span, text } => json!({
            "replace": { "location": location(sources, *span, None), "text": text },
            "edits": edits,
        }),
    }
}

/// A problem with the input.
pub(super) fn problem(sources: &SourceMap, problem: &Problem) -> Value {
    let location = match &problem.place {
        Place::Text(label) => location(sources, label.span, None),
        Place::Path(path) => json!({ "path": path }),
    };
    json!({ "message": problem.message, "help": problem.help, "location": location })
}

/// A check that could not be made.
pub(super) fn undecided(sources: &SourceMap, undecided: &Undecided) -> Value {
    json!({
        "rule": &*undecided.rule,
        "function": undecided.function,
        "reason": undecided.reason,
        "fetch": undecided.fetch,
        "also": undecided.also.iter().map(|rule| &**rule).collect::<Vec<_>>(),
        "alsoFor": undecided.also_for,
        "location": location(sources, undecided.span, Some(&undecided.pointer)),
    })
}

/// A place; with its JSON pointer if there is one.
pub(super) fn location(sources: &SourceMap, span: Span, pointer: Option<&str>) -> Value {
    let at = located(sources, span);
    let mut value = json!({
        "path": &*at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
    });
    if let (Some(pointer), Value::Object(members)) = (pointer, &mut value) {
        members.insert("pointer".to_owned(), json!(pointer));
    }
    value
}
