//! Serverless templates: what is said of one is said of what AWS's own transform makes of it.
//!
//! Each template in `tests/fixtures/serverless` stands beside the output of aws-sam-translator
//! 1.115.0 for it, and its first line tells what is wrong with it.

use std::fs;

use serde_json::Value;

use crate::program::{root, run};

const FOLDER: &str = "tests/fixtures/serverless";

/// What is said of a template, without its places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) findings: Vec<String>,
    undecided: Vec<String>,
}

fn said(path: &str) -> Said {
    said_in(path, &[])
}

/// The same with further arguments.
pub(crate) fn said_in(path: &str, more: &[&str]) -> Said {
    let ran = run(&[&[path, "--format", "json", "--show-undecided"], more].concat());
    let report = ran.json();
    assert_eq!(report["problems"], Value::Array(Vec::new()), "{path}");
    let told = |list: &str, members: &[&str]| {
        let entries = report[list].as_array().unwrap().iter();
        // What the transform itself writes is judged only where somebody hands it over, and what it ignores
        // is in the source alone.
        let kept = entries.filter(|entry| {
            let rule = entry["rule"].as_str().unwrap();
            !rule.starts_with("policy-document/") && !rule.starts_with("template/")
        });
        let mut told: Vec<String> = kept
            .map(|entry| {
                let members = members.iter().map(|name| entry[*name].to_string());
                members.collect::<Vec<_>>().join(" ")
            })
            .collect();
        told.sort();
        told
    };
    let members = [
        "rule",
        "severity",
        "function",
        "actions",
        "principal",
        "policy",
    ];
    let entries = report["undecided"].as_array().unwrap().iter();
    // Which rule comes first depends on the places.
    let undecided = entries.flat_map(|entry| {
        let also = entry["also"].as_array().unwrap().iter();
        let rules = std::iter::once(&entry["rule"]).chain(also);
        rules.map(|rule| format!("{rule} {}", entry["function"]))
    });
    let mut undecided: Vec<String> = undecided.collect();
    undecided.sort();
    Said {
        findings: told("findings", &members),
        undecided,
    }
}

fn templates() -> Vec<String> {
    let entries = fs::read_dir(root().join(FOLDER)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".yaml")?.to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn the_source_and_what_the_transform_makes_of_it_are_judged_alike() {
    let names = templates();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let source = said(&format!("{FOLDER}/{name}.yaml"));
        let made = said(&format!("{FOLDER}/{name}.transformed.json"));
        assert_eq!(source, made, "{name}");
    }
}

#[test]
fn each_template_has_the_fault_that_its_first_line_tells() {
    for name in templates() {
        let path = format!("{FOLDER}/{name}.yaml");
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let first = text.lines().next().unwrap();
        let findings = said(&path).findings;
        let is_told = !first.contains("No rule tells that yet.");
        match first.starts_with("# Fault:") && is_told {
            true => assert!(!findings.is_empty(), "{name}: {first}"),
            false => assert_eq!(findings, [""; 0], "{name}: {first}"),
        }
    }
}
