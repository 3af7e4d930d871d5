//! What errors, logs and metrics mean.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::bless;
use crate::program::{Folder, root, run, run_in};

const SYSTEM: &str = "policies-samples/systems/orders";

fn explained(arguments: &[&str]) -> Value {
    let mut all = vec!["explain", "--format", "json"];
    all.extend(arguments);
    let ran = run(&all);
    assert_eq!(ran.stderr, "");
    ran.json()
}

/// A line for each error: what it is, who was refused what, and what must change.
fn lines(answer: &Value) -> String {
    let mut text = String::new();
    for one in answer["explanations"].as_array().unwrap() {
        let refused = &one["refused"];
        let documents: Vec<&str> = one["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cause| cause["document"].as_str().unwrap())
            .collect();
        writeln!(
            text,
            "{}:{} {}{} x{}\n  {} {} {} {} on {}\n  {}",
            one["location"]["path"].as_str().unwrap(),
            one["location"]["line"],
            one["logicalId"]
                .as_str()
                .map_or(String::new(), |id| format!("{id} ")),
            one["symptom"].as_str().unwrap(),
            one["times"],
            refused["who"].as_str().unwrap(),
            refused["role"],
            refused["function"],
            refused["actions"],
            refused["resource"],
            documents.join(", ")
        )
        .unwrap();
    }
    text
}

#[test]
fn errors_are_read_in_every_form_in_which_they_come() {
    let mut told_of = BTreeMap::new();
    for entry in fs::read_dir(root().join("tests/fixtures/errors")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "metrics.json" {
            continue;
        }
        let answer = explained(&[&format!("tests/fixtures/errors/{name}")]);
        let told = lines(&answer);
        let told = if told.is_empty() { "nothing\n" } else { &told };
        told_of.insert(name, told.to_owned());
    }
    bless::snapshots("errors", &told_of);
}

#[test]
fn a_person_reads_who_was_refused_and_what_to_change() {
    let error = "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: \
                 dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/orders because no \
                 identity-based policy allows the dynamodb:PutItem action";
    bless::snapshot("explaining/error", &run(&["explain", error]).stdout);
}

#[test]
fn documents_show_the_fault() {
    let error =
        "The function execution role does not have permissions to call DeleteMessage on SQS";
    let ran = run(&["explain", error, "--with", SYSTEM]);
    bless::snapshot("explaining/with-documents", &ran.stdout);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn documents_that_allow_are_not_blamed() {
    let sample = "policies-samples/poll-sources/actions-not-granted/good-sqs.json";
    let error = "User: arn:aws:sts::123456789012:assumed-role/orders-role/awslambda_12_20261120 is not authorized to \
                 perform: sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:123456789012:orders";
    let answer = explained(&[error, "--with", sample]);
    let one = &answer["explanations"][0];
    assert_eq!(one["documents"]["verdict"], "allowed", "{one:#}");
    assert_eq!(one["refused"]["who"], "lambda");
    for cause in one["causes"].as_array().unwrap() {
        assert_ne!(cause["document"], "execution-role");
    }
    let ran = run(&["explain", error, "--with", sample]);
    bless::snapshot("explaining/allowed", &ran.stdout);
}

#[test]
fn a_deny_in_the_documents_is_named() {
    let folder = Folder::new("explain-deny");
    folder.write(
        "role.json",
        r#"{"Role": {"RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r", "AssumeRolePolicyDocument":
            {"Statement": []}, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                          {"Sid": "No", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}}],
            "AttachedManagedPolicies": []}}"#,
    );
    let error = "User: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: s3:PutObject on \
                 resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy";
    let ran = folder.run(&["explain", error, "--with", "role.json"]);
    assert!(
        ran.stdout.contains("`No` of `p` denies it"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("role.json:4:"), "{}", ran.stdout);
}

#[test]
fn a_function_policy_that_is_not_at_hand_is_named_with_its_command() {
    let folder = Folder::new("explain-function-policy");
    folder.write(
        "function.json",
        r#"{"FunctionName": "orders", "Role": "arn:aws:iam::123456789012:role/orders-role",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"}"#,
    );
    let refused = |function: &str| {
        format!(
            "User: arn:aws:iam::123456789012:user/jo is not authorized to perform: lambda:InvokeFunction on resource: \
             arn:aws:lambda:eu-west-1:123456789012:function:{function} because no resource-based policy allows the \
             lambda:InvokeFunction action"
        )
    };
    let forbidden = r#"{"Message":"Forbidden"}"#.to_owned();
    let command = "aws lambda get-policy --function-name orders";
    let cases = [
        (refused("orders"), format!("({command})")),
        (
            refused("orders:live"),
            format!("({command} --qualifier live)"),
        ),
        (forbidden, format!("({command})")),
    ];
    for (error, command) in cases {
        let told = folder
            .run(&["explain", &error, "--with", "function.json"])
            .stdout;
        let documents = told.lines().find(|line| line.starts_with("  documents: "));
        assert!(
            documents.is_some_and(|line| line.ends_with(&command)),
            "{told}"
        );
    }
    let who = ["can", "s3.amazonaws.com", "lambda:InvokeFunction", "orders"];
    let ran = folder.run(&[&who[..], &["function.json"]].concat());
    assert!(
        ran.stdout.trim_end().ends_with(&format!("({command})")),
        "{}",
        ran.stdout
    );
}

#[test]
fn commands_for_one_function_have_different_statement_ids() {
    let answer = explained(&[r#"{"Message":"Forbidden"}"#]);
    let statements = answer["explanations"][0]["causes"][0]["statements"].clone();
    let ids: Vec<&Value> = statements
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["Sid"])
        .collect();
    assert_eq!(ids, ["allow-function-url", "allow-function-url-2"]);
}

#[test]
fn a_role_that_is_passed_is_not_the_one_that_passes_it() {
    for rest in [
        "",
        " because no identity-based policy allows the iam:PassRole action",
    ] {
        let error = format!(
            "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/team/orders-role{rest}"
        );
        let told = run(&["explain", &error]).stdout;
        assert!(told.contains("  denied: the deployer\n"), "{told}");
        assert!(
            !told.to_lowercase().contains("role `orders-role`"),
            "{told}"
        );
        assert!(told.contains("a policy of the deployer"), "{told}");
    }
}

#[test]
fn calls_to_msk_are_actions_of_kafka() {
    let cluster = "arn:aws:kafka:REGION:ACCOUNT:cluster/CLUSTER/UUID";
    for call in ["DescribeCluster", "DescribeClusterV2"] {
        let error =
            format!("The provided execution role does not have permissions to call {call} on MSK");
        let told = run(&["explain", &error]).stdout;
        assert!(told.contains(&format!("  tried: kafka:{call}\n")), "{told}");
        assert!(
            told.contains(&format!("Allow kafka:{call} on {cluster}; ")),
            "{told}"
        );
        assert!(!told.contains("the denied call"), "{told}");
    }
    // Lambda describes the cluster of a mapping that it stopped, too.
    let told = run(&[
        "explain",
        r#""StateTransitionReason": "EVENT_SOURCE_AUTHZ_ERROR""#,
    ])
    .stdout;
    assert!(
        told.contains(&format!("Allow kafka:DescribeClusterV2 on {cluster}; ")),
        "{told}"
    );
}

#[test]
fn what_is_no_error_of_permissions_is_said_in_one_line() {
    for text in ["Task timed out after 3.00 seconds", "", "hello"] {
        let ran = run_in(&root(), &["explain", "-"], text);
        assert_eq!(
            ran.stdout,
            "lint-lambda does not recognize this as a permission error\n"
        );
        assert_eq!(ran.status, Some(0));
    }
}

#[test]
fn a_rule_shows_its_page() {
    let shown = run(&["rules", "show", "vpc/eni-actions-not-granted"]).stdout;
    assert_eq!(
        run(&["explain", "vpc/eni-actions-not-granted"]).stdout,
        shown
    );
}

#[test]
fn a_file_that_is_not_there_is_a_problem() {
    let ran = run(&["explain", "no-such.log"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stdout.contains("no such file"), "{}", ran.stdout);
}

#[test]
fn own_symptoms_go_first() {
    let folder = Folder::new("own-symptoms");
    folder.write(
        "symptoms.json",
        r#"{"symptoms": [{"id": "gateway-says-no", "wording": "reported", "keywords": ["house gateway"],
            "pattern": "house gateway refused (?P<role>[a-z-]+)", "example": "house gateway refused shop-role",
            "counterExample": "house gateway is up", "deniedCaller": "role", "meaning": "Our gateway refused {role}.",
            "causes": [{"document": "configuration", "reason": "The role is not registered.",
                        "fix": "Register {role}."}]}]}"#,
    );
    let arguments = [
        "explain",
        "house gateway refused shop-role",
        "--catalogue",
        "symptoms.json",
    ];
    let ran = folder.run(&arguments);
    assert!(
        ran.stdout.contains("Our gateway refused shop-role."),
        "{}",
        ran.stdout
    );
    let known = [
        "explain",
        "--catalogue",
        "symptoms.json",
        "The role defined for the function cannot be assumed by Lambda.",
    ];
    assert!(folder.run(&known).stdout.contains("trust policy"));
    folder.write(
        "symptoms.json",
        r#"{"symptoms": [{"id": "x", "wording": "reported", "pattern": "(",
        "example": "x", "counterExample": "y", "deniedCaller": "nobody", "meaning": "m", "causes": []}]}"#,
    );
    assert_eq!(folder.run(&arguments).status, Some(2));
}

#[test]
fn metrics_are_drawn_and_explained() {
    let metrics = "tests/fixtures/errors/metrics.json";
    let ran = run(&["explain", "--metrics", metrics, "--with", SYSTEM]);
    bless::snapshot("explaining/metrics", &ran.stdout);
    let other = run(&["explain", "--metrics", "tests/fixtures/errors/trail.json"]);
    assert_eq!(other.status, Some(2));
}

#[test]
fn sources_and_grants_are_listed() {
    bless::snapshot("explaining/sources", &run(&["sources"]).stdout);
    let source = |name| run(&["sources", name]).stdout;
    bless::snapshot(
        "explaining/source",
        &(source("sns") + &source("kinesis-consumer")),
    );
    assert_eq!(run(&["sources", "nothing-like-it"]).status, Some(2));
    bless::snapshot("explaining/matrix", &run(&["matrix", SYSTEM]).stdout);
    let scheduler = "policies-samples/push-sources/role-may-not-invoke/good-scheduler.json";
    bless::snapshot(
        "explaining/matrix-caller",
        &run(&["matrix", scheduler]).stdout,
    );
    assert_eq!(
        run(&["matrix", "policies-samples/vpc/half-granted/good.json"]).status,
        Some(2)
    );
}
