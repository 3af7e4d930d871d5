//! Code Quality on GitLab.

use std::collections::BTreeSet;

use lint_lambda::unstable::report::{Report, gitlab};
use serde_json::Value;

use super::made;
use crate::program::run;

#[test]
fn each_finding_has_what_gitlab_requires() {
    let entries = run(&["--format", "gitlab", "./policies-samples/systems/orders"]).json();
    let entries = entries.as_array().unwrap();
    assert!(entries.len() > 2);
    for entry in entries {
        for member in ["description", "check_name", "fingerprint"] {
            assert_ne!(entry[member].as_str().unwrap(), "", "{entry}");
        }
        let severity = entry["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        let path = entry["location"]["path"].as_str().unwrap();
        assert!(path.starts_with("policies-samples/"), "{path}");
        assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() > 0);
    }
}

#[test]
fn no_two_findings_have_one_fingerprint() {
    let (sources, findings) = made(10_000);
    let report = Report {
        findings: &findings,
        ..Report::new(&sources)
    };
    let entries: Vec<Value> = serde_json::from_str(&gitlab(&report)).unwrap();
    let all: BTreeSet<&str> = entries
        .iter()
        .map(|e| e["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(all.len(), 10_000);
    assert!(all.contains("0000000000000000") && all.contains("0000000000000000-2"));
}

#[test]
fn a_file_that_was_not_checked_blocks() {
    let entries = run(&["--format", "gitlab", "missing.json"]).json();
    assert_eq!(entries[0]["severity"], "blocker");
    assert_eq!(entries[0]["location"]["path"], "missing.json");
}
