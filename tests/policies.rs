//! How bad a mistake in a policy is depends on what stands beside it.

use lint_lambda::{
    Catalogue, Hints, Input, Outcome, Packs, Scope, SourceMap, analyze, diagnostics::Severity, lint,
};
use serde_json::{Value, json};

/// What the rules say of a document.
fn linted(document: &Value) -> Outcome {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin(&mut sources);
    let file = sources.add("policy.json", &document.to_string()).unwrap();
    let scope = Scope::new([".", "policy.json"]);
    let named = true;
    let inputs = [Input { file, scope, named }];
    let analysis = analyze(&mut sources, &inputs, &Hints::default(), &catalogue);
    lint(&sources, &analysis, &packs, &catalogue)
}

/// How severe the findings of a rule are, in order.
fn severities(rule: &str, document: &Value) -> Vec<Severity> {
    let outcome = linted(document);
    let found = outcome.findings.iter().filter(|f| &*f.rule == rule);
    found.map(|finding| finding.severity).collect()
}

fn policy(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn allow(actions: &[&str], resource: &str) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": resource })
}

const BUCKET: &str = "arn:aws:s3:::orders";
const OTHER: &str = "arn:aws:s3:::invoices";

/// IAM accepts every name, so a wrong one does harm only where what was meant is not granted.
#[test]
fn a_wrong_name_is_milder_beside_what_was_meant() {
    use Severity::{Error, Info, Warning};
    let rule = "policy-document/unknown-action";
    for (statements, expected) in [
        // A service that does not exist, with and without the right one in the same statement.
        (json!([allow(&["bedrock-runtime:InvokeModel"], "*")]), Error),
        (
            json!([allow(
                &["bedrock-runtime:InvokeModel", "bedrock:InvokeModel"],
                "*"
            )]),
            Warning,
        ),
        (
            json!([allow(
                &["bedrock-runtime:InvokeModel", "bedrock:Invoke*"],
                "*"
            )]),
            Warning,
        ),
        (json!([allow(&["apigatewayv2:CreateApi"], "*")]), Error),
        (
            json!([allow(&["apigatewayv2:CreateApi", "apigateway:POST"], "*")]),
            Warning,
        ),
        (json!([allow(&["efs:*"], "*")]), Error),
        (
            json!([allow(&["efs:*", "elasticfilesystem:ClientMount"], "*")]),
            Warning,
        ),
        // A typo.
        (json!([allow(&["sqs:ReciveMessage"], "*")]), Error),
        (
            json!([allow(&["sqs:ReciveMessage", "sqs:ReceiveMessage"], "*")]),
            Warning,
        ),
        // The name of an API operation.
        (json!([allow(&["s3:HeadBucket"], BUCKET)]), Warning),
        (
            json!([allow(&["s3:HeadBucket", "s3:ListBucket"], BUCKET)]),
            Info,
        ),
        (
            json!([allow(&["s3:CopyObject", "s3:GetObject"], BUCKET)]),
            Warning,
        ),
        // Another statement counts if it is about the same resource, and has the same effect.
        (
            json!([
                allow(&["s3:HeadBucket"], BUCKET),
                allow(&["s3:ListBucket"], BUCKET)
            ]),
            Info,
        ),
        (
            json!([
                allow(&["s3:HeadBucket"], BUCKET),
                allow(&["s3:ListBucket"], OTHER)
            ]),
            Warning,
        ),
        (
            json!([
                allow(&["s3:HeadBucket"], BUCKET),
                { "Effect": "Deny", "Action": "s3:ListBucket", "Resource": BUCKET }
            ]),
            Warning,
        ),
        // What is exempted by a name that does not exist is not exempted.
        (
            json!([{ "Effect": "Deny", "NotAction": ["sqs:ReciveMessage"], "Resource": "*" }]),
            Error,
        ),
        (
            json!([{ "Effect": "Deny", "NotAction": ["sqs:ReciveMessage", "sqs:Receive*"],
                "Resource": "*" }]),
            Warning,
        ),
    ] {
        let found = severities(rule, &policy(&statements));
        assert_eq!(found, [expected], "{statements}");
    }
}

/// A role has the policies that are attached to it together.
#[test]
fn a_wrong_name_is_milder_where_another_policy_of_the_role_grants_it() {
    let role = |own: &Value, other: &Value| {
        json!({ "Role": {
            "RoleName": "orders-role",
            "Arn": "arn:aws:iam::123456789012:role/orders-role",
            "RolePolicyList": [
                { "PolicyName": "one", "PolicyDocument": policy(own) },
                { "PolicyName": "two", "PolicyDocument": policy(other) },
            ],
            "AttachedManagedPolicies": [],
        } })
    };
    let rule = "policy-document/unknown-action";
    let wrong = json!([allow(&["sqs:SendMessageBatch"], "*")]);
    let right = json!([allow(&["sqs:SendMessage"], "*")]);
    let other = json!([allow(&["sqs:ReceiveMessage"], "*")]);
    assert_eq!(severities(rule, &role(&wrong, &right)), [Severity::Info]);
    assert_eq!(severities(rule, &role(&wrong, &other)), [Severity::Warning]);
}

/// People write `Get*`, `List*` and `Describe*` for whatever a service has of these.
#[test]
fn a_wildcard_without_actions_is_information_beside_others_of_its_service() {
    let rule = "policy-document/wildcard-matches-nothing";
    let found = |actions: &[&str]| severities(rule, &policy(&json!([allow(actions, "*")])));
    assert_eq!(found(&["firehose:Get*", "sqs:*"]), [Severity::Warning]);
    assert_eq!(
        found(&["firehose:Get*", "firehose:List*"]),
        [Severity::Info]
    );
}
