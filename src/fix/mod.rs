//! Fixes as changes of the files that were read.
//!
//! Owns the way from what mends a finding to edits of a document in its own language, and the check that
//! nothing else becomes worse. It must not write files.

mod aim;
mod arguments;
mod beginnings;
mod change;
mod check;
mod components;
mod hcl;
mod hcl_place;
mod hcl_replacement;
mod hcl_sheet;
mod hcl_statement;
mod json_place;
mod layout;
mod module;
mod narrow;
mod permission;
mod plan;
mod rewritten;
mod role;
mod settle;
mod shared;
mod statement;
mod style;
mod template;
mod terraform;

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, Fix, Note, Patch, Severity};
use crate::input::{Hints, Input};
use crate::lint::Outcome;
use crate::rules::Packs;
use crate::source::{Edit, SourceMap};
use crate::work::in_parallel;
use check::{Checker, found, written};
use components::Components;
use plan::Planner;
use settle::{Settled, Task};

/// What it may cost to check each fix by itself: reading and judging a byte again costs one.
const MOST_ALONE: usize = 100_000;

/// How often a part of the inputs is read again where that costs more.
const MOST_TOGETHER: usize = 8;

/// The inputs of linting.
#[derive(Clone, Copy, Debug)]
pub struct Session<'s> {
    /// The texts, as they are after they were analyzed.
    pub sources: &'s SourceMap,
    /// Which of them were given.
    pub inputs: &'s [Input],
    /// What else is known.
    pub hints: &'s Hints,
    /// The rules.
    pub packs: &'s Packs,
    /// The facts about AWS.
    pub catalogue: &'s Catalogue,
    /// What exists in the texts.
    pub analysis: &'s Analysis,
}

/// Gives each finding of at least a severity that can be mended by edits of the files the edits. They were
/// checked: with them made, the finding is gone and nothing else is worse. What cannot be mended so keeps
/// the words that it has.
///
/// Each fix is checked by itself, against all that the rules say. Those of many or large files, for which that
/// would take too long, are checked together.
pub fn offer(session: Session<'_>, all: &Outcome, findings: &mut [Finding], least: Severity) {
    let planner = Planner::new(session);
    let components = Components::of(session);
    let found = found(session, &components, all);
    let tasks = tasks(&planner, findings, &|finding| finding.severity >= least);
    let parts = settle::by_part(&planner, &components, tasks);
    let whole: usize = parts.keys().map(|part| components.cost(*part)).sum();
    let settle = |(part, tasks): &(usize, Vec<Task<'_>>)| {
        let cost = components.cost(*part);
        let alone = MOST_ALONE.saturating_mul(cost) / whole.max(1);
        let checker = |most| Checker::new(session, &components, &found, most);
        match cost.saturating_mul(tasks.len()) <= alone {
            true => settle::alone(&planner, &mut checker(alone), tasks),
            false => {
                let most = alone.saturating_add(cost.saturating_mul(MOST_TOGETHER));
                settle::together(&planner, &mut checker(most), tasks).0
            }
        }
    };
    let parts: Vec<(usize, Vec<Task<'_>>)> = parts.into_iter().collect();
    let settled = in_parallel(&parts, settle);
    let settled = settled.into_iter().flatten();
    let mut settled: BTreeMap<usize, Settled> = settled.map(|one| (one.number, one)).collect();
    for (number, finding) in findings.iter_mut().enumerate() {
        let settled = settled.remove(&number).unwrap_or_default();
        complete(&planner, number, finding, settled);
    }
}

/// Edits that mend several findings at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// The changes of the texts, in order; none overlaps another.
    pub edits: Vec<Edit>,
    /// The places of the findings that they mend in the list of all.
    pub mended: Vec<usize>,
}

/// The edits that mend as many as possible of the findings that are chosen: two that change one thing are one
/// edit. They were checked together.
#[must_use]
pub fn together(
    session: Session<'_>,
    outcome: &Outcome,
    is_chosen: &dyn Fn(&Finding) -> bool,
) -> Together {
    let planner = Planner::new(session);
    let components = Components::of(session);
    let found = found(session, &components, outcome);
    let tasks = tasks(&planner, &outcome.findings, is_chosen);
    let mut all = Together::default();
    for (part, tasks) in settle::by_disjoint_part(&planner, &components, tasks) {
        let runs = tasks.len() * MOST_TOGETHER;
        let most = components.cost(part).saturating_mul(runs);
        let mut checker = Checker::new(session, &components, &found, most);
        let (settled, patch) = settle::together(&planner, &mut checker, &tasks);
        all.edits
            .extend(patch.into_iter().flat_map(|patch| patch.edits));
        all.mended
            .extend(settled.into_iter().map(|settled| settled.number));
    }
    all.edits.sort_by_key(|edit| edit.span);
    all.mended.sort_unstable();
    all
}

/// The edits that mend a finding, of whatever was read: also of copies of what AWS printed, in which they
/// change nothing but show that the words of the fix are right.
#[must_use]
pub fn rehearsed(session: Session<'_>, outcome: &Outcome, finding: &Finding) -> Option<Patch> {
    let planner = Planner::new(session);
    let components = Components::of(session);
    let found = found(session, &components, outcome);
    let mut checker = Checker::new(session, &components, &found, usize::MAX);
    let task = Task::with(0, finding, planner.ways(0, finding))?;
    let settled = settle::alone(&planner, &mut checker, &[task]);
    settled.into_iter().find_map(|settled| settled.patch)
}

fn tasks<'f>(
    planner: &Planner<'_>,
    findings: &'f [Finding],
    is_chosen: &dyn Fn(&Finding) -> bool,
) -> Vec<Task<'f>> {
    let chosen = findings.iter().enumerate();
    let chosen = chosen.filter(|(_, finding)| is_chosen(finding));
    let tasks = chosen.filter_map(|(number, finding)| Task::of(planner, number, finding));
    tasks.collect()
}

/// Gives a finding what was found out about its fix: the edits, or else only what to write where.
fn complete(planner: &Planner<'_>, number: usize, finding: &mut Finding, settled: Settled) {
    finding.patch = settled.patch;
    let circle = settled.circle.filter(|_| finding.patch.is_none());
    let mut is_elsewhere = false;
    if let Some(Fix::Allow(allow)) = &mut finding.fix {
        if finding.patch.is_none() {
            let draft = planner.draft(number, allow, circle.is_none());
            let draft = draft.and_then(|draft| written(planner, &draft));
            finding.patch = draft.map(|draft| Patch {
                edits: Vec::new(),
                ..draft
            });
        }
        planner.word(allow, circle.is_none());
        // A statement that something else makes cannot be shown where it is written.
        is_elsewhere =
            allow.narrows.is_some() && allow.declared.is_some() && finding.patch.is_none();
    }
    if is_elsewhere {
        finding.fix = None;
        let help = finding.help.take();
        finding.help = help.map(|help| help.trim_end_matches(':').to_owned());
    }
    if let Some((from, to)) = circle {
        let text = format!(
            "`{from}` cannot refer to `{to}`, which depends on it: set a name for `{to}`, and use it in the ARN"
        );
        finding.notes.push(Note::new("note", text));
    }
}
