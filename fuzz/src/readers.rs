//! The readers: no input stops them, and every place that they give lies in the text.

use lint_lambda::diagnostics::Place;
use lint_lambda::unstable::cli::text_of;
use lint_lambda::unstable::input::{Parameters, ValuesFormat};
use lint_lambda::unstable::settings::Configuration;
use lint_lambda::unstable::source::{SourceMap, decode};
use lint_lambda::unstable::syntax::{Kind, Node, hcl, json as json_syntax, piece_span};
use lint_lambda::unstable::syntax::{Text, yaml as yaml_syntax};
use serde_json::Value;

/// Every place of a tree lies in the text.
fn check(sources: &SourceMap, node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{:?}", node.span);
    if let Some(decoded) = node.as_str() {
        for (at, c) in decoded.char_indices().take(200) {
            let piece = piece_span(sources, node, at..at + c.len_utf8());
            assert!(text.get(piece.range()).is_some(), "{piece:?}");
        }
    }
    node.items()
        .iter()
        .for_each(|item| check(sources, item, text));
    for member in node.members() {
        assert!(text.get(member.key.span.range()).is_some());
        check(sources, &member.value, text);
    }
}

/// JSON: the reader accepts what serde_json accepts, with the same values.
pub(super) fn json(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else {
        return;
    };
    let documents = json_syntax::read(file, text);
    documents
        .roots
        .iter()
        .for_each(|root| check(&sources, root, text));
    for error in &documents.errors {
        assert!(text.get(error.span.range()).is_some());
        // What only we refuse, or what serde_json refuses with another bound.
        if error.message.starts_with("nested more than") {
            return;
        }
    }
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let stream = serde_json::Deserializer::from_str(unmarked).into_iter::<Value>();
    let mut expected = Vec::new();
    for value in stream {
        match value {
            Ok(value) => expected.push(value),
            // Numbers beyond a double are numbers, and so are levels that serde_json does not go down.
            Err(error) => {
                let message = error.to_string();
                if message.starts_with("number out of range") || message.starts_with("recursion") {
                    return;
                }
                assert!(!documents.errors.is_empty(), "{message}: {text:?}");
                let before = documents.roots.iter().zip(&expected);
                before.for_each(|(root, value)| same(root, value));
                return;
            }
        }
    }
    assert_eq!(documents.errors, [], "{text:?}");
    assert_eq!(documents.roots.len(), expected.len(), "{text:?}");
    let roots = documents.roots.iter().zip(&expected);
    roots.for_each(|(root, value)| same(root, value));
}

/// A tree says what serde_json says; of two members with one name, that is the last one.
fn same(node: &Node, value: &Value) {
    match (&node.kind, value) {
        (Kind::Null, Value::Null) => {}
        (Kind::Bool(is), Value::Bool(expected)) => assert_eq!(is, expected),
        (Kind::Text(Text::Known(text)), Value::String(expected)) => {
            assert_eq!(&**text, expected.as_str());
        }
        (Kind::Number(written), Value::Number(expected)) => {
            let number: Value = serde_json::from_str(written).unwrap_or_default();
            assert_eq!(number, Value::Number(expected.clone()));
        }
        (Kind::Array(items), Value::Array(expected)) => {
            assert_eq!(items.len(), expected.len());
            let items = items.iter().zip(expected);
            items.for_each(|(item, value)| same(item, value));
        }
        (Kind::Object(members), Value::Object(expected)) => {
            for member in members.iter() {
                assert!(expected.contains_key(&*member.key.text));
            }
            for (name, value) in expected {
                let Some(own) = node.get(name) else {
                    panic!("no member {name:?}");
                };
                same(own, value);
            }
        }
        (own, other) => panic!("{own:?} for {other}"),
    }
}

/// YAML: what is JSON means the same as YAML, where YAML can read it.
pub(super) fn yaml(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.yaml", text) else {
        return;
    };
    let documents = yaml_syntax::read(file, text, &yaml_syntax::without_tags);
    documents
        .roots
        .iter()
        .for_each(|root| check(&sources, root, text));
    for error in &documents.errors {
        assert!(text.get(error.span.range()).is_some());
    }
    for comment in yaml_syntax::comments(file, text) {
        assert!(text.get(comment.span.range()).is_some());
    }
    if let (Ok(value), [root], []) = (
        serde_json::from_str::<Value>(text),
        documents.roots.as_slice(),
        documents.errors.as_slice(),
    ) && !text.contains("<<")
    {
        same(root, &value);
    }
}

/// HCL: bodies, templates and comments.
pub(super) fn hcl(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.tf", text) else {
        return;
    };
    let body = hcl::body(file, text);
    assert!(body.content.is_some() != body.error.is_some());
    if let Some(error) = &body.error {
        assert!(text.get(error.span.range()).is_some());
    }
    if let Some(body) = &body.content {
        for node in hcl::outline(body).walk() {
            assert!(text.get(node.span.range()).is_some());
        }
    }
    if let Some(error) = hcl::template(file, text).error {
        assert!(text.get(error.span.range()).is_some());
    }
    for comment in hcl::comments(file, text) {
        assert!(text.get(comment.span.range()).is_some());
    }
}

/// `lint-lambda.toml`: every mistake lies in the text.
pub(super) fn configuration(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("lint-lambda.toml", text) else {
        return;
    };
    let mut problems = Vec::new();
    let _configuration = Configuration::read(file, text, &mut problems);
    for problem in &problems {
        let Place::Text(label) = &problem.place else {
            continue;
        };
        assert!(text.get(label.span.range()).is_some());
    }
}

/// Files of any kind: encodings, archives and listings of them. A listing is JSON.
pub(super) fn content(bytes: &[u8]) {
    let text = text_of(bytes, "in");
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        if let Ok(listing) = text {
            assert!(serde_json::from_str::<Value>(&listing).is_ok(), "{listing}");
        }
    } else {
        assert_eq!(text.is_ok(), decode(bytes).is_ok());
    }
}

/// Values for parameters, in each of their formats.
pub(super) fn parameters(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("values", text) else {
        return;
    };
    for extension in ["json", "toml", "tfvars", "yaml", "env"] {
        let format = ValuesFormat::of_extension(extension);
        let (_parameters, problems) = Parameters::read(file, text, format);
        for problem in &problems {
            let Place::Text(label) = &problem.place else {
                continue;
            };
            assert!(text.get(label.span.range()).is_some());
        }
    }
}
