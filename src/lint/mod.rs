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

use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, Undecided};
use crate::rules::Packs;
use crate::source::SourceMap;
use judge::Known;

/// What the rules say of an analysis.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Faults, sorted by place.
    pub findings: Vec<Finding>,
    /// Checks that could not be made.
    pub undecided: Vec<Undecided>,
    /// How many places each rule selected, by its id.
    pub selected: BTreeMap<Arc<str>, usize>,
}

/// Judges what exists by the rules.
#[must_use]
pub fn lint(
    sources: &SourceMap,
    analysis: &Analysis,
    packs: &Packs,
    catalogue: &Catalogue,
) -> Outcome {
    let memory = judge::Caches::default();
    let known = Known {
        sources,
        catalogue,
        memory: &memory,
        inventory: None,
    };
    let mut result = judge::judge(known, packs, &analysis.inventory);
    for branch in &analysis.branches {
        let more = judge::judge(known, packs, &branch.inventory);
        branches::add(known, branch, more, &mut result);
    }
    let mut outcome = Outcome {
        findings: result.findings,
        undecided: result.undecided,
        selected: result.selected,
    };
    order::order(sources, &analysis.documents, &mut outcome);
    outcome
}
