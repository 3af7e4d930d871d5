//! The same answer by two ways: our readers against other ones, and a whole folder against an archive of its
//! documents in one file.

use std::fs;
use std::path::{Path, PathBuf};

use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{Kind, Node, Text, yaml};
use serde_json::{Value, json};
use yaml_rust2::parser::{Event, MarkedEventReceiver, Parser};
use yaml_rust2::scanner::{Marker, TScalarStyle};

use crate::fuzz_targets::target;
use crate::program::{Folder, root};
use crate::test_rng::TestRng;

/// The files below a folder that end in one of some ways.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "{}", found.len());
    found
}

/// All files of the repository that are written in a language.
fn written_in(endings: &[&str]) -> Vec<(PathBuf, String)> {
    let folders = ["policies-samples", "tests/fixtures", "fuzz/seeds"];
    let paths = folders
        .iter()
        .flat_map(|folder| files(&root().join(folder), endings));
    let read = |path: PathBuf| Some((path.clone(), fs::read_to_string(path).ok()?));
    paths.filter_map(read).collect()
}

/// A value of JSON, with the characters and numbers that readers disagree on.
fn made_up(rng: &mut TestRng, depth: usize) -> Value {
    const TEXTS: [&str; 12] = [
        "",
        "a",
        "*",
        "é\u{1f600}",
        "\u{7f}\u{a0}",
        "\"\\/",
        "\u{0}\n\t",
        "<<",
        "null",
        "0123",
        "a: b # c",
        "\u{feff}",
    ];
    let sides = if depth == 0 { 5 } else { 7 };
    match rng.roll(sides) {
        0 => Value::Null,
        1 => json!(rng.roll(2) == 0),
        2 => [
            json!(0),
            json!(-1),
            json!(1.5e300),
            json!(18_446_744_073_709_551_615_u64),
            json!(0.1),
        ][rng.roll(5)]
        .clone(),
        3 | 4 => json!(TEXTS[rng.roll(TEXTS.len())]),
        5 => (0..rng.roll(4)).map(|_| made_up(rng, depth - 1)).collect(),
        _ => {
            let members = (0..rng.roll(4)).map(|_| {
                (
                    TEXTS[rng.roll(TEXTS.len())].to_owned(),
                    made_up(rng, depth - 1),
                )
            });
            Value::Object(members.collect())
        }
    }
}

#[test]
fn json_is_read_as_serde_json_reads_it() {
    // The target compares what is accepted and each value.
    let compare = target("json").unwrap();
    for (_, text) in written_in(&[".json"]) {
        compare(text.as_bytes());
    }
    let mut rng = TestRng(1);
    for _ in 0..3_000 {
        let value = made_up(&mut rng, 5);
        let mut text = if rng.roll(2) == 0 {
            value.to_string()
        } else {
            format!("{value:#}\r\n{value}")
        };
        compare(text.as_bytes());
        // A character more, fewer or other than it should be.
        let letters: Vec<(usize, char)> = text.char_indices().collect();
        let (at, letter) = letters[rng.roll(letters.len())];
        let by = [
            "", " ", ",", "\"", "\\", "0", "}", "]", "-", "e", "\\ud800", "\u{1}",
        ][rng.roll(12)];
        text.replace_range(at..at + letter.len_utf8() * rng.roll(2), by);
        compare(text.as_bytes());
    }
}

/// What a document says, without places: each event of a parser in a line.
#[derive(Default)]
struct Told(Vec<String>);

impl MarkedEventReceiver for Told {
    fn on_event(&mut self, event: Event, _: Marker) {
        let told = match event {
            Event::Scalar(text, style, _, tag) => {
                let is_plain = style == TScalarStyle::Plain && tag.is_none();
                format!("{} {text:?}", if is_plain { "plain" } else { "text" })
            }
            Event::SequenceStart(..) => "[".to_owned(),
            Event::SequenceEnd => "]".to_owned(),
            Event::MappingStart(..) => "{".to_owned(),
            Event::MappingEnd => "}".to_owned(),
            _ => return,
        };
        self.0.push(told);
    }
}

/// The same of a tree of ours.
fn tell(node: &Node, told: &mut Vec<String>) {
    match &node.kind {
        Kind::Array(items) => {
            told.push("[".to_owned());
            items.iter().for_each(|item| tell(item, told));
            told.push("]".to_owned());
        }
        Kind::Object(members) => {
            told.push("{".to_owned());
            for member in members.iter() {
                told.push(format!("{:?}", member.key.text));
                tell(&member.value, told);
            }
            told.push("}".to_owned());
        }
        Kind::Text(Text::Known(text)) => told.push(format!("{text:?}")),
        Kind::Text(text) => told.push(format!("{text:?}")),
        Kind::Number(text) => told.push(format!("{:?}", &**text)),
        Kind::Bool(is) => told.push(is.to_string()),
        Kind::Null => told.push("null".to_owned()),
    }
}

/// Whether the event of another parser and what we read at the same place say the same.
fn is_same(event: &str, own: &str) -> bool {
    let Some((style, text)) = event.split_once(' ') else {
        return event == own;
    };
    // A plain scalar that is no text says what it stands for.
    let word = text.trim_matches('"').to_ascii_lowercase();
    let stands_for = match own {
        "true" => ["true", "yes", "on"].contains(&&*word),
        "false" => ["false", "no", "off"].contains(&&*word),
        "null" => ["", "~", "null"].contains(&&*word),
        _ => false,
    };
    text == own || (style == "plain" && stands_for)
}

/// Reads a text with both parsers; whether both read it.
fn is_read_by_both(path: &Path, text: &str) -> bool {
    let mut told = Told::default();
    // The other one does not know byte-order marks.
    let unmarked = text.trim_start_matches('\u{feff}');
    let other = Parser::new_from_str(unmarked).load(&mut told, true);
    let mut sources = SourceMap::default();
    let file = sources.add("in.yaml", text).unwrap();
    let documents = yaml::read(file, text, &yaml::without_tags);
    assert_eq!(
        other.is_err(),
        !documents.errors.is_empty(),
        "{}: {other:?} {:?}",
        path.display(),
        documents.errors
    );
    if other.is_err() {
        return false;
    }
    let mut own = Vec::new();
    documents.roots.iter().for_each(|root| tell(root, &mut own));
    // A document that holds nothing is left out.
    let is_empty = documents.roots.is_empty() && told.0.iter().all(|event| event == "plain \"\"");
    assert!(
        is_empty || told.0.len() == own.len(),
        "{}: {:?} {own:?}",
        path.display(),
        told.0
    );
    for (event, own) in told.0.iter().zip(&own) {
        assert!(is_same(event, own), "{}: {event} {own}", path.display());
    }
    true
}

#[test]
fn yaml_is_read_as_another_parser_reads_it() {
    let mut read = 0;
    for (path, text) in written_in(&[".yaml", ".yml"]) {
        // Aliases are values here and events there, and parts of seeds are no documents of YAML.
        let has_alias = text.contains(": *") || text.contains("- *") || text.contains("<<");
        if !has_alias && !text.contains("\n====\n") {
            read += usize::from(is_read_by_both(&path, &text));
        }
    }
    assert!(read > 100, "{read}");
}

#[test]
fn made_up_values_are_the_same_in_yaml() {
    let mut rng = TestRng(2);
    for number in 0..1_500 {
        let value = made_up(&mut rng, 4);
        // As another writer writes it: JSON is YAML, where its escapes are.
        let text = value.to_string().replace('\u{7f}', "\\u007f");
        is_read_by_both(Path::new(&number.to_string()), &text);
    }
}

/// What a report says, without the places, which differ.
fn said(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut said: Vec<String> = findings
        .map(|finding| {
            format!(
                "{} {} {} {}",
                finding["severity"], finding["rule"], finding["message"], finding["function"]
            )
        })
        .collect();
    said.sort();
    said
}

#[test]
fn a_bundle_is_judged_like_the_documents_that_it_holds() {
    let orders = root().join("policies-samples/systems/orders");
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(orders.join(name)).unwrap()).unwrap()
    };
    let names: Vec<String> = files_of(&orders);
    let folder = Folder::new("differential-bundle");
    // One document a line, in one file.
    let lines: Vec<String> = names.iter().map(|name| read(name).to_string()).collect();
    folder.write("all.json", lines.join("\n"));
    let whole =
        crate::program::run(&["--format", "json", "policies-samples/systems/orders"]).json();
    let lines = folder.run(&["--format", "json", "all.json"]).json();
    assert!(!said(&whole).is_empty());
    assert_eq!(said(&whole), said(&lines));
}

fn files_of(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
}
