//! Answers of the AWS CLI about resources: their policies and keys, and what is said of answers with nothing of use.

use serde_json::{Value, json};

use crate::program::Folder;

const OWN: &str = "123456789012";
const OTHER: &str = "444455556666";
const ROLE: &str = "arn:aws:iam::123456789012:role/orders-role";
const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";

/// A source that Lambda reads, in one account or another.
struct Source {
    arn: fn(&str) -> String,
    actions: &'static [&'static str],
    /// The answer with its policy, as its service prints it.
    answer: fn(&str, &Value) -> Value,
    command: &'static str,
}

const SOURCES: [Source; 3] = [
    Source {
        arn: |account| format!("arn:aws:sqs:eu-west-1:{account}:orders"),
        actions: &[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ],
        answer: |arn, policy| {
            let policy = policy.to_string();
            json!({ "Attributes": { "QueueArn": arn, "CreatedTimestamp": "1", "Policy": policy } })
        },
        command: "aws sqs get-queue-attributes --queue-url https://sqs.eu-west-1.amazonaws.com/444455556666/orders \
                  --attribute-names All",
    },
    Source {
        arn: |account| format!("arn:aws:kinesis:eu-west-1:{account}:stream/orders"),
        actions: &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
        answer: |_, policy| json!({ "Policy": policy.to_string() }),
        command: "aws kinesis get-resource-policy --resource-arn arn:aws:kinesis:eu-west-1:444455556666:stream/orders",
    },
    Source {
        arn: |account| {
            format!(
                "arn:aws:dynamodb:eu-west-1:{account}:table/orders/stream/2026-01-01T00:00:00.000"
            )
        },
        actions: &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        ],
        answer: |_, policy| json!({ "Policy": policy.to_string(), "RevisionId": "1" }),
        command: "aws dynamodb get-resource-policy --resource-arn \
                  arn:aws:dynamodb:eu-west-1:444455556666:table/orders/stream/2026-01-01T00:00:00.000",
    },
];

fn policy(statement: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// A policy of a resource that allows somebody some actions on it.
fn allows(who: &str, actions: &[&str], arn: &str) -> Value {
    let principal = json!({ "AWS": who });
    policy(
        &json!({ "Effect": "Allow", "Principal": principal, "Action": actions, "Resource": arn }),
    )
}

/// The only policy of the role.
fn write_inline(folder: &Folder, actions: &[&str]) {
    let document = policy(&json!({ "Effect": "Allow", "Action": actions, "Resource": "*" }));
    let inline =
        json!({ "RoleName": "orders-role", "PolicyName": "read", "PolicyDocument": document });
    folder.write("inline.json", inline.to_string());
}

/// The answers about a function, a role that may do all that reading needs, and a mapping.
fn write_system(folder: &Folder, source: &str, actions: &[&str]) {
    let write = |name: &str, document: &Value| folder.write(name, document.to_string());
    let function = json!({ "FunctionName": "orders", "FunctionArn": FUNCTION, "Role": ROLE });
    write("function.json", &function);
    let trust = policy(&json!({
        "Effect": "Allow",
        "Principal": { "Service": "lambda.amazonaws.com" },
        "Action": "sts:AssumeRole"
    }));
    let role = json!({ "RoleName": "orders-role", "Arn": ROLE, "AssumeRolePolicyDocument": trust });
    write("role.json", &json!({ "Role": role }));
    let more = ["dynamodb:ListStreams", "kms:Decrypt", "logs:*"];
    write_inline(folder, &[actions, &more].concat());
    let listed = json!({ "RoleName": "orders-role", "PolicyNames": ["read"] });
    write("inline-list.json", &listed);
    let attached = json!({ "RoleName": "orders-role", "AttachedPolicies": [] });
    write("attached.json", &attached);
    let mapping = json!({
        "UUID": "1",
        "EventSourceArn": source,
        "FunctionArn": FUNCTION,
        "State": "Enabled"
    });
    write(
        "mappings.json",
        &json!({ "EventSourceMappings": [mapping] }),
    );
}

const SYSTEM: [&str; 6] = [
    "function.json",
    "role.json",
    "inline.json",
    "inline-list.json",
    "attached.json",
    "mappings.json",
];

fn report(folder: &Folder, more: &[&str]) -> Value {
    let arguments = [&SYSTEM, more, &["--format", "json"]].concat();
    let report = folder.run(&arguments).json();
    assert_eq!(report["problems"], json!([]), "{more:?}: {report:#}");
    report
}

/// What reading the source lacks, or the command that prints what decides it.
fn reading(folder: &Folder, more: &[&str]) -> String {
    let report = report(folder, more);
    let of_source = |entry: &&Value| entry["rule"].as_str().unwrap().starts_with("poll-sources/");
    let list = |name: &str| report[name].as_array().unwrap().clone();
    let (findings, undecided) = (list("findings"), list("undecided"));
    if let Some(finding) = findings.iter().find(of_source) {
        let actions = finding["actions"].as_array().unwrap().iter();
        let actions: Vec<&str> = actions.map(|action| action.as_str().unwrap()).collect();
        let [severity, policy] = ["severity", "policy"].map(|name| finding[name].as_str().unwrap());
        return format!("{severity} {policy}: {}", actions.join(" "));
    }
    match undecided.iter().find(of_source) {
        Some(entry) => entry["fetch"].as_str().unwrap().to_owned(),
        None => "allowed".to_owned(),
    }
}

#[test]
fn a_source_of_another_account_must_allow_the_role_as_well() {
    for source in SOURCES {
        let folder = Folder::new("cross-account");
        let arn = (source.arn)(OTHER);
        write_system(&folder, &arn, source.actions);
        assert_eq!(reading(&folder, &[]), source.command);
        let role = allows(ROLE, source.actions, &arn);
        let account = allows(&format!("arn:aws:iam::{OWN}:root"), source.actions, &arn);
        let billing = "arn:aws:iam::123456789012:role/billing";
        let stranger = allows(billing, source.actions, &arn);
        let one = allows(ROLE, &source.actions[..1], &arn);
        let elsewhere = allows(ROLE, source.actions, &arn.replace("orders", "other"));
        let others = source.actions[1..].iter().filter(|action| {
            // Of these, AWS says that older roles work without them.
            !["kinesis:DescribeStreamSummary", "kinesis:ListShards"].contains(action)
        });
        let others: Vec<&str> = others.copied().collect();
        let rest = format!("error resource-policy: {}", others.join(" "));
        let refused = format!(
            "error resource-policy: {} {}",
            source.actions[0],
            others.join(" ")
        );
        for (document, expected) in [
            (&role, "allowed"),
            (&account, "allowed"),
            (&stranger, &refused),
            (&one, &rest),
        ] {
            folder.write("policy.json", (source.answer)(&arn, document).to_string());
            assert_eq!(reading(&folder, &["policy.json"]), expected, "{document}");
            // The document by itself says as much.
            folder.write("policy.json", document.to_string());
            assert_eq!(reading(&folder, &["policy.json"]), expected, "{document}");
        }
        // It is the policy of something else.
        folder.write("policy.json", elsewhere.to_string());
        assert_eq!(reading(&folder, &["policy.json"]), source.command);
    }
}

#[test]
fn a_source_of_the_same_account_needs_no_policy_but_can_deny() {
    for source in SOURCES {
        let folder = Folder::new("own-account");
        let arn = (source.arn)(OWN);
        write_system(&folder, &arn, source.actions);
        assert_eq!(reading(&folder, &[]), "allowed");
        let billing = "arn:aws:iam::123456789012:role/billing";
        let stranger = allows(billing, source.actions, &arn);
        folder.write("policy.json", (source.answer)(&arn, &stranger).to_string());
        assert_eq!(reading(&folder, &["policy.json"]), "allowed");
        let denies = policy(&json!({
            "Effect": "Deny",
            "Principal": "*",
            "Action": source.actions[0],
            "Resource": arn
        }));
        folder.write("policy.json", (source.answer)(&arn, &denies).to_string());
        let expected = format!("error resource-policy: {}", source.actions[0]);
        assert_eq!(reading(&folder, &["policy.json"]), expected);
    }
}

#[test]
fn a_queue_without_a_policy_lets_in_no_other_account() {
    let folder = Folder::new("no-queue-policy");
    let source = &SOURCES[0];
    let arn = (source.arn)(OTHER);
    write_system(&folder, &arn, source.actions);
    let write = |attributes: &Value| {
        let answer = json!({ "Attributes": attributes });
        folder.write("queue.json", answer.to_string());
    };
    // With all attributes, a policy would be among them.
    write(&json!({ "QueueArn": arn, "CreatedTimestamp": "1" }));
    let refused = format!("error resource-policy: {}", source.actions.join(" "));
    assert_eq!(reading(&folder, &["queue.json"]), refused);
    write(&json!({ "QueueArn": arn }));
    assert_eq!(reading(&folder, &["queue.json"]), source.command);
    write(&json!({ "Policy": allows(ROLE, source.actions, &arn).to_string() }));
    assert_eq!(reading(&folder, &["queue.json"]), "allowed");
}

#[test]
fn the_key_of_a_source_must_let_the_role_decrypt() {
    let folder = Folder::new("keys-of-sources");
    let source = &SOURCES[0];
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let key = |account: &str| format!("arn:aws:kms:eu-west-1:{account}:key/{id}");
    let root = |account: &str| format!("arn:aws:iam::{account}:root");
    let write_key = |who: &str, action: &str| {
        let document = allows(who, &[action], "*").to_string();
        let answer = json!({ "Policy": document, "PolicyName": "default" });
        folder.write("key.json", answer.to_string());
    };
    let write_queue = |arn: &str, key: &str, policy: Option<&Value>| {
        let mut attributes =
            json!({ "QueueArn": arn, "CreatedTimestamp": "1", "KmsMasterKeyId": key });
        if let Some(policy) = policy {
            attributes["Policy"] = json!(policy.to_string());
        }
        let answer = json!({ "Attributes": attributes });
        folder.write("queue.json", answer.to_string());
    };
    for account in [OWN, OTHER] {
        let arn = (source.arn)(account);
        write_system(&folder, &arn, source.actions);
        let role = allows(ROLE, source.actions, &arn);
        for written in [&key(account), id] {
            write_queue(&arn, written, Some(&role));
            // That a key leaves the decision to its own account is the default.
            let command = format!("aws kms get-key-policy --key-id {}", key(account));
            let expected = if account == OWN { "allowed" } else { &command };
            assert_eq!(reading(&folder, &["queue.json"]), expected);
            write_key(ROLE, "kms:Decrypt");
            assert_eq!(reading(&folder, &["queue.json", "key.json"]), "allowed");
            write_key(&root(OWN), "kms:*");
            assert_eq!(reading(&folder, &["queue.json", "key.json"]), "allowed");
            write_key(&root("999999999999"), "kms:*");
            let refused = "error key-policy: kms:Decrypt";
            assert_eq!(reading(&folder, &["queue.json", "key.json"]), refused);
        }
    }
    // A role without the permission: the key of AWS needs none, and for another one the key policy decides.
    let arn = (source.arn)(OWN);
    write_system(&folder, &arn, source.actions);
    write_inline(&folder, source.actions);
    let command = format!("aws kms get-key-policy --key-id {}", key(OWN));
    for (written, expected) in [("alias/aws/sqs", "allowed"), (&key(OWN), &command)] {
        write_queue(&arn, written, None);
        assert_eq!(reading(&folder, &["queue.json"]), expected);
    }
}

#[test]
fn a_policy_in_an_answer_is_that_of_the_resource_that_it_names() {
    let folder = Folder::new("policies-in-answers");
    let source = &SOURCES[0];
    write_system(&folder, &(source.arn)(OWN), source.actions);
    let who = "arn:aws:iam::123456789012:role/billing";
    for (action, resource) in [
        ("s3:GetObject", "arn:aws:s3:::orders/*"),
        ("kms:Decrypt", "*"),
        (
            "kinesis:GetRecords",
            "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
        ),
        (
            "events:PutEvents",
            "arn:aws:events:eu-west-1:123456789012:event-bus/orders",
        ),
        (
            "lambda:GetLayerVersion",
            "arn:aws:lambda:eu-west-1:123456789012:layer:orders:1",
        ),
        (
            "elasticfilesystem:ClientMount",
            "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-01234567",
        ),
    ] {
        let document = allows(who, &[action], resource).to_string();
        folder.write("policy.json", json!({ "Policy": document }).to_string());
        // It is not the policy of the only function there is.
        let told = report(&folder, &["policy.json"]).to_string();
        assert!(!told.contains("function-policy/"), "{action}: {told}");
    }
}

#[test]
fn an_answer_with_nothing_of_use_names_the_command_that_has_it() {
    let folder = Folder::new("other-answers");
    let rule = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/1/2/3";
    let cases = [
        (
            json!({ "Rules": [{ "RuleArn": rule }] }),
            "aws elbv2 describe-rules",
            "aws elbv2 describe-target-health --target-group-arn GROUP",
        ),
        (
            json!({ "Schedules": [{ "Name": "nightly", "GroupName": "default" }] }),
            "aws scheduler list-schedules",
            "aws scheduler get-schedule --name SCHEDULE",
        ),
        (
            json!({ "stateMachines": [] }),
            "aws stepfunctions list-state-machines",
            "aws stepfunctions describe-state-machine --state-machine-arn MACHINE",
        ),
        (
            json!({ "Keys": [{ "KeyId": "1", "KeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1" }] }),
            "aws kms list-keys",
            "aws kms get-key-policy --key-id KEY",
        ),
    ];
    for (document, command, instead) in cases {
        folder.write("answer.json", document.to_string());
        let ran = folder.run(&["answer.json", "--format", "plain"]);
        assert_eq!(ran.status, Some(2), "{}", ran.stdout);
        let said = ran.stdout + &ran.stderr;
        let fault = format!("the output of `{command}` does not show");
        assert!(said.contains(&fault), "{said}");
        let help = format!("provide the output of `{instead}`");
        assert!(said.contains(&help), "{said}");
        let skipped = folder.run(&["answer.json", "--skip-unknown"]);
        assert_eq!(skipped.status, Some(0), "{}", skipped.stdout);
    }
}

/// Answers about one trigger, where others list many, with the service that calls.
fn single_answers() -> [(Value, &'static str); 6] {
    let path = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";
    let uri = format!("{path}/{FUNCTION}/invocations");
    [
        (
            json!({
                "Attributes": {
                    "SubscriptionArn": "arn:aws:sns:eu-west-1:123456789012:orders:1",
                    "TopicArn": "arn:aws:sns:eu-west-1:123456789012:orders",
                    "Protocol": "lambda",
                    "Endpoint": FUNCTION
                }
            }),
            "sns.amazonaws.com",
        ),
        (
            json!({ "IntegrationId": "a", "IntegrationType": "AWS_PROXY", "IntegrationUri": uri }),
            "apigateway.amazonaws.com",
        ),
        (
            json!({ "AuthorizerId": "a", "AuthorizerType": "REQUEST", "AuthorizerUri": uri }),
            "apigateway.amazonaws.com",
        ),
        (
            json!({ "id": "a", "type": "TOKEN", "authorizerUri": uri }),
            "apigateway.amazonaws.com",
        ),
        (
            json!({
                "graphqlApi": {
                    "arn": "arn:aws:appsync:eu-west-1:123456789012:apis/a",
                    "lambdaAuthorizerConfig": { "authorizerUri": FUNCTION }
                }
            }),
            "appsync.amazonaws.com",
        ),
        (
            json!({
                "Rule": { "Name": "r", "Actions": [{ "LambdaAction": { "FunctionArn": FUNCTION } }] }
            }),
            "ses.amazonaws.com",
        ),
    ]
}

#[test]
fn an_answer_about_one_trigger_is_read_like_a_list() {
    let folder = Folder::new("single-answers");
    let other = "arn:aws:iam::123456789012:role/other";
    let other = allows(other, &["lambda:InvokeFunction"], FUNCTION).to_string();
    folder.write("policy.json", json!({ "Policy": other }).to_string());
    for (answer, principal) in single_answers() {
        folder.write("answer.json", answer.to_string());
        let ran = folder.run(&["answer.json", "policy.json", "--format", "json"]);
        let report = ran.json();
        assert_eq!(report["problems"], json!([]), "{answer}");
        let findings = report["findings"].as_array().unwrap().iter();
        let mut refused = findings.filter(|f| f["rule"] == "push-sources/invoke-not-granted");
        let finding = refused.next().unwrap();
        assert_eq!(finding["principal"], principal, "{answer}");
    }
}
