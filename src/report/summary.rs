//! The last lines: how much was found, and what would decide the rest.

use super::{Report, Tally};

/// Commands of that many missing documents are shown.
const SHOWN: usize = 6;

/// The lines of the summary.
pub(super) fn lines(report: &Report<'_>) -> Vec<String> {
    let tally = report.tally();
    let mut lines = counted(&tally);
    lines.extend(fixed(report));
    if tally.undecided > 0 {
        lines.push(undecided(&tally, report.show_undecided));
        lines.extend(fetches(report));
    }
    lines
}

/// The same of a stream, of which only the counts are known at its end.
pub(super) fn lines_of(tally: &Tally, show_undecided: bool) -> Vec<String> {
    let mut lines = counted(tally);
    lines.extend((tally.undecided > 0).then(|| undecided(tally, show_undecided)));
    lines
}

/// How many findings there are and how many do not count. These lines name nothing that was read.
pub(super) fn counted(tally: &Tally) -> Vec<String> {
    let mut lines = vec![counts(tally)];
    lines.extend(accepted(tally));
    lines
}

/// How many findings, problems, files and functions there are.
pub(super) fn counts(tally: &Tally) -> String {
    let found: Vec<String> = [
        (tally.errors, "error"),
        (tally.warnings, "warning"),
        (tally.infos, "hint"),
        (tally.problems, "problem with the input"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| number(count, what))
    .collect();
    let what = match found.is_empty() {
        true => "no findings".to_owned(),
        false => found.join(", "),
    };
    let files = number(tally.files, "file");
    match tally.functions {
        _ if tally.files == 0 && !found.is_empty() => what,
        0 => format!("{what} in {files}"),
        functions => format!("{what} in {files}, {}", number(functions, "function")),
    }
}

/// How many findings the user has accepted.
fn accepted(tally: &Tally) -> Vec<String> {
    let own = tally.suppressed - tally.in_baseline;
    let lines = [(own, "suppressed"), (tally.in_baseline, "in the baseline")];
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
fn undecided(tally: &Tally, show_undecided: bool) -> String {
    let what = match tally.undecided {
        1 => "1 undecided check".to_owned(),
        count => format!("{count} undecided checks"),
    };
    match show_undecided {
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
