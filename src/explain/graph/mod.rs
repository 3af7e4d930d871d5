//! What each function is connected with, and what was found about each connection.

mod connections;
mod links;
mod of_function;
mod statements;

use std::collections::{BTreeMap, HashMap};

use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Edge, EdgeStatus, Finding, FunctionGraph, Severity, Suppressed};
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

/// The graph of every function, with the findings and the suppressed findings of a report by their number.
#[must_use]
pub fn graphs(
    sources: &SourceMap,
    analysis: &Analysis,
    catalogue: &Catalogue,
    (findings, suppressed): (&[Finding], &[Suppressed]),
    checks: &Checks<'_>,
) -> Vec<FunctionGraph> {
    let caches = Caches::default();
    let accepted: Vec<Finding> = suppressed.iter().map(|one| one.finding.clone()).collect();
    let links = |findings| Links::new(sources, &analysis.documents, findings);
    let links = (&links(findings), &links(&accepted));
    let drawn = |inventory: &Inventory, is_open: bool| {
        let cx = LintContext {
            sources,
            catalogue,
            caches: &caches,
            inventory,
        };
        of_inventory(cx, checks, links, is_open)
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
    let grants = by_grant(sources, &graphs);
    assign(sources, findings, &grants, &mut graphs);
    accept(sources, &accepted, &grants, &mut graphs);
    graphs
}

fn of_inventory(
    cx: LintContext<'_>,
    checks: &Checks<'_>,
    links: (&Links<'_>, &Links<'_>),
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

/// Connections, each by the numbers of its function and of itself, by where a statement begins that grants them.
type ByGrant = BTreeMap<(FileId, u32), Vec<(usize, usize)>>;

fn by_grant(sources: &SourceMap, graphs: &[FunctionGraph]) -> ByGrant {
    let mut by_grant = ByGrant::new();
    for (at, graph) in graphs.iter().enumerate() {
        for (number, edge) in graph.edges.iter().enumerate() {
            for grant in &edge.granted_by {
                let place = sources.resolve(grant.span);
                let key = (place.file, place.start);
                by_grant.entry(key).or_default().push((at, number));
            }
        }
    }
    by_grant
}

/// Calls back for each connection that a statement grants which a place is in and which a finding is about.
fn each_granted(
    sources: &SourceMap,
    (grants, graphs): (&ByGrant, &mut [FunctionGraph]),
    finding: &Finding,
    mut call: impl FnMut(&mut Edge),
) {
    let place = sources.resolve(finding.primary.span);
    let start = grants.range(..=(place.file, place.start)).next_back();
    let start = start.filter(|((file, _), _)| *file == place.file);
    for (at, edge) in start.into_iter().flat_map(|(_, edges)| edges) {
        let edge = graphs
            .get_mut(*at)
            .and_then(|graph| graph.edges.get_mut(*edge));
        if let Some(edge) = edge.filter(|edge| is_about_grant(sources, edge, finding, place)) {
            call(edge);
        }
    }
}

/// Gives the suppressed findings about a statement to what the statement allows.
fn accept(
    sources: &SourceMap,
    accepted: &[Finding],
    grants: &ByGrant,
    graphs: &mut [FunctionGraph],
) {
    for (number, finding) in accepted.iter().enumerate() {
        each_granted(sources, (grants, &mut *graphs), finding, |edge| {
            if edge.suppressed.contains(&number) {
                return;
            }
            edge.suppressed.push(number);
            if finding.severity > Severity::Info {
                edge.status = edge.status.min(EdgeStatus::NotReported);
            }
        });
    }
}

/// Gives the findings that are about no connection to their functions, and those about a statement to
/// what the statement allows.
fn assign(
    sources: &SourceMap,
    findings: &[Finding],
    grants: &ByGrant,
    graphs: &mut [FunctionGraph],
) {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, graph) in graphs.iter().enumerate() {
        by_name.entry(graph.name.clone()).or_default().push(at);
    }
    for (number, finding) in findings.iter().enumerate() {
        let place = sources.resolve(finding.primary.span);
        each_granted(sources, (grants, &mut *graphs), finding, |edge| {
            add_to_statement(edge, number, finding);
        });
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

/// Whether a finding is about a statement that grants a connection, and about the service of the connection.
fn is_about_grant(sources: &SourceMap, edge: &Edge, finding: &Finding, place: Span) -> bool {
    let mut grants = edge.granted_by.iter();
    let is_inside = grants.any(|grant| sources.resolve(grant.span).contains(place));
    let service = |action: &String| action.split(':').next().unwrap_or("").to_lowercase();
    let own: Vec<String> = edge.actions.iter().map(service).collect();
    let actions = &finding.subject.actions;
    let is_about =
        actions.is_empty() || actions.iter().any(|action| own.contains(&service(action)));
    is_inside && is_about
}

/// Adds a finding about a statement to a connection that the statement allows.
fn add_to_statement(edge: &mut Edge, number: usize, finding: &Finding) {
    if edge.findings.contains(&number) {
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
