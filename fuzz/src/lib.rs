//! The targets of fuzzing. Each takes any bytes, and panics where something that must always hold does not.
//!
//! `fuzz_targets/target.rs` is the program that runs one of them for long; the test suite runs all of them over the
//! seeds and over mutations of those.

mod documents;
mod known;
mod policies;
mod questions;
mod readers;

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// All targets, by name.
pub const TARGETS: [(&str, Target); 24] = [
    ("authorize", policies::authorize),
    ("baseline", documents::baseline),
    ("catalogue", questions::catalogue),
    ("configuration", readers::configuration),
    ("content", readers::content),
    ("explain", questions::explain),
    ("fixes", documents::fixes),
    ("hcl", readers::hcl),
    ("json", readers::json),
    ("lint", documents::lint),
    ("metrics", questions::metrics),
    ("pack", questions::pack),
    ("parameters", readers::parameters),
    ("pattern", policies::pattern),
    ("plan", documents::plan),
    ("query", questions::query),
    ("reports", documents::reports),
    ("selector", questions::selector),
    ("serverless", documents::serverless),
    ("simulate", policies::simulate),
    ("suppressions", documents::suppressions),
    ("template", documents::template),
    ("terraform", documents::terraform),
    ("yaml", readers::yaml),
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, target)| *target)
}

/// The text that bytes begin with.
fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
    }
}
