//! `--lines`: each line of a stream is checked as if it were a file of its own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::output::Schema;
use crate::program::{Folder, root, run, run_in};

/// A policy with an error.
const MISSPELT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;
/// A policy without one.
const SOUND: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}]}"#;
/// The accounts of the example.
const ACCOUNTS: &str = "examples/spark/accounts";

/// The lines of a report in JSON Lines, without the summary; and the summary.
fn told(stdout: &str) -> (Vec<Value>, Value) {
    let lines = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let mut lines: Vec<Value> = lines.collect();
    let summary = lines.pop().unwrap();
    assert_eq!(summary["type"], "summary", "{stdout}");
    (lines, summary)
}

/// The same as if what it is about began at the first line; and the line where that is.
fn from_first_line(value: &Value) -> (u64, Value) {
    fn shift(value: &mut Value, by: u64) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| shift(item, by)),
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member.as_u64()) {
                        ("line" | "end_line", Some(line)) => *member = json!(line - by),
                        _ => shift(member, by),
                    }
                }
            }
            _ => {}
        }
    }
    let line = value["location"]["line"].as_u64().unwrap();
    let mut value = value.clone();
    shift(&mut value, line - 1);
    (line, value)
}

/// All JSON files below a folder.
fn json_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
}

/// Samples of all rules as records, and records that are not sound.
fn records() -> Vec<String> {
    let mut files = Vec::new();
    json_files(&root().join("policies-samples"), &mut files);
    files.sort();
    let samples = files.iter().step_by(7).filter_map(|path| {
        let value: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).ok()?;
        Some(value.to_string())
    });
    let others = [
        "{\"Version\": ",
        "{\"unknown\": 1}",
        "[1, 2]",
        "{\"Version\": \"2012-10-17\"}",
        "{\"FunctionName\": \"größer\", \"Role\": \"arn:aws:iam::123456789012:role/orders\"} {\"PolicyNames\": []}",
    ];
    samples.chain(others.map(str::to_owned)).collect()
}

#[test]
fn a_record_of_a_stream_is_reported_on_as_a_file_of_its_own() {
    let folder = Folder::new("lines-alone");
    let records = records();
    assert!(records.len() > 40, "{}", records.len());
    folder.write("all/record.jsonl", records.join("\n"));
    let flags = [
        "--format",
        "jsonl",
        "--min-severity",
        "info",
        "record.jsonl",
    ];
    let lines = [&["--lines"][..], &flags].concat();
    let ran = run_in(&folder.path().join("all"), &lines, "");
    // What is said of a file is said of a line.
    let words = ["the end of the", "the", "this"]
        .map(|words| (format!("{words} line"), format!("{words} file")));
    let in_words =
        |text: String, (of_line, of_file): &(String, String)| text.replace(of_line, of_file);
    let (streamed, summary) = told(&words.iter().fold(ran.stdout, in_words));
    assert_eq!(summary["records"], json!(records.len()));
    let line = Schema::published("report", "/$defs/line");
    for told in streamed.iter().chain([&summary]) {
        line.fits(told, "a line of the stream");
    }
    let streamed: Vec<(u64, Value)> = streamed.iter().map(from_first_line).collect();
    for (number, record) in (1..).zip(&records) {
        folder.write("one/record.jsonl", record);
        let alone = run_in(&folder.path().join("one"), &flags, "");
        let (alone, _) = told(&alone.stdout);
        let of_record = streamed.iter().filter(|(line, _)| *line == number);
        let of_record: Vec<&Value> = of_record.map(|(_, value)| value).collect();
        let alone: Vec<&Value> = alone.iter().collect();
        assert_eq!(json!(of_record), json!(alone), "{record}");
    }
    assert!(streamed.len() > records.len());
}

#[test]
fn records_are_never_joined() {
    let folder = Folder::new("lines-joined");
    let function = r#"{"Configuration": {"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders", "Role": "arn:aws:iam::123456789012:role/orders"}}"#;
    let policy = r#"{"PolicyNames": []}"#;
    folder.write("all.jsonl", format!("{function}\n{policy}\n"));
    let ran = folder.run(&["--lines", "--format", "jsonl", "all.jsonl"]);
    let joined = folder.run(&["--format", "jsonl", "all.jsonl"]);
    assert_eq!(joined.status, Some(0), "{}", joined.stdout);
    // Nobody says whose list of policies the second line is.
    let told = "the list of policies attached to the execution role was not provided";
    assert!(joined.stdout.contains(told), "{}", joined.stdout);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    assert!(!ran.stdout.contains(told), "{}", ran.stdout);
}

#[test]
fn a_broken_line_is_told_with_its_place_and_hides_no_other() {
    let folder = Folder::new("lines-broken");
    let mut text = Vec::new();
    for line in [
        &b"\xef\xbb\xbf"[..],
        MISSPELT.as_bytes(),
        b"\r\n\n{\"Statement\": [\ncaf\xff\n  plain text\n",
        b"{\"a\": \"\x1b[31m\"}\n",
        MISSPELT.as_bytes(),
    ] {
        text.extend_from_slice(line);
    }
    folder.write("all.jsonl", text);
    let ran = folder.run(&["--lines", "--format", "plain", "all.jsonl"]);
    let found: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("all.jsonl:"))
        .map(|line| {
            line.split_inclusive(": ")
                .take(2)
                .last()
                .map_or(line, |_| line)
        })
        .collect();
    let starts = [
        "all.jsonl:1:",
        "all.jsonl:3:16: problem: expected a value, found the end",
        "all.jsonl:4:4: problem: this line is not valid UTF-8",
        "all.jsonl:5:3: problem: expected a JSON object",
        "all.jsonl:6:",
        "all.jsonl:7:",
    ];
    for start in starts {
        assert!(
            found.iter().any(|line| line.starts_with(start)),
            "{start} {}",
            ran.stdout
        );
    }
    assert!(!ran.stdout.contains('\u{1b}'));
    assert_eq!(ran.status, Some(2));
    let found = ran
        .stdout
        .matches("[policy-document/unknown-action]")
        .count();
    assert_eq!(found, 2, "{}", ran.stdout);
}

#[test]
fn a_line_that_is_too_long_is_told_and_passed_over() {
    let folder = Folder::new("lines-long");
    let long = " ".repeat(17 << 20);
    folder.write("all.jsonl", format!("{SOUND}\n{long}\n{MISSPELT}\n"));
    let ran = folder.run(&["--lines", "--format", "plain", "all.jsonl"]);
    let message = "all.jsonl:2:1: problem: this line is longer than 16 MiB";
    assert!(ran.stdout.contains(message), "{}", ran.stdout);
    assert!(ran.stdout.contains("all.jsonl:3:"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_record_is_told_before_the_next_one_is_read() {
    for format in ["jsonl", "plain", "human", "github"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lint-lambda"))
            .args(["--lines", "--format", format, "-"])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        writeln!(input, "{MISSPELT}").unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(line.contains("policy-document/unknown-action"), "{line}");
        drop(input);
        let rest: Vec<String> = output.lines().map(Result::unwrap).collect();
        assert!(!rest.is_empty());
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
}

#[test]
fn the_status_is_that_of_the_worst_record() {
    let folder = Folder::new("lines-status");
    let input = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    let run = |flags: &[&str], text: &str| {
        let arguments = [&["--lines", "-"][..], flags].concat();
        run_in(folder.path(), &arguments, text).status
    };
    assert_eq!(run(&[], &input(&[SOUND, SOUND])), Some(0));
    assert_eq!(run(&[], &input(&[MISSPELT, SOUND])), Some(1));
    assert_eq!(
        run(&["--fail-on", "never"], &input(&[MISSPELT, SOUND])),
        Some(0)
    );
    assert_eq!(run(&[], &input(&[MISSPELT, "{", SOUND])), Some(2));
    assert_eq!(run(&[], ""), Some(2));
    assert_eq!(run(&[], "\n \n"), Some(2));
    assert_eq!(
        run(&["--skip-unknown"], &input(&["{\"other\": 1}", SOUND])),
        Some(0)
    );
    assert_eq!(run(&["no-such-file.jsonl"], &input(&[SOUND])), Some(2));
}

#[test]
fn only_what_is_told_in_parts_is_printed() {
    let folder = Folder::new("lines-formats");
    folder.write("all.jsonl", format!("{MISSPELT}\n{MISSPELT}\n"));
    for format in ["json", "sarif", "gitlab", "junit", "markdown", "html"] {
        let ran = folder.run(&["--lines", "--format", format, "all.jsonl"]);
        assert_eq!(ran.status, Some(2), "{format}");
        assert!(
            ran.stderr.contains("--format jsonl, plain, human, github"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stdout, "");
    }
    for flags in [
        &["--baseline", "known.json"][..],
        &["--write-baseline", "known.json"],
        &["--changed-only"],
        &["-o", "sarif=report.sarif"],
    ] {
        let ran = folder.run(&[&["--lines", "all.jsonl"][..], flags].concat());
        assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2));
    }
    let ran = folder.run(&["--lines", "--statistics", "all.jsonl"]);
    assert!(
        ran.stdout.starts_with("2  policy-document/unknown-action"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.ends_with("2 errors in 1 file\n"),
        "{}",
        ran.stdout
    );
    let ran = folder.run(&["--lines", "--quiet", "--format", "plain", "all.jsonl"]);
    assert!(!ran.stdout.contains("errors in"), "{}", ran.stdout);
}

#[test]
fn the_configuration_holds_for_every_record() {
    let folder = Folder::new("lines-configuration");
    folder.write("all.jsonl", format!("{MISSPELT}\n{MISSPELT}\n"));
    let suppress =
        "[[suppress]]\nrule = [\"policy-document/unknown-action\"]\nreason = \"known\"\n";
    folder.write("lint-lambda.toml", suppress);
    let ran = folder.run(&["--lines", "--format", "jsonl", "all.jsonl"]);
    let (lines, summary) = told(&ran.stdout);
    let kinds: Vec<&Value> = lines.iter().map(|line| &line["type"]).collect();
    assert_eq!(kinds, ["suppressed", "suppressed"]);
    assert_eq!(summary["suppressed"], json!(2));
    assert_eq!(ran.status, Some(0));
    folder.write("lint-lambda.toml", "baseline = \"known.json\"\n");
    let ran = folder.run(&["--lines", "all.jsonl"]);
    assert!(
        ran.stdout
            .contains("a baseline cannot be used with `--lines`"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn what_is_wrong_with_flags_is_told_once() {
    let folder = Folder::new("lines-flags");
    folder.write("all.jsonl", format!("{SOUND}\n{SOUND}\n{SOUND}\n"));
    let ran = folder.run(&[
        "--lines",
        "--region",
        "eu-wst-1",
        "--format",
        "plain",
        "all.jsonl",
    ]);
    let told = ran.stdout.matches("unknown Region `eu-wst-1`").count();
    assert_eq!(told, 1, "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn folders_and_patterns_name_json_lines() {
    let folder = Folder::new("lines-folder");
    folder.write("dump/a.jsonl", MISSPELT);
    folder.write("dump/b.ndjson", MISSPELT);
    folder.write("dump/c.json", MISSPELT);
    let ran = folder.run(&["--lines", "--format", "plain", "dump"]);
    assert!(
        ran.stdout.ends_with("2 errors in 2 files\n"),
        "{}",
        ran.stdout
    );
    let ran = folder.run(&["--lines", "--format", "plain", "dump/*"]);
    assert!(
        ran.stdout.ends_with("3 errors in 3 files\n"),
        "{}",
        ran.stdout
    );
    folder.write("empty/c.json", MISSPELT);
    let ran = folder.run(&["--lines", "empty", "none*", ""]);
    assert!(
        ran.stdout.contains("no files to check in this folder"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("no file matches this pattern"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("this argument is empty"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
}

/// The command that the example runs for each partition, without the name of the program.
fn map_step() -> Vec<String> {
    let script = fs::read_to_string(root().join("examples/spark/lint_accounts.py")).unwrap();
    let (_, command) = script.split_once("LINT = \"lint-lambda ").unwrap();
    let (command, _) = command.split_once('"').unwrap();
    command.split(' ').map(str::to_owned).collect()
}

/// What a partition gives: the findings, each without its place in the partition, and the summary.
fn mapped(step: &[&str], partition: &[&str]) -> (Vec<String>, Value) {
    let ran = run_in(&root(), step, &format!("{}\n", partition.join("\n")));
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let (lines, summary) = told(&ran.stdout);
    let lines = lines.iter().map(|line| {
        let (_, line) = from_first_line(line);
        line.to_string()
    });
    (lines.collect(), summary)
}

#[test]
fn partitions_of_accounts_give_together_what_all_give() {
    let step = map_step();
    let step: Vec<&str> = step.iter().map(String::as_str).collect();
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(ACCOUNTS))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let records: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    let (mut whole, summary) = mapped(&step, &records);
    whole.sort();
    assert!(!whole.is_empty());
    for size in 1..records.len() {
        let parts = records.chunks(size).map(|part| mapped(&step, part));
        let parts: Vec<(Vec<String>, Value)> = parts.collect();
        let mut lines: Vec<String> = parts.iter().flat_map(|(lines, _)| lines.clone()).collect();
        lines.sort();
        assert_eq!(lines, whole, "{size}");
        for count in ["records", "functions", "errors", "warnings", "problems"] {
            let sum = parts
                .iter()
                .map(|(_, summary)| summary[count].as_u64().unwrap());
            assert_eq!(json!(sum.sum::<u64>()), summary[count], "{count}");
        }
    }
}

#[test]
fn the_accounts_of_the_example_have_findings() {
    let ran = run(&["--lines", "--format", "jsonl", ACCOUNTS]);
    let (lines, summary) = told(&ran.stdout);
    assert_eq!(ran.status, Some(1), "{}", ran.stdout);
    assert!(
        lines.iter().all(|line| line["type"] != "problem"),
        "{}",
        ran.stdout
    );
    assert_eq!(summary["files"], json!(3));
}
