//! The diagram of one function: who invokes it and what is read for it on the left, what it reaches on
//! the right.

use maud::{Markup, html};

use super::connectors::connectors;
use super::text::{counted, shown};
use crate::diagnostics::{
    Edge, EdgeStatus, Finding, FunctionGraph, GrantedBy, Severity, Side, Suppressor,
};
use crate::report::Report;

/// The diagram.
pub(super) fn diagram(report: &Report<'_>, graph: &FunctionGraph, name: &str) -> Markup {
    let on = |wanted: &[Side]| {
        let edges = graph
            .edges
            .iter()
            .filter(|edge| wanted.contains(&edge.side));
        edges.collect::<Vec<&Edge>>()
    };
    let incoming = on(&[Side::Invokes, Side::Feeds]);
    let outgoing = on(&[Side::Reaches]);
    let roles = on(&[Side::Role]);
    html! {
        div.diagram role="group" aria-label={ "Connections of " (shown(name)) } {
            div.side {
                p.head { "Invoked by, and reads from" }
                (column(report, &incoming, "no trigger or event source in these files"))
            }
            (connectors(&incoming, true))
            div.center { (center(report, graph, name, &roles)) }
            (connectors(&outgoing, false))
            div.side {
                p.head { "May reach" }
                (column(report, &outgoing, "no statement that allows it anything"))
            }
        }
    }
}

/// The function and its role.
fn center(report: &Report<'_>, graph: &FunctionGraph, name: &str, roles: &[&Edge]) -> Markup {
    html! {
        div.card {
            p.kind { "Lambda function" }
            p.name { (shown(name)) }
        }
        @for role in roles {
            (card(report, role))
        }
        @if roles.is_empty() {
            p.nothing { "The execution role was not provided." }
        }
        @for limit in &graph.limits {
            p.nothing { "Limited by " (shown(limit)) "." }
        }
    }
}

fn column(report: &Report<'_>, edges: &[&Edge], nothing: &str) -> Markup {
    html! {
        @if edges.is_empty() {
            p.nothing { (nothing) }
        } @else {
            ul {
                @for edge in edges {
                    li.edge { (card(report, edge)) }
                }
            }
        }
    }
}

/// What is at the end of a connection, and whether it works.
fn card(report: &Report<'_>, edge: &Edge) -> Markup {
    let told = told(report, edge);
    let name = named(edge);
    html! {
        div class={ "card " (edge.status.as_str()) } {
            p.kind title=(kind_of(edge)) { (kind_of(edge)) }
            p.name title=(name) { (name) }
            p class={ "status " (edge.status.as_str()) } title=(told) {
                @match edge.findings.first() {
                    Some(finding) => a href={ "#finding-" (finding) } { (told) },
                    None => (told),
                }
            }
        }
    }
}

/// The name of what is at the other end.
pub(super) fn named(edge: &Edge) -> String {
    shown(if edge.name.is_empty() {
        &edge.kind
    } else {
        &edge.name
    })
}

/// What it is, and how it is connected.
pub(super) fn kind_of(edge: &Edge) -> String {
    let kind = if edge.name.is_empty() {
        ""
    } else {
        edge.kind.as_str()
    };
    let how = match edge.side {
        Side::Invokes => format!("by {}", edge.decided_by.replace('`', "")),
        Side::Feeds => "read by Lambda".to_owned(),
        Side::Role => "assumed by Lambda".to_owned(),
        Side::Reaches => String::new(),
    };
    let parts = [kind, &how, edge.note.as_deref().unwrap_or("")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => "setting".to_owned(),
        false => shown(&parts.join(" · ")),
    }
}

/// Whether it works, in a line that begins with a sign.
pub(super) fn told(report: &Report<'_>, edge: &Edge) -> String {
    let worst = edge
        .findings
        .iter()
        .filter_map(|number| report.findings.get(*number));
    let worst = worst.max_by_key(|finding| finding.severity);
    let more = match edge.findings.len() {
        0 | 1 => String::new(),
        count => format!(" ({})", counted(count, "finding")),
    };
    let why = worst.map_or_else(String::new, |finding| format!("{}{more}", reason(finding)));
    let by = edge.granted_by.first().map(called);
    let text = match edge.status {
        EdgeStatus::Broken => format!("✕ broken: {why}"),
        EdgeStatus::AtRisk if worst.is_some_and(|f| f.severity == Severity::Error) => {
            format!("! granted, but its statement has an error: {why}")
        }
        EdgeStatus::AtRisk => format!("! warning: {why}"),
        EdgeStatus::Unknown => {
            let open = edge.open.first().map(|open| open.reason.as_str());
            format!(
                "? undecided: {}",
                open.unwrap_or("the statement is not known")
            )
        }
        EdgeStatus::NotReported => accepted(report, edge),
        EdgeStatus::Granted => match by {
            Some(by) if edge.is_statement => format!("✓ allowed by {by}"),
            Some(by) => format!("✓ granted by {by}"),
            None => "✓ no fault found".to_owned(),
        },
        EdgeStatus::Denied => format!("⊘ denied by {}", by.unwrap_or_default()),
        EdgeStatus::Unchecked => "– not checked".to_owned(),
    };
    shown(&text)
}

/// Why a finding about a connection is not in the report.
fn accepted(report: &Report<'_>, edge: &Edge) -> String {
    let mut suppressed = edge
        .suppressed
        .iter()
        .filter_map(|number| report.suppressed.get(*number));
    let Some(first) = suppressed.next() else {
        return "– a finding that this report leaves out".to_owned();
    };
    let more = match suppressed.count() {
        0 => String::new(),
        others => format!(" (and {others} more)"),
    };
    let why = first.reason.as_deref().unwrap_or("no reason is given");
    match first.by {
        Suppressor::Baseline => {
            format!("– in the baseline: {}{more}", reason(&first.finding))
        }
        _ => format!("– suppressed: {why} ({}){more}", reason(&first.finding)),
    }
}

/// What a finding is about, as short as can be.
fn reason(finding: &Finding) -> String {
    let missing = finding.notes.iter().find(|note| note.word == "missing");
    match missing {
        Some(note) => format!("missing {}", note.text),
        None => finding.message.clone(),
    }
}

/// What a statement is called, with its document.
pub(super) fn called(grant: &GrantedBy) -> String {
    let document = grant.document.replace('`', "");
    match &grant.statement {
        Some(statement) => format!("{document} / {statement}"),
        None => document,
    }
}
