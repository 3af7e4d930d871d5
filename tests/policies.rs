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
    let packs = Packs::builtin();
    let file = sources.add("policy.json", &document.to_string()).unwrap();
    let scope = Scope::new([".", "policy.json"]);
    let named = true;
    let inputs = [Input {
        file,
        scope,
        named,
        role: lint_lambda::InputRole::Checked,
    }];
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

/// The help and the fix of the only finding of a rule.
fn advice(rule: &str, document: &Value) -> (String, Option<Fix>) {
    let found = linted(document).findings;
    let mut found = found.into_iter().filter(|finding| &*finding.rule == rule);
    let first = found
        .next()
        .unwrap_or_else(|| panic!("{rule}: {document:#}"));
    assert!(found.next().is_none(), "{document:#}");
    (first.help.unwrap_or_default(), first.fix)
}

/// A name is completed or corrected by the actions of its own service. Another service is only asked
/// about, and only where people often take one for the other.
#[test]
fn an_action_of_another_service_is_never_written() {
    let nothing = "check the Service Authorization Reference";
    for (actions, expected, is_edit) in [
        // Other services have these.
        (&["s3:GetBucketAnalytics"][..], nothing, false),
        (&["dynamodb:UntagTable"], nothing, false),
        (&["sqs:UntagResource"], nothing, false),
        (&["ecr-public:StartImageScan"], nothing, false),
        // People often write these of one service for those of the other.
        (&["iam:GetCallerIdentity"], "did you mean `sts:", false),
        (
            &["kinesis:PutRecordBatch"],
            "did you mean `firehose:",
            false,
        ),
        (
            &["kinesis:PutRecordBatch", "firehose:Put*"],
            "remove it: `firehose:PutRecordBatch`",
            false,
        ),
        (
            &["s3:GetBucket"],
            "use the action that allows the operation: `s3-outposts:GetBucket`",
            false,
        ),
        // The beginning of one name.
        (&["sqs:Purge"], "did you mean `sqs:PurgeQueue`?", false),
        // A typo, also of a service.
        (&["sns:Publsh"], "did you mean `sns:Publish`?", true),
        (&["ssqs:PurgeQueue"], "did you mean `sqs:PurgeQueue`?", true),
        // What was meant stands there.
        (
            &["kinesis:GetRecord", "kinesis:GetRecords"],
            "remove it: `kinesis:GetRecords`",
            false,
        ),
    ] {
        let document = policy(&json!([allow(actions, "*")]));
        let (help, fix) = advice("policy-document/unknown-action", &document);
        assert!(help.starts_with(expected), "{actions:?}: {help}");
        assert_eq!(fix.is_some(), is_edit, "{actions:?}: {fix:?}");
    }
}

/// An action that is proposed comes with the resource that it works on.
#[test]
fn a_proposed_action_comes_with_its_resource() {
    for (actions, resource, place) in [
        (
            "s3:ListObjectsV2",
            "arn:aws:s3:::orders/*",
            "it applies to arn:aws:s3:::orders, which",
        ),
        (
            "s3:ListBuckt",
            "arn:aws:s3:::orders/*",
            "applies to arn:aws:s3:::orders, which",
        ),
        ("s3:ListObjectsV2", "arn:aws:s3:::orders", ""),
    ] {
        let document = policy(&json!([allow(&[actions], resource)]));
        let (help, _) = advice("policy-document/unknown-action", &document);
        assert!(help.contains(place), "{actions}: {help}");
        assert_eq!(help.contains("applies to"), !place.is_empty(), "{help}");
    }
}

/// What AWS manages has `aws` in place of an account, which has no resources of the user.
#[test]
fn no_example_has_the_account_of_what_aws_manages() {
    let managed = "arn:aws:iam::aws:policy/job-function/Billing";
    let document = policy(&json!([allow(&["iam:PassRole"], managed)]));
    let (help, _) = advice("policy-document/resource-does-not-fit", &document);
    assert!(help.contains("arn:aws:iam::<Account>:role/"), "{help}");
}

/// A key that ends with a name of one's own is not to be taken for another one.
#[test]
fn an_incomplete_condition_key_is_shown_in_its_form() {
    for (action, key, form) in [
        (
            "kms:Encrypt",
            "kms:EncryptionContext",
            "`kms:EncryptionContext:${",
        ),
        ("sqs:TagQueue", "aws:RequestTag", "`aws:RequestTag/${"),
        (
            "s3:GetObject",
            "s3:ExistingObjectTag",
            "`s3:ExistingObjectTag/",
        ),
    ] {
        let document = policy(&json!([{
            "Effect": "Allow", "Action": action, "Resource": "*",
            "Condition": { "StringEquals": { key: "orders" } },
        }]));
        let (help, _) = advice("policy-document/condition-key-not-offered", &document);
        assert!(help.contains(form), "{key}: {help}");
    }
}
