//! Errors in any text, cut anywhere: no input stops the search, and cutting changes nothing of what is
//! found.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::syntax::json;
use lint_lambda::unstable::explain::{Search, events, explain, explain_metrics, series};
use lint_lambda::unstable::source::SourceMap;

static KNOWN: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::builtin(&mut SourceMap::default()).0);

fuzz_target!(|text: &str| {
    let symptoms = KNOWN.symptoms();
    let mut whole = Search::new(symptoms);
    whole.feed(text);
    let (whole, _) = whole.finish();
    let middle = text.char_indices().nth(text.chars().count() / 2);
    let (before, behind) = text.split_at(middle.map_or(0, |(at, _)| at));
    let mut cut = Search::new(symptoms);
    cut.feed(before);
    cut.feed(behind);
    let (cut, _) = cut.finish();
    let told = |found: &[lint_lambda::unstable::explain::Found]| -> Vec<(usize, usize)> {
        found.iter().map(|found| (found.symptom, found.line)).collect()
    };
    assert_eq!(told(&whole), told(&cut));
    let _all = explain(&KNOWN, &whole, "in");
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in", text) else { return };
    for root in &json::read(file, text).roots {
        let _events = events(symptoms, root);
        if let Some(series) = series(root) {
            let _metrics = explain_metrics(&KNOWN, &series, "in");
        }
    }
});
