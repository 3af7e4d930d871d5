//! Judgement: rules over the inventory, and what follows.
//!
//! Owns the way from a rule's selector to a finding, a check that stays undecided, or nothing. It
//! asks `iam` for every decision about permission. It must not parse text nor print.

mod access;
mod actions;
mod branches;
mod caller;
mod document_limits;
mod expand_actions;
mod granted_together;
mod incomplete_grant;
mod invoke;
mod judge;
mod key_use_by_senders;
mod keys;
mod managed;
mod misplaced_grant;
mod named_role;
mod near_miss;
mod order;
mod purpose;
mod remedy;
mod resource_policy;
mod resources;
mod role;
mod syntax_checks;
mod trust;
mod unreachable_allow;
mod verdict;

pub use purpose::{Purpose, purposes};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, Problem, Undecided};
use crate::input::{Hints, Input, lower};
use crate::model::MissingInput;
use crate::rules::Packs;
use crate::source::SourceMap;
use judge::Known;

/// All that the program has to say of its input.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Faults, sorted by place.
    pub findings: Vec<Finding>,
    /// What is wrong with the input.
    pub problems: Vec<Problem>,
    /// Checks that could not be made.
    pub undecided: Vec<Undecided>,
    /// How many texts held something that we know.
    pub files: usize,
    /// Whether each input held something that we know.
    pub recognised: Vec<bool>,
    /// How many functions they told of.
    pub functions: usize,
    /// What was referred to and not handed over.
    pub absent: Vec<MissingInput>,
    /// How many places each rule selected, by its id.
    pub selected: BTreeMap<Arc<str>, usize>,
}

/// Reads the inputs and judges them by the rules.
///
/// Cannot fail: what is wrong with an input is a problem of the outcome and hides nothing of the
/// others.
pub fn lint(
    sources: &mut SourceMap,
    inputs: &[Input],
    packs: &Packs,
    catalogue: &Catalogue,
    hints: &Hints,
) -> Outcome {
    let lowered = lower(sources, inputs, hints, catalogue);
    let memory = judge::Caches::default();
    let known = Known {
        sources,
        catalogue,
        memory: &memory,
        inventory: None,
    };
    let mut result = judge::judge(known, packs, &lowered.inventory);
    for branch in &lowered.branches {
        let more = judge::judge(known, packs, &branch.inventory);
        branches::add(known, branch, more, &mut result);
    }
    let mut outcome = Outcome {
        findings: result.findings,
        problems: lowered.problems,
        undecided: result.undecided,
        files: lowered.recognised.iter().filter(|known| **known).count(),
        recognised: lowered.recognised,
        functions: branches::functions(&lowered.inventory, &lowered.branches),
        absent: result.absent,
        selected: result.selected,
    };
    order::order(sources, &lowered.documents, &mut outcome);
    outcome
}
