//! The YAML reader: no input stops it, and every place that it gives lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::unstable::syntax::{Node, piece_span, yaml};
use lint_lambda::unstable::source::SourceMap;

fn check(sources: &SourceMap, node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some());
    if let Some(decoded) = node.as_str() {
        for (at, c) in decoded.char_indices().take(200) {
            let piece = piece_span(sources, node, at..at + c.len_utf8());
            assert!(text.get(piece.range()).is_some());
        }
    }
    node.items().iter().for_each(|item| check(sources, item, text));
    for member in node.members() {
        assert!(text.get(member.key.span.range()).is_some());
        check(sources, &member.value, text);
    }
}

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.yaml", text) else { return };
    let documents = yaml::read(file, text, &yaml::without_tags);
    documents.roots.iter().for_each(|root| check(&sources, root, text));
    for error in &documents.errors {
        assert!(text.get(error.span.range()).is_some());
    }
});
