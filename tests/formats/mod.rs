//! The formats that other programs read: each is complete, and no text from a file breaks out of it.

mod files;
mod github;
mod gitlab;
mod junit;
mod lines;
mod markdown;
mod plain;
mod sarif;

use std::sync::atomic::{AtomicUsize, Ordering};

use lint_lambda::diagnostics::{Finding, Severity, Suppressed, Suppressor};
use lint_lambda::unstable::source::{SourceMap, Span};

use crate::program::{Folder, Run};

/// A file name with what means something to each format.
const HOSTILE: &str = "a,b::c%0A|`@octocat` <b>&\"'](x){0}\u{1b}[31m.json";

/// A policy with a fault.
const MISSPELT: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;

const FORMATS: [&str; 9] = [
    "human", "plain", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown",
];

/// A run over a policy with a fault, under some name.
fn named(name: &str, format: &str) -> Run {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let number = RUNS.fetch_add(1, Ordering::Relaxed);
    let folder = Folder::new(&format!("named-{number}"));
    folder.write(name, MISSPELT);
    folder.run(&["--format", format, name])
}

/// So many findings of one file, each on a line of its own.
fn made(count: usize) -> (SourceMap, Vec<Finding>) {
    let line = "0123456789\n";
    let mut sources = SourceMap::default();
    let file = sources.add("many.json", &line.repeat(count)).unwrap();
    let findings = (0..count).map(|number| {
        let start = u32::try_from(number * line.len()).unwrap();
        let severity = Severity::ALL[number % 3];
        let message = format!("`name{number}` is wrong");
        let span = Span::new(file, start, start + 4);
        let mut finding = Finding::new("pack/rule".into(), severity, message, span);
        finding.fingerprint = format!("{:016x}", number / 2);
        finding
    });
    let findings = findings.collect();
    (sources, findings)
}

/// A finding as the user has accepted it.
fn accepted(finding: Finding, by: Suppressor) -> Suppressed {
    Suppressed {
        span: (by == Suppressor::Comment).then_some(finding.primary.span),
        finding,
        by,
        reason: Some("known, see [x](https://example.com)".to_owned()),
    }
}

#[test]
fn no_format_lets_control_characters_through() {
    for format in FORMATS {
        let said = named(HOSTILE, format).stdout;
        assert!(said.contains("ReciveMessage"), "{format}: {said}");
        let control = said.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{format}: {said}");
    }
}

#[test]
fn every_format_says_that_nothing_was_found() {
    let folder = Folder::new("formats-nothing");
    let good = MISSPELT
        .replace("Recive", "Receive")
        .replace("\"*\"", "\"arn:aws:sqs:eu-west-1:123456789012:q\"");
    folder.write(
        "policy.json",
        good.replace("sqs:ReceiveMessage", "s3:ListAllMyBuckets"),
    );
    for format in FORMATS {
        let ran = folder.run(&["--format", format, "policy.json"]);
        assert_eq!(ran.status, Some(0), "{format}: {}", ran.stdout);
        assert!(!ran.stdout.is_empty(), "{format}");
        assert!(!ran.stdout.contains("error["), "{format}: {}", ran.stdout);
    }
}

#[test]
fn every_format_names_a_file_that_cannot_be_read() {
    for format in FORMATS {
        let folder = Folder::new(&format!("formats-problem-{format}"));
        folder.write("broken.json", "{\"Statement\": [");
        let ran = folder.run(&["--format", format, "broken.json", "missing.json"]);
        assert_eq!(ran.status, Some(2), "{format}");
        for name in ["broken.json", "missing.json"] {
            assert!(ran.stdout.contains(name), "{format}: {}", ran.stdout);
        }
    }
}
