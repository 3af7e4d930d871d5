//! The JSON output keeps to the schema that the book publishes.

use std::collections::BTreeMap;
use std::fs;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

use crate::bless;
use crate::program::{Folder, root, run};

/// A JSON Schema, compiled by a validator that is not ours.
pub(crate) struct Schema {
    compiled: Schemas,
    index: SchemaIndex,
}

impl Schema {
    /// A part of a schema; all of it for the empty pointer.
    pub(crate) fn part(schema: Value, pointer: &str) -> Self {
        let mut compiled = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.add_resource("schema.json", schema).unwrap();
        let place = format!("schema.json#{pointer}");
        let index = compiler.compile(&place, &mut compiled).unwrap();
        Schema { compiled, index }
    }

    /// The schema that the program prints under a name.
    pub(crate) fn published(name: &str, pointer: &str) -> Self {
        Self::part(run(&["schema", name]).json(), pointer)
    }

    #[track_caller]
    pub(crate) fn fits(&self, value: &Value, at: &str) {
        let checked = self.compiled.validate(value, self.index);
        assert!(checked.is_ok(), "{at}: {:#}", checked.unwrap_err());
    }
}

/// All folders of samples.
fn samples() -> Vec<String> {
    let mut samples = Vec::new();
    for folder in ["policies-samples", "tests/fixtures"] {
        below(folder, &mut samples);
    }
    samples
}

fn below(folder: &str, samples: &mut Vec<String>) {
    samples.push(folder.to_owned());
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            below(&format!("{folder}/{name}"), samples);
        }
    }
}

#[test]
fn the_output_keeps_to_its_schema() {
    let whole = Schema::published("report", "");
    let line = Schema::published("report", "/$defs/line");
    let mut kinds = BTreeMap::new();
    let folder = Folder::new("schema-of-samples");
    let lines = folder.path().join("lines.jsonl");
    let also = format!("jsonl={}", lines.display());
    let given = ["README.md".to_owned(), "nowhere.json".to_owned()];
    for sample in samples().into_iter().chain(given) {
        let json = ["--format", "json", "--output", &also];
        let value = run(&[&json[..], &["--min-severity", "info", &sample]].concat()).json();
        whole.fits(&value, &sample);
        for text in fs::read_to_string(&lines).unwrap().lines() {
            let value: Value = serde_json::from_str(text).unwrap();
            line.fits(&value, &sample);
            *kinds.entry(value["type"].to_string()).or_insert(0) += 1;
        }
    }
    assert!(kinds.len() >= 4, "{kinds:?}");
}

#[test]
fn the_book_has_the_schemas_of_the_program() {
    for name in ["report", "explanation", "configuration"] {
        let page = if name == "report" { "output" } else { name };
        let path = format!("book/src/reference/{page}.schema.json");
        bless::file(&path, run(&["schema", name]).stdout);
    }
}

#[test]
fn all_schemas_are_listed_and_printed() {
    let listed = run(&["schema"]).stdout;
    let names: Vec<&str> = listed
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert!(
        names.contains(&"report") && names.contains(&"rules"),
        "{listed}"
    );
    for name in names {
        let schema = run(&["schema", name]).json();
        assert!(schema["$schema"].is_string(), "{name}");
    }
    let misspelt = run(&["schema", "reprot"]);
    assert_eq!(misspelt.status, Some(2));
    assert!(misspelt.stderr.contains("'report'"), "{}", misspelt.stderr);
}

#[test]
fn explanations_keep_to_their_schema() {
    let schema = Schema::published("explanation", "");
    let system = "policies-samples/systems/orders";
    let mut verdicts = 0;
    for name in fs::read_dir(root().join("tests/fixtures/errors")).unwrap() {
        let path = name.unwrap().path();
        let path = path.to_str().unwrap();
        let asked = match path.ends_with("metrics.json") {
            true => vec!["explain", "--metrics", path, "--with", system],
            false => vec!["explain", path, "--with", system, "nowhere.json"],
        };
        let asked = [asked, vec!["--format", "json"]].concat();
        let value = run(&asked).json();
        schema.fits(&value, path);
        let each = value["explanations"].as_array().unwrap().iter();
        verdicts += each.filter(|one| !one["documents"].is_null()).count();
    }
    assert!(verdicts >= 3, "{verdicts}");
}
