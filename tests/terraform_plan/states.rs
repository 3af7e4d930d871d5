//! State, as it is shown and as it is stored, says the same as the plan that led to it.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Folder, root};

const ACCOUNT: &str = "123456789012";

/// The resources of a sample's plan with everything known.
fn deployed(verdict: &str) -> Vec<Value> {
    let path = format!("policies-samples/_parity/{verdict}/plan.json");
    let plan: Value =
        serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap();
    let arn = |service: &str, id: &str| format!("arn:aws:{service}:eu-west-1:{ACCOUNT}:{id}");
    let queue = arn("sqs", "orders");
    let dead = arn("sqs", "orders-dead");
    let function = arn("lambda", "function:orders");
    let topic = arn("sns", "orders");
    let rule = arn("events", "rule/orders-nightly");
    let role = format!("arn:aws:iam::{ACCOUNT}:role/orders-role");
    let bucket = format!("orders-uploads-{ACCOUNT}");
    let resources = plan["planned_values"]["root_module"]["resources"]
        .as_array()
        .unwrap();
    let statement = |sid: &str| {
        let statements =
            &resources.iter().find(|r| r["mode"] == "data").unwrap()["values"]["statement"];
        statements
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["sid"] == sid)
            .cloned()
    };
    let granted = |sid: &str, on: &str| {
        let actions = statement(sid)?["actions"].clone();
        Some(json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": on }))
    };
    let logs = arn("logs", "log-group:/aws/lambda/orders:*");
    let statements: Vec<Value> = [
        granted("ReadQueue", &queue),
        granted("DeadLetters", &dead),
        granted("Logs", &logs),
        granted("Network", "*"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let mut resources: Vec<Value> = resources
        .iter()
        .filter(|r| r["mode"] != "data")
        .cloned()
        .collect();
    let known = [
        ("aws_sqs_queue.orders", "arn", &queue),
        ("aws_sqs_queue.dead", "arn", &dead),
        ("aws_sns_topic.orders", "arn", &topic),
        ("aws_iam_role.orders", "arn", &role),
        (
            "aws_iam_role_policy.orders",
            "role",
            &"orders-role".to_owned(),
        ),
        ("aws_iam_role_policy.orders", "policy", &policy),
        ("aws_lambda_function.orders", "arn", &function),
        ("aws_lambda_function.orders", "role", &role),
        (
            "aws_lambda_event_source_mapping.orders",
            "event_source_arn",
            &queue,
        ),
        ("aws_s3_bucket_notification.uploads", "bucket", &bucket),
        ("aws_sns_topic_subscription.orders", "topic_arn", &topic),
        ("aws_sns_topic_subscription.orders", "endpoint", &function),
        ("aws_cloudwatch_event_rule.nightly", "arn", &rule),
        ("aws_cloudwatch_event_target.nightly", "arn", &function),
        (
            "aws_lambda_permission.bucket",
            "source_arn",
            &format!("arn:aws:s3:::{bucket}"),
        ),
        ("aws_lambda_permission.topic", "source_arn", &topic),
    ];
    for (address, attribute, value) in known {
        for resource in resources.iter_mut().filter(|r| r["address"] == address) {
            resource["values"][attribute] = json!(value);
        }
    }
    for resource in &mut resources {
        let address = resource["address"].as_str().unwrap().to_owned();
        let values = &mut resource["values"];
        if address == "aws_lambda_function.orders" {
            values["dead_letter_config"][0]["target_arn"] = json!(dead);
        } else if address == "aws_s3_bucket_notification.uploads" {
            values["lambda_function"][0]["lambda_function_arn"] = json!(function);
        } else if address == "aws_lambda_permission.rule" && values["source_arn"].is_null() {
            values["source_arn"] = json!(rule);
        }
    }
    resources
}

fn rules(name: &str, document: &Value) -> Vec<String> {
    let folder = Folder::new(&format!("state-{}", name.len()));
    folder.write(name, serde_json::to_string_pretty(document).unwrap());
    let report = folder.run(&[name, "--format", "json"]).json();
    assert_eq!(report["problems"], json!([]), "{report:#}");
    assert_eq!(report["summary"]["functions"], 1);
    assert_eq!(report["summary"]["undecided"], 0, "{report:#}");
    let findings = report["findings"].as_array().unwrap().iter();
    let mut rules: Vec<String> = findings
        .map(|f| f["rule"].as_str().unwrap().to_owned())
        .collect();
    rules.sort();
    rules
}

const FAULTS: [&str; 4] = [
    "poll-sources/actions-not-granted",
    "push-sources/invoke-not-granted",
    "push-sources/invoke-not-granted",
    "vpc/eni-actions-not-granted",
];

#[test]
fn state_that_is_shown() {
    for (verdict, expected) in [("good", &[][..]), ("broken", &FAULTS[..])] {
        let resources = deployed(verdict);
        let root = json!({ "resources": resources });
        let state = json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": { "root_module": root } });
        assert_eq!(rules("state.json", &state), expected, "{verdict}");
    }
}

#[test]
fn state_that_is_stored() {
    for (verdict, expected) in [("good", &[][..]), ("broken", &FAULTS[..])] {
        let resources = deployed(verdict).into_iter().map(|resource| {
            json!({
                "mode": resource["mode"], "type": resource["type"], "name": resource["name"],
                "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                "instances": [
                    { "schema_version": 0, "attributes": resource["values"], "sensitive_attributes": [] },
                    { "deposed": "00000001", "attributes": { "name": "orders-role", "assume_role_policy": "{}" } },
                ],
            })
        });
        let resources: Vec<Value> = resources.collect();
        let state = json!({
            "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "5d6e", "outputs": {},
            "resources": resources,
        });
        assert_eq!(rules("terraform.tfstate", &state), expected, "{verdict}");
    }
}
