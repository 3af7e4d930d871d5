//! What is done with each result before it is printed.

use std::collections::BTreeSet;

use super::output;
use super::simulate_args::UnknownAs;
use crate::catalogue::Catalogue;
use crate::diagnostics::{ActionResult, Ruling};
use crate::report;
use crate::simulate::unknown_action;

/// Puts another decision in place of one that is not known.
pub(super) fn settle(result: &mut ActionResult, unknown: UnknownAs) {
    let results = std::iter::once(&mut result.overall).chain(&mut result.resources);
    for result in results {
        let details = result.details.iter_mut().map(|(_, ruling)| ruling);
        for ruling in details.chain([&mut result.decision]) {
            if *ruling == Ruling::Unknown {
                *ruling = unknown.ruling();
            }
        }
    }
}

/// The actions that are not known, each of which is told once.
#[derive(Debug, Default)]
pub(super) struct ActionHints {
    seen: BTreeSet<String>,
}

/// How many actions are remembered and told of.
const MOST_HINTS: usize = 1_000;

impl ActionHints {
    /// Tells on standard error that an action is not known; returns whether it did.
    pub(super) fn tell(&mut self, catalogue: &Catalogue, action: &str) -> bool {
        if self.seen.len() >= MOST_HINTS || catalogue.actions.table.action(action).is_some() {
            return false;
        }
        if self.seen.contains(action) || !self.seen.insert(action.to_owned()) {
            return false;
        }
        let hint = unknown_action(catalogue, action);
        if let Some(hint) = &hint {
            output::aside(&format!("note: {}\n", report::clean(hint)));
        }
        hint.is_some()
    }
}
