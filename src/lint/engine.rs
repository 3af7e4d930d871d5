//! Rules over the inventory.

use std::collections::HashSet;

use crate::diagnostics::Severity;
use crate::model::{Inventory, selects_in_functions};
use crate::requirement::{LintContext, LintResult, Match, Subject};
use crate::rules::Packs;
use crate::syntax::{Node, Selector};

/// Judges an inventory by all rules.
pub(super) fn judge(cx: LintContext<'_>, packs: &Packs) -> LintResult {
    let subjects: Vec<Subject<'_>> = cx.inventory.functions().map(Subject::new).collect();
    let mut result = LintResult::default();
    let selecting = packs
        .rules()
        .filter(|rule| rule.can_select(&cx.inventory.root));
    for rule in selecting {
        for selector in rule.select() {
            each_match(selector, cx.inventory, &subjects, |matched| {
                let selected = result.selected.entry(rule.meta.id.clone());
                *selected.or_default() += 1;
                let before = result.undecided.len();
                let known = result.findings.len();
                rule.require().check(cx, &rule.meta, matched, &mut result);
                let place = matched.subject.map(|subject| subject.function.place());
                for finding in result.findings.iter_mut().skip(known) {
                    finding.function_place = place;
                }
                // What is only good to know is not missed.
                if rule.meta.severity == Severity::Info {
                    result.undecided.truncate(before);
                }
            });
        }
    }
    result
}

/// Calls back for every place that a selector matches; a path through `Functions` is followed in
/// each function by itself, so that the check knows whose place it is.
pub(super) fn each_match<'n, 's>(
    selector: &Selector,
    inventory: &'n Inventory,
    subjects: &'s [Subject<'n>],
    mut check: impl FnMut(Match<'n, 's>),
) {
    if !selects_in_functions(selector) {
        for node in selector.select(&inventory.root) {
            let subject = None;
            check(Match { node, subject });
        }
        return;
    }
    let (functions, inside) = selector.split(2);
    let chosen: HashSet<*const Node> = functions
        .select(&inventory.root)
        .into_iter()
        .map(std::ptr::from_ref)
        .collect();
    for subject in subjects {
        let function = subject.function.node;
        if chosen.contains(&std::ptr::from_ref(function)) {
            for node in inside.select(function) {
                let subject = Some(subject);
                check(Match { node, subject });
            }
        }
    }
}
