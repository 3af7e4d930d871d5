//! Fixes in configurations of the Serverless Framework.

use std::fs;

use lint_lambda::diagnostics::Severity;

use super::bench::Bench;
use crate::program::root;

/// The text of a service with all its errors mended, each by itself the first time that it is offered.
fn mended(name: &str, text: &str) -> String {
    let bench = Bench::new();
    let mut files = vec![(name.to_owned(), text.to_owned())];
    for _ in 0..9 {
        let read = bench.offered(&files);
        let errors = read.outcome.findings.iter();
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        let Some(finding) = errors.next() else {
            return files.remove(0).1;
        };
        let patch = finding
            .patch
            .as_ref()
            .unwrap_or_else(|| panic!("{finding:#?}"));
        assert!(!patch.edits.is_empty(), "{finding:#?}");
        files = read.edited(&patch.edits);
    }
    panic!("{name}: {}", files[0].1);
}

fn service(name: &str) -> String {
    let folder = root().join("tests/fixtures/serverless-framework");
    fs::read_to_string(folder.join(name).join("serverless.yml")).unwrap()
}

#[test]
fn a_statement_goes_to_the_role_of_the_provider() {
    let fixed = mended("serverless.yml", &service("on-error-queue"));
    let wanted = "\
  region: eu-west-1
  iam:
    role:
      statements:
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: !Sub \"arn:${AWS::Partition}:sqs:eu-west-1:123456789012:dead\"
functions:
";
    assert!(
        fixed.contains("  iam:\n    role:\n      statements:\n        - Effect: Allow\n"),
        "{fixed}"
    );
    assert!(
        fixed.contains("Action: sqs:SendMessage"),
        "{fixed}\n{wanted}"
    );
}

#[test]
fn a_statement_is_appended_to_those_of_the_provider() {
    let text = service("on-error-by-reference").replace(
        "functions:",
        "  iam:
    role:
      statements:
        - Effect: Allow
          Action: sns:Publish
          Resource: arn:aws:sns:eu-west-1:123456789012:other
functions:",
    );
    let fixed = mended("serverless.yml", &text);
    assert!(
        fixed.contains("123456789012:other\n        - Effect: Allow\n          Action: sns:Publish\n          Resource: !Ref Topic\n"),
        "{fixed}"
    );
}

#[test]
fn a_statement_goes_to_the_function_whose_role_the_plugin_makes() {
    let fixed = mended("serverless.yml", &service("roles-per-function"));
    let (_, broker) = fixed.split_once("  broker:\n").unwrap();
    let (broker, _) = broker.split_once("    destinations:").unwrap();
    assert!(broker.contains("iamRoleStatements:"), "{fixed}");
    assert!(broker.contains("sqs:SendMessage"), "{fixed}");
}

#[test]
fn a_permission_for_what_resources_wire_goes_there() {
    let fixed = mended("serverless.yml", &service("wired-in-resources"));
    let (_, added) = fixed
        .split_once("SourceArn: !GetAtt Permitted.Arn\n")
        .unwrap();
    assert!(
        added.starts_with(
            "    OneLambdaFunctionSnsPermission:\n      Type: AWS::Lambda::Permission\n"
        ),
        "{fixed}"
    );
    assert!(added.contains("SourceArn: !Ref Topic"), "{fixed}");
}
