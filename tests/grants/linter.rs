//! The program in this process, and the good samples.

use std::fs;
use std::path::{Path, PathBuf};

use lint_lambda::analyze;
use lint_lambda::diagnostics::{Finding, Severity};
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::{Outcome, lint};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use serde_json::Value;

use crate::program::root;

/// All that does not change from run to run.
pub(super) struct Linter {
    catalogue: Catalogue,
    packs: Packs,
}

impl Linter {
    pub(super) fn new() -> Self {
        let mut sources = SourceMap::default();
        let (catalogue, _) = Catalogue::builtin(&mut sources);
        let packs = Packs::builtin();
        Linter { catalogue, packs }
    }

    pub(super) fn lint(&self, document: &Value) -> Outcome {
        let mut sources = SourceMap::default();
        let file = sources.add("in.json", &document.to_string()).unwrap();
        let input = Input {
            file,
            scope: Scope::new([".", "in.json"]),
            named: true,
            role: lint_lambda::InputRole::Checked,
        };
        let hints = Hints::default();
        let analysis = analyze(&mut sources, &[input], &hints, &self.catalogue);
        lint(&sources, &analysis, &self.packs, &self.catalogue)
    }

    /// The errors and warnings.
    pub(super) fn faults(&self, document: &Value) -> Vec<Finding> {
        let found = self.lint(document).findings.into_iter();
        found
            .filter(|finding| finding.severity > Severity::Info)
            .collect()
    }
}

/// A good sample.
pub(super) struct Sample {
    /// Its path below `policies-samples`, without the ending.
    pub(super) name: String,
    pub(super) document: Value,
}

/// The good samples of JSON in which nothing is found, in order; but those about the form of a
/// document, which is another one when it is written otherwise.
pub(super) fn good_samples(linter: &Linter) -> Vec<Sample> {
    let folder = root().join("policies-samples");
    let mut paths = Vec::new();
    good_below(&folder, &mut paths);
    paths.sort();
    let samples = paths.iter().filter_map(|path| {
        let name = path.strip_prefix(&folder).ok()?.with_extension("");
        let document = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
        Some(Sample {
            name: name.display().to_string(),
            document,
        })
    });
    samples
        .filter(|sample| !sample.name.starts_with("policy-document/"))
        .filter(|sample| linter.faults(&sample.document).is_empty())
        .collect()
}

fn good_below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            good_below(&path, paths);
        } else if name.starts_with("good") && name.ends_with(".json") {
            paths.push(path);
        }
    }
}
