//! SARIF 2.1.0.

use std::fs;

use lint_lambda::diagnostics::{Fixed, Suppressor};
use lint_lambda::unstable::report::{Report, sarif};
use serde_json::{Value, json};

use super::{HOSTILE, accepted, made, named};
use crate::program::{Folder, root, run};

/// The only run of a log.
fn run_of(log: &str) -> Value {
    let mut log: Value = serde_json::from_str(log).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    log["runs"][0].take()
}

fn linted(arguments: &[&str]) -> Value {
    run_of(&run(&[&["--format", "sarif"], arguments].concat()).stdout)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v Vec<Value> {
    value[name].as_array().unwrap()
}

#[test]
fn results_are_the_findings_and_their_rules_are_described() {
    let sample = "policies-samples/systems/orders";
    let log = linted(&[sample]);
    let report = run(&["--format", "json", sample]).json();
    let (results, findings) = (list(&log, "results"), list(&report, "findings"));
    assert_eq!(results.len(), findings.len());
    let rules = list(&log["tool"]["driver"], "rules");
    for (result, finding) in results.iter().zip(findings) {
        let (place, location) = (
            &result["locations"][0]["physicalLocation"],
            &finding["location"],
        );
        assert_eq!(result["ruleId"], finding["rule"]);
        assert_eq!(result["level"], finding["severity"]);
        assert_eq!(place["artifactLocation"]["uri"], location["path"]);
        assert_eq!(place["region"]["startLine"], location["line"]);
        assert_eq!(place["region"]["endColumn"], location["end_column"]);
        assert_eq!(
            result["partialFingerprints"]["lintLambdaFinding/v1"],
            finding["fingerprint"]
        );
        let text = result["message"]["text"].as_str().unwrap();
        let message = finding["message"].as_str().unwrap();
        assert!(text.starts_with(&format!("{message}.\n")), "{text}");
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let markdown = rule["help"]["markdown"].as_str().unwrap();
        assert!(
            markdown.contains("- <https://docs.aws.amazon.com/"),
            "{markdown}"
        );
    }
    assert_eq!(
        results[0]["locations"][0]["logicalLocations"][0]["name"],
        "orders"
    );
}

#[test]
fn places_of_notes_are_linked_from_the_text() {
    let log = linted(&["policies-samples/systems/orders"]);
    let related = list(&log, "results")
        .iter()
        .filter(|r| r["relatedLocations"].is_array());
    let mut seen = 0;
    for result in related {
        let text = result["message"]["text"].as_str().unwrap();
        for location in list(result, "relatedLocations") {
            assert!(text.contains(&format!("]({})", location["id"])), "{text}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

/// The text with the replacements of a fix made, the last one first, as a reader of SARIF does it.
fn mended(text: &str, fix: &Value) -> String {
    let mut text = text.to_owned();
    let changes = list(fix, "artifactChanges");
    assert_eq!(changes.len(), 1);
    for replacement in list(&changes[0], "replacements").iter().rev() {
        let region = &replacement["deletedRegion"];
        let offset = |line: &str, column: &str| {
            let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
            let before: usize = text
                .split_inclusive('\n')
                .take(number(line) - 1)
                .map(str::len)
                .sum();
            let own: String = text[before..].chars().take(number(column) - 1).collect();
            before + own.len()
        };
        let range = offset("startLine", "startColumn")..offset("endLine", "endColumn");
        text.replace_range(
            range,
            replacement["insertedContent"]["text"].as_str().unwrap(),
        );
    }
    text
}

#[test]
fn a_fix_mends_its_finding() {
    let sample = "policies-samples/templates/orders.yaml";
    let text = fs::read_to_string(root().join(sample)).unwrap();
    let log = linted(&[sample]);
    let before = list(&log, "results").len();
    let mut fixes = 0;
    for result in list(&log, "results")
        .iter()
        .filter(|r| r["fixes"].is_array())
    {
        let folder = Folder::new("sarif-fix");
        folder.write("orders.yaml", mended(&text, &result["fixes"][0]));
        let after = run_of(&folder.run(&["--format", "sarif", "orders.yaml"]).stdout);
        assert!(list(&after, "results").len() < before, "{result:#}");
        fixes += 1;
    }
    assert!(fixes > 0);
}

#[test]
fn what_is_not_a_fault_is_no_result() {
    let sample = "policies-samples/systems/orders/function.json";
    let log = linted(&["--show-undecided", sample]);
    assert_eq!(log["results"], json!([]));
    assert_eq!(log["invocations"][0]["executionSuccessful"], true);
    let notes = list(&log["invocations"][0], "toolExecutionNotifications");
    assert!(!notes.is_empty());
    assert!(
        notes.iter().all(|note| note["level"] == "note"),
        "{notes:?}"
    );
    let log = linted(&[sample, "missing.json"]);
    assert_eq!(log["results"], json!([]));
    assert_eq!(log["invocations"][0]["executionSuccessful"], false);
    let first = &log["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(first["level"], "error");
    let uri = &first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "missing.json");
}

#[test]
fn paths_are_relative_uris() {
    let uri = |name: &str| {
        let log = run_of(&named(name, "sarif").stdout);
        log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].clone()
    };
    assert_eq!(
        uri("ä b.json"),
        json!({ "uri": "%C3%A4%20b.json", "uriBaseId": "%SRCROOT%" })
    );
    assert_eq!(uri("C:\\x.json")["uri"], "C%3A%5Cx.json");
    let hostile = uri(HOSTILE)["uri"].clone();
    assert!(
        hostile
            .as_str()
            .unwrap()
            .starts_with("a%2Cb%3A%3Ac%250A%7C%60%40octocat%60%20%3Cb%3E")
    );
    let folder = Folder::new("sarif-outside");
    folder.write("policy.json", super::MISSPELT);
    let path = folder.path().join("policy.json");
    let log = linted(&[path.to_str().unwrap()]);
    let outside = &log["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(
        outside,
        &json!({ "uri": format!("file://{}", path.display()) })
    );
}

#[test]
fn a_text_from_a_file_makes_no_link() {
    let name = "[x](https://example.com)";
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sqs:{name}", "Resource": "*"}}]}}"#
    );
    let folder = Folder::new("sarif-links");
    folder.write("policy.json", policy);
    let log = run_of(&folder.run(&["--format", "sarif", "policy.json"]).stdout);
    let text = log["results"][0]["message"]["text"].as_str().unwrap();
    assert!(!text.contains(name), "{text}");
}

#[test]
fn what_is_suppressed_is_a_result_on_demand_only() {
    let (sources, findings) = made(3);
    let [first, second, third] = <[_; 3]>::try_from(findings).unwrap();
    let findings = [first];
    let suppressed = [
        accepted(second, Suppressor::Comment),
        accepted(third, Suppressor::Baseline),
    ];
    let report = Report {
        findings: &findings,
        suppressed: &suppressed,
        ..Report::new(&sources)
    };
    let log = run_of(&sarif(&report));
    assert_eq!(list(&log, "results").len(), 1);
    assert_eq!(log["results"][0]["baselineState"], "new");
    let log = run_of(&sarif(&Report {
        show_suppressed: true,
        ..report
    }));
    let results = list(&log, "results");
    let states: Vec<&Value> = results.iter().map(|r| &r["baselineState"]).collect();
    assert_eq!(states, ["new", "new", "unchanged"]);
    let kinds: Vec<&Value> = results
        .iter()
        .map(|r| &r["suppressions"][0]["kind"])
        .collect();
    assert_eq!(
        kinds,
        [&Value::Null, &json!("inSource"), &json!("external")]
    );
    assert!(results[1]["suppressions"][0]["location"].is_object());
    assert!(results[2]["suppressions"][0]["location"].is_null());
}

#[test]
fn without_a_baseline_nothing_is_new() {
    let (sources, findings) = made(1);
    let report = Report {
        findings: &findings,
        ..Report::new(&sources)
    };
    assert!(run_of(&sarif(&report))["results"][0]["baselineState"].is_null());
    let fixed = [Fixed {
        folder: ".".to_owned(),
        rule: "a/b".to_owned(),
        message: "c".to_owned(),
    }];
    let report = Report {
        fixed: &fixed,
        ..report
    };
    assert_eq!(
        run_of(&sarif(&report))["results"][0]["baselineState"],
        "new"
    );
}

#[test]
fn no_more_results_than_github_takes() {
    let (sources, findings) = made(25_002);
    let report = Report {
        findings: &findings,
        ..Report::new(&sources)
    };
    let log = run_of(&sarif(&report));
    assert_eq!(list(&log, "results").len(), 25_000);
    let notes = list(&log["invocations"][0], "toolExecutionNotifications");
    assert!(
        notes[0]["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("2 results are left out")
    );
    let errors = list(&log, "results")
        .iter()
        .filter(|result| result["level"] == "error");
    assert_eq!(errors.count(), 8_334);
}
