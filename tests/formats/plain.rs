//! Lines that editors and problem matchers take.

use std::fs;

use regex::Regex;
use serde_json::Value;

use crate::program::{root, run};

/// The regular expressions of the problem matchers in the book.
fn matchers() -> Vec<Regex> {
    let page = fs::read_to_string(root().join("book/src/guide/ci.md")).unwrap();
    let blocks = page
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let mut found = Vec::new();
    for block in blocks.filter(|block| block.contains("problemMatcher")) {
        regexps(&serde_json::from_str(block).unwrap(), &mut found);
    }
    assert_eq!(found.len(), 3, "{page}");
    found
}

fn regexps(value: &Value, found: &mut Vec<Regex>) {
    if let Some(text) = value["regexp"].as_str() {
        found.push(Regex::new(text).unwrap());
    }
    let members = value
        .as_object()
        .into_iter()
        .flat_map(|members| members.values());
    for value in value.as_array().into_iter().flatten().chain(members) {
        regexps(value, found);
    }
}

#[test]
fn each_finding_is_one_match_and_nothing_else_is() {
    let [code, github, problem] = <[Regex; 3]>::try_from(matchers()).unwrap();
    let mut matched = 0;
    for sample in ["policies-samples", "tests/fixtures/templates"] {
        let arguments = [sample, "--show-undecided", "--min-severity"];
        let plain = run(&[&arguments[..], &["warning", "--format", "plain"]].concat()).stdout;
        let report = run(&[&arguments[..], &["warning", "--format", "json"]].concat()).json();
        let mut findings = report["findings"].as_array().unwrap().iter();
        for line in plain.lines() {
            let own = github.captures(line);
            assert_eq!(
                own.is_some(),
                !problem.is_match(line) && code.is_match(line),
                "{line}"
            );
            let Some(found) = own else { continue };
            let finding = findings.next().unwrap();
            let location = &finding["location"];
            assert_eq!(found[1], *location["path"].as_str().unwrap(), "{line}");
            assert_eq!(found[2], location["line"].to_string(), "{line}");
            assert_eq!(found[3], location["column"].to_string(), "{line}");
            assert_eq!(found[4], *finding["severity"].as_str().unwrap(), "{line}");
            assert_eq!(found[5], *finding["rule"].as_str().unwrap(), "{line}");
            assert_eq!(found[6], *finding["message"].as_str().unwrap(), "{line}");
            matched += 1;
        }
        assert_eq!(findings.next(), None, "{sample}");
    }
    assert!(matched > 100, "{matched}");
}

#[test]
fn a_file_name_neither_continues_a_finding_nor_is_a_command() {
    for name in ["  b.json", "::stop-commands::x.json"] {
        let said = super::named(name, "plain").stdout;
        assert!(
            said.starts_with(&format!("./{name}:2:33: error[")),
            "{said}"
        );
    }
}
