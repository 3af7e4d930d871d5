//! Rule packs: no text stops the loader.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("pack.json", text) else { return };
    Packs::default().add(file, text);
});
