//! The report as Markdown, for summaries of jobs and for comments on pull requests.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::markdown_text::{block, code, code_html, inline, inline_html, is_web_address};
use super::{Report, clean, details, details::located, summary};
use crate::diagnostics::{Finding, Place, Problem, Severity, Undecided};
use crate::source::{SourceMap, Span};

/// Bytes of a report at the most: GitHub takes comments of 65,536 characters.
const MOST_BYTES: usize = 65_000;
/// Bytes that are kept for what is said about the part that is left out.
const KEPT: usize = 1_000;

/// The report as Markdown of GitHub, with a part for each file.
#[must_use]
pub fn markdown(report: &Report<'_>) -> String {
    let mut entries = Vec::new();
    for problem in report.problems {
        entries.push(of_problem(report.sources, problem));
    }
    for finding in report.findings {
        entries.push(of_finding(report.sources, finding));
    }
    let undecided = report.undecided.iter().filter(|_| report.show_undecided);
    for undecided in undecided {
        entries.push(of_undecided(report.sources, undecided));
    }
    let mut text = String::new();
    if !report.is_quiet {
        let counted = summary::counted(&report.tally());
        text.push_str(&format!("### lint-lambda: {}\n", counted.join(", ")));
    }
    let left_out = fit(&mut entries, MOST_BYTES.saturating_sub(text.len() + KEPT));
    let mut file = None;
    for entry in &entries {
        if file != Some(&entry.file) {
            text.push_str(&heading(&entry.file));
            file = Some(&entry.file);
        }
        text.push_str(&entry.text);
    }
    if left_out > 0 {
        text.push_str(&format!(
            "\n**{left_out} more are left out**, the least severe first: a comment on GitHub has at most 65,536 \
             characters. The other formats have them all.\n"
        ));
    }
    text
}

/// Something to be said about a file.
struct Entry {
    file: String,
    rank: Rank,
    text: String,
}

/// How much an entry matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Undecided,
    Finding(Severity),
    Problem,
}

/// Leaves out the entries that matter least until the others fit; returns how many.
fn fit(entries: &mut Vec<Entry>, most: usize) -> usize {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|number| Reverse(entries.get(*number).map(|entry| entry.rank)));
    let mut kept = vec![false; entries.len()];
    let mut files = BTreeSet::new();
    let mut left = most;
    for number in order {
        let Some(entry) = entries.get(number) else {
            continue;
        };
        let heading = match files.insert(&entry.file) {
            true => heading(&entry.file).len(),
            false => 0,
        };
        let Some(rest) = left.checked_sub(entry.text.len() + heading) else {
            break;
        };
        left = rest;
        if let Some(kept) = kept.get_mut(number) {
            *kept = true;
        }
    }
    let before = entries.len();
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next().unwrap_or(false));
    before - entries.len()
}

fn heading(file: &str) -> String {
    format!("\n#### {}\n", code(file))
}

fn of_finding(sources: &SourceMap, finding: &Finding) -> Entry {
    let head = format!("{} <b>{}</b>", sign(finding.severity), finding.severity);
    let rule = code_html(&finding.rule);
    let mut parts = Vec::new();
    let said: Vec<String> = details::said(finding)
        .map(|said| {
            let at = said
                .span
                .map(|span| format!(" ({})", code(&place(sources, span))));
            let at = at.unwrap_or_default();
            format!("- **{}**: {}{at}", said.word, inline(said.text))
        })
        .collect();
    parts.push(said.join("\n"));
    for written in details::code(sources, finding) {
        let at = written
            .at
            .map(|(path, line)| code(&format!("{path}:{line}")));
        parts.extend(at.map(|at| format!("At {at}:")));
        parts.push(block(&written.lines));
    }
    let words = details::to_fill_in(finding);
    parts.extend(words.map(|words| format!("Fill in: {}", code(&words))));
    let url = finding.url.as_ref().filter(|url| is_web_address(url));
    parts.extend(url.map(|url| format!("[Documentation](<{url}>)")));
    Entry {
        rank: Rank::Finding(finding.severity),
        ..entry(
            sources,
            finding.primary.span,
            &head,
            &finding.message,
            &rule,
            &parts,
        )
    }
}

fn of_problem(sources: &SourceMap, problem: &Problem) -> Entry {
    let head = format!("{} <b>problem</b>", sign(Severity::Error));
    let help = problem.help.iter();
    let parts: Vec<String> = help.map(|help| inline(help)).collect();
    match &problem.place {
        Place::Text(label) => entry(sources, label.span, &head, &problem.message, "", &parts),
        Place::Path(path) => Entry {
            file: path.clone(),
            rank: Rank::Problem,
            text: folded(
                &format!("{head}: {}", inline_html(&problem.message)),
                &parts,
            ),
        },
    }
}

fn of_undecided(sources: &SourceMap, undecided: &Undecided) -> Entry {
    let fetch = undecided.fetch.iter();
    let parts: Vec<String> = fetch
        .map(|command| block(std::slice::from_ref(command)))
        .collect();
    let (head, rule) = ("❔ <b>undecided</b>", code_html(&undecided.rule));
    Entry {
        rank: Rank::Undecided,
        ..entry(
            sources,
            undecided.span,
            head,
            &undecided.reason,
            &rule,
            &parts,
        )
    }
}

/// An entry about a place; a problem, if nothing else is said.
fn entry(
    sources: &SourceMap,
    span: Span,
    head: &str,
    message: &str,
    rule: &str,
    parts: &[String],
) -> Entry {
    let at = located(sources, span);
    let line = format!("{head}, line {}: {} {rule}", at.line, inline_html(message));
    Entry {
        file: at.path.to_string(),
        rank: Rank::Problem,
        text: folded(line.trim_end(), parts),
    }
}

/// A line that opens what stands under it; by itself if that is nothing.
fn folded(line: &str, parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let body = parts.join("\n\n");
    match body.trim().is_empty() {
        true => format!("\n<p>{line}</p>\n"),
        false => format!(
            "\n<details><summary>{line}</summary>\n\n{}\n\n</details>\n",
            body.trim_matches('\n')
        ),
    }
}

fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info => "💡",
    }
}

fn place(sources: &SourceMap, span: Span) -> String {
    let at = located(sources, span);
    format!("{}:{}", clean(&at.path), at.line)
}
