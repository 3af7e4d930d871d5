//! The whole way from a text to findings: no input stops it, and every place lies in the text.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lint_lambda::analyze;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::lint::lint;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;

static KNOWN: LazyLock<(Catalogue, Packs)> = LazyLock::new(|| {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    (catalogue, packs)
});

fuzz_target!(|text: &str| {
    let (catalogue, packs) = &*KNOWN;
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else { return };
    let input = Input {
        file,
        scope: Scope::new([".", "in.json"]),
        named: true,
        role: lint_lambda::InputRole::Checked,
    };
    let analysis = analyze(&mut sources, &[input], &Hints::default(), catalogue);
    let outcome = lint(&sources, &analysis, packs, catalogue);
    for finding in &outcome.findings {
        let place = sources.resolve(finding.primary.span);
        assert!(text.get(place.range()).is_some());
    }
});
