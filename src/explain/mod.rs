//! Troubleshooting: from an error text to who was denied and which document must change.
//!
//! Owns the search for errors in texts, the reading of events of CloudTrail, and the evaluation of
//! the provided documents. What errors mean is data of `catalogue`; `simulate` and `lint` make every
//! decision about permissions. It must not read files nor print.

mod answer;
mod documents;
mod evaluate;
mod graph;
mod matrix;
mod metrics;
mod names;
mod needs;
mod permission;
mod remedy;
mod request;
mod search;
mod trail;
mod unwrap;
mod who;

pub use documents::judge;
pub use graph::{Checks, graphs};
pub use matrix::matrix;
pub use metrics::{explain_metrics, judge_metrics, series};
pub use search::{Found, Search};
pub use trail::events;

use crate::catalogue::Catalogue;
use crate::diagnostics::Explanation;

/// Lines between two texts that describe the same error, such as a state's reason and its code.
const NEAR: usize = 2;

/// What errors that were found in an input mean.
#[must_use]
pub fn explain(catalogue: &Catalogue, found: &[Found], input: &str) -> Vec<Explanation> {
    let each = found.iter();
    let each = each.filter_map(|found| answer::explanation(catalogue, found, input));
    let mut all: Vec<Explanation> = Vec::new();
    for one in each {
        let is_told = all.last().is_some_and(|last| {
            let is_near = one.at.1.abs_diff(last.at.1) <= NEAR && one.times == last.times;
            let is_same = one.request == last.request && !one.request.actions.is_empty();
            is_near && is_same && one.symptom != last.symptom
        });
        if !is_told {
            all.push(one);
        }
    }
    all
}
