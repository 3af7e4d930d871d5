//! Writing the report.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::{AnswerFormat, Format, Output, When};
use super::output_file;
use crate::diagnostics::Problem;
use crate::report::{
    Described, Look, Report, clean, descriptions_json, github, gitlab, html, human, json,
    json_lines, junit, markdown, plain, sarif, statistics,
};
use crate::source::SourceMap;

/// The report in a format, with this look where it has one.
pub(super) fn render(report: &Report<'_>, format: Format, look: Look) -> String {
    match format {
        Format::Human => human(report, look),
        Format::Plain => plain(report),
        Format::Json => json(report),
        Format::Jsonl => json_lines(report),
        Format::Sarif => sarif(report),
        Format::Github => github(report),
        Format::Gitlab => gitlab(report),
        Format::Junit => junit(report),
        Format::Markdown => markdown(report),
        Format::Html => html(report),
    }
}

/// What is wrong with the files that flags name: two reports in one file.
pub(super) fn clash(output: &Output) -> Option<String> {
    let paths: Vec<&str> = output.reports.iter().map(|(_, path)| &**path).collect();
    let (first, second) = output_file::same_file(&paths)?;
    let (first, second) = (clean(first), clean(second));
    Some(match first == second {
        true => format!("problem: {first}: two outputs go to this file\n"),
        false => {
            format!("problem: {second}: two outputs go to this file, the other one as {first}\n")
        }
    })
}

/// Writes the report to the files that flags name, and prints it unless there is `nothing` to say; returns the
/// exit status: 2 if any of that failed, otherwise 0. A report never replaces one of the files that were `read`.
#[must_use]
pub(super) fn write(report: &Report<'_>, output: &Output, read: &[&str], nothing: bool) -> u8 {
    let in_files = output.reports.iter().map(|(format, path)| {
        if output_file::is_among(path, read) {
            let path = clean(path);
            aside(&format!(
                "problem: {path}: this report would replace a file that was checked\n"
            ));
            return 2;
        }
        let text = render(report, *format, Look::PLAIN);
        match output_file::write(Path::new(path), &text) {
            Ok(()) => 0,
            Err(error) => {
                let path = clean(path);
                aside(&format!("problem: {path}: cannot write: {error}\n"));
                2
            }
        }
    });
    let written = in_files.fold(0, u8::max);
    if nothing && !output.format.is_document() {
        return written;
    }
    let text = match output.statistics {
        true => statistics(report),
        false => render(report, output.format, look(output)),
    };
    print(&text).max(written)
}

/// Writes to standard output and returns the exit status: 2 if that failed, otherwise 0. That the
/// reader is gone is no failure.
#[must_use]
pub(super) fn print(text: &str) -> u8 {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) => not_written(&error),
        Ok(()) => 0,
    }
}

/// Prints what was asked for in the requested format, and the problems with it; returns the exit status.
pub(super) fn answer(
    format: AnswerFormat,
    text: &str,
    described: &Described,
    sources: &SourceMap,
    problems: &[Problem],
) -> u8 {
    let printed = match format {
        AnswerFormat::Human => print(text).max(self::problems(sources, problems)),
        AnswerFormat::Json => print(&descriptions_json(sources, described, problems)),
    };
    match problems {
        [] => printed,
        _ => 2,
    }
}

/// Tells that the output could not be written; returns the exit status.
pub(super) fn not_written(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return 0;
    }
    aside(&format!("problem: cannot write the output: {error}\n"));
    2
}

/// Prints problems and returns the exit status: 2 if there are any, otherwise 0.
pub(super) fn problems(sources: &SourceMap, problems: &[Problem]) -> u8 {
    match problems {
        [] => 0,
        problems => print(&problems_as_text(sources, problems, When::Auto)).max(2),
    }
}

/// Prints problems to standard error, for output that a program reads; returns the exit status.
pub(super) fn problems_aside(sources: &SourceMap, problems: &[Problem]) -> u8 {
    if problems.is_empty() {
        return 0;
    }
    aside(&problems_as_text(sources, problems, When::Never));
    2
}

/// Writes to standard error. Nothing is left to tell it to if that fails.
pub(super) fn aside(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn problems_as_text(sources: &SourceMap, problems: &[Problem], color: When) -> String {
    let report = Report {
        problems,
        ..Report::new(sources)
    };
    render(&report, Format::Human, look_of(color, When::Auto))
}

/// The look of a report.
pub(super) fn look(output: &Output) -> Look {
    look_of(output.color, output.links)
}

/// The look of explanations and evaluations, which do not contain links.
pub(super) fn look_at(color: When) -> Look {
    look_of(color, When::Never)
}

/// The look for the given flags: colors and links by default on a terminal only.
fn look_of(color: When, links: When) -> Look {
    let terminal = io::stdout().is_terminal() && !is_set("TERM", "dumb");
    let decided = |when: When, auto: bool| match when {
        When::Auto => auto,
        When::Always => true,
        When::Never => false,
    };
    let plain_wanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Look {
        color: decided(color, terminal && !plain_wanted),
        links: decided(links, terminal && !plain_wanted),
        unicode: !is_set("TERM", "dumb"),
    }
}

/// Whether an environment variable has a value.
fn is_set(name: &str, value: &str) -> bool {
    std::env::var_os(name).is_some_and(|found| found == value)
}
