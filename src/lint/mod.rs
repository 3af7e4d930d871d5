//! Linting: applies rules to the inventory.
//!
//! Owns the evaluation of a rule, from its selector to the check of its requirement, and the order of
//! findings. It must not parse text nor print.

mod background;
mod branches;
mod checks;
mod engine;
mod fingerprint;
mod postprocess;
mod purposes;
mod shared_cause;

pub use background::Background;
pub use checks::{Check, each_check};
pub use purposes::purposes;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, Undecided};
use crate::requirement::{Caches, LintContext};
use crate::rules::Packs;
use crate::source::SourceMap;
use crate::syntax::Node;

/// The result of applying rules to an analysis.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Findings, sorted by location.
    pub findings: Vec<Finding>,
    /// Undecided checks.
    pub undecided: Vec<Undecided>,
    /// How many places each rule selected, by its id.
    pub selected: BTreeMap<Arc<str>, usize>,
}

impl Outcome {
    /// Sorts the findings, and merges those that several functions or places have in common. Until then, each
    /// finding is about one function and one rule, so that it can be suppressed separately.
    pub fn summarize(&mut self, sources: &SourceMap) {
        postprocess::summarize(sources, self);
    }
}

/// Applies the rules to an analysis, and merges findings with a common cause.
#[must_use]
pub fn lint(
    sources: &SourceMap,
    analysis: &Analysis,
    packs: &Packs,
    catalogue: &Catalogue,
) -> Outcome {
    let mut outcome = judge(sources, analysis, packs, catalogue);
    outcome.summarize(sources);
    outcome
}

/// Applies the rules to an analysis, without merging findings.
#[must_use]
pub fn judge(
    sources: &SourceMap,
    analysis: &Analysis,
    packs: &Packs,
    catalogue: &Catalogue,
) -> Outcome {
    let caches = Caches::default();
    let context = |inventory| LintContext {
        sources,
        catalogue,
        caches: &caches,
        inventory,
    };
    let mut result = engine::judge(context(&analysis.inventory), packs);
    for branch in &analysis.branches {
        let mut more = engine::judge(context(&branch.inventory), packs);
        postprocess::merge(sources, &mut more.findings);
        branches::add(sources, branch, more, &mut result);
    }
    let mut outcome = Outcome {
        findings: result.findings,
        undecided: result.undecided,
        selected: result.selected,
    };
    let (findings, undecided) = (&mut outcome.findings, &mut outcome.undecided);
    postprocess::complete(sources, &analysis.documents, packs, findings, undecided);
    outcome
}

/// Whether a finding is told as a part of another one.
#[must_use]
pub fn is_part_of(sources: &SourceMap, part: &Finding, whole: &Finding) -> bool {
    postprocess::is_part_of(sources, part, whole)
}

/// Gives findings that were made elsewhere their pointers and fingerprints.
pub fn complete(
    sources: &SourceMap,
    documents: &[Node],
    packs: &Packs,
    findings: &mut Vec<Finding>,
) {
    postprocess::complete(sources, documents, packs, findings, &mut Vec::new());
}
