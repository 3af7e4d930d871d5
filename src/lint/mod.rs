//! Judgement: rules over the inventory, and what follows.
//!
//! Owns the way from a rule's selector to a finding, a check that stays undecided, or nothing. It
//! asks `iam` for every decision about permission. It must not parse text nor print.

mod access;
mod actions;
mod branches;
mod caller;
mod dead;
mod elsewhere;
mod forms;
mod half;
mod invoke;
mod judge;
mod keys;
mod managed;
mod named_role;
mod near;
mod order;
mod purpose;
mod remedy;
mod resource_policy;
mod resources;
mod role;
mod senders;
mod stands_for;
mod together;
mod trust;
mod verdict;
mod whole;

pub use purpose::{Purpose, purposes};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::finding::{Finding, Problem, Undecided};
use crate::lower::{Hints, Input, lower};
use crate::model::Absent;
use crate::pack::Packs;
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
    pub absent: Vec<Absent>,
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
    let memory = judge::Memory::default();
    let known = Known {
        sources,
        catalogue,
        memory: &memory,
        inventory: None,
    };
    let mut judged = judge::judge(known, packs, &lowered.inventory);
    for branch in &lowered.branches {
        let more = judge::judge(known, packs, &branch.inventory);
        branches::add(known, branch, more, &mut judged);
    }
    let mut outcome = Outcome {
        findings: judged.findings,
        problems: lowered.problems,
        undecided: judged.undecided,
        files: lowered.recognised.iter().filter(|known| **known).count(),
        recognised: lowered.recognised,
        functions: branches::functions(&lowered.inventory, &lowered.branches),
        absent: judged.absent,
        selected: judged.selected,
    };
    order::order(sources, &lowered.documents, &mut outcome);
    outcome
}
