//! One system in every dialect, good and broken: all say the same.

use std::fs;

use serde_json::Value;

use crate::program::{Folder, root, run};

/// The dialects in which the system is written, all of them in both folders.
fn dialects() -> Vec<String> {
    let [good, broken] = ["good", "broken"].map(|verdict| {
        let entries = fs::read_dir(root().join("policies-samples/_parity").join(verdict));
        let names = entries.unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    });
    assert_eq!(good, broken);
    good
}

/// The stack's place, which answers of the CLI and the output of CDK tell by themselves.
const PLACE: [&str; 4] = ["--region", "eu-west-1", "--account", "123456789012"];

fn report(arguments: &[&str]) -> Value {
    let ran = run(&[arguments, &["--format", "json"], &PLACE].concat());
    assert_eq!(ran.stderr, "");
    let report = ran.json();
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    report
}

/// What is found, without what a dialect calls things and where it writes them.
fn found(report: &Value) -> Vec<String> {
    let members = [
        "rule",
        "severity",
        "confidence",
        "policy",
        "actions",
        "principal",
        "resource",
    ];
    let findings = report["findings"].as_array().unwrap().iter();
    let mut found: Vec<String> = findings
        .map(|finding| members.map(|name| finding[name].to_string()).join(" "))
        .collect();
    found.sort();
    found
}

#[test]
fn the_good_system_is_good_in_every_dialect() {
    for dialect in dialects() {
        let report = report(&[&format!("policies-samples/_parity/good/{dialect}")]);
        assert_eq!(found(&report), [""; 0], "{dialect}");
        assert_eq!(report["summary"]["functions"], 1, "{dialect}");
        assert_eq!(report["summary"]["undecided"], 0, "{dialect}");
    }
}

#[test]
fn the_broken_system_is_broken_alike_in_every_dialect() {
    let path = |dialect: &str| format!("policies-samples/_parity/broken/{dialect}");
    let expected = found(&report(&[&path("cli")]));
    assert_eq!(expected.len(), 4, "{expected:#?}");
    for dialect in dialects() {
        let report = report(&[&path(&dialect)]);
        assert_eq!(found(&report), expected, "{dialect}");
        assert_eq!(report["summary"]["undecided"], 0, "{dialect}");
    }
}

/// The text at a finding's place.
fn underlined(text: &str, finding: &Value) -> String {
    let number = |name: &str| usize::try_from(finding["location"][name].as_u64().unwrap()).unwrap();
    let line = text.lines().nth(number("line") - 1).unwrap();
    let last = match number("end_line") == number("line") {
        true => number("end_column") - 1,
        false => line.len(),
    };
    line.get(number("column") - 1..last).unwrap().to_owned()
}

/// The rule, where it lies, and what is underlined there, without quotes.
fn places(folder: &Folder, name: &str, text: &str) -> Vec<String> {
    folder.write(name, text);
    let report = folder.run(&[name, "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let mut places: Vec<String> = findings
        .map(|finding| {
            let pointer = finding["location"]["pointer"].as_str().unwrap();
            format!("{} {pointer}", finding["rule"])
        })
        .collect();
    for finding in report["findings"].as_array().unwrap() {
        let pointer = finding["location"]["pointer"].as_str().unwrap();
        let key = pointer.rsplit('/').next().unwrap();
        let place = underlined(text, finding);
        let is_value = ["GetAtt", "Ref", "sqs", "SubnetIds"]
            .iter()
            .any(|word| place.contains(word));
        let is_there = place.contains(key) || is_value;
        assert!(is_there, "{name}: {pointer} is not at {place}");
    }
    places.sort();
    places
}

#[test]
fn the_same_template_in_other_writing_has_the_same_faults_at_the_same_places() {
    let folder = Folder::new("writing");
    let read = |name: &str| {
        fs::read_to_string(root().join("policies-samples/_parity/broken").join(name)).unwrap()
    };
    let json = read("cloudformation.json");
    let value: Value = serde_json::from_str(&json).unwrap();
    let minified = serde_json::to_string(&value).unwrap();
    let yaml = read("cloudformation.yaml");
    let anchored = yaml
        .replace("Version: \"2012-10-17\"", "Version: *version")
        .replacen("Version: *version", "Version: &version \"2012-10-17\"", 1)
        .replace(
            "      FunctionName: !Ref Orders\n      Action: lambda:InvokeFunction\n",
            "      <<: *invoke\n",
        )
        .replacen(
            "      <<: *invoke\n",
            "      <<: &invoke { FunctionName: !Ref Orders, Action: lambda:InvokeFunction }\n",
            1,
        );
    assert!(anchored.contains("*version") && anchored.contains("*invoke"));
    let long = yaml
        .replace("!GetAtt Orders.Arn", "{ Fn::GetAtt: [Orders, Arn] }")
        .replace("!Ref Orders", "{ Ref: Orders }")
        .replace("!Ref Topic", "{ Ref: Topic }");
    assert_ne!(long, yaml);
    let expected = places(&folder, "plain.json", &json);
    assert_eq!(expected.len(), 4, "{expected:#?}");
    for (name, text) in [
        ("minified.json", &minified),
        ("plain.yaml", &yaml),
        ("anchored.yaml", &anchored),
        ("long.yaml", &long),
    ] {
        assert_eq!(places(&folder, name, text), expected, "{name}");
    }
}
