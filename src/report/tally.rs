//! How much there is of everything.

use std::ops::AddAssign;

use super::Report;
use crate::diagnostics::{Severity, Suppressor};

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files with something that we know.
    pub files: usize,
    /// Functions in them.
    pub functions: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are hints.
    pub infos: usize,
    /// Problems with the input.
    pub problems: usize,
    /// Checks that could not be made.
    pub undecided: usize,
    /// Findings that the user has accepted.
    pub suppressed: usize,
    /// Those of them that are in the baseline.
    pub in_baseline: usize,
    /// What the baseline holds and is no longer found.
    pub fixed: usize,
    /// Records of a stream.
    pub records: Option<usize>,
}

impl Tally {
    /// The findings of a severity.
    #[must_use]
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.infos,
        }
    }
}

impl Report<'_> {
    /// How much there is of everything.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally {
            files: self.files,
            functions: self.functions,
            problems: self.problems.len(),
            undecided: self.undecided.len(),
            suppressed: self.suppressed.len(),
            fixed: self.fixed.len(),
            ..Tally::default()
        };
        for finding in self.findings {
            match finding.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Info => tally.infos += 1,
            }
        }
        let old = self.suppressed.iter();
        let old = old.filter(|one| one.by == Suppressor::Baseline);
        tally.in_baseline = old.count();
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.functions += other.functions;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.problems += other.problems;
        self.undecided += other.undecided;
        self.suppressed += other.suppressed;
        self.in_baseline += other.in_baseline;
        self.fixed += other.fixed;
        self.records = match (self.records, other.records) {
            (Some(own), Some(other)) => Some(own + other),
            (own, other) => own.or(other),
        };
    }
}
