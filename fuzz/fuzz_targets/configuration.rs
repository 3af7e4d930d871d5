//! Any text as `lint-lambda.toml`: nothing stops the reader, and every mistake lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::diagnostics::Place;
use lint_lambda::unstable::settings::Configuration;
use lint_lambda::unstable::source::SourceMap;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("lint-lambda.toml", text) else { return };
    let mut problems = Vec::new();
    let _configuration = Configuration::read(file, text, &mut problems);
    for problem in &problems {
        let Place::Text(label) = &problem.place else { continue };
        assert!(label.span.end as usize <= text.len());
    }
});
