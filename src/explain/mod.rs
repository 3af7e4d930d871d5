//! Troubleshooting: from an error text to who was refused and which document must change.
//!
//! Owns the search for errors in texts, the reading of events of CloudTrail, and what the documents
//! at hand say of an error. What errors mean is data of `catalogue`; every decision about permission
//! is asked of `simulate` and `lint`. It must not read files nor print.

mod answer;
mod documents;
mod matrix;
mod metrics;
mod search;
mod trail;
mod who;

pub use documents::judge;
pub use matrix::matrix;
pub use metrics::{explain_metrics, judge_metrics, series};
pub use search::{Found, Search};
pub use trail::events;

use crate::catalogue::Symptoms;
use crate::finding::Explanation;

/// What errors that were found in an input mean.
#[must_use]
pub fn explain(symptoms: &Symptoms, found: &[Found], input: &str) -> Vec<Explanation> {
    found
        .iter()
        .filter_map(|found| answer::explanation(symptoms, found, input))
        .collect()
}
