//! A log group has several ARNs, and AWS checks actions on one of them: every command asks for that one.

use serde_json::{Value, json};

use crate::program::Folder;

const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders";

fn policy(effect: &str, resource: &str) -> Value {
    json!({ "Effect": effect, "Action": "logs:*", "Resource": resource })
}

fn document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A function whose log group does not exist yet, with a role of that policy and nothing else.
fn bundle(policy: &Value) -> Value {
    json!({
        "Configuration": { "FunctionName": "orders",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "Role": "arn:aws:iam::123456789012:role/orders-role" },
        "Role": { "RoleName": "orders-role", "Arn": "arn:aws:iam::123456789012:role/orders-role",
            "AssumeRolePolicyDocument": document(vec![json!({ "Effect": "Allow",
                "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" })]),
            "RolePolicyList": [{ "PolicyName": "logs", "PolicyDocument": policy }],
            "AttachedManagedPolicies": [] },
        "logGroups": [],
    })
}

/// The resources of policies, by how each is written.
fn resources() -> Vec<String> {
    let suffixes = ["", ":*", ":log-stream:", ":log-stream:*"];
    let mut resources: Vec<String> = suffixes.iter().map(|s| format!("{GROUP}{s}")).collect();
    resources.push(GROUP.replace("orders", "*"));
    resources.push("*".to_owned());
    resources
}

#[test]
fn every_command_asks_for_the_log_group_that_checking_asks_for() {
    let folder = Folder::new("log-groups");
    let action = "logs:CreateLogGroup";
    for resource in resources() {
        let policy = document(vec![policy("Allow", &resource)]);
        folder.write("policy.json", policy.to_string());
        folder.write("bundle.json", bundle(&policy).to_string());
        let printed = folder.run(&["--format", "plain", "bundle.json"]).stdout;
        let is_missing = printed.contains("missing: logs:CreateLogGroup");
        assert_eq!(is_missing, resource == GROUP, "{resource}: {printed}");
        for named in ["", ":*", ":log-stream:", ":log-stream:2026"] {
            let named = format!("{GROUP}{named}");
            let can = folder.run(&["can", "orders", action, &named, "bundle.json"]);
            let asked = format!("{named} by {resource}: {}", can.stdout);
            assert_eq!(can.stdout.starts_with("allowed"), !is_missing, "{asked}");
            let input = [
                "--policy-input-list",
                "policy.json",
                "--action-names",
                action,
            ];
            let simulated =
                folder.run(&[&["simulate"], &input[..], &["--resource-arns", &named]].concat());
            let answer: Value = serde_json::from_str(&simulated.stdout).unwrap();
            let answer = &answer["EvaluationResults"][0];
            let decision = if is_missing {
                "implicitDeny"
            } else {
                "allowed"
            };
            assert_eq!(answer["EvalDecision"], decision, "{asked}");
            assert_eq!(answer["EvalResourceName"], named.as_str(), "{asked}");
        }
        let refused = format!(
            "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: {action} on \
             resource: {GROUP}:log-stream: because no identity-based policy allows the {action} action"
        );
        let explained = folder.run(&[
            "explain",
            &refused,
            "--with",
            "bundle.json",
            "--format",
            "json",
        ]);
        let explained: Value = serde_json::from_str(&explained.stdout).unwrap();
        let verdict = explained["explanations"][0]["documents"]["verdict"].as_str();
        let verdict = verdict.map(|verdict| verdict == "allowed");
        assert_eq!(verdict, Some(!is_missing), "{resource}: {explained:#}");
    }
}

#[test]
fn other_actions_on_a_log_group_are_answered_as_far_as_aws_documents_them() {
    let folder = Folder::new("log-groups-other");
    // The action, how the policy's resource ends, and the answer for the group named by either ARN.
    let cases = [
        ("logs:PutLogEvents", ":*", "allowed"),
        ("logs:PutLogEvents", "", "not allowed"),
        ("logs:PutLogEvents", ":log-stream:*", "allowed"),
        ("logs:PutLogEvents", ":log-stream:2026*", "undecided"),
        ("logs:TagResource", "", "allowed"),
        ("logs:TagResource", ":*", "not allowed"),
        ("logs:PutRetentionPolicy", ":*", "allowed"),
        ("logs:PutRetentionPolicy", "", "not allowed"),
        ("logs:PutRetentionPolicy", ":log-stream:*", "undecided"),
    ];
    for (action, suffix, wanted) in cases {
        let policy = document(vec![policy("Allow", &format!("{GROUP}{suffix}"))]);
        folder.write("bundle.json", bundle(&policy).to_string());
        for named in [GROUP.to_owned(), format!("{GROUP}:*")] {
            let ran = folder.run(&["can", "orders", action, &named, "bundle.json"]);
            let (answer, _) = ran.stdout.split_once(": ").unwrap();
            assert_eq!(
                answer, wanted,
                "{action} by {suffix} on {named}: {}",
                ran.stdout
            );
            // A refusal that is about another ARN than the one asked for says so.
            let is_other = named == GROUP && suffix.is_empty() && wanted == "not allowed";
            let is_told = ran.stdout.contains("AWS checks the action on");
            assert!(is_told || !is_other, "{}", ran.stdout);
        }
    }
    let named = format!("{GROUP}:log-stream:*");
    let undecided = document(vec![policy("Allow", "*"), policy("Deny", &named)]);
    folder.write("bundle.json", bundle(&undecided).to_string());
    let ran = folder.run(&[
        "can",
        "orders",
        "logs:PutRetentionPolicy",
        GROUP,
        "bundle.json",
    ]);
    assert!(ran.stdout.starts_with("undecided"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("AWS does not document"),
        "{}",
        ran.stdout
    );
    // What no log group is, is asked for as it is.
    let other = "arn:aws:logs:eu-west-1:123456789012:destination:archive";
    let ran = folder.run(&[
        "can",
        "orders",
        "logs:PutDestinationPolicy",
        other,
        "bundle.json",
    ]);
    assert!(ran.stdout.starts_with("allowed"), "{}", ran.stdout);
}
