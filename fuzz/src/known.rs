//! The facts and rules of the program, and the way from texts to findings.

use std::sync::LazyLock;

use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::fix::Session;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::{Outcome, judge};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::{SourceMap, Span};
use lint_lambda::{Analysis, InputRole, analyze};

/// The facts and rules.
pub(crate) static KNOWN: LazyLock<(Catalogue, Packs)> = LazyLock::new(|| {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    (catalogue, packs)
});

/// Texts that were judged.
pub(crate) struct Judged {
    pub(crate) sources: SourceMap,
    pub(crate) inputs: Vec<Input>,
    pub(crate) hints: Hints,
    pub(crate) analysis: Analysis,
    /// The findings, before those with a common cause are merged.
    pub(crate) outcome: Outcome,
}

impl Judged {
    /// Reads and judges texts, each with the name of its file.
    pub(crate) fn of(files: &[(&str, &str)], hints: Hints) -> Option<Self> {
        let (catalogue, packs) = &*KNOWN;
        let mut sources = SourceMap::default();
        let mut inputs = Vec::new();
        for (name, text) in files {
            inputs.push(Input {
                file: sources.add(name, text).ok()?,
                scope: Scope::new(std::iter::once(".").chain(name.split('/'))),
                named: true,
                role: InputRole::Checked,
            });
        }
        let analysis = analyze(&mut sources, &inputs, &hints, catalogue);
        let outcome = judge(&sources, &analysis, packs, catalogue);
        let judged = Judged {
            sources,
            inputs,
            hints,
            analysis,
            outcome,
        };
        for finding in &judged.outcome.findings {
            judged.check(finding.primary.span);
        }
        Some(judged)
    }

    /// What fixes are made from.
    pub(crate) fn session(&self) -> Session<'_> {
        Session {
            sources: &self.sources,
            inputs: &self.inputs,
            hints: &self.hints,
            packs: &KNOWN.1,
            catalogue: &KNOWN.0,
            analysis: &self.analysis,
        }
    }

    /// A place lies in its text.
    pub(crate) fn check(&self, span: Span) {
        let place = self.sources.resolve(span);
        if let Some(file) = self.sources.file(place.file) {
            assert!(file.text().get(place.range()).is_some(), "{place:?}");
        }
    }
}
