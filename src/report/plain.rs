//! One line for each thing, for logs, screen readers and editors that jump to places.

use std::fmt::Write;

use super::{Report, clean, details, summary};
use crate::diagnostics::{Finding, Place, Problem, Suppressed, Suppressor, Undecided};
use crate::source::{SourceMap, Span};

/// The report as plain lines.
#[must_use]
pub fn plain(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.findings {
        text.extend(of_finding(report.sources, finding));
    }
    for problem in report.problems {
        text.extend(of_problem(report.sources, problem));
    }
    let suppressed = report.suppressed.iter().filter(|_| report.show_suppressed);
    for one in suppressed {
        text.extend(of_suppressed(report.sources, one));
    }
    if report.show_undecided {
        for undecided in report.undecided {
            text.extend(of_undecided(report.sources, undecided));
        }
    }
    for line in summary::lines(report).iter().filter(|_| !report.is_quiet) {
        let _infallible = writeln!(text, "{}", clean(line));
    }
    text
}

/// A place as `path:line:column`, or as `archive: entry`.
pub(super) fn place(sources: &SourceMap, span: Span) -> String {
    if let Some((archive, entry)) = sources.listed(span) {
        return format!("{}: {}", clean(archive), clean(entry));
    }
    let at = sources.locate(span);
    format!("{}:{}:{}", path(&at.path), at.line, at.column)
}

/// A file name that a line can begin with. After a blank the line would belong to the one before it, and after
/// `::` it would be a command of GitHub Actions.
fn path(name: &str) -> String {
    let name = clean(name);
    match name.starts_with([' ', ':']) {
        true => format!("./{name}"),
        false => name.into_owned(),
    }
}

fn of_finding(sources: &SourceMap, finding: &Finding) -> Vec<String> {
    let at = place(sources, finding.primary.span);
    let message = clean(&finding.message);
    let mut lines = vec![format!(
        "{at}: {}[{}]: {message}\n",
        finding.severity, finding.rule
    )];
    lines.extend(
        details(sources, finding)
            .iter()
            .map(|line| format!("  {line}\n")),
    );
    lines
}

/// The lines under a finding: notes, help, the fix, and a page.
pub(super) fn details(sources: &SourceMap, finding: &Finding) -> Vec<String> {
    let mut lines = advice(sources, finding);
    if let Some(url) = &finding.url {
        lines.push(format!("see: {}", clean(url)));
    }
    lines
}

/// The same without the page.
pub(super) fn advice(sources: &SourceMap, finding: &Finding) -> Vec<String> {
    let said = details::said(finding).map(|said| {
        let at = said.span.map(|span| format!(" ({})", place(sources, span)));
        let (text, at) = (clean(said.text), at.unwrap_or_default());
        format!("{}: {text}{at}", said.word)
    });
    let mut lines: Vec<String> = said.collect();
    lines.extend(code(sources, finding));
    lines
}

/// What to write, with the place where that is known.
pub(super) fn code(sources: &SourceMap, finding: &Finding) -> Vec<String> {
    let mut lines = Vec::new();
    for code in details::code(sources, finding) {
        let at = code
            .at
            .map(|(path, line)| format!("  --> {}:{line}", clean(&path)));
        lines.extend(at);
        lines.extend(code.lines.iter().map(|line| format!("    {}", clean(line))));
    }
    let words = details::to_fill_in(finding);
    lines.extend(words.map(|words| format!("fill in: {}", clean(&words))));
    lines
}

fn of_problem(sources: &SourceMap, problem: &Problem) -> Vec<String> {
    let at = match &problem.place {
        Place::Text(label) => place(sources, label.span),
        Place::Path(name) => path(name),
    };
    let mut lines = vec![format!("{at}: problem: {}\n", clean(&problem.message))];
    for label in &problem.related {
        let at = place(sources, label.span);
        lines.push(format!("  note: {} ({at})\n", clean(&label.text)));
    }
    lines.extend(
        problem
            .help
            .iter()
            .map(|help| format!("  help: {}\n", clean(help))),
    );
    lines
}

/// How many functions are named.
const MOST_NAMED: usize = 5;

fn also_for(functions: &[String]) -> Option<String> {
    let named: Vec<String> = functions
        .iter()
        .take(MOST_NAMED)
        .map(|f| format!("`{}`", clean(f)))
        .collect();
    let more = match functions.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("  also for: {}{more}\n", named.join(", ")))
}

/// A finding that is suppressed, and why.
pub(super) fn of_suppressed(sources: &SourceMap, one: &Suppressed) -> Vec<String> {
    let finding = &one.finding;
    let at = place(sources, finding.primary.span);
    let message = clean(&finding.message);
    let mut lines = vec![format!("{at}: suppressed[{}]: {message}\n", finding.rule)];
    let by = one.span.map(|span| format!(" ({})", place(sources, span)));
    let reason = one.reason.as_deref().unwrap_or(match one.by {
        Suppressor::Baseline => "in the baseline",
        _ => "no reason given",
    });
    lines.push(format!(
        "  {}: {}{}\n",
        one.by.as_str(),
        clean(reason),
        by.unwrap_or_default()
    ));
    lines
}

/// An undecided check, in lines.
pub(super) fn of_undecided(sources: &SourceMap, undecided: &Undecided) -> Vec<String> {
    let at = place(sources, undecided.span);
    let reason = clean(&undecided.reason);
    let whose = match &undecided.function {
        Some(function) => format!("`{}`: ", clean(function)),
        None => String::new(),
    };
    let mut lines = vec![format!(
        "{at}: undecided[{}]: {whose}{reason}\n",
        undecided.rule
    )];
    if !undecided.also.is_empty() {
        lines.push(format!("  also: {}\n", undecided.also.join(", ")));
    }
    lines.extend(also_for(&undecided.also_for));
    lines.extend(
        undecided
            .fetch
            .iter()
            .map(|command| format!("  fetch: {}\n", clean(command))),
    );
    lines
}
