//! The report as JSON with one object a line, for programs that read while we write.

use serde_json::{Value, json};

use super::{Report, clean::in_json, json};

/// The report as lines of JSON: findings, problems, undecided checks, what was suppressed and fixed, and the
/// summary as the last one.
#[must_use]
pub fn json_lines(report: &Report<'_>) -> String {
    let sources = report.sources;
    let mut text = String::new();
    let mut line = |kind: &str, value: Value| {
        let mut members = serde_json::Map::new();
        members.insert("type".to_owned(), json!(kind));
        if let Value::Object(own) = value {
            members.extend(own);
        }
        let value = Value::Object(members).to_string();
        text.push_str(&in_json(&value));
        text.push('\n');
    };
    for finding in report.findings {
        line("finding", json::finding(sources, finding));
    }
    for problem in report.problems {
        line("problem", json::problem(sources, problem));
    }
    for undecided in report.undecided {
        line("undecided", json::undecided(sources, undecided));
    }
    for suppressed in report.suppressed {
        line("suppressed", json::suppressed(sources, suppressed));
    }
    for fixed in report.fixed {
        line("fixed", json::fixed(fixed));
    }
    line("summary", json::summary(report));
    text
}
