//! The report as JSON with one object a line, for programs that read while we write.

use serde_json::{Value, json};

use super::{Report, Tally, clean::in_json, json};

/// The report as lines of JSON: findings, problems, undecided checks, what was suppressed and fixed, and the
/// summary as the last one.
#[must_use]
pub fn json_lines(report: &Report<'_>) -> String {
    let mut text = lines(report);
    text.push_str(&summary_line(&report.tally()));
    text
}

/// All lines but the summary.
pub(super) fn lines(report: &Report<'_>) -> String {
    let sources = report.sources;
    let mut text = String::new();
    for finding in report.findings {
        text.push_str(&line("finding", json::finding(sources, finding)));
    }
    for problem in report.problems {
        text.push_str(&line("problem", json::problem(sources, problem)));
    }
    for undecided in report.undecided {
        text.push_str(&line("undecided", json::undecided(sources, undecided)));
    }
    for suppressed in report.suppressed {
        text.push_str(&line("suppressed", json::suppressed(sources, suppressed)));
    }
    for fixed in report.fixed {
        text.push_str(&line("fixed", json::fixed(fixed)));
    }
    text
}

/// The line with the summary.
pub(super) fn summary_line(tally: &Tally) -> String {
    line("summary", json::summary(tally))
}

fn line(kind: &str, value: Value) -> String {
    let mut members = serde_json::Map::new();
    members.insert("type".to_owned(), json!(kind));
    if let Value::Object(own) = value {
        members.extend(own);
    }
    let value = Value::Object(members).to_string();
    format!("{}\n", in_json(&value))
}
