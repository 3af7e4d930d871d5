//! One function: its diagram, all its connections, and the findings about it.

use maud::{Markup, html};

use super::diagram::{called, diagram, kind_of, named, told};
use super::finding::{of_finding, sign};
use super::text::{copyable, counted, place, shown};
use crate::diagnostics::{Edge, EdgeStatus, FunctionGraph, OpenCheck, Severity};
use crate::report::Report;

/// Entries of a list that are shown.
const MOST: usize = 24;

/// Under which function each finding is told.
#[derive(Debug)]
pub(super) struct Homes {
    by_function: Vec<Vec<usize>>,
    without: Vec<usize>,
}

impl Homes {
    /// The function that a finding names, else the first one with a connection that it is about.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut home: Vec<Option<(usize, bool)>> = vec![None; report.findings.len()];
        for (at, graph) in report.graphs.iter().enumerate() {
            for number in about(graph) {
                let finding = report.findings.get(number);
                let named = finding.and_then(|finding| finding.subject.function.as_deref());
                let is_own = named == Some(graph.name.as_str());
                if let Some(home) = home.get_mut(number) {
                    let is_better = home.is_none_or(|(_, was_own)| is_own && !was_own);
                    *home = if is_better { Some((at, is_own)) } else { *home };
                }
            }
        }
        let mut homes = Homes {
            by_function: vec![Vec::new(); report.graphs.len()],
            without: Vec::new(),
        };
        for (number, home) in home.into_iter().enumerate() {
            let own = home.and_then(|(at, _)| homes.by_function.get_mut(at));
            own.unwrap_or(&mut homes.without).push(number);
        }
        homes
    }

    /// The findings that are told under a function.
    fn told_under(&self, function: usize) -> &[usize] {
        self.by_function.get(function).map_or(&[], Vec::as_slice)
    }

    /// The findings that belong to no function.
    pub(super) fn without_function(&self) -> &[usize] {
        &self.without
    }
}

/// The findings about a function or one of its connections.
fn about(graph: &FunctionGraph) -> Vec<usize> {
    let edges = graph.edges.iter().flat_map(|edge| &edge.findings);
    let mut numbers: Vec<usize> = edges.chain(&graph.findings).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The section of a function.
pub(super) fn of_function(
    report: &Report<'_>,
    homes: &Homes,
    number: usize,
    graph: &FunctionGraph,
    is_open: bool,
) -> Markup {
    let name = if graph.name.is_empty() {
        "unnamed function"
    } else {
        &graph.name
    };
    let found = about(graph);
    let own = homes.told_under(number);
    let elsewhere: Vec<usize> = found.iter().filter(|n| !own.contains(n)).copied().collect();
    let open = graph
        .edges
        .iter()
        .filter(|edge| edge.status == EdgeStatus::Unknown);
    let open = open.count() + graph.open.len();
    let class = if found.is_empty() && open == 0 {
        "fine"
    } else {
        "affected"
    };
    html! {
        details class={ "function " (class) } id={ "function-" (number) } open[is_open] {
            summary {
                h3.name { (shown(name)) }
                (badges(report, &found, open))
            }
            div.inside {
                (about_line(report, graph))
                (diagram(report, graph, name))
                (in_full(report, graph))
                @for number in own {
                    (of_finding(report, *number, 4))
                }
                (told_elsewhere(report, &elsewhere))
                (open_checks(graph))
            }
        }
    }
}

fn badges(report: &Report<'_>, found: &[usize], open: usize) -> Markup {
    let count = |severity| {
        let findings = found
            .iter()
            .filter_map(|number| report.findings.get(*number));
        findings
            .filter(|finding| finding.severity == severity)
            .count()
    };
    html! {
        @for severity in [Severity::Error, Severity::Warning] {
            @if count(severity) > 0 {
                span class={ "badge " (severity) } { (sign(severity)) " " (counted(count(severity), severity.as_str())) }
            }
        }
        @if open > 0 {
            span.badge.open { "? " (open) " undecided" }
        }
        @if found.is_empty() && open == 0 {
            span.badge.good { "✓ no findings" }
        }
    }
}

fn about_line(report: &Report<'_>, graph: &FunctionGraph) -> Markup {
    html! {
        p.about {
            @if let Some(span) = graph.span {
                code { (place(report.sources, span)) }
            }
            @if let Some(path) = &graph.construct_path {
                " · " (shown(path))
            }
            @if let Some(when) = &graph.when {
                " · only when " (shown(when))
            }
        }
    }
}

/// All connections with everything that is known of them, as a list.
fn in_full(report: &Report<'_>, graph: &FunctionGraph) -> Markup {
    html! {
        @if !graph.edges.is_empty() {
            details.full {
                summary { "All connections in full (" (graph.edges.len()) ")" }
                ul {
                    @for edge in &graph.edges {
                        (edge_in_full(report, edge))
                    }
                }
            }
        }
    }
}

fn edge_in_full(report: &Report<'_>, edge: &Edge) -> Markup {
    let by: Vec<String> = edge.granted_by.iter().map(called).collect();
    let by_word = if edge.status == EdgeStatus::Denied {
        "Denied by"
    } else {
        "Granted by"
    };
    html! {
        li {
            p { strong { (named(edge)) } " · " (kind_of(edge)) }
            p class={ "status " (edge.status.as_str()) } { (told(report, edge)) }
            dl.facts {
                @for (word, list) in [("Actions", &edge.actions), ("Resources", &edge.resources), (by_word, &by)] {
                    @if !list.is_empty() {
                        dt { (word) }
                        dd { code { (listed(list)) } }
                    }
                }
                @if edge.findings.len() > 1 {
                    dt { "Findings" }
                    dd { (links(report, &edge.findings)) }
                }
                @for open in &edge.open {
                    dt { "Undecided" }
                    dd { (shown(&open.reason)) @if let Some(fetch) = &open.fetch { ": " code { (shown(fetch)) } } }
                }
            }
        }
    }
}

/// The first entries of a list, and how many more there are.
fn listed(all: &[String]) -> String {
    let mut entries: Vec<String> = all.iter().take(MOST).map(|one| shown(one)).collect();
    let more = all.len().saturating_sub(MOST);
    entries.extend((more > 0).then(|| format!("and {more} more")));
    entries.join(", ")
}

fn links(report: &Report<'_>, numbers: &[usize]) -> Markup {
    html! {
        ul {
            @for number in numbers {
                @if let Some(finding) = report.findings.get(*number) {
                    li { a href={ "#finding-" (number) } { (shown(&finding.message)) } }
                }
            }
        }
    }
}

/// Links to the findings that another function shares and tells.
fn told_elsewhere(report: &Report<'_>, numbers: &[usize]) -> Markup {
    html! {
        @if !numbers.is_empty() {
            h4 { "Shared with other functions" }
            (links(report, numbers))
        }
    }
}

/// What is not known of the function beside its connections.
fn open_checks(graph: &FunctionGraph) -> Markup {
    let of = |title: &str, checks: &[OpenCheck]| {
        html! {
            @if !checks.is_empty() {
                h4 { (title) }
                @for check in checks {
                    p { "? " (shown(&check.reason)) }
                    @if let Some(fetch) = &check.fetch {
                        (copyable(std::slice::from_ref(fetch)))
                    }
                }
            }
        }
    };
    html! {
        (of("Undecided", &graph.open))
        (of("Not provided", &graph.absent))
    }
}
