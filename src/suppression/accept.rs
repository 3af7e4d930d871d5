//! Which findings are suppressed, and by what.

use std::collections::{BTreeMap, BTreeSet};

use super::configured::ConfiguredSuppression;
use super::date::Date;
use super::entry::{Anywhere, Cover, Suppression, Written, WrittenRule};
use super::named::KnownRules;
use super::resources::Names;
use super::told::Teller;
use super::{comment, configured, metadata, wildcard};
use crate::analysis::Analysis;
use crate::diagnostics::{Finding, Severity, Suppressed, Suppressor, Undecided};
use crate::lint::{Outcome, complete, is_part_of};
use crate::rules::Packs;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Node;

/// All that says what is suppressed.
pub(crate) struct Review<'r> {
    /// The texts.
    pub(crate) sources: &'r SourceMap,
    /// What exists in them.
    pub(crate) analysis: &'r Analysis,
    /// The files that were given.
    pub(crate) files: &'r [FileId],
    /// The rules that are applied.
    pub(crate) packs: &'r Packs,
    /// All rules, also those that are not applied.
    pub(crate) known: &'r KnownRules,
    /// The entries of the configuration.
    pub(crate) configured: &'r [ConfiguredSuppression],
    /// The day on which it is asked.
    pub(crate) today: Option<Date>,
    /// Whether everything in a file was read, and what is found in it is reported.
    pub(crate) is_whole: &'r dyn Fn(FileId) -> bool,
    /// Whether that holds for all files to which the configuration applies.
    pub(crate) is_complete: bool,
}

/// Takes the findings that are suppressed out of those that were found, and adds what is to be said of the
/// suppressions. Nothing else is changed.
pub(crate) fn accept(review: &Review<'_>, outcome: &mut Outcome) -> Vec<Suppressed> {
    let written = review.written();
    let count = written.suppressions.len() + written.malformed.len();
    let meant = written.suppressions.iter().map(|suppression| {
        let rules = suppression.rules.iter();
        let meant = rules.map(|rule| review.known.meant(rule).collect());
        meant.collect()
    });
    let meant = meant.collect();
    let mut acceptance = Acceptance {
        meant,
        review,
        names: Names::of(review.sources, &review.analysis.documents),
        functions: review.functions(),
        uses: BTreeSet::new(),
        suppressed: Vec::new(),
        suppressions: written.suppressions,
    };
    let findings = std::mem::take(&mut outcome.findings);
    outcome.findings = acceptance.sort_out(findings);
    let mut teller = Teller {
        packs: review.packs,
        known: review.known,
        findings: Vec::new(),
    };
    acceptance.tell(&mut teller, &outcome.undecided);
    for mistake in written.malformed {
        teller.malformed(mistake);
    }
    let mut told = teller.findings;
    let documents = &review.analysis.documents;
    complete(review.sources, documents, review.packs, &mut told);
    let told = acceptance.sort_out(told);
    outcome.findings.extend(told);
    for rule in review.packs.rules().filter(|_| count > 0) {
        if rule.require().suppression_fault().is_some() {
            *outcome.selected.entry(rule.meta.id.clone()).or_default() += count;
        }
    }
    acceptance.suppressed
}

/// The same for what stands in files that are read whole, and no configuration.
pub fn accept_written(
    sources: &SourceMap,
    analysis: &Analysis,
    files: &[FileId],
    packs: &Packs,
    outcome: &mut Outcome,
) -> Vec<Suppressed> {
    let review = Review {
        sources,
        analysis,
        files,
        packs,
        known: &KnownRules::of(packs),
        configured: &[],
        today: None,
        is_whole: &|_| true,
        is_complete: true,
    };
    accept(&review, outcome)
}

impl<'r> Review<'r> {
    /// All suppressions, and what cannot be read of them.
    fn written(&self) -> Written {
        let mut written = Written::default();
        let documents = &self.analysis.documents;
        let mut roots: BTreeMap<FileId, Vec<&Node>> = BTreeMap::new();
        for root in documents {
            roots.entry(root.span.file).or_default().push(root);
        }
        for file in self.files {
            let of_file = roots.get(file).map_or(&[][..], Vec::as_slice);
            comment::read(self.sources, *file, of_file, &mut written);
        }
        for root in documents {
            metadata::read(self.sources, root, &mut written);
        }
        let entries = self.configured.iter().map(configured::read);
        written.suppressions.extend(entries);
        written
    }

    /// Where the functions of each name are declared.
    fn functions(&self) -> BTreeMap<String, Vec<Span>> {
        let mut functions: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        let analysis = self.analysis;
        let more = analysis.branches.iter();
        let more = more.flat_map(|branch| branch.inventory.functions());
        for function in analysis.inventory.functions().chain(more) {
            let place = self.sources.resolve(function.place());
            functions.entry(function.called()).or_default().push(place);
        }
        functions
    }
}

/// The findings while they are sorted out.
struct Acceptance<'a, 'r> {
    review: &'a Review<'r>,
    names: Names<'a>,
    functions: BTreeMap<String, Vec<Span>>,
    suppressions: Vec<Suppression>,
    /// The IDs of the rules that each name of each suppression stands for.
    meant: Vec<Vec<BTreeSet<&'a str>>>,
    /// The suppressions that had an effect, each with the place of the rule in its list.
    uses: BTreeSet<(usize, usize)>,
    suppressed: Vec<Suppressed>,
}

/// What decides whether a finding is covered.
struct Subject<'f> {
    rule: &'f str,
    place: Span,
    /// Where its function is declared.
    function_place: Option<Span>,
    finding: &'f Finding,
}

impl Acceptance<'_, '_> {
    /// The findings that are not suppressed. What is told as a part of one that is goes with it.
    fn sort_out(&mut self, findings: Vec<Finding>) -> Vec<Finding> {
        let mut kept = Vec::new();
        let mut wholes: BTreeMap<Span, Vec<(usize, Finding)>> = BTreeMap::new();
        for finding in findings {
            match self.suppressor(&finding) {
                Some(index) => {
                    let place = self.review.sources.resolve(finding.primary.span);
                    let here = wholes.entry(place).or_default();
                    here.push((index, finding.clone()));
                    self.suppress(finding, index);
                }
                None => kept.push(finding),
            }
        }
        let mut left = Vec::new();
        for finding in kept {
            let place = self.review.sources.resolve(finding.primary.span);
            let mut here = wholes.get(&place).into_iter().flatten();
            match here.find(|(_, whole)| is_part_of(self.review.sources, &finding, whole)) {
                Some((index, _)) => self.suppress(finding, *index),
                None => left.push(finding),
            }
        }
        left
    }

    fn suppress(&mut self, finding: Finding, index: usize) {
        let Some(suppression) = self.suppressions.get(index) else {
            return;
        };
        self.suppressed.push(Suppressed {
            finding,
            by: suppression.by,
            reason: suppression.reason.clone(),
            span: Some(suppression.span),
        });
    }

    /// The first suppression that covers a finding; all that do are used.
    fn suppressor(&mut self, finding: &Finding) -> Option<usize> {
        let sources = self.review.sources;
        let subject = Subject {
            rule: &finding.rule,
            place: sources.resolve(finding.primary.span),
            function_place: finding.function_place.map(|place| sources.resolve(place)),
            finding,
        };
        let mut first = None;
        let mut uses = Vec::new();
        let all = self.suppressions.iter().zip(&self.meant);
        for (index, (suppression, meant)) in all.enumerate() {
            let is_meant = |ids: &BTreeSet<&str>| ids.contains(subject.rule);
            if !meant.iter().any(is_meant)
                || suppression.until.is_some_and(|until| self.is_past(until))
                || !self.covers(&suppression.covers, &subject)
            {
                continue;
            }
            let meant = meant.iter().enumerate();
            let meant = meant.filter(|(_, ids)| is_meant(ids));
            uses.extend(meant.map(|(rule, _)| (index, rule)));
            first = first.or(Some(index));
        }
        self.uses.extend(uses);
        first
    }

    fn is_past(&self, until: Date) -> bool {
        self.review.today.is_some_and(|today| today > until)
    }

    fn covers(&self, cover: &Cover, subject: &Subject<'_>) -> bool {
        match cover {
            Cover::Places(places) => places.iter().any(|place| {
                let is_in = place.contains(subject.place.at_start());
                is_in
                    || subject
                        .function_place
                        .is_some_and(|function| place.contains(function))
            }),
            Cover::Anywhere(anywhere) => self.describes(anywhere, subject),
        }
    }

    /// Whether an entry of the configuration is about a finding.
    fn describes(&self, anywhere: &Anywhere, subject: &Subject<'_>) -> bool {
        let about = &subject.finding.subject;
        let file = self.review.sources.file(subject.place.file);
        let path = file.map_or("", |file| file.name());
        let is_in_file = anywhere
            .paths
            .as_ref()
            .is_none_or(|paths| paths.matches(path));
        let is_of = |pattern: &String| {
            let names = [about.function.as_deref(), about.resource.as_deref()];
            let places = [Some(subject.place), subject.function_place];
            let ids = places
                .into_iter()
                .flatten()
                .filter_map(|place| self.names.at(place));
            let mut all = names.into_iter().flatten().chain(ids);
            all.any(|name| wildcard::matches(pattern, name))
        };
        let is_listed = |action: &String| {
            let action = action.to_ascii_lowercase();
            let mut listed = anywhere.actions.iter();
            listed.any(|pattern| wildcard::matches(&pattern.to_ascii_lowercase(), &action))
        };
        let are_actions = anywhere.actions.is_empty()
            || !about.actions.is_empty() && about.actions.iter().all(is_listed);
        is_in_file && anywhere.resource.as_ref().is_none_or(is_of) && are_actions
    }

    /// Says what there is to say of the suppressions.
    fn tell(&self, teller: &mut Teller<'_>, undecided: &[Undecided]) {
        for (index, suppression) in self.suppressions.iter().enumerate() {
            for rule in suppression
                .rules
                .iter()
                .filter(|rule| !self.review.known.has(rule))
            {
                teller.unknown(rule);
            }
            if suppression.reason.is_none() {
                teller.without_reason(suppression);
            }
            if let Some(until) = suppression.until.filter(|until| self.is_past(*until)) {
                teller.expired(suppression, until);
                continue;
            }
            for (number, rule) in suppression.rules.iter().enumerate() {
                let is_used = self.uses.contains(&(index, number));
                if !is_used && self.is_decided((index, number), suppression, rule, undecided) {
                    teller.unused(suppression, rule);
                }
            }
        }
    }

    /// Whether all that a name of a suppression speaks of was checked.
    fn is_decided(
        &self,
        number: (usize, usize),
        of: &Suppression,
        rule: &WrittenRule,
        undecided: &[Undecided],
    ) -> bool {
        let review = self.review;
        let is_read = match (&of.covers, of.by) {
            (Cover::Anywhere(_), _) | (_, Suppressor::Configuration) => review.is_complete,
            (Cover::Places(_), _) => {
                let file = review.sources.resolve(of.span).file;
                (review.is_whole)(file)
            }
        };
        is_read
            && review.known.has(rule)
            && review.known.are_applied(rule, review.packs)
            && !review.known.are_of_suppressions(rule, review.packs)
            && !undecided
                .iter()
                .any(|open| self.may_concern(number, of, open))
    }

    /// Whether a check that could not be made may have found what a suppression is about.
    fn may_concern(
        &self,
        (index, rule): (usize, usize),
        of: &Suppression,
        open: &Undecided,
    ) -> bool {
        let meant = self.meant.get(index).and_then(|rules| rules.get(rule));
        let is_mild = |id: &&str| {
            let rule = self.review.packs.rule(id);
            rule.is_some_and(|rule| rule.meta.severity == Severity::Info)
        };
        // Undecided checks of hints are not kept: those of other rules stand for them.
        let are_mild = meant.is_some_and(|ids| ids.iter().all(is_mild));
        let mut rules = std::iter::once(&open.rule).chain(&open.also);
        if !are_mild && !rules.any(|id| meant.is_some_and(|ids| ids.contains(&**id))) {
            return false;
        }
        let Cover::Places(places) = &of.covers else {
            return true;
        };
        let place = self.review.sources.resolve(open.span);
        let functions = open.function.iter().chain(&open.also_for);
        let declared = functions
            .filter_map(|name| self.functions.get(name))
            .flatten();
        let mut about = declared.copied().chain([place]);
        about.any(|about| {
            let mut places = places.iter();
            places.any(|covered| covered.contains(about.at_start()) || about.contains(*covered))
        })
    }
}
