//! `simulate` and `can`: what a user asks and reads.

use serde_json::{Value, json};

use crate::bless;
use crate::program::{Folder, Run, run};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*",
   "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
  {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}
]}"#;

const SYSTEM: &str = "policies-samples/systems/orders";

/// A folder of its own for each test, with the policy.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("policy.json", POLICY);
    folder
}

fn results(run: &Run) -> Vec<Value> {
    let value = run.json();
    value["EvaluationResults"].as_array().unwrap().clone()
}

fn decisions(run: &Run) -> Vec<String> {
    let results = results(run);
    let decisions = results.iter().map(|result| result["EvalDecision"].as_str());
    decisions
        .map(|decision| decision.unwrap().to_owned())
        .collect()
}

#[test]
fn flags_and_answers_are_those_of_the_aws_cli() {
    let run = folder("simulate-flags").run(&[
        "simulate",
        "--policy-input-list",
        "file://policy.json",
        "--action-names",
        "s3:GetObject",
        "s3:DeleteObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
        "--context-entries",
        "ContextKeyName=aws:SourceIp,ContextKeyValues='10.1.2.3',ContextKeyType=ip",
    ]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    let statement = |line: u64, column: u64, end_line: u64, end_column: u64| {
        json!({
            "SourcePolicyId": "PolicyInputList.1",
            "SourcePolicyType": "IAM Policy",
            "StartPosition": { "Line": line, "Column": column },
            "EndPosition": { "Line": end_line, "Column": end_column },
        })
    };
    // Behind the bracket before each statement.
    let mut allowing = statement(1, 41, 3, 63);
    allowing["sid"] = json!("Read");
    let results = results(&run);
    assert_eq!(
        results[0],
        json!({
            "EvalActionName": "s3:GetObject",
            "EvalResourceName": "arn:aws:s3:::orders/1",
            "EvalDecision": "allowed",
            "MatchedStatements": [allowing],
            "MissingContextValues": [],
            "EvalDecisionDetails": {},
            "ResourceSpecificResults": [{
                "EvalResourceName": "arn:aws:s3:::orders/1",
                "EvalResourceDecision": "allowed",
                "MatchedStatements": [allowing],
                "MissingContextValues": [],
            }],
        })
    );
    assert_eq!(results[1]["EvalDecision"], "explicitDeny");
    assert_eq!(
        results[1]["MatchedStatements"],
        json!([statement(3, 63, 4, 62)])
    );
}

#[test]
fn a_key_that_is_not_stated_is_missing() {
    let run = folder("simulate-missing").run(&[
        "simulate",
        "--policy-input-list",
        POLICY,
        "--action-names",
        "s3:GetObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
    ]);
    let result = &results(&run)[0];
    assert_eq!(result["EvalDecision"], "implicitDeny");
    assert_eq!(result["MissingContextValues"], json!(["aws:SourceIp"]));
    assert_eq!(
        result["nearestMiss"]["stoppedBy"],
        json!(["Condition on aws:SourceIp"])
    );
}

#[test]
fn the_input_may_hold_policies_that_aws_has_no_member_for() {
    let all = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let none = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sqs:*", "Resource": "*" } });
    for limit in [
        "sessionPolicies",
        "serviceControlPolicies",
        "resourceControlPolicies",
        "endpointPolicies",
        "PermissionsBoundaryPolicyInputList",
    ] {
        let mut all = all.clone();
        let mut none = none.clone();
        if limit == "resourceControlPolicies" || limit == "endpointPolicies" {
            all["Statement"]["Principal"] = json!("*");
            none["Statement"]["Principal"] = json!("*");
        }
        let mut input = json!({
            "PolicyInputList": [all.to_string()],
            "requests": [{ "ActionNames": ["s3:GetObject"] }, { "ActionNames": ["sqs:SendMessage"] }],
            "CallerArn": "arn:aws:iam::123456789012:user/ann",
        });
        if all["Statement"]["Principal"] == "*" {
            let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
            input["PolicyInputList"] = json!([{ "Version": "2012-10-17", "Statement": statement }]);
        }
        input[limit] = json!([none]);
        let folder = Folder::new(limit);
        folder.write("input.json", input.to_string());
        let run = folder.run(&["simulate", "--cli-input-json", "file://input.json"]);
        // The policy that allows everything cannot be detached from a resource.
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        let first = match limit {
            "resourceControlPolicies" => "allowed",
            _ => "implicitDeny",
        };
        assert_eq!(
            decisions(&run),
            [first, "allowed"],
            "{limit}: {}",
            run.stdout
        );
    }
}

#[test]
fn mistakes_of_the_input_are_told() {
    let folder = folder("simulate-mistakes");
    let told = |arguments: &[&str], expected: &str| {
        let run = folder.run(&[&["simulate"], arguments].concat());
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    };
    told(
        &["--action-names", "s3:GetObject"],
        "the input does not contain policies",
    );
    told(
        &["--policy-input-list", "policy.json"],
        "does not contain actions",
    );
    told(
        &[
            "--policy-input-list",
            "policy.json",
            "--action-names",
            "s3:Get*",
        ],
        "`s3:Get*` is not a single action",
    );
    told(
        &["--cli-input-json", r#"{"PolicyInputLst": []}"#],
        "did you mean `PolicyInputList`?",
    );
    told(
        &["--policy-input-list", "[", "--action-names", "s3:GetObject"],
        "PolicyInputList:1:2",
    );
    told(
        &[
            "--policy-input-list",
            "no.json",
            "--action-names",
            "s3:GetObject",
        ],
        "no such file",
    );
    told(
        &[
            "--policy-source-arn",
            "arn:aws:iam::123456789012:user/ann",
            "--action-names",
            "a:b",
        ],
        "no such user in the documents",
    );
    told(
        &[
            "--policy-source-arn",
            "arn:aws:iam::123456789012:role/no",
            "--action-names",
            "a:b",
        ],
        "no such role in the documents",
    );
}

#[test]
fn actions_and_resources_are_whole() {
    let folder = folder("simulate-whole");
    let asked = |action: &str, resource: &str| {
        let arguments = [
            "simulate",
            "--policy-input-list",
            "policy.json",
            "--action-names",
            action,
        ];
        folder.run(&[&arguments[..], &["--resource-arns", resource]].concat())
    };
    let listed = asked(
        r#"["s3:PutObject", "s3:DeleteObject"]"#,
        "arn:aws:s3:::orders/1",
    );
    assert_eq!(decisions(&listed), ["implicitDeny", "explicitDeny"]);
    for action in [
        "s3:",
        "s3:a:b",
        "s3:Get Object",
        "s3",
        "s3:GetObject,s3:PutObject",
    ] {
        assert!(
            asked(action, "*").stderr.contains("is not a single action"),
            "{action}"
        );
    }
    assert!(
        asked("s3:GetObject", "orders")
            .stderr
            .contains("`orders` is not an ARN")
    );
}

#[test]
fn a_role_of_the_files_is_asked() {
    let run = run(&[
        "simulate",
        SYSTEM,
        "--policy-source-arn",
        "arn:aws:iam::123456789012:role/orders-role",
        "--action-names",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "--resource-arns",
        "arn:aws:sqs:eu-west-1:123456789012:orders",
    ]);
    assert_eq!(
        decisions(&run),
        ["allowed", "implicitDeny"],
        "{}",
        run.stdout
    );
}

#[test]
fn can_answers_by_what_the_documents_tell() {
    let queue = "arn:aws:sqs:eu-west-1:123456789012:orders";
    let bucket = "aws:SourceArn=arn:aws:s3:::orders-inbox";
    let account = "aws:SourceAccount=123456789012";
    let invoke = "lambda:InvokeFunction";
    let table: [(&[&str], i32, &str); 11] = [
        (
            &["orders", "sqs:ReceiveMessage", queue, SYSTEM],
            0,
            "allowed: sqs:ReceiveMessage",
        ),
        (
            &["orders-role", "sqs:SendMessage", queue, SYSTEM],
            1,
            "no identity policy of the caller allows it",
        ),
        (
            &["s3.amazonaws.com", invoke, SYSTEM],
            1,
            "it depends on AWS:SourceAccount, AWS:SourceArn",
        ),
        (
            &[
                "s3.amazonaws.com",
                invoke,
                "orders",
                SYSTEM,
                "--context",
                bucket,
                "--context",
                account,
            ],
            0,
            "allowed",
        ),
        (
            &["sns.amazonaws.com", invoke, "orders", SYSTEM],
            1,
            "the Principal of `inbox`",
        ),
        (
            &["lambda.amazonaws.com", "sts:AssumeRole", SYSTEM],
            0,
            "allowed: sts:AssumeRole",
        ),
        (
            &["ec2.amazonaws.com", "sts:AssumeRole", "orders-role", SYSTEM],
            1,
            "not allowed",
        ),
        (
            &[
                "orders",
                "sqs:SendMessage",
                "arn:aws:sqs:eu-west-1:999999999999:q",
                SYSTEM,
            ],
            1,
            "not allowed",
        ),
        (
            &["orders", "sqs:SendMessage", "no.json"],
            2,
            "no.json: no such file",
        ),
        (
            &[
                "arn:aws:sts::123456789012:assumed-role/orders-role/s1",
                "sqs:ReceiveMessage",
                queue,
                SYSTEM,
            ],
            0,
            "allowed",
        ),
        (
            &["ordes", "sqs:SendMessage", queue, SYSTEM],
            2,
            "did you mean `orders`?",
        ),
    ];
    for (arguments, status, expected) in table {
        let run = run(&[&["can"], arguments].concat());
        assert_eq!(
            run.status,
            Some(status),
            "{arguments:?}: {}{}",
            run.stdout,
            run.stderr
        );
        assert!(
            run.stdout.contains(expected),
            "{arguments:?}: {}",
            run.stdout
        );
    }
}

#[test]
fn a_policy_that_must_allow_and_is_not_at_hand_leaves_the_answer_open() {
    let table: [&[&str]; 4] = [
        &[
            "orders",
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:123456789012:key/a",
            SYSTEM,
        ],
        &[
            "orders",
            "sts:AssumeRole",
            "arn:aws:iam::123456789012:role/other",
            SYSTEM,
        ],
        &[
            "s3.amazonaws.com",
            "sns:Publish",
            "arn:aws:sns:eu-west-1:123456789012:t",
            SYSTEM,
        ],
        &[
            "lambda.amazonaws.com",
            "sts:AssumeRole",
            "arn:aws:iam::123456789012:role/other",
            SYSTEM,
        ],
    ];
    for arguments in table {
        let run = run(&[&["can"], arguments].concat());
        assert_eq!(run.status, Some(1), "{arguments:?}");
        assert!(
            !run.stdout.starts_with("allowed"),
            "{arguments:?}: {}",
            run.stdout
        );
    }
    let service = run(&[
        "can",
        "s3.amazonaws.com",
        "sns:Publish",
        "arn:aws:sns:eu-west-1:123456789012:t",
        SYSTEM,
    ]);
    assert!(
        service.stdout.contains("was not provided"),
        "{}",
        service.stdout
    );
}

#[test]
fn the_keys_of_variables_are_missing_as_well() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::home/${aws:username}/*"}}"#;
    let run = run(&[
        "simulate",
        "--policy-input-list",
        policy,
        "--action-names",
        "s3:GetObject",
        "--resource-arns",
        "arn:aws:s3:::home/ann/1",
        "--max-items",
        "5",
    ]);
    assert_eq!(
        results(&run)[0]["MissingContextValues"],
        json!(["aws:username"])
    );
}

#[test]
fn a_small_input_cannot_ask_for_too_much() {
    let keys: serde_json::Map<String, Value> = (0..20_000)
        .map(|i| (format!("aws:PrincipalTag/{i}"), json!("x")))
        .collect();
    let statement = json!({
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "StringEquals": keys }
    });
    let actions: Vec<String> = (0..1_000).map(|i| format!("s3:Get{i}")).collect();
    let input = json!({
        "PolicyInputList": [{ "Version": "2012-10-17", "Statement": statement }],
        "ActionNames": actions,
    });
    let folder = Folder::new("simulate-large");
    folder.write("input.json", input.to_string());
    let run = folder.run(&["simulate", "--cli-input-json", "input.json"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr
            .contains("too many requests for policies of this size"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_empty_level_of_the_organization_is_a_problem() {
    let policy: Value = serde_json::from_str(POLICY).unwrap();
    let input = json!({
        "PolicyInputList": [POLICY],
        "ActionNames": ["s3:GetObject"],
        "serviceControlPolicies": [[policy], []],
    });
    let folder = Folder::new("simulate-level");
    folder.write("input.json", input.to_string());
    let run = folder.run(&["simulate", "--cli-input-json", "input.json"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("each level of the organization"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_not_at_hand_leaves_the_answer_open() {
    let folder = folder("can-open");
    folder.write(
        "role.json",
        json!({ "Role": {
            "RoleName": "worker",
            "Arn": "arn:aws:iam::123456789012:role/worker",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Service": "lambda.amazonaws.com" },
                    "Action": "sts:AssumeRole"
                }]
            }
        } })
        .to_string(),
    );
    let run = folder.run(&[
        "can",
        "worker",
        "s3:GetObject",
        "arn:aws:s3:::orders/1",
        "role.json",
    ]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stdout.starts_with("undecided: s3:GetObject"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("was not provided"), "{}", run.stdout);
}

#[test]
fn a_role_whose_arn_is_not_known_is_not_taken_for_everybody() {
    let folder = folder("can-no-arn");
    let statement = json!({
        "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole"
    });
    let trusted = json!({ "Role": {
        "RoleName": "target",
        "Arn": "arn:aws:iam::123456789012:role/target",
        "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [statement] }
    } });
    folder.write("target.json", trusted.to_string());
    let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let answer = json!({
        "RoleName": "worker",
        "PolicyName": "all",
        "PolicyDocument": { "Version": "2012-10-17", "Statement": [all] }
    });
    let attached = json!({ "RoleName": "worker", "AttachedPolicies": [] });
    let inline = json!({ "RoleName": "worker", "PolicyNames": ["all"] });
    folder.write("worker.json", format!("{answer}\n{attached}\n{inline}\n"));
    let run = folder.run(&[
        "can",
        "worker",
        "sts:AssumeRole",
        "target",
        "target.json",
        "worker.json",
    ]);
    assert!(run.stdout.starts_with("undecided: "), "{}", run.stdout);
}

#[test]
fn a_policy_by_itself_is_that_of_who_asks() {
    let run = folder("can-lone").run(&[
        "can",
        "me",
        "s3:DeleteObject",
        "arn:aws:s3:::orders/1",
        "policy.json",
    ]);
    bless::snapshot("questions/lone-policy", &run.stdout);
}

#[test]
fn functions_and_roles_of_a_template_go_by_their_logical_ids() {
    let folder = Folder::new("logical-ids");
    folder.write(
        "t.yaml",
        "Resources:\n  \
         Fn: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders, Role: !GetAtt Role.Arn}}\n  \
         Other: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}\n  \
         Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: orders-role\n      \
         Policies: [{PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}}]\n",
    );
    for who in ["Fn", "orders", "Other", "Role", "orders-role"] {
        let ran = folder.run(&["can", who, "sqs:SendMessage", "t.yaml"]);
        assert_eq!(ran.status, Some(0), "{who}: {} {}", ran.stdout, ran.stderr);
    }
    let ran = folder.run(&["can", "Fm", "sqs:SendMessage", "t.yaml"]);
    assert!(ran.stdout.contains("did you mean `Fn`?"), "{}", ran.stdout);
}
