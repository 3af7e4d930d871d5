//! The JSON reader: no input stops it, and every place that it gives lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lint_lambda::unstable::syntax::{Node, json};
use lint_lambda::unstable::source::SourceMap;

fn check(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some());
    node.items().iter().for_each(|item| check(item, text));
    for member in node.members() {
        assert!(text.get(member.key.span.range()).is_some());
        check(&member.value, text);
    }
}

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else { return };
    let documents = json::read(file, text);
    documents.roots.iter().for_each(|root| check(root, text));
    for error in &documents.errors {
        assert!(text.get(error.span.range()).is_some());
    }
});
