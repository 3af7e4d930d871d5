//! One line for each thing, for logs, screen readers and editors that jump to places.

use std::fmt::Write;

use super::{Report, clean, statement, summary};
use crate::diagnostics::{Finding, Fix, Place, Problem, Shown, Suppressed, Suppressor, Undecided};
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

/// A place as `path:line:column`.
pub(super) fn place(sources: &SourceMap, span: Span) -> String {
    let at = sources.locate(span);
    format!("{}:{}:{}", clean(&at.path), at.line, at.column)
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
    let mut lines = Vec::new();
    for note in &finding.notes {
        let at = note.span.map(|span| format!(" ({})", place(sources, span)));
        lines.push(format!(
            "{}: {}{}",
            note.word,
            clean(&note.text),
            at.unwrap_or_default()
        ));
    }
    lines.extend(help(sources, finding));
    if let Some(url) = &finding.url {
        lines.push(format!("see: {}", clean(url)));
    }
    lines
}

/// What to do, and what to write, with the place where that is known.
fn help(sources: &SourceMap, finding: &Finding) -> Vec<String> {
    let help = finding.help.iter();
    let mut lines: Vec<String> = help.map(|help| format!("help: {}", clean(help))).collect();
    match &finding.patch {
        Some(patch) => {
            let shown = patch.shown.iter().filter(|shown| !shown.lines.is_empty());
            lines.extend(shown.flat_map(|shown| shown_lines(sources, shown)));
        }
        None => {
            let fix = finding.fix.iter().flat_map(statement::lines);
            lines.extend(fix.map(|line| format!("    {}", clean(&line))));
        }
    }
    if let Some(Fix::Allow(allow)) = &finding.fix {
        let words = statement::placeholders(allow);
        let line = format!("fill in: {}", clean(&words.join(", ")));
        lines.extend((!words.is_empty()).then_some(line));
    }
    lines
}

fn shown_lines(sources: &SourceMap, shown: &Shown) -> Vec<String> {
    let at = sources.locate(shown.span);
    let line = at.line + usize::from(shown.is_below);
    let place = format!("  --> {}:{line}", clean(&at.path));
    let written = shown.lines.iter();
    let written = written.map(|line| format!("    {}", clean(line)));
    std::iter::once(place).chain(written).collect()
}

fn of_problem(sources: &SourceMap, problem: &Problem) -> Vec<String> {
    let at = match &problem.place {
        Place::Text(label) => place(sources, label.span),
        Place::Path(path) => clean(path).into_owned(),
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
