//! The reader against serde_json, and its own promises: places, duplicates, clear mistakes.

use crate::syntax::test_rng::TestRng;
use serde_json::Value;

use super::*;
use crate::source::SourceMap;
use crate::syntax::{Kind, Node};

fn read_text(text: &str) -> Documents {
    let mut sources = SourceMap::default();
    let file = sources.add("test.json", text).unwrap();
    read(file, text)
}

fn error_of(text: &str) -> (String, String) {
    let error = read_text(text).errors.remove(0);
    let place = text.get(error.span.range()).unwrap().to_owned();
    (error.message, place)
}

fn to_value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(written) => serde_json::from_str(written).unwrap_or(Value::Null),
        Kind::Text(text) => Value::String(text.as_str().unwrap().to_owned()),
        Kind::Array(items) => items.iter().map(to_value).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|m| (m.key.text.to_string(), to_value(&m.value)))
            .collect(),
    }
}

const SEED: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"a\u0041\n","Effect":"Allow",
  "Action":["s3:Get*",null,true],"Resource":"arn:aws:s3:::b/*","n":[-1.5e3,0,12]}, {}]}"#;

fn mutated(dice: &mut TestRng) -> String {
    let mut bytes = SEED.as_bytes().to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len());
        let other = SEED.as_bytes()[dice.roll(SEED.len())];
        match dice.roll(3) {
            0 => bytes[at] = other,
            1 => bytes.insert(at, other),
            _ => {
                bytes.remove(at);
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn agrees_with_serde_json_on_mutated_documents() {
    let mut dice = TestRng(7);
    let mut accepted = 0;
    for _ in 0..60_000 {
        let text = mutated(&mut dice);
        let ours = read_text(&text);
        let stream: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(&text)
            .into_iter()
            .collect();
        match (ours.errors.into_iter().next(), stream) {
            (None, Ok(values)) => {
                accepted += 1;
                let ours: Vec<Value> = ours.roots.iter().map(to_value).collect();
                assert_eq!(ours, values, "{text}");
            }
            (Some(_), Err(_)) => {}
            (None, Err(error)) if error.to_string().contains("number out of range") => {}
            (ours, theirs) => panic!("{text}\nours: {ours:?}\nserde_json: {theirs:?}"),
        }
    }
    assert!(accepted > 1_000, "{accepted}");
}

#[test]
fn every_span_reads_back_as_its_value() {
    fn check(node: &Node, text: &str) {
        let slice = text.get(node.span.range()).unwrap();
        match serde_json::from_str::<Value>(slice) {
            Ok(again) => assert_eq!(to_value(node), again),
            Err(error) => assert!(error.to_string().contains("number out of range")),
        }
        node.items().iter().for_each(|item| check(item, text));
        for member in node.members() {
            let key: String =
                serde_json::from_str(text.get(member.key.span.range()).unwrap()).unwrap();
            assert_eq!(key, &*member.key.text);
            check(&member.value, text);
        }
    }
    let mut dice = TestRng(11);
    for _ in 0..20_000 {
        let text = mutated(&mut dice);
        for root in read_text(&text).roots {
            check(&root, &text);
        }
    }
}

#[test]
fn duplicates_survive_and_the_last_one_counts() {
    let root = read_text(r#"{"a": 1, "a": 2}"#).roots.remove(0);
    assert_eq!(root.members().len(), 2);
    assert_eq!(root.get("a").unwrap().kind, Kind::Number("2".into()));
}

#[test]
fn documents_may_follow_each_other() {
    assert_eq!(read_text("{}\n{}{} \n").roots.len(), 3);
    assert_eq!(read_text("\u{feff}{}").roots.len(), 1);
    assert_eq!(read_text(" \n").roots.len(), 0);
}

#[test]
fn mistakes_are_named_at_their_place() {
    let cases = [
        (r#"{"a": 1,}"#, "trailing comma", ","),
        (r#"{"a" 1}"#, "expected `:` after the key, found `1`", "1"),
        ("{a: 1}", "expected a key in double quotes, found `a`", "a"),
        ("[1 2]", "expected `,` or `]`, found `2`", "2"),
        (r#"{"a": tru}"#, "expected a value, found `tru`", "t"),
        ("{} }", "unmatched `}`", "}"),
        (r#"["\x"]"#, "invalid JSON escape sequence", "\\x"),
        ("[01]", "a number cannot have a leading zero", "01"),
        ("[1.]", "incomplete number", "1."),
        ("[", "expected a value, found the end of the file", ""),
        ("\"a\nb\"", "missing closing quote on this line", "\"a"),
        (
            r#"["\ud800"]"#,
            "unpaired surrogate in an escape sequence",
            "\\ud800",
        ),
    ];
    for (text, message, place) in cases {
        assert_eq!(
            error_of(text),
            (message.to_owned(), place.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn deep_nesting_ends_in_a_mistake() {
    let (message, _) = error_of(&"[".repeat(100_000));
    assert_eq!(message, "nested more than 128 levels deep");
}

#[test]
fn a_text_is_written_as_it_is_read() {
    for text in [
        "",
        "a\"b\\c",
        "line\nand\ttab",
        "\u{1b}[31m",
        "ünïcode \u{202e}",
    ] {
        let written = written(text);
        let root = read(FileId::NOWHERE, &written).roots.remove(0);
        assert_eq!(root.as_str(), Some(text), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
