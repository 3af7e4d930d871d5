//! What was found, in the order in which people read it, each thing once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::fingerprint;
use super::{Outcome, shared_cause};
use crate::diagnostics::{Finding, Fix, NewStatement, Note, Undecided};
use crate::rules::{Packs, Rule};
use crate::source::{FileId, Location, SourceMap, Span};
use crate::syntax::{Node, key_span, pointer};

/// Gives each finding and each undecided check its pointer, and each finding its fingerprint.
pub(super) fn complete(
    sources: &SourceMap,
    documents: &[Node],
    packs: &Packs,
    findings: &mut Vec<Finding>,
    undecided: &mut Vec<Undecided>,
) {
    let mut roots: BTreeMap<FileId, Vec<&Node>> = BTreeMap::new();
    for root in documents {
        roots.entry(root.span.file).or_default().push(root);
    }
    let root_of = |place: Span| {
        let roots = roots.get(&place.file)?;
        let after = roots.partition_point(|root| root.span.start <= place.start);
        roots.get(after.checked_sub(1)?).copied()
    };
    findings.retain(|finding| shown(sources, finding.primary.span));
    for finding in findings.iter_mut() {
        let place = sources.resolve(finding.primary.span);
        let root = root_of(place);
        finding.pointer = root.map_or_else(String::new, |root| pointer(root, place));
        // An object of many lines is better underlined by its name.
        if sources.slice(place).contains('\n')
            && let Some(key) = root.and_then(|root| key_span(root, place))
        {
            finding.primary.span = key;
        }
    }
    for undecided in undecided.iter_mut() {
        let place = sources.resolve(undecided.span);
        undecided.pointer = root_of(place).map_or_else(String::new, |root| pointer(root, place));
    }
    sort(undecided, |u| (sources.locate(u.span), u.rule.to_string()));
    undecided.dedup();
    for finding in findings {
        let root = root_of(sources.resolve(finding.primary.span));
        let rule = packs
            .rule(&finding.rule)
            .map_or(&*finding.rule, Rule::first_id);
        finding.fingerprint = fingerprint(sources, root, finding, rule);
    }
}

/// Puts the findings in the order of their places, and tells once what several functions or places have in
/// common, and what one change mends.
pub(super) fn summarize(sources: &SourceMap, outcome: &mut Outcome) {
    merge(sources, &mut outcome.findings);
    sort(&mut outcome.findings, |f| {
        (sources.locate(f.primary.span), f.rule.to_string())
    });
    specific(sources, &mut outcome.findings);
    refused(sources, &mut outcome.findings);
    outcome.findings = shared_cause::told_once(std::mem::take(&mut outcome.findings));
    let mut seen = BTreeSet::new();
    outcome.findings.retain(|f| {
        let place = sources.resolve(f.primary.span);
        seen.insert((place, f.rule.to_string(), f.message.clone()))
    });
    outcome.findings = shortened(sources, std::mem::take(&mut outcome.findings));
    outcome.undecided = gathered(std::mem::take(&mut outcome.undecided));
}

/// Makes one finding of those that one change mends.
pub(super) fn merge(sources: &SourceMap, findings: &mut Vec<Finding>) {
    sort(findings, |f| {
        (sources.locate(f.primary.span), Reverse(f.severity))
    });
    absorb(findings);
}

/// Drops what is said of a document in itself where the same is said of a function.
fn specific(sources: &SourceMap, findings: &mut Vec<Finding>) {
    let place = |f: &Finding| (sources.resolve(f.primary.span), f.primary.text.clone());
    let mut of_functions = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.subject.function.is_some()) {
        of_functions.insert(place(finding), added(finding).map(<[_]>::to_vec));
    }
    findings.retain(|f| {
        let same = || of_functions.get(&place(f)).and_then(Option::as_deref) == added(f);
        f.subject.function.is_some() || added(f).is_none() || !same()
    });
}

/// The pack of values that AWS refuses.
const REFUSED: &str = "permission";

/// Drops what else is said of a value that AWS refuses.
fn refused(sources: &SourceMap, findings: &mut Vec<Finding>) {
    let place = |f: &Finding| sources.resolve(f.primary.span);
    let is_refused = |f: &&Finding| pack(f) == REFUSED;
    let places: BTreeSet<Span> = findings.iter().filter(is_refused).map(place).collect();
    findings.retain(|f| pack(f) == REFUSED || !places.contains(&place(f)));
}

/// The statements that a finding asks to add.
fn added(finding: &Finding) -> Option<&[NewStatement]> {
    match &finding.fix {
        Some(Fix::Allow(allow)) => Some(&allow.statements),
        _ => None,
    }
}

/// How many similar findings a file can have before they are summarized, and how many are then kept.
const MOST_ALIKE: usize = 50;
const FIRST_ALIKE: usize = 10;

/// The findings, with what is mended by one and the same step shown with the first of it: an archive
/// can have thousands of files with the same fault.
fn shortened(sources: &SourceMap, findings: Vec<Finding>) -> Vec<Finding> {
    let key = |finding: &Finding| {
        let place = sources.resolve(finding.primary.span);
        let is_general = finding.subject.function.is_none() && finding.fix.is_none();
        let help = finding.help.clone().filter(|_| is_general)?;
        Some((place.file, finding.rule.to_string(), help))
    };
    let mut counts = BTreeMap::new();
    for key in findings.iter().filter_map(key) {
        *counts.entry(key).or_insert(0_usize) += 1;
    }
    counts.retain(|_, count| *count > MOST_ALIKE);
    let mut told = BTreeMap::new();
    let mut kept = Vec::new();
    for mut finding in findings {
        let alike = key(&finding).and_then(|key| Some((*counts.get(&key)?, key)));
        if let Some((count, key)) = alike {
            let told = told.entry(key).or_insert(0_usize);
            *told += 1;
            if *told > FIRST_ALIKE {
                continue;
            }
            if *told == FIRST_ALIKE {
                finding.notes.push(Note {
                    word: "note",
                    text: format!("{} more like this in the file", count - FIRST_ALIKE),
                    span: None,
                });
            }
        }
        kept.push(finding);
    }
    kept
}

/// Checks that miss the same document, as one, also where that is of several functions.
fn gathered(undecided: Vec<Undecided>) -> Vec<Undecided> {
    let mut places: BTreeMap<(FileId, String), usize> = BTreeMap::new();
    let mut kept: Vec<Undecided> = Vec::new();
    for new in undecided {
        let key = (new.span.file, new.reason.clone());
        let same = places.get(&key).and_then(|at| kept.get_mut(*at));
        match same.filter(|_| new.of_document) {
            Some(same) => join(same, new),
            None => {
                places.insert(key, kept.len());
                kept.push(new);
            }
        }
    }
    kept
}

/// Adds the rule and the function of a check to another one that misses the same.
fn join(same: &mut Undecided, new: Undecided) {
    if same.rule != new.rule && !same.also.contains(&new.rule) {
        same.also.push(new.rule);
    }
    let function = new
        .function
        .filter(|new| same.function.as_ref() != Some(new));
    same.also_for
        .extend(function.filter(|new| !same.also_for.contains(new)));
}

fn sort<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> (Location, K)) {
    list.sort_by_cached_key(key);
}

/// Findings in the program's own data, such as the body of a managed policy, are nobody's fault.
fn shown(sources: &SourceMap, place: Span) -> bool {
    let place = sources.resolve(place);
    sources
        .file(place.file)
        .is_none_or(|file| !file.is_builtin())
}

/// Of two findings about one place, of one pack and for one policy, the milder one becomes a part
/// of the other: both are mended by the same change.
fn absorb(findings: &mut Vec<Finding>) {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings.drain(..) {
        let place = finding.primary.span;
        let mut here = kept
            .iter_mut()
            .rev()
            .take_while(|other| other.primary.span == place);
        let worse = here.find(|other| takes_in(other, &finding));
        match (worse.and_then(|other| take_in(other, &finding)), finding) {
            (Some(()), _) => {}
            (None, finding) => kept.push(finding),
        }
    }
    *findings = kept;
}

/// Whether one change mends a finding and another one at its place, which is milder.
fn takes_in(worse: &Finding, milder: &Finding) -> bool {
    pack(worse) == pack(milder)
        && worse.subject.function == milder.subject.function
        && worse.subject.policy == milder.subject.policy
        && worse.severity > milder.severity
}

/// Whether a finding is told as a part of another one: whoever accepts that has seen both.
pub(super) fn is_part_of(sources: &SourceMap, part: &Finding, whole: &Finding) -> bool {
    let place = |finding: &Finding| sources.resolve(finding.primary.span);
    if place(part) != place(whole) {
        return false;
    }
    let is_general = part.subject.function.is_none() && whole.subject.function.is_some();
    let is_same = part.primary.text == whole.primary.text && added(part) == added(whole);
    let can_be_added = added(part).is_some();
    can_be_added && (takes_in(whole, part) && added(whole).is_some() || is_general && is_same)
}

/// Adds what a milder finding asks for to a worse one; nothing where that cannot be done.
fn take_in(worse: &mut Finding, milder: &Finding) -> Option<()> {
    let (Some(Fix::Allow(allow)), Some(Fix::Allow(more))) = (&mut worse.fix, &milder.fix) else {
        return None;
    };
    let statements = &mut allow.statements;
    let mut added = Vec::new();
    for new in &more.statements {
        let same = |known: &&mut NewStatement| {
            known.resources == new.resources
                && known.principal == new.principal
                && known.conditions == new.conditions
        };
        let Some(known) = statements.iter_mut().find(same) else {
            statements.push(new.clone());
            added.extend(new.actions.iter().cloned());
            continue;
        };
        let asked = new.actions.iter();
        let lacking = asked.filter(|action| !known.actions.contains(action));
        let lacking: Vec<String> = lacking.cloned().collect();
        known.actions.extend(lacking.iter().cloned());
        added.extend(lacking);
    }
    if added.is_empty() {
        return Some(());
    }
    let is_missing = |note: &Note| note.word == "missing";
    let at = usize::from(worse.notes.first().is_some_and(is_missing));
    let note = Note {
        word: "advised",
        text: added.join(", "),
        span: None,
    };
    worse.notes.insert(at, note);
    Some(())
}

fn pack(finding: &Finding) -> &str {
    finding.rule.split('/').next().unwrap_or("")
}
