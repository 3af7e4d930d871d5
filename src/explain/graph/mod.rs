//! What each function is connected with, and what was found about each connection.

mod connections;
mod links;
mod of_function;
mod statements;

use std::collections::{BTreeSet, HashMap};

use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Edge, EdgeStatus, Finding, FunctionGraph, Severity};
use crate::lint::Check;
use crate::model::Inventory;
use crate::requirement::{Caches, LintContext, Subject};
use crate::source::{FileId, SourceMap, Span};
use connections::add_edges;
use links::Links;
use of_function::Builder;

/// Calls back for every check of a place of one of the functions, as `lint::each_check` does by the rules.
pub type Checks<'c> =
    dyn for<'n> Fn(LintContext<'n>, &[Subject<'n>], &mut dyn FnMut(Check<'n>)) + 'c;

/// The graph of every function, with the findings of a report by their number.
#[must_use]
pub fn graphs(
    sources: &SourceMap,
    analysis: &Analysis,
    catalogue: &Catalogue,
    findings: &[Finding],
    checks: &Checks<'_>,
) -> Vec<FunctionGraph> {
    let caches = Caches::default();
    let links = Links::new(sources, &analysis.documents, findings);
    let drawn = |inventory: &Inventory, is_open: bool| {
        let cx = LintContext {
            sources,
            catalogue,
            caches: &caches,
            inventory,
        };
        of_inventory(cx, checks, &links, is_open)
    };
    let mut graphs = drawn(&analysis.inventory, true);
    let mut places: HashMap<Option<Span>, usize> = HashMap::new();
    places.extend(graphs.iter().map(|graph| graph.span).zip(0..));
    for branch in &analysis.branches {
        for graph in drawn(&branch.inventory, branch.is_open) {
            let known = places.get(&graph.span).and_then(|at| graphs.get_mut(*at));
            match known.filter(|_| graph.span.is_some()) {
                Some(known) => add_edges(known, graph, &branch.when),
                None => {
                    places.insert(graph.span, graphs.len());
                    graphs.push(FunctionGraph {
                        when: Some(branch.when.clone()),
                        ..graph
                    });
                }
            }
        }
    }
    assign(sources, findings, &mut graphs);
    graphs
}

fn of_inventory(
    cx: LintContext<'_>,
    checks: &Checks<'_>,
    links: &Links<'_>,
    is_open: bool,
) -> Vec<FunctionGraph> {
    let subjects: Vec<Subject<'_>> = cx.inventory.functions().map(Subject::new).collect();
    let builders = subjects
        .iter()
        .map(|subject| Builder::new(cx, subject, links, is_open));
    let mut builders: Vec<Builder<'_, '_>> = builders.collect();
    checks(cx, &subjects, &mut |check| {
        if let Some(builder) = builders.get_mut(check.function) {
            builder.add(check);
        }
    });
    builders.into_iter().map(|one| one.finish(cx)).collect()
}

/// Gives the findings that are about no connection to their functions, and those about a statement to
/// what the statement allows.
fn assign(sources: &SourceMap, findings: &[Finding], graphs: &mut [FunctionGraph]) {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_statement: HashMap<(FileId, u32), Vec<(usize, usize)>> = HashMap::new();
    for (at, graph) in graphs.iter().enumerate() {
        by_name.entry(graph.name.clone()).or_default().push(at);
        for (number, edge) in graph.edges.iter().enumerate() {
            for grant in &edge.granted_by {
                let place = sources.resolve(grant.span);
                let key = (place.file, place.start);
                by_statement.entry(key).or_default().push((at, number));
            }
        }
    }
    let starts: BTreeSet<_> = by_statement.keys().copied().collect();
    for (number, finding) in findings.iter().enumerate() {
        let place = sources.resolve(finding.primary.span);
        let start = starts.range(..=(place.file, place.start)).next_back();
        let start = start.filter(|(file, _)| *file == place.file);
        let edges = start.and_then(|start| by_statement.get(start));
        for (at, edge) in edges.into_iter().flatten() {
            let edge = graphs
                .get_mut(*at)
                .and_then(|graph| graph.edges.get_mut(*edge));
            if let Some(edge) = edge {
                add_to_statement(sources, edge, number, finding, place);
            }
        }
        let names = finding.subject.function.iter();
        for name in names.chain(&finding.subject.others) {
            let called = by_name.get(name).map_or(&[][..], Vec::as_slice);
            let is_here = |at: &&usize| {
                let graph = graphs.get(**at);
                let span = graph.and_then(|graph| graph.span);
                span.is_some_and(|span| sources.resolve(span).file == place.file)
            };
            let here: Vec<usize> = called.iter().filter(is_here).copied().collect();
            let chosen = if here.is_empty() {
                called.to_vec()
            } else {
                here
            };
            for graph in chosen {
                if let Some(graph) = graphs.get_mut(graph)
                    && !graph
                        .edges
                        .iter()
                        .any(|edge| edge.findings.contains(&number))
                {
                    graph.findings.push(number);
                }
            }
        }
    }
}

/// Adds a finding to a connection that a statement allows, where the finding is about that statement and
/// the service of the connection.
fn add_to_statement(
    sources: &SourceMap,
    edge: &mut Edge,
    number: usize,
    finding: &Finding,
    place: Span,
) {
    let mut grants = edge.granted_by.iter();
    let is_inside = grants.any(|grant| sources.resolve(grant.span).contains(place));
    let service = |action: &String| action.split(':').next().unwrap_or("").to_lowercase();
    let own: Vec<String> = edge.actions.iter().map(service).collect();
    let actions = &finding.subject.actions;
    let is_about =
        actions.is_empty() || actions.iter().any(|action| own.contains(&service(action)));
    if !is_inside || !is_about || edge.findings.contains(&number) {
        return;
    }
    edge.findings.push(number);
    // What is needed was checked by itself: the statement is at fault in something else.
    let status = match (finding.severity, edge.is_statement) {
        (Severity::Info, _) => return,
        (Severity::Error, true) => EdgeStatus::Broken,
        _ => EdgeStatus::AtRisk,
    };
    edge.status = edge.status.min(status);
}
