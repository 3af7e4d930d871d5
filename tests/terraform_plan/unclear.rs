//! What a plan does not tell is not known, and nothing is presumed of it.

use serde_json::json;

use super::builder::{Plan, UNKNOWN};
use super::{READ, found, function, mapping, policy, queue, reader, run};
use crate::program::Folder;

#[test]
fn a_policy_of_which_only_the_references_are_listed_is_not_known() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    queue(&mut plan, "aws_sqs_queue.orders", "orders");
    // jsonencode({ Statement = [{ ..., Resource = aws_sqs_queue.orders.arn }] })
    policy(&mut plan, "=aws_sqs_queue.orders.arn");
    mapping(&mut plan, "=aws_sqs_queue.orders.arn");
    let (rules, undecided) = found(&plan);
    assert_eq!(rules, [""; 0]);
    assert_eq!(undecided, 1);
}

#[test]
fn several_references_are_no_value() {
    for source in [
        "=aws_sqs_queue.orders.arn aws_sqs_queue.other.arn",
        "=local.arn",
        "=each.value",
        "=aws_sqs_queue.orders",
    ] {
        let mut plan = Plan::new();
        function(&mut plan, "", "orders");
        queue(&mut plan, "aws_sqs_queue.orders", "orders");
        queue(&mut plan, "aws_sqs_queue.other", "other");
        mapping(&mut plan, source);
        let (rules, undecided) = found(&plan);
        assert_eq!(rules, [""; 0], "{source}");
        assert!(undecided > 0, "{source}");
    }
}

#[test]
fn the_elements_of_a_list_are_its_references_where_there_are_as_many() {
    let two = json!([UNKNOWN, UNKNOWN]);
    let both = "=aws_sqs_queue.other.arn aws_sqs_queue.orders.arn";
    assert_eq!(found(&reader(&READ, two.clone(), both)), (vec![], 0));
    // Which two of the three they are is not listed.
    let three = "=aws_sqs_queue.other.arn aws_sqs_queue.orders.arn local.name";
    assert_eq!(found(&reader(&READ, two, three)), (vec![], 1));
}

#[test]
fn a_denial_does_not_rest_on_a_reference_with_an_unknown_rest() {
    let mut plan = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.orders.arn");
    let statement = json!({ "effect": "Deny", "actions": ["sqs:*"], "resources": [UNKNOWN] });
    let document = json!({ "statement": [statement], "json": UNKNOWN });
    let written = json!({ "statement": [{ "effect": "Deny", "actions": ["sqs:*"], "resources": "=aws_sqs_queue.orders.arn" }] });
    plan.add("data.aws_iam_policy_document.deny", document, written);
    let policy = json!({ "name": "deny", "role": "orders", "policy": UNKNOWN });
    let written = json!({ "role": "=aws_iam_role.fn.name", "policy": "=data.aws_iam_policy_document.deny.json" });
    plan.add("aws_iam_role_policy.deny", policy, written);
    let (rules, undecided) = found(&plan);
    assert_eq!(rules, [""; 0]);
    assert_eq!(undecided, 1);
}

#[test]
fn a_plan_of_a_part_does_not_tell_what_is_missing() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    queue(&mut plan, "aws_sqs_queue.orders", "orders");
    mapping(&mut plan, "=aws_sqs_queue.orders.arn");
    assert_eq!(found(&plan).0.len(), 1);
    plan.with("complete", json!(false));
    let (rules, undecided) = found(&plan);
    assert_eq!(rules, [""; 0]);
    assert!(undecided > 0);
}

#[test]
fn sensitive_values_are_not_shown() {
    let mut plan = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.orders.arn");
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:Hush", "Resource": "*"}]});
    let values = json!({ "name": "secret", "role": "orders", "policy": policy.to_string() });
    plan.add(
        "aws_iam_role_policy.secret",
        values,
        json!({ "role": "=aws_iam_role.fn.name", "policy": "=var.secret" }),
    );
    assert!(run(&plan).stdout.contains("sqs:Hush"));
    let mut document = plan.document();
    let resources = document["planned_values"]["root_module"]["resources"]
        .as_array_mut()
        .unwrap();
    resources.last_mut().unwrap()["sensitive_values"] = json!({ "policy": true });
    let folder = Folder::new("plan-sensitive");
    folder.write(
        "plan.json",
        serde_json::to_string_pretty(&document).unwrap(),
    );
    for format in ["json", "text", "sarif", "markdown", "html"] {
        let ran = folder.run(&["plan.json", "--format", format, "--show-undecided"]);
        assert!(!ran.stdout.contains("Hush"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn references_in_a_circle_end() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    plan.call("a", json!({ "in": "=module.b.out" }));
    plan.output("a", "out", "=var.in");
    plan.call("b", json!({ "in": "=module.a.out" }));
    plan.output("b", "out", "=var.in");
    mapping(&mut plan, "=module.a.out");
    for (own, other) in [("one", "two"), ("two", "one")] {
        let document = json!({ "source_policy_documents": [UNKNOWN], "json": UNKNOWN });
        let written = json!({ "source_policy_documents": format!("=data.aws_iam_policy_document.{other}.json") });
        plan.add(
            &format!("data.aws_iam_policy_document.{own}"),
            document,
            written,
        );
    }
    policy(&mut plan, "=data.aws_iam_policy_document.one.json");
    let (rules, undecided) = found(&plan);
    assert_eq!(rules, [""; 0]);
    assert!(undecided > 0);
}

#[test]
fn documents_of_documents_do_not_grow_without_end() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    let statement =
        json!([{ "actions": ["sqs:SendMessage"], "resources": ["*"], "effect": "Allow" }]);
    plan.add(
        "data.aws_iam_policy_document.d0",
        json!({ "statement": statement, "json": UNKNOWN }),
        json!({}),
    );
    for level in 1..60 {
        let document = json!({ "source_policy_documents": [UNKNOWN, UNKNOWN], "json": UNKNOWN });
        let below = format!("data.aws_iam_policy_document.d{}.json", level - 1);
        let written = json!({ "source_policy_documents": format!("={below} {below}") });
        plan.add(
            &format!("data.aws_iam_policy_document.d{level}"),
            document,
            written,
        );
    }
    policy(&mut plan, "=data.aws_iam_policy_document.d59.json");
    // None of so many statements is lost, and no policy can have as many.
    let too_long = "- policy-document/identity-policy-too-long";
    assert_eq!(found(&plan).0, [too_long]);
}

#[test]
fn deep_blocks_and_long_chains_of_references_end() {
    let mut plan = Plan::new();
    function(&mut plan, "", "orders");
    for level in 0..200 {
        let next = format!("=data.aws_iam_policy_document.d{}.json", level + 1);
        let written = (0..50).fold(json!(next), |inner, _| json!([{ "statement": inner }]));
        let document = json!({ "statement": UNKNOWN, "json": UNKNOWN });
        let address = format!("data.aws_iam_policy_document.d{level}");
        plan.add(&address, document, json!({ "statement": written }));
    }
    policy(&mut plan, "=data.aws_iam_policy_document.d0.json");
    let ran = run(&plan);
    assert_eq!(ran.stderr, "");
    assert_eq!(ran.json()["summary"]["functions"], 1);
}

#[test]
fn a_plan_that_is_cut_off_is_a_problem_with_its_place() {
    let plan = reader(&READ, json!([UNKNOWN]), "=aws_sqs_queue.orders.arn").text();
    let folder = Folder::new("plan-cut");
    folder.write("plan.json", plan.get(..plan.len() / 2).unwrap());
    let ran = folder.run(&["plan.json", "--format", "plain"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stdout.contains("plan.json:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("problem"), "{}", ran.stdout);
}

#[test]
fn what_is_shaped_otherwise_does_no_harm() {
    let odd = [
        json!({ "planned_values": { "root_module": { "resources": [1, null, {"address": 3}, {"address": "a", "type": "aws_lambda_function", "values": []}], "child_modules": [{}, 7] } } }),
        json!({ "planned_values": { "root_module": {} }, "configuration": [], "resource_changes": {}, "prior_state": "x" }),
        json!({ "format_version": "1.0", "values": { "root_module": { "resources": {} } } }),
        json!({ "version": 4, "resources": [[], {"mode": "managed"}, {"mode": "managed", "type": "aws_lambda_function", "name": "f", "instances": [{}, {"attributes": null}]}] }),
        json!({ "planned_values": { "root_module": { "resources": [{ "address": "module.x[", "type": "t", "index": 0, "values": {} }] } } }),
    ];
    let folder = Folder::new("plan-odd");
    for document in odd {
        folder.write("plan.json", document.to_string());
        let ran = folder.run(&["plan.json", "--format", "json"]);
        assert_eq!(ran.stderr, "", "{document}");
        assert_eq!(ran.json()["problems"], json!([]), "{document}");
    }
}

#[test]
fn output_without_resources_says_what_to_provide() {
    let folder = Folder::new("plan-other");
    folder.write(
        "plan.json",
        r#"{"format_version": "1.2", "terraform_version": "1.11.4", "variables": {}}"#,
    );
    let ran = folder.run(&["plan.json", "--format", "plain"]);
    assert!(
        ran.stdout.contains("terraform show -json"),
        "{}",
        ran.stdout
    );
}
