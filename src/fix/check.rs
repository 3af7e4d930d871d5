//! Whether changes mend what they are for and nothing else becomes worse: everything is read and judged
//! again, with the changes made in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Session;
use super::change::{Change, applied};
use super::components::Components;
use super::plan::Planner;
use super::rewritten::Rewritten;
use crate::analysis::{Analysis, analyze_known};
use crate::diagnostics::{Finding, Patch, Place, Problem, Severity, Shown, Undecided};
use crate::input::{Input, Links, Vocabulary};
use crate::lint::{Outcome, lint};
use crate::source::{Edit, FileId, SourceMap, merged};
use crate::syntax::Node;
use crate::work::{Kind as Work, count};

/// Reads and judges again.
#[derive(Debug)]
pub(super) struct Checker<'s> {
    session: Session<'s>,
    components: &'s Components,
    found: &'s FoundBefore<'s>,
    /// That as it is compared, of the parts that were looked at.
    before: HashMap<usize, State>,
    /// What checking may still cost.
    left: usize,
}

/// What was found at first.
#[derive(Debug)]
pub(super) struct FoundBefore<'s> {
    /// By the part that it is about.
    parts: HashMap<usize, Found<'s>>,
    /// The words of texts that can be for us.
    vocabulary: Vocabulary<'s>,
}

/// What was found of one part.
#[derive(Debug, Default)]
struct Found<'s> {
    findings: Vec<&'s Finding>,
    undecided: Vec<&'s Undecided>,
    problems: Vec<&'s Problem>,
}

/// Why changes are not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Two resources would wait for each other.
    Circle(String, String),
    /// It was not looked at.
    TooMuch,
    /// They do not mend what they are for, or something else becomes worse.
    NoUse,
}

/// What was found, as far as it can be compared with what is found after a change.
#[derive(Debug, Default, PartialEq)]
struct State {
    /// The findings, each with how bad it is and with its actions.
    findings: BTreeMap<String, Vec<(Severity, BTreeSet<String>)>>,
    undecided: BTreeMap<String, usize>,
    problems: BTreeMap<String, usize>,
    /// The findings and undecided checks of each rule and function.
    open: BTreeMap<String, usize>,
    /// The rule and function of each undecided check.
    of: BTreeMap<String, String>,
}

impl State {
    /// What was found at first of some parts of the inputs.
    fn before<'f>(sources: &SourceMap, parts: impl Iterator<Item = &'f Found<'f>> + Clone) -> Self {
        let findings = parts.clone().flat_map(|found| &found.findings).copied();
        let undecided = parts.clone().flat_map(|found| &found.undecided).copied();
        let problems = parts.flat_map(|found| &found.problems).copied();
        State::new(
            &Rewritten::default(),
            sources,
            problems,
            findings,
            undecided,
        )
    }

    /// The same after something was written in the place of something else.
    fn after(
        rewritten: &Rewritten,
        sources: &SourceMap,
        analysis: &Analysis,
        outcome: &Outcome,
    ) -> Self {
        State::new(
            rewritten,
            sources,
            analysis.problems.iter(),
            outcome.findings.iter(),
            outcome.undecided.iter(),
        )
    }

    fn new<'f>(
        rewritten: &Rewritten,
        sources: &SourceMap,
        problems: impl Iterator<Item = &'f Problem>,
        findings: impl Iterator<Item = &'f Finding>,
        undecided: impl Iterator<Item = &'f Undecided>,
    ) -> Self {
        let mut state = State::default();
        for finding in findings {
            let actions = finding.subject.actions.iter().cloned().collect();
            let identity = identity(rewritten, sources, finding);
            let same = state.findings.entry(identity).or_default();
            same.push((finding.severity, actions));
            let group = group(&finding.rule, finding.subject.function.as_deref());
            *state.open.entry(group).or_default() += 1;
        }
        for undecided in undecided {
            let group = group(&undecided.rule, undecided.function.as_deref());
            let identity = format!("{group}: {}", undecided.reason);
            *state.undecided.entry(identity.clone()).or_default() += 1;
            *state.open.entry(group.clone()).or_default() += 1;
            state.of.insert(identity, group);
        }
        for problem in problems {
            *state.problems.entry(problem.message.clone()).or_default() += 1;
        }
        state
    }

    /// Whether nothing is there that was not there before, and one finding fewer of each of these. A finding
    /// is not worse if it is milder or about fewer actions, or if it is now undecided whether it is one.
    fn is_better_than(&self, before: &State, mended: &[String]) -> bool {
        let count = |state: &State, key: &String| state.findings.get(key).map_or(0, Vec::len);
        let is_gone = |key: &String| count(self, key) < count(before, key);
        let was_finding = |key: &String| {
            let group = self.of.get(key);
            group.is_some_and(|group| self.open.get(group) < before.open.get(group))
        };
        mended.iter().all(is_gone)
            && self.findings.iter().all(|(key, now)| {
                let before = before.findings.get(key);
                before.is_some_and(|before| is_part(now, before))
            })
            && grown(&self.undecided, &before.undecided).all(was_finding)
            && grown(&self.problems, &before.problems).next().is_none()
    }
}

/// Whether each finding is a part of another one of those that were there before.
fn is_part(now: &[(Severity, BTreeSet<String>)], before: &[(Severity, BTreeSet<String>)]) -> bool {
    let mut left: Vec<&(Severity, BTreeSet<String>)> = before.iter().collect();
    now.iter().all(|(severity, actions)| {
        let is_milder = |other: &&(Severity, BTreeSet<String>)| {
            *severity <= other.0 && actions.is_subset(&other.1)
        };
        let at = left.iter().position(is_milder);
        at.map(|at| left.swap_remove(at)).is_some()
    })
}

/// What there is more of than before.
fn grown<'n>(
    now: &'n BTreeMap<String, usize>,
    before: &BTreeMap<String, usize>,
) -> impl Iterator<Item = &'n String> {
    let is_more = |key: &String, count: usize| before.get(key).is_none_or(|had| *had < count);
    let more = now.iter().filter(move |(key, count)| is_more(key, **count));
    more.map(|(key, _)| key)
}

fn group(rule: &str, function: Option<&str>) -> String {
    format!("{rule} of {}", function.unwrap_or("none"))
}

/// What distinguishes a finding from others, wherever it stands: its rule, whom it is about, and the text that
/// it points at.
fn identity(rewritten: &Rewritten, sources: &SourceMap, finding: &Finding) -> String {
    let subject = &finding.subject;
    let place = sources.resolve(finding.primary.span);
    let file = sources.file(place.file).map_or("", |file| file.name());
    let at = (file, rewritten.text(sources, place));
    let of = (&subject.function, subject.policy, &subject.principal);
    format!("{} {of:?} {at:?}", finding.rule)
}

impl<'s> Checker<'s> {
    /// Checks against what was found, for no more than that cost.
    pub(super) fn new(
        session: Session<'s>,
        components: &'s Components,
        found: &'s FoundBefore<'s>,
        most: usize,
    ) -> Self {
        Checker {
            session,
            components,
            found,
            before: HashMap::new(),
            left: most,
        }
    }

    /// The changes as a patch, if they mend these findings and nothing else becomes worse.
    pub(super) fn patch(
        &mut self,
        planner: &Planner<'_>,
        findings: &[&Finding],
        changes: &[Change],
    ) -> Result<Patch, Refusal> {
        let patch = written(planner, changes).ok_or(Refusal::NoUse)?;
        let files: BTreeSet<FileId> = patch.edits.iter().map(|edit| edit.span.file).collect();
        let nothing = Rewritten::default();
        let own = |finding: &&Finding| identity(&nothing, self.session.sources, finding);
        let mended: Vec<String> = findings.iter().map(own).collect();
        let part = self.components.of_changes(self.session, findings, &files);
        let inputs = self.components.inputs(part);
        self.spend(part)?;
        let mut sources = self
            .session
            .sources
            .edited(&patch.edits)
            .ok_or(Refusal::NoUse)?;
        let (analysis, outcome) = self.judged(&mut sources, inputs);
        let rewritten = Rewritten::of(self.session.sources, changes, &patch.edits);
        let after = State::after(&rewritten, &sources, &analysis, &outcome);
        let is_better = after.is_better_than(self.before(part), &mended);
        let is_as_meant = is_as_meant(planner, &analysis, &files, changes);
        if !is_as_meant || !is_better {
            return Err(Refusal::NoUse);
        }
        self.links_hold(&analysis, &files)?;
        Ok(patch)
    }

    /// What was found at first of a part.
    fn before(&mut self, part: usize) -> &State {
        let (sources, found) = (self.session.sources, &self.found.parts);
        let before = self.before.entry(part);
        before.or_insert_with(|| match part {
            Components::ALL => State::before(sources, found.values()),
            part => State::before(sources, found.get(&part).into_iter()),
        })
    }

    /// Takes from what checking may still cost; fails where that is not enough.
    fn spend(&mut self, part: usize) -> Result<(), Refusal> {
        let left = self.left.checked_sub(self.components.cost(part));
        self.left = left.ok_or(Refusal::TooMuch)?;
        count(Work::Rechecks, self.components.cost(part));
        Ok(())
    }

    fn judged(&self, sources: &mut SourceMap, inputs: &[Input]) -> (Analysis, Outcome) {
        let session = &self.session;
        let known = (session.catalogue, &self.found.vocabulary);
        let analysis = analyze_known(sources, inputs, session.hints, known);
        let outcome = lint(sources, &analysis, session.packs, session.catalogue);
        (analysis, outcome)
    }

    /// Whether no resource waits for itself, and every name that is new is declared.
    fn links_hold(&self, after: &Analysis, files: &BTreeSet<FileId>) -> Result<(), Refusal> {
        let links = |analysis: &Analysis| -> Vec<Links> {
            let views = analysis.templates.iter();
            let own = views.filter(|view| files.contains(&view.span().file));
            let modules = analysis.modules.iter();
            let modules = modules.filter(|view| !view.files.is_disjoint(files));
            let modules = modules.map(|view| view.links().clone());
            own.map(|view| view.links()).chain(modules).collect()
        };
        for (before, after) in links(self.session.analysis).iter().zip(links(after)) {
            if !after.dangling.is_subset(&before.dangling) {
                return Err(Refusal::NoUse);
            }
            let new = after.edges.difference(&before.edges);
            let mut circles = new.filter(|(from, to)| leads(&after, to, from));
            if let Some((from, to)) = circles.next() {
                return Err(Refusal::Circle(from.clone(), to.clone()));
            }
        }
        Ok(())
    }
}

/// What was found, by the part that it is about.
pub(super) fn found<'s>(
    session: Session<'s>,
    components: &Components,
    outcome: &'s Outcome,
) -> FoundBefore<'s> {
    let part = |span| components.with([session.sources.resolve(span).file]);
    let mut parts: HashMap<usize, Found<'s>> = HashMap::new();
    for finding in &outcome.findings {
        let found = parts.entry(part(finding.primary.span)).or_default();
        found.findings.push(finding);
    }
    for undecided in &outcome.undecided {
        let found = parts.entry(part(undecided.span)).or_default();
        found.undecided.push(undecided);
    }
    for problem in &session.analysis.problems {
        let part = match &problem.place {
            Place::Text(label) => part(label.span),
            Place::Path(_) => Components::ALL,
        };
        parts.entry(part).or_default().problems.push(problem);
    }
    let vocabulary = Vocabulary::new(session.catalogue);
    FoundBefore { parts, vocabulary }
}

/// Whether one resource leads to another, which can be itself.
fn leads(links: &Links, from: &str, to: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            let start = (at.to_owned(), String::new());
            let next = links.edges.range(start..).take_while(|(of, _)| of == at);
            open.extend(next.map(|(_, to)| to.as_str()));
        }
    }
    false
}

/// Changes as edits.
pub(super) fn written(planner: &Planner<'_>, changes: &[Change]) -> Option<Patch> {
    let mut all: Vec<(usize, Vec<Edit>)> = Vec::new();
    let mut shown: Vec<Shown> = Vec::new();
    for change in changes {
        let (span, depth) = match change {
            Change::Append { to: path, .. } | Change::Insert { into: path, .. } => {
                (path.find(planner.documents())?.span, path.steps.len())
            }
            Change::Replace(edit) => (edit.span, 0),
            Change::Write { shown, .. } => (shown.span, 0),
        };
        let sheet = planner.sheet(span)?;
        let (edits, part) = sheet.edits(planner.documents(), change)?;
        let in_brackets = edits.first().is_some_and(|edit| edit.text.starts_with(','));
        all.push((depth, edits));
        let is_same = |last: &&mut Shown| {
            let is_there = (last.span, last.is_below) == (part.span, part.is_below);
            is_there && (part.is_below || in_brackets)
        };
        match shown.last_mut().filter(is_same) {
            Some(last) => {
                let end = last.lines.last_mut().filter(|_| in_brackets);
                end.into_iter().for_each(|end| end.push(','));
                last.lines.extend(part.lines);
            }
            None => shown.push(part),
        }
    }
    // Of two that end at one place, the inner one comes first.
    all.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    let edits = all.into_iter().flat_map(|(_, edits)| edits);
    Some(Patch {
        edits: merged(edits.collect())?,
        shown,
    })
}

/// Whether the documents of these files are what they were with the changes, and nothing else.
fn is_as_meant(
    planner: &Planner<'_>,
    after: &Analysis,
    files: &BTreeSet<FileId>,
    changes: &[Change],
) -> bool {
    if changes
        .iter()
        .any(|change| matches!(change, Change::Replace(_) | Change::Write { .. }))
    {
        return true;
    }
    let own = |root: &&Node| files.contains(&root.span.file);
    let mut of_files: Vec<&(usize, &Node)> = { files.iter() }
        .flat_map(|file| planner.roots_of(*file))
        .collect();
    of_files.sort_by_key(|(number, _)| *number);
    let meant: Option<Vec<Node>> = { of_files.into_iter() }
        .map(|(number, root)| applied(*number, root, changes))
        .collect();
    meant.is_some_and(|meant| meant.iter().eq(after.documents.iter().filter(own)))
}
