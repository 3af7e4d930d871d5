//! JSONPaths: none stops the compiler, and what compiles can be run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::unstable::syntax::{Selector, json};
use lint_lambda::unstable::source::SourceMap;

const TEXT: &str = r#"{"a": [{"b": 1, "c": "x"}, {"b": 2}], "d": {"e": null}}"#;

fuzz_target!(|path: &str| {
    let Ok(selector) = Selector::parse(path) else { return };
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", TEXT) else { return };
    for root in &json::read(file, TEXT).roots {
        let _hits = selector.select(root);
    }
});
