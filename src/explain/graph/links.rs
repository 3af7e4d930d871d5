//! From what a check finds to the finding of the report that tells it.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostics::{Finding, Severity};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, pointer};

/// The findings of a report, by whom and what they are about.
#[derive(Debug)]
pub(super) struct Links<'r> {
    sources: &'r SourceMap,
    roots: BTreeMap<FileId, Vec<&'r Node>>,
    findings: &'r [Finding],
    by_rule: HashMap<(String, String), Vec<usize>>,
    by_place: HashMap<(FileId, String), Vec<usize>>,
}

impl<'r> Links<'r> {
    /// The findings of a report, in documents with these roots.
    pub(super) fn new(
        sources: &'r SourceMap,
        documents: &'r [Node],
        findings: &'r [Finding],
    ) -> Self {
        let mut roots: BTreeMap<FileId, Vec<&Node>> = BTreeMap::new();
        for root in documents {
            roots.entry(root.span.file).or_default().push(root);
        }
        let mut links = Links {
            sources,
            roots,
            findings,
            by_rule: HashMap::new(),
            by_place: HashMap::new(),
        };
        for (number, finding) in findings.iter().enumerate() {
            let names = finding
                .subject
                .function
                .iter()
                .chain(&finding.subject.others);
            for name in names {
                let key = (finding.rule.to_string(), name.clone());
                links.by_rule.entry(key).or_default().push(number);
            }
            let place = sources.resolve(finding.primary.span);
            let key = (place.file, finding.pointer.clone());
            links.by_place.entry(key).or_default().push(number);
        }
        links
    }

    /// Whether a place is in what the user gave.
    pub(super) fn is_of_user(&self, span: Span) -> bool {
        let place = self.sources.resolve(span);
        let file = self.sources.file(place.file);
        file.is_none_or(|file| !file.is_builtin())
    }

    /// The finding that tells what a check of a function found: the same, one of the same cause, or the
    /// worse one of the same place of which it became a part.
    pub(super) fn of(&self, found: &Finding, function: &str) -> Option<usize> {
        let place = self.sources.resolve(found.primary.span);
        let key = (found.rule.to_string(), function.to_owned());
        let same = self.by_rule.get(&key).map_or(&[][..], Vec::as_slice);
        let chosen = |is_it: &dyn Fn(&Finding) -> bool| {
            let mut numbers = same.iter().copied();
            numbers.find(|number| self.findings.get(*number).is_some_and(is_it))
        };
        let is_same = |told: &Finding| {
            let at = self.sources.resolve(told.primary.span);
            told.message == found.message && at.file == place.file
        };
        let has_cause = |told: &Finding| told.cause.is_some() && told.cause == found.cause;
        chosen(&is_same)
            .or_else(|| chosen(&has_cause))
            .or_else(|| self.at(found, place, function))
    }

    /// How bad a finding is.
    pub(super) fn severity(&self, number: usize) -> Option<Severity> {
        self.findings.get(number).map(|told| told.severity)
    }

    /// The worst finding at a place that can be about the function.
    fn at(&self, found: &Finding, place: Span, function: &str) -> Option<usize> {
        let key = (place.file, self.pointer(place));
        let here = self.by_place.get(&key)?.iter().copied();
        let can_be = |number: &usize| {
            let told = self.findings.get(*number);
            told.is_some_and(|told| {
                let subject = &told.subject;
                let own = subject.function.as_deref();
                let is_own = own.is_none_or(|own| own == function);
                let is_known = subject.others.iter().any(|other| other == function);
                (is_own || is_known) && told.severity >= found.severity
            })
        };
        here.filter(can_be)
            .max_by_key(|number| self.severity(*number))
    }

    fn pointer(&self, place: Span) -> String {
        let roots = self.roots.get(&place.file).map_or(&[][..], Vec::as_slice);
        let after = roots.partition_point(|root| root.span.start <= place.start);
        let root = after.checked_sub(1).and_then(|at| roots.get(at));
        root.map_or_else(String::new, |root| pointer(root, place))
    }
}
