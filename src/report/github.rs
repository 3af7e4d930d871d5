//! Workflow commands of GitHub Actions, which become annotations of the lines that they name.

use std::fmt::Write;

use super::{Report, clean, details::located, folders::Whereabouts, plain, summary};
use crate::diagnostics::{Finding, Place, Problem, Severity, Undecided};
use crate::source::{Location, Span};

/// The report as workflow commands. The lines of the summary name nothing that was read: GitHub looks for
/// commands in them, too.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for problem in report.problems {
        text.push_str(&of_problem(report, problem));
    }
    for finding in report.findings {
        text.push_str(&of_finding(report, finding));
    }
    let undecided = report.undecided.iter().filter(|_| report.show_undecided);
    for undecided in undecided {
        text.push_str(&of_undecided(report, undecided));
    }
    for line in summary::counted(&report.tally())
        .iter()
        .filter(|_| !report.is_quiet)
    {
        let _infallible = writeln!(text, "{line}");
    }
    text
}

fn of_finding(report: &Report<'_>, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut lines = vec![clean(&finding.message).into_owned()];
    lines.extend(plain::details(report.sources, finding));
    let place = in_text(report, finding.primary.span);
    command(level, place, &finding.rule, &lines)
}

fn of_problem(report: &Report<'_>, problem: &Problem) -> String {
    let place = match &problem.place {
        Place::Text(label) => in_text(report, label.span),
        Place::Path(path) => file(report, path),
    };
    let mut lines = vec![clean(&problem.message).into_owned()];
    let help = problem.help.iter();
    lines.extend(help.map(|help| format!("help: {}", clean(help))));
    command("error", place, "problem with the input", &lines)
}

fn of_undecided(report: &Report<'_>, undecided: &Undecided) -> String {
    let title = format!("undecided: {}", undecided.rule);
    let mut lines = vec![clean(&undecided.reason).into_owned()];
    let fetch = undecided.fetch.iter();
    lines.extend(fetch.map(|command| format!("fetch: {}", clean(command))));
    command("notice", in_text(report, undecided.span), &title, &lines)
}

/// The properties of a file.
fn file(report: &Report<'_>, name: &str) -> Vec<(&'static str, String)> {
    match report.folders.whereabouts(name) {
        Whereabouts::Nowhere(_) => Vec::new(),
        Whereabouts::Repository(path) | Whereabouts::Elsewhere(path) => {
            vec![("file", clean(&path).into_owned())]
        }
    }
}

/// The properties of a place in a text. GitHub takes columns only for places on one line.
fn in_text(report: &Report<'_>, span: Span) -> Vec<(&'static str, String)> {
    let at: Location = located(report.sources, span);
    let mut properties = file(report, &at.path);
    if properties.is_empty() {
        return properties;
    }
    properties.push(("line", at.line.to_string()));
    properties.push(("endLine", at.end_line.to_string()));
    if at.line == at.end_line {
        properties.push(("col", at.column.to_string()));
        properties.push(("endColumn", at.end_column.to_string()));
    }
    properties
}

/// A command with its properties and its message, on one line.
fn command(
    level: &str,
    mut properties: Vec<(&'static str, String)>,
    title: &str,
    lines: &[String],
) -> String {
    properties.push(("title", clean(title).into_owned()));
    let properties = properties.iter();
    let properties = properties.map(|(name, value)| format!("{name}={}", property(value)));
    let properties = properties.collect::<Vec<_>>().join(",");
    format!("::{level} {properties}::{}\n", message(&lines.join("\n")))
}

/// A message as commands have it.
fn message(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D");
    text.replace('\n', "%0A")
}

/// The value of a property as commands have it.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_neither_its_property_nor_its_command() {
        assert_eq!(property("a,b::c%0A\r\n"), "a%2Cb%3A%3Ac%250A%0D%0A");
        assert_eq!(message("100%: a,\nb"), "100%25: a,%0Ab");
    }
}
