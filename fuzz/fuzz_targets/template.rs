//! Templates with values for their parameters, several together: no input stops them, and every
//! place lies in its text.
//!
//! Parts of the input are separated by lines of `====`: values, then templates and manifests.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lint_lambda::analyze;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::lint::lint;
use lint_lambda::unstable::input::{Hints, Input, Parameters, Scope, ValuesFormat};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;

static KNOWN: LazyLock<(Catalogue, Packs)> = LazyLock::new(|| {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    (catalogue, packs)
});

const NAMES: [&str; 3] = ["a.template.json", "b.yaml", "manifest.json"];

fuzz_target!(|text: &str| {
    let (catalogue, packs) = &*KNOWN;
    let mut sources = SourceMap::default();
    let mut parts = text.split("\n====\n");
    let values = parts.next().unwrap_or("");
    let Ok(file) = sources.add("values", values) else { return };
    let format = match values.starts_with('[') {
        true => ValuesFormat::Toml,
        false => ValuesFormat::Document,
    };
    let (parameters, _) = Parameters::read(file, values, format);
    let mut texts = Vec::new();
    let mut inputs = Vec::new();
    for (name, text) in NAMES.iter().zip(parts) {
        let Ok(file) = sources.add(name, text) else { return };
        texts.push((file, text));
        inputs.push(Input {
            file,
            scope: Scope::new([".", "cdk.out", name]),
            named: true,
            role: lint_lambda::InputRole::Checked,
        });
    }
    let hints = Hints {
        parameters,
        ..Hints::default()
    };
    let analysis = analyze(&mut sources, &inputs, &hints, catalogue);
    let outcome = lint(&sources, &analysis, packs, catalogue);
    for finding in &outcome.findings {
        let place = sources.resolve(finding.primary.span);
        let text = texts.iter().find(|(file, _)| *file == place.file);
        assert!(text.is_none_or(|(_, text)| text.get(place.range()).is_some()));
    }
});
