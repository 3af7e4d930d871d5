//! The baseline: what was found before does not count, what is new does, what is gone is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Folder, Run, root, run_in};

const FILE: &str = "lint-lambda-baseline.json";

/// Copies the samples of packs into a folder, as a repository with old findings.
fn repository(name: &str, packs: &[&str]) -> Folder {
    let folder = Folder::new(name);
    for pack in packs {
        copy(
            &root().join("policies-samples").join(pack),
            &folder.path().join(pack),
        );
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn adopted(name: &str, packs: &[&str]) -> Folder {
    let folder = repository(name, packs);
    let written = folder.run(&["--format", "plain", "--write-baseline", FILE, "."]);
    assert_eq!(written.status, Some(0), "{}", written.stdout);
    folder
}

fn compared(folder: &Folder) -> Run {
    folder.run(&[
        "--format",
        "plain",
        "--min-severity",
        "info",
        "--baseline",
        FILE,
        ".",
    ])
}

/// The lines of a report that say what is found.
fn told(ran: &Run) -> Vec<&str> {
    let is_told = |line: &&str| {
        ["error[", "warning[", "info["]
            .iter()
            .any(|word| line.contains(word))
    };
    ran.stdout.lines().filter(is_told).collect()
}

#[track_caller]
fn nothing_new(folder: &Folder) {
    let ran = compared(folder);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    assert_eq!(told(&ran), Vec::<&str>::new());
    assert!(!ran.stdout.contains("fixed"), "{}", ran.stdout);
}

/// Every file of a folder with a known ending, edited.
fn edit(folder: &Path, change: &dyn Fn(&str) -> String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            edit(&path, change);
        } else if !path.ends_with(FILE) {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, change(&text)).unwrap();
        }
    }
}

/// A policy with a typing error in each of these actions.
fn policy(actions: &[&str]) -> String {
    let statements = actions.iter().map(|action| {
        format!("{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"arn:aws:sqs:eu-west-1:123456789012:orders\"}}")
    });
    let statements: Vec<String> = statements.collect();
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{}]}}",
        statements.join(",")
    )
}

#[test]
fn a_repository_with_old_findings_is_adopted_with_two_commands() {
    let packs = [
        "policy-document",
        "poll-sources",
        "push-sources",
        "trust",
        "vpc",
        "templates",
    ];
    let folder = repository("baseline-adopted", &packs);
    assert_eq!(folder.run(&["."]).status, Some(1));
    let written = folder.run(&["--write-baseline", FILE, "."]);
    assert_eq!(written.status, Some(0), "{}", written.stdout);
    nothing_new(&folder);
    // One new fault fails, and it is the only one that is told.
    folder.write("new/policy.json", policy(&["sqs:SendMesage"]));
    let ran = compared(&folder);
    let new = "new/policy.json:1:71: error[policy-document/unknown-action]: unknown action `sqs:SendMesage`";
    assert_eq!(told(&ran), [new], "{}", ran.stdout);
    assert_eq!(ran.status, Some(1));
}

#[test]
fn moved_lines_are_not_new() {
    let folder = adopted(
        "baseline-lines",
        &[
            "policy-document",
            "poll-sources",
            "push-sources",
            "templates",
            "systems",
        ],
    );
    edit(folder.path(), &|text| format!("\n\n\n{text}"));
    nothing_new(&folder);
}

#[test]
fn another_layout_is_not_new() {
    let folder = adopted(
        "baseline-layout",
        &[
            "policy-document",
            "poll-sources",
            "push-sources",
            "trust",
            "function-policy",
            "systems",
        ],
    );
    let pretty = |text: &str| match serde_json::from_str::<Value>(text) {
        // Duplicate names would be lost.
        Ok(value) if !text.contains("Sid\": \"duplicate") => format!("{value:#}\n"),
        _ => text.to_owned(),
    };
    let before = compared(&folder);
    assert_eq!(told(&before), Vec::<&str>::new());
    let skipped = folder.path().join("policy-document/duplicate-key");
    fs::remove_dir_all(skipped).unwrap();
    edit(folder.path(), &pretty);
    assert_eq!(told(&compared(&folder)), Vec::<&str>::new());
    let compact = |text: &str| match serde_json::from_str::<Value>(text) {
        Ok(value) => value.to_string(),
        Err(_) => text.to_owned(),
    };
    edit(folder.path(), &compact);
    assert_eq!(told(&compared(&folder)), Vec::<&str>::new());
}

#[test]
fn renamed_files_are_not_new() {
    let folder = adopted(
        "baseline-renamed",
        &["policy-document", "templates", "trust"],
    );
    fn rename(folder: &Path) {
        let entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                rename(&path);
            } else if !path.ends_with(FILE) {
                let name = format!("renamed-{}", entry.file_name().to_string_lossy());
                fs::rename(&path, folder.join(name)).unwrap();
            }
        }
    }
    rename(folder.path());
    nothing_new(&folder);
}

#[test]
fn statements_in_another_order_are_not_new_and_other_actions_are() {
    let folder = Folder::new("baseline-order");
    folder.write(
        "policy.json",
        policy(&["sqs:SendMesage", "sqs:PurgeQeue", "sqs:SendMessage"]),
    );
    folder.run(&["--write-baseline", FILE, "."]);
    folder.write(
        "policy.json",
        policy(&["sqs:PurgeQeue", "sqs:SendMessage", "sqs:SendMesage"]),
    );
    nothing_new(&folder);
    folder.write("policy.json", policy(&["sqs:PurgeQeue", "sqs:SendMesagge"]));
    let ran = compared(&folder);
    assert_eq!(told(&ran).len(), 1, "{}", ran.stdout);
    assert!(
        ran.stdout.contains("unknown action `sqs:SendMesagge`"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("1 finding of the baseline fixed"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("  .: policy-document/unknown-action: unknown action `sqs:SendMesage`"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_same_fault_once_more_is_new() {
    let folder = Folder::new("baseline-twice");
    folder.write("policy.json", policy(&["sqs:SendMesage"]));
    folder.run(&["--write-baseline", FILE, "."]);
    folder.write("policy.json", policy(&["sqs:SendMesage", "sqs:SendMesage"]));
    assert_eq!(told(&compared(&folder)).len(), 1);
    folder.write("other/policy.json", policy(&["sqs:SendMesage"]));
    assert_eq!(told(&compared(&folder)).len(), 2);
}

#[test]
fn the_file_is_sorted_and_has_a_line_for_each_entry() {
    let folder = Folder::new("baseline-file");
    folder.write(
        "b/policy.json",
        policy(&["sqs:SendMesage", "sqs:SendMesage"]),
    );
    folder.write("a/policy.json", policy(&["sqs:PurgeQeue"]));
    folder.run(&["--write-baseline", FILE, "."]);
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["{", "  \"version\": 1,", "  \"findings\": ["]);
    assert!(lines[3].starts_with("    { \"folder\": \"a\", \"rule\": \"policy-document/unknown-action\", \"message\": \"unknown action `sqs:PurgeQeue`\", \"fingerprint\": \""), "{text}");
    assert!(
        lines[4].starts_with("    { \"folder\": \"b\", ")
            && lines[4].ends_with("\", \"count\": 2 }"),
        "{text}"
    );
    assert_eq!(lines.len(), 7);
    assert!(text.ends_with("}\n"));
    // Writing it again changes nothing.
    folder.run(&["--write-baseline", FILE, "."]);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 3, "nothing is left behind");
}

#[test]
fn it_holds_from_any_folder_and_for_any_form_of_the_paths() {
    let folder = adopted("baseline-folders", &["policy-document", "vpc"]);
    let absolute = folder.path().to_str().unwrap().to_owned();
    let runs = [
        (
            folder.path().join("vpc"),
            vec!["--baseline", "../lint-lambda-baseline.json", ".."],
        ),
        (
            folder.path().join("vpc"),
            vec!["--baseline", "../lint-lambda-baseline.json", "."],
        ),
        (root(), vec!["--baseline", &absolute, &absolute]),
    ];
    for (current, mut arguments) in runs {
        let own = format!("{absolute}/{FILE}");
        if arguments[1] == absolute {
            arguments[1] = &own;
        }
        let ran = run_in(
            &current,
            &[&["--format", "plain"], &arguments[..]].concat(),
            "",
        );
        assert_eq!(ran.status, Some(0), "{}", ran.stdout);
        assert_eq!(told(&ran), Vec::<&str>::new());
        assert!(!ran.stdout.contains("fixed"), "{}", ran.stdout);
    }
}

#[test]
fn what_was_not_read_is_neither_fixed_nor_lost() {
    let folder = Folder::new("baseline-part");
    folder.write("a/policy.json", policy(&["sqs:SendMesage"]));
    folder.write("b/policy.json", policy(&["sqs:PurgeQeue"]));
    folder.run(&["--write-baseline", FILE, "."]);
    let whole = fs::read_to_string(folder.path().join(FILE)).unwrap();
    folder.write("b/policy.json", policy(&["sqs:PurgeQueue"]));
    let ran = folder.run(&["--format", "plain", "--baseline", FILE, "a"]);
    assert!(!ran.stdout.contains("fixed"), "{}", ran.stdout);
    folder.run(&["--write-baseline", FILE, "a"]);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), whole);
    // A file alone is not its folder.
    folder.run(&["--write-baseline", FILE, "b/policy.json"]);
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), whole);
    folder.run(&["--write-baseline", FILE, "."]);
    let mended = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(!mended.contains("sqs:PurgeQeue") && mended.contains("sqs:SendMesage"));
}

#[test]
fn what_cannot_be_read_is_never_in_the_baseline() {
    let folder = Folder::new("baseline-broken");
    folder.write("a/policy.json", policy(&["sqs:SendMesage"]));
    folder.write("b/policy.json", policy(&["sqs:PurgeQeue"]));
    folder.run(&["--write-baseline", FILE, "."]);
    folder.write("b/policy.json", "{\"Statement\": [{\"Effect\": \"Allow\"");
    for flag in ["--baseline", "--write-baseline"] {
        let ran = folder.run(&["--format", "plain", flag, FILE, "."]);
        assert_eq!(ran.status, Some(2), "{}", ran.stdout);
        assert!(!ran.stdout.contains("fixed"), "{}", ran.stdout);
    }
    let kept = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(kept.contains("sqs:PurgeQeue"), "{kept}");
}

#[test]
fn findings_of_all_severities_are_in_it_and_suppressed_ones_are_not() {
    let folder = repository("baseline-severities", &["vpc"]);
    folder.write(
        "a.yaml",
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sqs:SendMesage # lint-lambda: ignore[policy-document] soon\n    Resource: '*'\n",
    );
    folder.run(&["--min-severity", "error", "--write-baseline", FILE, "."]);
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(text.contains("vpc/eni-actions-recommended"), "{text}");
    assert!(!text.contains("sqs:SendMesage"), "{text}");
    nothing_new(&folder);
}

#[test]
fn a_baseline_that_cannot_be_used_is_a_problem() {
    let folder = Folder::new("baseline-unusable");
    folder.write("policy.json", policy(&["sqs:SendMesage"]));
    let entry =
        "{ \"folder\": \".\", \"rule\": \"a/b\", \"message\": \"m\", \"fingerprint\": \"0\" }";
    let cases: BTreeMap<&str, (String, &str)> = BTreeMap::from([
        (
            "empty.json",
            (
                String::new(),
                "empty.json:1:1: problem: this is not a baseline",
            ),
        ),
        (
            "text.json",
            ("hello".to_owned(), "text.json:1:1: problem: "),
        ),
        (
            "other.json",
            (
                "{}".to_owned(),
                "other.json:1:1: problem: a baseline is missing the member `version`",
            ),
        ),
        (
            "newer.json",
            (
                "{ \"version\": 2, \"findings\": [] }".to_owned(),
                "newer.json:1:14: problem: this version of lint-lambda does not read baselines of version 2",
            ),
        ),
        (
            "merged.json",
            (
                format!(
                    "{{ \"version\": 1, \"findings\": [\n<<<<<<< HEAD\n{entry}\n=======\n>>>>>>> other\n] }}\n"
                ),
                "merged.json:2:1: problem: unresolved merge conflict in the baseline",
            ),
        ),
        (
            "member.json",
            (
                format!(
                    "{{ \"version\": 1, \"findings\": [\n{}\n] }}\n",
                    entry.replace("folder", "folders")
                ),
                "member.json:2:3: problem: ",
            ),
        ),
        (
            "count.json",
            (
                format!(
                    "{{ \"version\": 1, \"findings\": [\n{}\n] }}\n",
                    entry.replace(" }", ", \"count\": \"many\" }")
                ),
                "count.json:2:",
            ),
        ),
    ]);
    for (name, (text, message)) in &cases {
        folder.write(&format!("baselines/{name}"), text);
        let path = format!("baselines/{name}");
        let ran = folder.run(&["--format", "plain", "--baseline", &path, "policy.json"]);
        assert_eq!(ran.status, Some(2), "{name}: {}", ran.stdout);
        assert!(
            ran.stdout.contains(&format!("baselines/{message}")),
            "{name}: {}",
            ran.stdout
        );
        assert!(
            ran.stdout.contains("unknown action"),
            "{name}: {}",
            ran.stdout
        );
        // What somebody wrote is not overwritten.
        let ran = folder.run(&["--write-baseline", &path, "policy.json"]);
        assert_eq!(ran.status, Some(2), "{name}");
        let kept = fs::read_to_string(folder.path().join(&path)).unwrap();
        assert_eq!(kept, *text, "{name}");
    }
    let ran = folder.run(&[
        "--format",
        "plain",
        "--baseline",
        "none.json",
        "policy.json",
    ]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stdout.contains(
            "none.json: problem: no such file\n  help: --write-baseline writes a baseline\n"
        ),
        "{}",
        ran.stdout
    );
    let ran = folder.run(&[
        "--format",
        "plain",
        "--write-baseline",
        "none/b.json",
        "policy.json",
    ]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stdout
            .contains("none/b.json: problem: cannot write the baseline: "),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_role_of_several_functions_is_in_it_for_each() {
    let template = |names: &[&str]| {
        let functions = names.iter().map(|name| {
            format!("  {name}:\n    Type: AWS::Lambda::Function\n    Properties: {{ Handler: a.b, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Code: {{ ZipFile: x }}, TracingConfig: {{ Mode: Active }} }}\n")
        });
        format!(
            "Resources:\n{}  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: {{ Effect: Allow, Principal: {{ Service: lambda.amazonaws.com }}, Action: 'sts:AssumeRole' }}\n",
            functions.collect::<String>()
        )
    };
    let folder = Folder::new("baseline-shared");
    folder.write("a.yaml", template(&["First", "Second"]));
    folder.run(&["--write-baseline", FILE, "."]);
    nothing_new(&folder);
    folder.write("a.yaml", template(&["First", "Second", "Third"]));
    let ran = folder.run(&["--format", "json", "--baseline", FILE, "."]);
    let findings = ran.findings_of("logging");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["functions"], serde_json::json!(["Third"]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_baseline_can_be_written_to_a_pipe_and_not_to_a_full_disk() {
    let folder = Folder::new("baseline-devices");
    let policy = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sqs:SendMesage", "Resource": "*"}]}"#;
    folder.write("policy.json", policy);
    let piped = folder.run(&["--write-baseline", "/dev/stdout", "policy.json"]);
    assert_eq!(piped.status, Some(0), "{}", piped.stdout);
    assert!(
        piped.stdout.starts_with("{\n  \"version\": 1,"),
        "{}",
        piped.stdout
    );
    let full = folder.run(&["--write-baseline", "/dev/full", "policy.json"]);
    assert_eq!(full.status, Some(2), "{}", full.stdout);
    assert!(
        full.stdout.contains("/dev/full: cannot write the baseline"),
        "{}",
        full.stdout
    );
}
