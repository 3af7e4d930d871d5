//! Configurations of the Serverless Framework: what is said of one is said of the template that the framework itself
//! makes of it.
//!
//! Each `serverless.yml` in `tests/fixtures/serverless-framework` lies beside the template that `serverless package` of
//! version 3.40.0 writes for it, and its first line tells what is wrong with it.

use std::fs;

use crate::program::{Folder, root};
use crate::serverless::said_in;

const FOLDER: &str = "tests/fixtures/serverless-framework";

fn services() -> Vec<String> {
    let entries = fs::read_dir(root().join(FOLDER)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The text of a service, and the Region that it is deployed to.
fn service(name: &str) -> (String, String) {
    let path = root().join(FOLDER).join(name).join("serverless.yml");
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(str::trim);
    let region = lines.find_map(|line| line.strip_prefix("region: "));
    let region = region.unwrap().to_owned();
    (text, region)
}

#[test]
fn a_service_and_the_template_that_the_framework_makes_of_it_are_judged_alike() {
    let names = services();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let (_, region) = service(&name);
        let place = ["--region", region.as_str()];
        let source = said_in(&format!("{FOLDER}/{name}/serverless.yml"), &place);
        let made = said_in(&format!("{FOLDER}/{name}/packaged.json"), &place);
        assert_eq!(source, made, "{name}");
    }
}

#[test]
fn each_service_has_the_fault_that_its_first_line_tells() {
    for name in services() {
        let (text, _) = service(&name);
        let first = text.lines().next().unwrap();
        let said = said_in(&format!("{FOLDER}/{name}/serverless.yml"), &[]);
        let mut errors = said.findings.iter();
        let has_error = errors.any(|finding| finding.contains("\"error\""));
        assert_eq!(has_error, first.starts_with("# Fault:"), "{name}: {first}");
    }
}

const VARIABLES: &str = "\
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  stage: ${opt:stage, 'dev'}
  iam:
    role:
      statements: ${file(./${sls:stage}/statements.yml):all}
functions:
  worker:
    handler: index.handler
    onError: arn:aws:sqs:${aws:region}:123456789012:dead-${self:provider.stage}
    environment:
      TABLE: ${env:TABLE, 'orders'}
";

const STATEMENTS: &str = "\
all:
  - Effect: Allow
    Action: sqs:SendMessage
    Resource: arn:aws:sqs:us-east-1:123456789012:dead-${opt:stage, 'dev'}
";

#[test]
fn a_file_that_a_variable_reads_is_found_beside_the_service() {
    let folder = Folder::new("sls-file");
    folder.write("serverless.yml", VARIABLES);
    folder.write("dev/statements.yml", STATEMENTS);
    let ran = folder.run(&["serverless.yml"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("no findings"), "{}", ran.stdout);
    // A finding in it is reported there.
    let wrong = STATEMENTS.replace("SendMessage", "SendMesage");
    folder.write("dev/statements.yml", &wrong);
    let report = folder.run(&["serverless.yml", "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let places: Vec<_> = findings
        .iter()
        .map(|finding| &finding["location"]["path"])
        .collect();
    assert!(
        places.iter().any(|path| *path == "dev/statements.yml"),
        "{places:?}"
    );
}

#[test]
fn the_default_stage_is_checked_unless_another_is_given() {
    let folder = Folder::new("sls-stage");
    folder.write("serverless.yml", VARIABLES);
    folder.write("dev/statements.yml", STATEMENTS);
    folder.write("prod/statements.yml", STATEMENTS.replace("dead-", "other-"));
    assert_eq!(folder.run(&["."]).status, Some(0));
    let ran = folder.run(&[".", "--param", "stage=prod"]);
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stdout.contains("async/target-not-granted"),
        "{}",
        ran.stdout
    );
    let ran = folder.run(&[".", "--param", "stag=prod"]);
    assert!(
        ran.stdout.contains("unknown parameter `stag`"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_an_unknown_plugin_can_change_is_undecided() {
    let folder = Folder::new("sls-plugin");
    let text = fs::read_to_string(
        root()
            .join(FOLDER)
            .join("on-error-by-reference/serverless.yml"),
    );
    let text = text.unwrap();
    let with = |plugin: &str| format!("{text}plugins: [{plugin}]\n");
    folder.write("serverless.yml", with("serverless-offline"));
    assert_eq!(folder.run(&["serverless.yml"]).status, Some(1));
    folder.write("serverless.yml", with("./our-roles"));
    let ran = folder.run(&["serverless.yml", "--show-undecided"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("what ./our-roles adds"),
        "{}",
        ran.stdout
    );
}

#[test]
fn functions_that_a_program_makes_are_reported() {
    let folder = Folder::new("sls-program");
    let text = "service: shop\nprovider:\n  name: aws\nfunctions: ${file(./functions.js)}\n";
    folder.write("serverless.yml", text);
    let ran = folder.run(&["serverless.yml"]);
    assert_eq!(ran.status, Some(2));
    let message = "the functions in `file(./functions.js)` are not checked";
    assert!(ran.stdout.contains(message), "{}", ran.stdout);
    folder.write(
        "serverless.yml",
        "service: shop\nprovider: google\nfunctions: {}\n",
    );
    let ran = folder.run(&["serverless.yml"]);
    assert!(ran.stdout.contains("not deployed to AWS"), "{}", ran.stdout);
}

#[test]
fn variables_that_ask_for_each_other_and_for_much_end() {
    let folder = Folder::new("sls-circles");
    let mut text = "service: shop\nprovider:\n  name: aws\n  stage: ${self:custom.a}\ncustom:\n  a: ${self:custom.b}\n  \
                    b: ${self:custom.a}-${sls:stage}\n  x0: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"
        .to_owned();
    for level in 1..30 {
        let before = format!("\"${{self:custom.x{}}}\"", level - 1);
        text.push_str(&format!("  x{level}: [{}]\n", vec![before; 10].join(", ")));
    }
    text.push_str("functions:\n  one:\n    handler: a.b\n    environment: { X: \"${self:custom.x29}\", Y: \"${self:custom.a}\" }\n");
    folder.write("serverless.yml", &text);
    let ran = folder.run(&["serverless.yml"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_service_is_found_in_a_folder() {
    let folder = Folder::new("sls-folder");
    let (text, _) = service("on-error-by-reference");
    folder.write("api/serverless.yml", &text);
    folder.write("api/config.yml", "a: b\n");
    let ran = folder.run(&["."]);
    assert_eq!(ran.status, Some(1), "{}", ran.stdout);
}
