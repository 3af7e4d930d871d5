//! Plans of Terraform: what is known after the deployment is found by what the configuration refers to.

mod builder;
mod states;
mod unclear;

use serde_json::{Value, json};

use crate::program::{Folder, Run};
use builder::{Plan, UNKNOWN};

/// The trust of a role that Lambda can assume.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;

/// What a role needs to write logs.
const LOGS: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

fn run(plan: &Plan) -> Run {
    let folder = Folder::new(&format!("plan-{:p}", plan));
    folder.write("plan.json", plan.text());
    folder.run(&["plan.json", "--format", "json"])
}

/// The rules of what is found with their functions, and how many checks are undecided.
#[track_caller]
fn found(plan: &Plan) -> (Vec<String>, u64) {
    let ran = run(plan);
    let report = ran.json();
    assert_eq!(report["problems"], json!([]), "{report:#}");
    let findings = report["findings"].as_array().unwrap().iter();
    let found = findings.map(|finding| {
        let word = |name: &str| finding[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}", word("function"), word("rule"))
    });
    let undecided = report["summary"]["undecided"].as_u64().unwrap();
    (found.collect(), undecided)
}

/// A function with its role, in a module; `attached` is the expression of the policy of its role.
fn function(plan: &mut Plan, module: &str, name: &str) {
    let at = |address: &str| format!("{module}{address}");
    let role = json!({
        "name": name, "assume_role_policy": TRUST, "path": "/", "arn": UNKNOWN, "id": UNKNOWN,
        "inline_policy": UNKNOWN, "managed_policy_arns": UNKNOWN,
    });
    plan.add(&at("aws_iam_role.fn"), role, json!({ "name": name }));
    let attached = json!({ "role": name, "policy_arn": LOGS, "id": UNKNOWN });
    let written = json!({ "role": "=aws_iam_role.fn.name", "policy_arn": LOGS });
    plan.add(
        &at("aws_iam_role_policy_attachment.logs"),
        attached,
        written,
    );
    let function = json!({
        "function_name": name, "role": UNKNOWN, "runtime": "python3.13", "handler": "index.handler",
        "package_type": "Zip", "arn": UNKNOWN, "invoke_arn": UNKNOWN, "id": UNKNOWN,
        "tracing_config": UNKNOWN, "vpc_config": [],
    });
    let written = json!({ "function_name": name, "role": "=aws_iam_role.fn.arn" });
    plan.add(&at("aws_lambda_function.fn"), function, written);
}

fn queue(plan: &mut Plan, address: &str, name: &str) {
    let queue = json!({
        "name": name, "arn": UNKNOWN, "id": UNKNOWN, "url": UNKNOWN, "policy": UNKNOWN, "fifo_queue": false,
    });
    plan.add(address, queue, json!({ "name": name }));
}

/// A function that reads a queue, with the actions that its role has on the resources of the expression.
fn reader(actions: &[&str], resources: Value, written: &str) -> Plan {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    queue(&mut plan, "aws_sqs_queue.orders", "orders");
    queue(&mut plan, "aws_sqs_queue.other", "other");
    let statement =
        json!({ "effect": "Allow", "actions": actions, "resources": resources, "condition": [] });
    let document = json!({ "statement": [statement], "id": UNKNOWN, "json": UNKNOWN });
    let expressions = json!({ "statement": [{ "actions": actions, "resources": written }] });
    plan.add("data.aws_iam_policy_document.read", document, expressions);
    policy(&mut plan, "=data.aws_iam_policy_document.read.json");
    mapping(&mut plan, "=aws_sqs_queue.orders.arn");
    plan
}

fn policy(plan: &mut Plan, written: &str) {
    let values = json!({ "name": "read", "role": "orders", "policy": UNKNOWN, "id": UNKNOWN });
    let expressions = json!({ "name": "read", "role": "=aws_iam_role.fn.name", "policy": written });
    plan.add("aws_iam_role_policy.read", values, expressions);
}

fn mapping(plan: &mut Plan, source: &str) {
    let values = json!({ "function_name": "orders", "event_source_arn": UNKNOWN, "id": UNKNOWN });
    let expressions = json!({ "function_name": "=aws_lambda_function.fn.function_name", "event_source_arn": source });
    plan.add(
        "aws_lambda_event_source_mapping.orders",
        values,
        expressions,
    );
}

const READ: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];
const UNREAD: &str = "aws_lambda_function.fn poll-sources/actions-not-granted";

#[test]
fn a_queue_that_does_not_exist_yet_is_the_one_that_is_referred_to() {
    let all = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.orders.arn");
    assert_eq!(found(&all), (vec![], 0));
    let some = reader(&READ[..2], json!([UNKNOWN]), "=aws_sqs_queue.orders.arn");
    assert_eq!(found(&some), (vec![UNREAD.to_owned()], 0));
    let other = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.other.arn");
    // It may be `"${aws_sqs_queue.other.arn}*"`: a plan does not list the rest of an expression.
    assert_eq!(found(&other).0, vec![UNREAD.to_owned()]);
}

#[test]
fn the_finding_gives_the_address_and_the_place_in_the_plan() {
    let plan = reader(
        &["sqs:ReceiveMessage"],
        json!([UNKNOWN]),
        "=aws_sqs_queue.orders.arn",
    );
    let report = run(&plan).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["function"], "aws_lambda_function.fn");
    let pointer = finding["location"]["pointer"].as_str().unwrap();
    let document = plan.document();
    let value = document.pointer(pointer).unwrap();
    assert_eq!(
        value["references"][0], "aws_sqs_queue.orders.arn",
        "{pointer}"
    );
}

#[test]
fn a_known_policy_is_read_at_its_place_in_the_plan() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;
    let values = json!({ "name": "read", "role": "orders", "policy": policy });
    plan.add(
        "aws_iam_role_policy.read",
        values,
        json!({ "role": "=aws_iam_role.fn.name" }),
    );
    let report = run(&plan).json();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "policy-document/unknown-action");
    let line = usize::try_from(finding["location"]["line"].as_u64().unwrap()).unwrap();
    let column = usize::try_from(finding["location"]["column"].as_u64().unwrap()).unwrap();
    let text = plan.text();
    let line = text.lines().nth(line - 1).unwrap();
    assert!(
        line.get(column - 1..)
            .unwrap()
            .starts_with("\\\"sqs:ReciveMessage"),
        "{line}"
    );
}

#[test]
fn arguments_and_outputs_of_modules_are_followed() {
    let mut plan = Plan::new();
    let module = "module.worker[\"eu\"].";
    function(&mut plan, module, "orders");
    queue(&mut plan, "module.queue.aws_sqs_queue.this[0]", "orders");
    plan.output("queue", "arn", "=aws_sqs_queue.this[0].arn");
    plan.call("worker", json!({ "source_arn": "=module.queue.arn" }));
    let statement = json!({ "effect": "Allow", "actions": READ, "resources": [UNKNOWN] });
    let document = json!({ "statement": [statement], "json": UNKNOWN });
    let written = json!({ "statement": [{ "actions": READ, "resources": "=var.source_arn" }] });
    plan.add(
        &format!("{module}data.aws_iam_policy_document.read"),
        document,
        written,
    );
    let policy = json!({ "name": "read", "role": "orders", "policy": UNKNOWN });
    let written = json!({ "role": "=aws_iam_role.fn.id", "policy": "=data.aws_iam_policy_document.read.json" });
    plan.add(
        &format!("{module}aws_iam_role_policy.read"),
        policy,
        written,
    );
    let mapping = json!({ "function_name": UNKNOWN, "event_source_arn": UNKNOWN });
    let written = json!({ "function_name": "=aws_lambda_function.fn.arn", "event_source_arn": "=var.source_arn" });
    plan.add(
        &format!("{module}aws_lambda_event_source_mapping.orders"),
        mapping,
        written,
    );
    assert_eq!(found(&plan), (vec![], 0));
    // The same queue for another function, whose role may not read it.
    function(&mut plan, "module.worker[\"us\"].", "others");
    let mapping = json!({ "function_name": UNKNOWN, "event_source_arn": UNKNOWN });
    let written = json!({});
    plan.add(
        "module.worker[\"us\"].aws_lambda_event_source_mapping.orders",
        mapping,
        written,
    );
    let unread = "module.worker[\"us\"].aws_lambda_function.fn poll-sources/actions-not-granted";
    assert_eq!(found(&plan), (vec![unread.to_owned()], 0));
}

#[test]
fn the_arn_of_an_api_is_usually_completed() {
    let plan = |source: &str, name: &str| {
        let mut plan = Plan::new();
        function(&mut plan, "", "orders");
        let topic = json!({ "name": "orders", "arn": UNKNOWN, "id": UNKNOWN });
        plan.add("aws_sns_topic.orders", topic, json!({ "name": "orders" }));
        let api = json!({ "name": "orders", "id": UNKNOWN, "execution_arn": UNKNOWN, "root_resource_id": UNKNOWN });
        plan.add(
            "aws_api_gateway_rest_api.api",
            api,
            json!({ "name": "orders" }),
        );
        let of_root = json!({ "rest_api_id": UNKNOWN, "resource_id": UNKNOWN, "http_method": "GET", "authorization": "NONE" });
        let written = json!({ "rest_api_id": "=aws_api_gateway_rest_api.api.id", "resource_id": "=aws_api_gateway_rest_api.api.root_resource_id" });
        plan.add("aws_api_gateway_method.get", of_root, written);
        let integration = json!({ "rest_api_id": UNKNOWN, "resource_id": UNKNOWN, "http_method": "GET", "type": "AWS_PROXY", "uri": UNKNOWN });
        let written = json!({
            "rest_api_id": "=aws_api_gateway_rest_api.api.id",
            "resource_id": "=aws_api_gateway_rest_api.api.root_resource_id",
            "uri": "=aws_lambda_function.fn.invoke_arn",
        });
        plan.add("aws_api_gateway_integration.get", integration, written);
        let permission = json!({
            "action": "lambda:InvokeFunction", "function_name": "orders", "source_arn": UNKNOWN,
            "principal": "apigateway.amazonaws.com",
        });
        let written = json!({ "function_name": "=aws_lambda_function.fn.function_name", "source_arn": source });
        plan.add(name, permission, written);
        plan
    };
    let own = "=aws_api_gateway_rest_api.api.execution_arn";
    let (rules, undecided) = found(&plan(own, "aws_lambda_permission.api"));
    assert_eq!((rules, undecided), (vec![], 1));
    let (rules, _) = found(&plan(
        "=aws_sns_topic.orders.arn",
        "aws_lambda_permission.api",
    ));
    let denied = "aws_lambda_function.fn push-sources/invoke-not-granted";
    assert_eq!(rules, [denied]);
}

#[test]
fn what_is_deleted_or_was_there_before_is_not_judged() {
    let mut plan = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.orders.arn");
    let misspelt = TRUST.replace("sts:AssumeRole", "sts:AsumeRole");
    let role = json!({ "name": "gone", "assume_role_policy": misspelt });
    plan.read("aws_iam_role.before", role.clone());
    plan.add("aws_iam_role.gone", role, json!({}));
    let mut document = plan.document();
    let change = document["resource_changes"]
        .as_array_mut()
        .unwrap()
        .last_mut()
        .unwrap();
    assert_eq!(change["address"], "aws_iam_role.gone");
    change["change"]["actions"] = json!(["delete"]);
    document["resource_drift"] = document["resource_changes"].clone();
    let folder = Folder::new("plan-deleted");
    folder.write("plan.json", document.to_string());
    let report = folder.run(&["plan.json", "--format", "json"]).json();
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn the_region_of_a_provider_is_that_of_its_resources() {
    let plan = |provider: &str| {
        let mut plan = Plan::new();
        plan.provider("aws.us", json!({ "region": "us-east-1" }));
        function(&mut plan, "", "orders");
        let queue = json!({ "name": "orders", "arn": UNKNOWN });
        plan.add_by(
            provider,
            "aws_sqs_queue.orders",
            queue,
            json!({ "name": "orders" }),
        );
        mapping(&mut plan, "=aws_sqs_queue.orders.arn");
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": READ, "Resource": "arn:aws:sqs:us-east-1:*:orders"}]});
        let values = json!({ "name": "read", "role": "orders", "policy": policy.to_string() });
        plan.add(
            "aws_iam_role_policy.read",
            values,
            json!({ "role": "=aws_iam_role.fn.name" }),
        );
        plan
    };
    assert_eq!(found(&plan("aws.us")), (vec![], 0));
    assert_eq!(found(&plan("aws")), (vec![UNREAD.to_owned()], 0));
}

#[test]
fn the_instance_with_the_same_key_is_meant_by_the_key_of_each() {
    let mut plan = Plan::new();
    for name in ["orders", "others"] {
        let at = |address: &str| format!("{address}[\"{name}\"]");
        let role =
            json!({ "name": name, "assume_role_policy": TRUST, "arn": UNKNOWN, "id": UNKNOWN });
        plan.add(&at("aws_iam_role.fn"), role, json!({ "name": "=each.key" }));
        let attached = json!({ "role": name, "policy_arn": LOGS });
        let written = json!({ "role": "=aws_iam_role.fn each.key", "policy_arn": LOGS });
        plan.add(
            &at("aws_iam_role_policy_attachment.logs"),
            attached,
            written,
        );
        let function = json!({ "function_name": name, "role": UNKNOWN, "arn": UNKNOWN });
        let written = json!({ "function_name": "=each.key", "role": "=aws_iam_role.fn each.key" });
        plan.add(&at("aws_lambda_function.fn"), function, written);
        queue(&mut plan, &at("aws_sqs_queue.orders"), name);
        let statement = json!({ "effect": "Allow", "actions": READ, "resources": ["*"] });
        let document = json!({ "statement": [statement], "json": UNKNOWN });
        plan.add(
            &at("data.aws_iam_policy_document.read"),
            document,
            json!({}),
        );
        let mapping = json!({ "function_name": name, "event_source_arn": UNKNOWN });
        let written = json!({ "event_source_arn": "=aws_sqs_queue.orders each.key" });
        plan.add(
            &at("aws_lambda_event_source_mapping.orders"),
            mapping,
            written,
        );
    }
    let policy = json!({ "name": "read", "role": "orders", "policy": UNKNOWN });
    let written = json!({
        "role": "=aws_iam_role.fn each.key", "policy": "=data.aws_iam_policy_document.read each.key",
    });
    plan.add("aws_iam_role_policy.read[\"orders\"]", policy, written);
    let unread = "aws_lambda_function.fn[\"others\"] poll-sources/actions-not-granted";
    assert_eq!(found(&plan), (vec![unread.to_owned()], 0));
}
