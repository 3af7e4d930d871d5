//! Rules over the inventory.

use std::collections::HashSet;

use crate::diagnostics::Severity;
use crate::model::{Inventory, selects_in_functions};
use crate::requirement::{LintContext, LintResult, Match, Subject};
use crate::rules::{Packs, Rule};
use crate::syntax::{Node, Selector, Step};
use crate::work::{Kind as Work, count, in_parallel};

/// How many places are checked by one thread at a time.
const CHUNK: usize = 64;

/// Judges an inventory by all rules, each by as many threads as there are places enough.
pub(super) fn judge(cx: LintContext<'_>, packs: &Packs) -> LintResult {
    let subjects: Vec<Subject<'_>> = cx.inventory.functions().map(Subject::new).collect();
    let mut result = LintResult::default();
    let selecting = packs
        .rules()
        .filter(|rule| rule.can_select(&cx.inventory.root));
    for rule in selecting {
        for selector in rule.select() {
            let matches = matches(selector, cx.inventory, &subjects);
            if matches.is_empty() {
                continue;
            }
            let selected = result.selected.entry(rule.meta.id.clone());
            *selected.or_default() += matches.len();
            let before = result.undecided.len();
            check(cx, rule, &matches, &mut result);
            // What is only good to know is not missed.
            if rule.meta.severity == Severity::Info {
                result.undecided.truncate(before);
            }
        }
    }
    result
}

/// Checks places, with the same result as one after the other.
fn check(cx: LintContext<'_>, rule: &Rule, matches: &[Match<'_, '_>], result: &mut LintResult) {
    if matches.len() <= CHUNK || rule.require().looks_at_findings() {
        return one_by_one(cx, rule, matches, result);
    }
    let before = cx.caches.mark();
    let results = in_parallel(&chunks(matches), |chunk| {
        let mut result = LintResult::default();
        one_by_one(cx, rule, chunk, &mut result);
        result
    });
    if cx.caches.back_to(before) {
        return one_by_one(cx, rule, matches, result);
    }
    for part in results {
        result.findings.extend(part.findings);
        result.undecided.extend(part.undecided);
    }
}

fn one_by_one(
    cx: LintContext<'_>,
    rule: &Rule,
    matches: &[Match<'_, '_>],
    result: &mut LintResult,
) {
    count(Work::Checks, matches.len());
    for matched in matches {
        let known = result.findings.len();
        rule.require().check(cx, &rule.meta, *matched, result);
        let place = matched.subject.map(|subject| subject.function.place());
        for finding in result.findings.iter_mut().skip(known) {
            finding.function_place = place;
        }
    }
}

/// Parts of about the same size. Those of one function are not parted, for what is proposed for one of them
/// depends on the others.
fn chunks<'m, 'n, 's>(matches: &'m [Match<'n, 's>]) -> Vec<&'m [Match<'n, 's>]> {
    let subject = |matched: &Match<'n, 's>| matched.subject.map(std::ptr::from_ref);
    let mut chunks = Vec::new();
    let mut rest = matches;
    while !rest.is_empty() {
        let (start, behind) = rest.split_at(CHUNK.min(rest.len()));
        let last = start.last().and_then(subject);
        let same = behind
            .iter()
            .take_while(|m| last.is_some() && subject(m) == last);
        let (chunk, behind) = rest.split_at(start.len() + same.count());
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

/// Calls back for every place that a selector matches; a path through `Functions` is followed in
/// each function by itself, so that the check knows whose place it is.
pub(super) fn each_match<'n, 's>(
    selector: &Selector,
    inventory: &'n Inventory,
    subjects: &'s [Subject<'n>],
    check: impl FnMut(Match<'n, 's>),
) {
    matches(selector, inventory, subjects)
        .into_iter()
        .for_each(check);
}

fn matches<'n, 's>(
    selector: &Selector,
    inventory: &'n Inventory,
    subjects: &'s [Subject<'n>],
) -> Vec<Match<'n, 's>> {
    if !selects_in_functions(selector) {
        let nodes = selector.select(&inventory.root).into_iter();
        let subject = None;
        return nodes.map(|node| Match { node, subject }).collect();
    }
    let (functions, inside) = selector.split(2);
    let chosen = chosen(&functions, inventory);
    let is_chosen = |subject: &&Subject<'_>| {
        let function = std::ptr::from_ref(subject.function.node);
        chosen
            .as_ref()
            .is_none_or(|chosen| chosen.contains(&function))
    };
    let subjects = subjects.iter().filter(is_chosen);
    let places = subjects.flat_map(|subject| {
        let nodes = inside.select(subject.function.node).into_iter();
        let subject = Some(subject);
        nodes.map(move |node| Match { node, subject })
    });
    places.collect()
}

/// The functions that a path chooses; `None` if that is all of them.
fn chosen(functions: &Selector, inventory: &Inventory) -> Option<HashSet<*const Node>> {
    if let [_, Step::Each] = functions.steps() {
        return None;
    }
    let chosen = functions.select(&inventory.root).into_iter();
    Some(chosen.map(std::ptr::from_ref).collect())
}
