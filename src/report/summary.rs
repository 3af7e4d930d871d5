//! The last lines: how much was found, and what would decide the rest.

use super::Report;
use crate::diagnostics::{Severity, Suppressed, Suppressor};

/// Commands of that many missing documents are shown.
const SHOWN: usize = 6;

/// The lines of the summary.
pub(super) fn lines(report: &Report<'_>) -> Vec<String> {
    let mut lines = counted(report);
    lines.extend(fixed(report));
    if !report.undecided.is_empty() {
        lines.push(undecided(report));
        lines.extend(fetches(report));
    }
    lines
}

/// How many findings there are and how many do not count. These lines name nothing that was read.
pub(super) fn counted(report: &Report<'_>) -> Vec<String> {
    let mut lines = vec![counts(report)];
    lines.extend(accepted(report));
    lines
}

/// How many findings, problems, files and functions there are.
pub(super) fn counts(report: &Report<'_>) -> String {
    let found: Vec<String> = [
        (report.count(Severity::Error), "error"),
        (report.count(Severity::Warning), "warning"),
        (report.count(Severity::Info), "hint"),
        (report.problems.len(), "problem with the input"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| number(count, what))
    .collect();
    let what = match found.is_empty() {
        true => "no findings".to_owned(),
        false => found.join(", "),
    };
    let files = number(report.files, "file");
    match report.functions {
        _ if report.files == 0 && !found.is_empty() => what,
        0 => format!("{what} in {files}"),
        functions => format!("{what} in {files}, {}", number(functions, "function")),
    }
}

/// How many findings the user has accepted.
fn accepted(report: &Report<'_>) -> Vec<String> {
    let is_old = |one: &&Suppressed| one.by == Suppressor::Baseline;
    let old = report.suppressed.iter().filter(is_old).count();
    let own = report.suppressed.len() - old;
    let lines = [(own, "suppressed"), (old, "in the baseline")];
    let lines = lines.into_iter().filter(|(count, _)| *count > 0);
    lines
        .map(|(count, what)| format!("{} {what}", number(count, "finding")))
        .collect()
}

/// What the baseline holds and is no longer found.
fn fixed(report: &Report<'_>) -> Vec<String> {
    if report.fixed.is_empty() {
        return Vec::new();
    }
    let count = number(report.fixed.len(), "finding");
    let mut lines = vec![format!(
        "{count} of the baseline fixed; --write-baseline removes what is fixed:"
    )];
    let more = report.fixed.len().saturating_sub(SHOWN);
    let shown = report.fixed.iter().take(SHOWN);
    lines.extend(shown.map(|one| format!("  {}: {}: {}", one.folder, one.rule, one.message)));
    lines.extend((more > 0).then(|| format!("  and {more} more")));
    lines
}

/// How many checks are undecided.
fn undecided(report: &Report<'_>) -> String {
    let count = report.undecided.len();
    let what = match count {
        1 => "1 undecided check".to_owned(),
        _ => format!("{count} undecided checks"),
    };
    match report.show_undecided {
        true => what,
        false => format!("{what} (--show-undecided lists them)"),
    }
}

/// The commands that fetch what was not provided, each once.
fn fetches(report: &Report<'_>) -> Vec<String> {
    let mut commands: Vec<&str> = Vec::new();
    for command in report
        .undecided
        .iter()
        .filter_map(|undecided| undecided.fetch.as_deref())
    {
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    if commands.is_empty() {
        return Vec::new();
    }
    let more = commands.len().saturating_sub(SHOWN);
    let mut lines = vec!["To check more, also pass the output of:".to_owned()];
    lines.extend(
        commands
            .iter()
            .take(SHOWN)
            .map(|command| format!("  {command}")),
    );
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
    lines
}

/// A count with its noun, in the plural unless it is one.
fn number(count: usize, what: &str) -> String {
    match (count, what.split_once(' ')) {
        (1, _) => format!("1 {what}"),
        (_, Some((noun, rest))) => format!("{count} {noun}s {rest}"),
        _ => format!("{count} {what}s"),
    }
}
