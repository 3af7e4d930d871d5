//! The output does not depend on how many threads there are.

use serde_json::Value;

use crate::program::{Folder, Run, root, run_in};

/// The run with one thread, whose output must be that with several.
#[track_caller]
fn same(folder: &std::path::Path, arguments: &[&str]) -> Run {
    let by = |threads: &str| run_in(folder, &[arguments, &["--threads", threads]].concat(), "");
    let (one, several) = (by("1"), by("4"));
    assert_eq!(one.stdout, several.stdout);
    assert_eq!(one.stderr, several.stderr);
    assert_eq!(one.status, several.status);
    one
}

fn policy(action: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": [{action}], "Resource": "*"}}]}}"#
    )
}

#[test]
fn samples_of_every_kind_have_the_same_findings() {
    let arguments = ["policies-samples", "--format", "json"];
    let run = same(&root(), &arguments);
    assert!(run.stdout.contains("push-sources/invoke-not-granted"));
}

#[test]
fn many_files_have_the_same_fixes() {
    let folder = Folder::new("threads-files");
    for number in 0..20 {
        let name = format!("p{number}.json");
        folder.write(&name, policy(r#""sqs:RecieveMessage""#));
    }
    let run = same(folder.path(), &[".", "--format", "json"]);
    assert_eq!(run.json()["findings"].as_array().unwrap().len(), 20);
}

#[test]
fn a_bound_is_met_by_the_same_names() {
    let folder = Folder::new("threads-bound");
    let actions = (0..1_500).map(|at| format!("\"sqs:SendMessag{at}\""));
    let actions: Vec<String> = actions.collect();
    folder.write("policy.json", policy(&actions.join(",")));
    let run = same(folder.path(), &[".", "--format", "plain"]);
    assert_eq!(run.status, Some(1));
}

#[test]
fn records_of_a_stream_are_told_in_their_order() {
    let folder = Folder::new("threads-lines");
    let records: Vec<String> = (0..200)
        .map(|at| policy(&format!("\"sqs:Foo{at}\"")))
        .collect();
    folder.write("records.jsonl", records.join("\n"));
    let run = same(
        folder.path(),
        &["--lines", "records.jsonl", "--format", "jsonl"],
    );
    let told = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let findings = told.filter(|value| value["type"] == "finding");
    let places: Vec<u64> = findings
        .map(|finding| finding["location"]["line"].as_u64().unwrap())
        .collect();
    assert_eq!(places, (1..=200).collect::<Vec<u64>>());
}
