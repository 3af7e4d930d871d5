//! The program in this process, with its fixes, and parsers that are not its own.

use std::fs;
use std::path::Path;

use lint_lambda::diagnostics::{Finding, Severity};
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::fix::{Session, Together, offer, rehearsed, together};
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::{Outcome, lint};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::{Edit, SourceMap, edited};
use lint_lambda::{Analysis, analyze};
use serde_json::Value;
use yaml_rust2::{Yaml, YamlLoader};

/// Files by their names.
pub(crate) type Files = Vec<(String, String)>;

/// All that does not change from run to run.
pub(crate) struct Bench {
    catalogue: Catalogue,
    packs: Packs,
}

/// What was found in files.
pub(crate) struct Read {
    pub(crate) sources: SourceMap,
    inputs: Vec<Input>,
    pub(crate) analysis: Analysis,
    pub(crate) outcome: Outcome,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let mut sources = SourceMap::default();
        let (catalogue, _) = Catalogue::builtin(&mut sources);
        let packs = Packs::builtin();
        Bench { catalogue, packs }
    }

    /// Reads files, without looking at their fixes.
    pub(crate) fn read(&self, files: &[(String, String)]) -> Read {
        let mut sources = SourceMap::default();
        let inputs = files.iter().map(|(name, text)| {
            let steps = [".", "samples"].into_iter().chain(name.split('/'));
            Input {
                file: sources.add(name, text).unwrap(),
                scope: Scope::new(steps),
                named: true,
                role: lint_lambda::InputRole::Checked,
            }
        });
        let inputs: Vec<Input> = inputs.collect();
        let analysis = analyze(&mut sources, &inputs, &Hints::default(), &self.catalogue);
        let outcome = lint(&sources, &analysis, &self.packs, &self.catalogue);
        Read {
            sources,
            inputs,
            analysis,
            outcome,
        }
    }

    fn session<'s>(&'s self, read: &'s Read, hints: &'s Hints) -> Session<'s> {
        Session {
            sources: &read.sources,
            inputs: &read.inputs,
            hints,
            packs: &self.packs,
            catalogue: &self.catalogue,
            analysis: &read.analysis,
        }
    }

    /// Reads files and offers fixes of what is found.
    pub(crate) fn offered(&self, files: &[(String, String)]) -> Read {
        let mut read = self.read(files);
        let mut findings = read.outcome.findings.clone();
        offer(
            self.session(&read, &Hints::default()),
            &read.outcome,
            &mut findings,
            Severity::Info,
        );
        read.outcome.findings = findings;
        read
    }

    /// The edits that mend a finding, also in a copy of what AWS printed.
    pub(crate) fn rehearsed(&self, read: &Read, finding: &Finding) -> Option<Vec<Edit>> {
        let hints = Hints::default();
        let patch = rehearsed(self.session(read, &hints), &read.outcome, finding);
        patch.map(|patch| patch.edits)
    }

    /// The edits that mend all that can be.
    pub(crate) fn together(&self, read: &Read) -> Together {
        let hints = Hints::default();
        together(self.session(read, &hints), &read.outcome, &|_| true)
    }
}

impl Read {
    /// What is found, without places.
    pub(crate) fn said(&self) -> Vec<String> {
        let findings = self.outcome.findings.iter();
        let findings = findings.map(|f| {
            let subject = &f.subject;
            format!(
                "{} {} {:?}",
                f.rule,
                f.message,
                (&subject.function, subject.policy)
            )
        });
        let problems = self.analysis.problems.iter().map(|p| p.message.clone());
        let mut said: Vec<String> = findings.chain(problems).collect();
        said.sort();
        said
    }

    /// The files with edits made in them.
    pub(crate) fn edited(&self, edits: &[Edit]) -> Files {
        let files = self.inputs.iter().map(|input| {
            let file = self.sources.file(input.file).unwrap();
            let own = edits.iter().filter(|edit| edit.span.file == input.file);
            let own: Vec<Edit> = own.cloned().collect();
            (file.name().to_owned(), edited(file.text(), &own).unwrap())
        });
        files.collect()
    }
}

/// A text by a parser that is not ours; short forms of functions lose their tags.
pub(crate) fn parsed(name: &str, text: &str) -> Vec<Value> {
    if name.ends_with(".json") {
        return vec![serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}: {text}"))];
    }
    if name.ends_with(".tf") {
        // What is added to it is compared where fixes of Terraform are tested.
        let body = hcl_edit::parser::parse_body(text);
        body.unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
        return Vec::new();
    }
    let documents = YamlLoader::load_from_str(text);
    let documents = documents.unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
    documents.iter().map(value).collect()
}

fn value(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Real(text) | Yaml::String(text) => text.as_str().into(),
        Yaml::Integer(number) => (*number).into(),
        Yaml::Boolean(is) => (*is).into(),
        Yaml::Array(items) => items.iter().map(value).collect(),
        Yaml::Hash(members) => {
            let key = |key: &Yaml| match value(key) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let members = members
                .iter()
                .map(|(name, inner)| (key(name), value(inner)));
            Value::Object(members.collect())
        }
        Yaml::Null => Value::Null,
        Yaml::Alias(_) | Yaml::BadValue => panic!("{yaml:?}"),
    }
}

/// Whether all that was there still is, in its place; a value can have become the first of a list.
pub(crate) fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .all(|(name, value)| after.get(name).is_some_and(|other| keeps(value, other))),
        (Value::Array(before), Value::Array(after)) => {
            before.len() <= after.len() && before.iter().zip(after).all(|(a, b)| keeps(a, b))
        }
        (before, Value::Array(after)) => after.first().is_some_and(|first| keeps(before, first)),
        (before, after) => before == after,
    }
}

/// The samples: each is the files that are read together.
pub(crate) fn samples(root: &Path) -> Vec<Files> {
    let mut samples = Vec::new();
    below(root, root, &mut samples);
    samples.sort();
    samples
}

fn below(root: &Path, folder: &Path, samples: &mut Vec<Files>) {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_sample = name.starts_with("bad") || name.starts_with("good");
        let depth = path.strip_prefix(root).unwrap().components().count();
        let is_whole = is_sample && depth == 3 || depth == 2 && folder.ends_with("systems");
        if path.is_dir() && !is_whole {
            below(root, &path, samples);
            continue;
        }
        let mut files = Files::new();
        texts(root, &path, &mut files);
        files.sort();
        if !files.is_empty() {
            samples.push(files);
        }
    }
}

fn texts(root: &Path, path: &Path, files: &mut Files) {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        entries.for_each(|entry| texts(root, &entry.unwrap().path(), files));
        return;
    }
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("json" | "yaml" | "yml")) {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        files.push((name.to_owned(), fs::read_to_string(path).unwrap()));
    }
}
