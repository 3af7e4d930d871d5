//! What users write: errors to explain, rule packs, facts, selectors and expressions.

use lint_lambda::unstable::catalogue::{Catalogue, FILES, GivenFile};
use lint_lambda::unstable::explain::{
    Found, Search, events, explain as explained, explain_metrics, series,
};
use lint_lambda::unstable::report::Query;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{Selector, json};

use super::known::KNOWN;

/// Errors in a text: cutting it anywhere changes nothing of what is found.
pub(super) fn explain(bytes: &[u8]) {
    let text = super::text(bytes);
    let symptoms = KNOWN.0.symptoms();
    let mut whole = Search::new(symptoms);
    whole.feed(text);
    let (whole, _) = whole.finish();
    let middle = text.char_indices().nth(text.chars().count() / 2);
    let (before, behind) = text.split_at(middle.map_or(0, |(at, _)| at));
    let mut cut = Search::new(symptoms);
    cut.feed(before);
    cut.feed(behind);
    let (cut, _) = cut.finish();
    let told = |found: &[Found]| -> Vec<(usize, usize)> {
        found
            .iter()
            .map(|found| (found.symptom, found.line))
            .collect()
    };
    assert_eq!(told(&whole), told(&cut));
    let _all = explained(&KNOWN.0, &whole, "in");
}

/// Metrics and events in JSON.
pub(super) fn metrics(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else {
        return;
    };
    for root in &json::read(file, text).roots {
        let found = events(KNOWN.0.symptoms(), root);
        for (_, span) in found.iter().flatten() {
            assert!(text.get(sources.resolve(*span).range()).is_some());
        }
        if let Some(series) = series(root) {
            let _metrics = explain_metrics(&KNOWN.0, &series, "in");
        }
    }
}

/// Rule packs: no text stops the loader, and what it takes can be run.
pub(super) fn pack(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("pack.json", text) else {
        return;
    };
    Packs::default().add(file, text);
}

/// Files of `--catalogue`: the first line names the one that the rest stands for.
pub(super) fn catalogue(bytes: &[u8]) {
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (name, content) = bytes.split_at(line);
    let name = super::text(name);
    let tables = ["actions.json", "managed-policies.json"];
    if !tables.contains(&name) && !FILES.contains(&name) {
        return;
    }
    let given = GivenFile {
        path: name.to_owned(),
        bytes: content.to_vec(),
    };
    let mut sources = SourceMap::default();
    let (catalogue, _problems) = Catalogue::with(&mut sources, vec![given]);
    // Some files are read when they are needed.
    let _lazy = (catalogue.symptoms(), catalogue.sam(), catalogue.terraform());
    let _others = (catalogue.serverless(), catalogue.template_resources());
}

/// JSONPath: none stops the compiler, and what compiles can be run.
pub(super) fn selector(bytes: &[u8]) {
    const TEXT: &str = r#"{"a": [{"b": 1, "c": "x"}, {"b": 2}], "d": {"e": null}}"#;
    let Ok(selector) = Selector::parse(super::text(bytes)) else {
        return;
    };
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", TEXT) else {
        return;
    };
    for root in &json::read(file, TEXT).roots {
        for hit in selector.select(root) {
            assert!(TEXT.get(hit.span.range()).is_some());
        }
    }
}

/// Expressions of `--query`.
pub(super) fn query(bytes: &[u8]) {
    let _compiled = Query::compile(super::text(bytes));
}
