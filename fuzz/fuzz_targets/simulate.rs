//! The simulator's input: nothing stops it, and every statement that decides lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::Catalogue;
use lint_lambda::unstable::syntax::json;
use lint_lambda::unstable::model::Inventory;
use lint_lambda::unstable::simulate::simulate;
use lint_lambda::unstable::source::SourceMap;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let Ok(file) = sources.add("in.json", text) else { return };
    for input in json::read(file, text).roots {
        let mut problems = Vec::new();
        let answers = simulate(&catalogue, &mut sources, &input, &Inventory::default(), &mut problems);
        for found in answers.iter().flat_map(|answer| answer.each()).flat_map(|answer| &answer.matched) {
            let place = sources.resolve(found.span);
            assert!(text.get(place.range()).is_some());
        }
    }
});
