//! The report that GitLab shows in merge requests: Code Quality.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Report;
use super::clean::{clean, in_json};
use super::details::located;
use crate::diagnostics::{Finding, Place, Problem, Severity};

/// The report as an array of Code Quality findings. GitLab shows findings with one fingerprint once, so that
/// each has its own.
#[must_use]
pub fn gitlab(report: &Report<'_>) -> String {
    let mut seen = BTreeMap::new();
    let problems = report.problems.iter().map(|p| of_problem(report, p));
    let findings = report.findings.iter().map(|f| of_finding(report, f));
    let mut entries: Vec<Value> = problems.chain(findings).collect();
    for entry in &mut entries {
        if let Some(Value::String(fingerprint)) = entry.get_mut("fingerprint") {
            let before: &mut usize = seen.entry(fingerprint.clone()).or_default();
            *before += 1;
            if *before > 1 {
                fingerprint.push_str(&format!("-{before}"));
            }
        }
    }
    in_json(&format!("{:#}\n", Value::Array(entries))).into_owned()
}

fn of_finding(report: &Report<'_>, finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    };
    let at = located(report.sources, finding.primary.span);
    json!({
        "description": clean(&finding.message),
        "check_name": &*finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": severity,
        "location": {
            "path": path(report, &at.path),
            "lines": { "begin": at.line, "end": at.end_line },
        },
    })
}

/// A file that could not be checked blocks, since its findings are not known.
fn of_problem(report: &Report<'_>, problem: &Problem) -> Value {
    let (name, line) = match &problem.place {
        Place::Text(label) => {
            let at = located(report.sources, label.span);
            (at.path.to_string(), at.line)
        }
        Place::Path(path) => (path.clone(), 1),
    };
    let path = path(report, &name);
    let message = clean(&problem.message);
    json!({
        "description": message,
        "check_name": "problem",
        "fingerprint": format!("problem: {path}: {message}"),
        "severity": "blocker",
        "location": { "path": path, "lines": { "begin": line } },
    })
}

fn path(report: &Report<'_>, name: &str) -> String {
    clean(&report.folders.path(name)).into_owned()
}
