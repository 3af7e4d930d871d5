//! Files that are read with others, and on which nothing is reported by themselves.

use std::collections::BTreeSet;

use crate::diagnostics::{Finding, Fix, FunctionGraph, Place, Problem, Undecided};
use crate::source::{FileId, SourceMap, Span};

/// The files of a run that only explain the others.
#[derive(Clone, Debug, Default)]
pub struct Background {
    /// The files.
    pub files: BTreeSet<FileId>,
}

impl Background {
    /// Whether a finding has to do with a file that is not in the background: its place, or anything that
    /// explains or would mend it, lies there.
    #[must_use]
    pub fn concerns(&self, sources: &SourceMap, finding: &Finding) -> bool {
        let notes = finding.notes.iter().filter_map(|note| note.span);
        let cause = finding.cause.iter().map(|cause| cause.span);
        let places = std::iter::once(finding.primary.span)
            .chain(notes)
            .chain(cause);
        let mut places = places.chain(places_of_fix(finding));
        places.any(|span| self.is_before(sources, span))
    }

    /// Whether an undecided check is about a file that is not in the background.
    #[must_use]
    pub fn concerns_undecided(&self, sources: &SourceMap, undecided: &Undecided) -> bool {
        self.is_before(sources, undecided.span)
    }

    /// Whether a problem is not one of a file in the background.
    #[must_use]
    pub fn concerns_problem(&self, sources: &SourceMap, problem: &Problem) -> bool {
        match &problem.place {
            Place::Path(_) => true,
            Place::Text(label) => self.is_before(sources, label.span),
        }
    }

    /// Whether a function is reported on: it, or a statement that grants one of its connections, is in a file that
    /// is not in the background, or a finding is about it.
    #[must_use]
    pub fn concerns_graph(&self, sources: &SourceMap, graph: &FunctionGraph) -> bool {
        let grants = graph.edges.iter().flat_map(|edge| &edge.granted_by);
        let mut places = graph.span.into_iter().chain(grants.map(|grant| grant.span));
        let has_findings = graph.edges.iter().any(|edge| !edge.findings.is_empty());
        graph.span.is_none()
            || has_findings
            || !graph.findings.is_empty()
            || places.any(|span| self.is_before(sources, span))
    }

    fn is_before(&self, sources: &SourceMap, span: Span) -> bool {
        let file = sources.resolve(span).file;
        let is_builtin = sources.file(file).is_some_and(|file| file.is_builtin());
        !self.files.contains(&file) && !is_builtin
    }
}

/// The documents that a fix is about.
fn places_of_fix(finding: &Finding) -> Vec<Span> {
    match &finding.fix {
        None => Vec::new(),
        Some(Fix::Replace { span, .. }) => vec![*span],
        Some(Fix::Allow(allow)) => {
            let trigger = allow.permission.as_ref().and_then(|new| new.trigger);
            let narrowed = allow.narrows.map(|narrowing| narrowing.statement);
            let documents = allow.documents.iter().copied();
            documents
                .chain(allow.declared)
                .chain(trigger)
                .chain(narrowed)
                .collect()
        }
    }
}
