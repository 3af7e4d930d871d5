//! The report as one page that needs nothing else: for each function a diagram of what it is connected
//! with, and the findings.

mod connectors;
mod diagram;
mod excerpt;
mod finding;
mod function;
mod text;

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{Report, summary};
use crate::diagnostics::{Place, Problem, Severity, Suppressed, Undecided};
use crate::source::SourceMap;
use finding::of_finding;
use function::{Homes, of_function};
use text::{copyable, counted, place, shown};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Pages of more functions begin with all of them closed.
const MOST_OPEN: usize = 12;

/// The report as an HTML page.
#[must_use]
pub fn html(report: &Report<'_>) -> String {
    let homes = Homes::of(report);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="referrer" content="no-referrer";
                title { "lint-lambda: " (summary::counts(&report.tally())) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the findings" }
                header {
                    h1 { "lint-lambda report" }
                    p.muted { (summary::counts(&report.tally())) }
                }
                (navigation(report, &homes))
                main #content tabindex="-1" {
                    (overview(report))
                    (functions(report, &homes))
                    (others(report, &homes))
                    (problems(report))
                    (undecided(report))
                    (suppressed(report))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut text = page.into_string();
    let _infallible = writeln!(text);
    text
}

/// The policy that lets nothing but the style and script of this page run, and nothing be fetched.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn navigation(report: &Report<'_>, homes: &Homes) -> Markup {
    let sections = [
        ("functions", "Functions", report.graphs.len()),
        ("others", "Other findings", homes.without_function().len()),
        ("problems", "Problems", report.problems.len()),
        ("undecided", "Undecided checks", report.undecided.len()),
        (
            "suppressed",
            "Suppressed findings",
            report.shown_suppressed().len(),
        ),
    ];
    html! {
        nav aria-label="Sections" {
            ul {
                @for (id, name, count) in sections {
                    @if count > 0 {
                        li { a href={ "#" (id) } { (name) " (" (count) ")" } }
                    }
                }
            }
        }
    }
}

fn overview(report: &Report<'_>) -> Markup {
    let count = |severity| report.tally().of(severity);
    let tiles = [
        ("error", "Errors", count(Severity::Error), true),
        ("warning", "Warnings", count(Severity::Warning), true),
        ("info", "Hints", count(Severity::Info), false),
        ("open", "Undecided checks", report.undecided.len(), true),
        ("open", "Problems", report.problems.len(), true),
        ("open", "Suppressed", report.suppressed.len(), false),
        ("open", "Files", report.files, true),
        ("open", "Functions", report.functions, true),
    ];
    html! {
        section aria-labelledby="overview" {
            h2 #overview { "Summary" }
            dl.tiles {
                @for (class, name, count, is_always) in tiles {
                    @if is_always || count > 0 {
                        div class=(if count > 0 { class } else { "open" }) {
                            dt { (name) }
                            dd { (count) }
                        }
                    }
                }
            }
            (filter(report))
        }
    }
}

fn filter(report: &Report<'_>) -> Markup {
    html! {
        div.filter role="search" aria-label="Filter" {
            fieldset {
                legend { "Show" }
                @for severity in Severity::ALL.into_iter().rev() {
                    @let count = report.tally().of(severity);
                    @if count > 0 {
                        label {
                            input #{ "show-" (severity) } type="checkbox" checked;
                            (counted(count, match severity { Severity::Info => "hint", other => other.as_str() }))
                        }
                    }
                }
                @if report.graphs.len() > 1 {
                    label {
                        input #only-affected type="checkbox";
                        "only functions with findings or undecided checks"
                    }
                }
            }
            label data-needs-script hidden {
                "Search "
                input #filter-text type="search" autocomplete="off" spellcheck="false";
            }
            p.muted #filter-result role="status" {}
        }
    }
}

fn functions(report: &Report<'_>, homes: &Homes) -> Markup {
    let is_open = report.graphs.len() <= MOST_OPEN;
    html! {
        @if !report.graphs.is_empty() {
            section.many[!is_open] aria-labelledby="functions" {
                h2 #functions { "Functions" }
                @for (number, graph) in report.graphs.iter().enumerate() {
                    (of_function(report, homes, number, graph, is_open))
                }
            }
        }
    }
}

fn others(report: &Report<'_>, homes: &Homes) -> Markup {
    let numbers = homes.without_function();
    html! {
        @if !numbers.is_empty() {
            section aria-labelledby="others" {
                h2 #others { "Findings that do not belong to a function" }
                @for number in numbers {
                    (of_finding(report, *number, 3))
                }
            }
        }
    }
}

fn problems(report: &Report<'_>) -> Markup {
    html! {
        @if !report.problems.is_empty() {
            section aria-labelledby="problems" {
                h2 #problems { "Problems with the input" }
                p.muted { "Until these are fixed, this report may be incomplete." }
                @for problem in report.problems {
                    (of_problem(report, problem))
                }
            }
        }
    }
}

fn of_problem(report: &Report<'_>, problem: &Problem) -> Markup {
    let sources = report.sources;
    html! {
        article.problem {
            h3 { (shown(&problem.message)) }
            @match &problem.place {
                Place::Text(label) => (excerpt::excerpt(sources, label)),
                Place::Path(path) => p.about { code { (shown(path)) } },
            }
            @for label in &problem.related {
                p { (shown(&label.text)) " (" (place(sources, label.span)) ")" }
            }
            @if let Some(help) = &problem.help {
                p { strong { "Help: " } (shown(help)) }
            }
        }
    }
}

fn undecided(report: &Report<'_>) -> Markup {
    html! {
        @if !report.undecided.is_empty() {
            section aria-labelledby="undecided" {
                h2 #undecided { "Undecided checks" }
                p.muted { "These checks could not be made with the documents that were provided. Each says what would decide it." }
                @for undecided in report.undecided {
                    (of_undecided(report, undecided))
                }
            }
        }
    }
}

fn suppressed(report: &Report<'_>) -> Markup {
    let list = report.shown_suppressed();
    html! {
        @if !list.is_empty() {
            section aria-labelledby="suppressed" {
                h2 #suppressed { "Suppressed findings" }
                @for one in list {
                    (of_suppressed(report.sources, one))
                }
            }
        }
    }
}

fn of_suppressed(sources: &SourceMap, suppressed: &Suppressed) -> Markup {
    let finding = &suppressed.finding;
    html! {
        article.open-check {
            h3 { span.badge.open { "– suppressed" } " " (shown(&finding.message)) }
            dl.facts {
                dt { "Rule" }
                dd { code { (shown(&finding.rule)) } }
                dt { "Place" }
                dd { code { (place(sources, finding.primary.span)) } }
                dt { "By" }
                dd {
                    (suppressed.by.as_str())
                    @if let Some(span) = suppressed.span {
                        " (" code { (place(sources, span)) } ")"
                    }
                }
                @if let Some(reason) = &suppressed.reason {
                    dt { "Reason" }
                    dd { (shown(reason)) }
                }
            }
        }
    }
}

fn of_undecided(report: &Report<'_>, undecided: &Undecided) -> Markup {
    let whose = undecided.function.iter().chain(&undecided.also_for);
    let whose: Vec<&str> = whose.map(String::as_str).collect();
    let rules = std::iter::once(&undecided.rule).chain(&undecided.also);
    let rules: Vec<&str> = rules.map(|rule| &**rule).collect();
    html! {
        article.open-check {
            h3 { span.badge.open { "? undecided" } " " (shown(&undecided.reason)) }
            dl.facts {
                dt { (if rules.len() == 1 { "Rule" } else { "Rules" }) }
                dd { code { (shown(&rules.join(", "))) } }
                @if !whose.is_empty() {
                    dt { (if whose.len() == 1 { "Function" } else { "Functions" }) }
                    dd { code { (shown(&whose.join(", "))) } }
                }
                dt { "Place" }
                dd { code { (place(report.sources, undecided.span)) } }
            }
            @if let Some(command) = &undecided.fetch {
                p { "To decide it, also pass the output of:" }
                (copyable(std::slice::from_ref(command)))
            }
        }
    }
}
