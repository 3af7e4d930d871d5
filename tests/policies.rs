//! How bad a mistake in a policy is depends on what stands beside it.

use lint_lambda::{
    Catalogue, Hints, Input, Outcome, Packs, Scope, SourceMap, analyze,
    diagnostics::{Fix, Severity},
    lint,
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

/// The template of functions, each with its role and its dead-letter queue.
fn functions(of: &[(&str, &str, &str)]) -> Value {
    let trust = json!([{ "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" },
        "Action": "sts:AssumeRole" }]);
    let mut resources = serde_json::Map::new();
    for (name, role, queue) in of {
        resources.insert(
            (*role).to_owned(),
            json!({ "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": policy(&trust) } }),
        );
        resources.insert(
            (*name).to_owned(),
            json!({ "Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "python3.13", "Handler": "orders.handler", "Code": { "ZipFile": "x" },
                "Role": { "Fn::GetAtt": [role, "Arn"] },
                "VpcConfig": { "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"] },
                "DeadLetterConfig": { "TargetArn": queue },
            } }),
        );
    }
    json!({ "Resources": resources })
}

/// Whom the findings of a rule are about.
fn functions_of(rule: &str, document: &Value) -> Vec<Vec<String>> {
    let outcome = linted(document);
    let found = outcome.findings.into_iter().filter(|f| &*f.rule == rule);
    let subjects = found.map(|finding| finding.subject);
    let all = subjects.map(|subject| subject.function.into_iter().chain(subject.others).collect());
    all.collect()
}

/// What a role lacks is told once, with all functions that suffer from it.
#[test]
fn a_fault_of_a_role_is_told_once() {
    const ONE: &str = "arn:aws:sqs:eu-west-1:123456789012:one";
    const OTHER: &str = "arn:aws:sqs:eu-west-1:123456789012:other";
    let shared = functions(&[
        ("A", "Shared", ONE),
        ("B", "Shared", ONE),
        ("C", "Own", ONE),
    ]);
    for rule in [
        "vpc/eni-actions-not-granted",
        "logging/logs-not-granted",
        "async/target-not-granted",
    ] {
        let found = functions_of(rule, &shared);
        assert_eq!(found, [vec!["A", "B"], vec!["C"]], "{rule}");
    }
    let apart = functions(&[("A", "Shared", ONE), ("B", "Shared", OTHER)]);
    let rule = "async/target-not-granted";
    assert_eq!(functions_of(rule, &apart), [vec!["A"], vec!["B"]]);
    // Each function has a log group of its own.
    let outcome = linted(&shared);
    let mut logs = outcome.findings.iter();
    let logs = logs
        .find(|f| &*f.rule == "logging/logs-not-granted")
        .unwrap();
    let Some(Fix::Allow(allow)) = &logs.fix else {
        panic!("no statement is proposed");
    };
    assert_eq!(allow.statements.len(), 1);
    assert_eq!(allow.statements[0].resources.len(), 2);
}
