//! `simulate` in place of `aws iam simulate-custom-policy` and `simulate-principal-policy`.

use std::process::Command;

use serde_json::{Value, json};

use crate::program::{Folder, Run, run_in};

const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::orders/*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::orders/secret/*"}]}"#;
const ANN: &str = "arn:aws:iam::123456789012:user/ann";

/// Runs a shell script in which `aws iam OPERATION` is the program with the same operation.
fn script(folder: &Folder, files: &str, text: &str) -> Run {
    let aws = format!(
        "aws() {{ shift; operation=$1; shift; '{}' \"$operation\" {files} \"$@\"; }}\n",
        env!("CARGO_BIN_EXE_lint-lambda")
    );
    let output = Command::new("sh")
        .args(["-c", &(aws + text)])
        .current_dir(folder.path())
        .output()
        .unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code(),
    }
}

/// Runs `simulate` with the policy of orders.
fn simulate(arguments: &[&str]) -> Run {
    let policy = ["simulate", "--policy-input-list", READ];
    run_in(&std::env::temp_dir(), &[&policy, arguments].concat(), "")
}

fn first(run: &Run) -> Value {
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    run.json()["EvaluationResults"][0].clone()
}

/// The examples of the AWS CLI reference are of this form, and have these positions.
///
/// <https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples>
#[test]
fn a_script_for_simulate_custom_policy_runs_as_it_is() {
    let ran = script(
        &Folder::new("script-custom"),
        "",
        r#"
aws iam simulate-custom-policy \
    --policy-input-list '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-08-16T12:00:00Z"}}}}' \
    --action-names dynamodb:DeleteBackup \
    --context-entries "ContextKeyName='aws:CurrentTime',ContextKeyValues='2026-09-25T11:00:00Z',ContextKeyType=date" \
    --region eu-west-1 --profile audit --no-cli-pager --output json
"#,
    );
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let expected = r#"{
    "EvaluationResults": [
        {
            "EvalActionName": "dynamodb:DeleteBackup",
            "EvalResourceName": "*",
            "EvalDecision": "allowed",
            "MatchedStatements": [
                {
                    "SourcePolicyId": "PolicyInputList.1",
                    "SourcePolicyType": "IAM Policy",
                    "StartPosition": {
                        "Line": 1,
                        "Column": 38
                    },
                    "EndPosition": {
                        "Line": 1,
                        "Column": 167
                    }
                }
            ],
            "MissingContextValues": []
        }
    ]
}
"#;
    assert_eq!(ran.stdout, expected);
}

/// An account with a user that is in a group.
fn account() -> Folder {
    let folder = Folder::new("script-principal");
    let list = "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\",\n            \"Action\": \"codecommit:ListRepositories\",\n            \"Resource\": \"*\"\n        }\n    ]\n}";
    let account = json!({
        "UserDetailList": [{
            "Arn": ANN,
            "UserName": "ann",
            "GroupList": ["devs"],
            "UserPolicyList": [{ "PolicyName": "list", "PolicyDocument": list }],
            "AttachedManagedPolicies": [],
        }],
        "GroupDetailList": [{
            "GroupName": "devs",
            "Arn": "arn:aws:iam::123456789012:group/devs",
            "GroupPolicyList": [],
            "AttachedManagedPolicies": [{
                "PolicyName": "AmazonSQSFullAccess",
                "PolicyArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
            }],
        }],
        "RoleDetailList": [],
        "Policies": [],
    });
    folder.write("account.json", account.to_string());
    folder
}

#[test]
fn a_script_for_simulate_principal_policy_runs_with_the_account_as_a_file() {
    let ran = script(
        &account(),
        "account.json",
        r"
aws iam simulate-principal-policy \
    --policy-source-arn arn:aws:iam::123456789012:user/ann \
    --action-names codecommit:ListRepositories sqs:SendMessage dynamodb:CreateBackup \
    --query 'EvaluationResults[].[EvalActionName,EvalDecision]' --output text
aws iam simulate-principal-policy \
    --policy-source-arn arn:aws:iam::123456789012:user/ann \
    --action-names codecommit:ListRepositories \
    --query 'EvaluationResults[].MatchedStatements[].[StartPosition.Line,StartPosition.Column,EndPosition.Line,EndPosition.Column]' \
    --output text
aws iam simulate-principal-policy \
    --policy-source-arn arn:aws:iam::123456789012:group/devs \
    --action-names codecommit:ListRepositories sqs:SendMessage \
    --query 'EvaluationResults[?EvalDecision!=`allowed`].EvalActionName' --output text
",
    );
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let expected = "codecommit:ListRepositories\tallowed\nsqs:SendMessage\tallowed\n\
                    dynamodb:CreateBackup\timplicitDeny\n3\t19\t8\t10\n\
                    codecommit:ListRepositories\n";
    assert_eq!(ran.stdout, expected);
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>
#[test]
fn an_action_has_one_result_with_the_results_on_its_resources() {
    let run = simulate(&[
        "--action-names",
        "s3:GetObject",
        "s3:PutObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
        "arn:aws:s3:::orders/secret/1",
        "arn:aws:s3:::other/1",
    ]);
    let results = run.json()["EvaluationResults"].clone();
    assert_eq!(results.as_array().unwrap().len(), 2);
    let get = &results[0];
    assert_eq!(get["EvalDecision"], "explicitDeny");
    let format = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
    assert_eq!(get["EvalResourceName"], format);
    let column = |statement: &Value| statement["StartPosition"]["Column"].clone();
    let matched = get["MatchedStatements"].as_array().unwrap();
    assert_eq!(matched.iter().map(column).collect::<Vec<_>>(), [json!(110)]);
    let specific = get["ResourceSpecificResults"].as_array().unwrap();
    let decisions: Vec<&Value> = specific
        .iter()
        .map(|r| &r["EvalResourceDecision"])
        .collect();
    assert_eq!(decisions, ["allowed", "explicitDeny", "implicitDeny"]);
    assert_eq!(
        specific[1]["EvalResourceName"],
        "arn:aws:s3:::orders/secret/1"
    );
    assert_eq!(results[1]["EvalDecision"], "explicitDeny");
}

#[test]
fn one_resource_names_the_result_and_all_resources_have_none_of_their_own() {
    let one = simulate(&[
        "--action-names",
        "s3:GetObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
    ]);
    let one = first(&one);
    assert_eq!(one["EvalResourceName"], "arn:aws:s3:::orders/1");
    assert_eq!(one["EvalDecisionDetails"], json!({}));
    for resources in [&[][..], &["--resource-arns", "*"]] {
        let all = first(&simulate(
            &[&["--action-names", "s3:GetObject"], resources].concat(),
        ));
        assert_eq!(all["EvalResourceName"], "*");
        assert_eq!(all.get("ResourceSpecificResults"), None);
        assert_eq!(all.get("EvalDecisionDetails"), None);
    }
}

#[test]
fn the_formats_are_those_of_the_aws_cli() {
    let asked = [
        "--action-names",
        "s3:GetObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
    ];
    let printed = |more: &[&str]| simulate(&[&asked, more].concat()).stdout;
    let text = "EVALUATIONRESULTS\ts3:GetObject\tallowed\tarn:aws:s3:::orders/1\n\
                MATCHEDSTATEMENTS\tPolicyInputList.1\tIAM Policy\nENDPOSITION\t110\t1\n\
                STARTPOSITION\t38\t1\nRESOURCESPECIFICRESULTS\tallowed\tarn:aws:s3:::orders/1\n\
                MATCHEDSTATEMENTS\tPolicyInputList.1\tIAM Policy\nENDPOSITION\t110\t1\n\
                STARTPOSITION\t38\t1\n";
    assert_eq!(printed(&["--output", "text"]), text);
    let query = [
        "--query",
        "EvaluationResults[].{Resource: EvalResourceName, Decision: EvalDecision}",
    ];
    let table = "\
---------------------------------------
|        SimulateCustomPolicy         |
+-----------+-------------------------+
| Decision  |        Resource         |
+-----------+-------------------------+
|  allowed  |  arn:aws:s3:::orders/1  |
+-----------+-------------------------+
";
    assert_eq!(
        printed(&[&query[..], &["--output", "table"]].concat()),
        table
    );
    let yaml = "- Decision: allowed\n  Resource: arn:aws:s3:::orders/1\n";
    assert_eq!(printed(&[&query[..], &["--output", "yaml"]].concat()), yaml);
    let json = "[\n    {\n        \"Resource\": \"arn:aws:s3:::orders/1\",\n        \"Decision\": \"allowed\"\n    }\n]\n";
    assert_eq!(printed(&query), json);
    let scalar = ["--query", "EvaluationResults[0].EvalDecision", "--output"];
    assert_eq!(printed(&[&scalar[..], &["text"]].concat()), "allowed\n");
    assert_eq!(printed(&[&scalar[..], &["yaml"]].concat()), "\"allowed\"\n");
}

#[test]
fn members_that_aws_does_not_have_are_no_columns() {
    let asked = [
        "--action-names",
        "s3:PutObject",
        "--resource-arns",
        "arn:aws:s3:::x/1",
    ];
    let text = simulate(&[&asked[..], &["--output", "text"]].concat()).stdout;
    assert!(!text.contains("no identity policy"), "{text}");
    let reason = ["--query", "EvaluationResults[].reason", "--output", "text"];
    let reason = simulate(&[&asked[..], &reason].concat()).stdout;
    assert_eq!(reason, "no identity policy of the caller allows it\n");
}

#[test]
fn a_query_that_is_wrong_prints_nothing_but_the_problem() {
    for query in [
        "EvaluationResults[",
        "nope(@)",
        &"(".repeat(100_000),
        &"a.".repeat(900),
    ] {
        let run = simulate(&["--action-names", "s3:GetObject", "--query", query]);
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(2), ""),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("--query: "), "{}", run.stderr);
    }
}

#[test]
fn pages_are_those_of_the_aws_cli() {
    let asked = [
        "--action-names",
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
    ];
    let names = |run: &Run| -> Vec<String> {
        let results = run.json()["EvaluationResults"].clone();
        let names = results.as_array().unwrap().iter();
        names
            .map(|r| r["EvalActionName"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = simulate(&asked);
    assert_eq!(names(&all).len(), 3);
    assert_eq!(all.json().get("IsTruncated"), None);
    for flags in [
        &[][..],
        &["--no-paginate"],
        &["--max-items", "0"],
        &["--max-items", "2"],
    ] {
        let printed = simulate(&[&asked[..], flags].concat()).stdout;
        let queried = simulate(&[&asked[..], flags, &["--query", "@"]].concat()).stdout;
        assert_eq!(printed, queried);
    }
    let whole = simulate(&[&asked[..], &["--no-paginate"]].concat());
    assert_eq!(whole.json()["IsTruncated"], json!(false));
    let page = simulate(&[&asked[..], &["--max-items", "1"]].concat());
    assert_eq!(names(&page), ["s3:GetObject"]);
    // The token that the AWS CLI prints after one result.
    let token = "eyJNYXJrZXIiOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ==";
    assert_eq!(page.json()["NextToken"], token);
    let rest = simulate(&[&asked[..], &["--starting-token", token, "--max-items", "5"]].concat());
    assert_eq!(names(&rest), ["s3:PutObject", "s3:ListBucket"]);
    assert_eq!(rest.json().get("NextToken"), None);
    let wrong = simulate(&[&asked[..], &["--starting-token", "x"]].concat());
    assert_eq!(wrong.status, Some(2));
}

#[test]
fn a_skeleton_is_an_input_that_can_be_filled_in() {
    let folder = Folder::new("skeleton");
    let flags = ["--policy-input-list", ALL, "--action-names", "s3:GetObject"];
    for (kind, flag) in [
        ("input", "--cli-input-json"),
        ("yaml-input", "--cli-input-yaml"),
    ] {
        let skeleton = ["simulate-custom-policy", "--generate-cli-skeleton", kind];
        let skeleton = folder.run(&skeleton);
        assert_eq!((skeleton.status, skeleton.stderr.as_str()), (Some(0), ""));
        folder.write("input", skeleton.stdout);
        let run = folder.run(&[&["simulate", flag, "file://input"], &flags[..]].concat());
        assert_eq!(first(&run)["EvalDecision"], "allowed", "{}", run.stderr);
    }
    let principal = folder.run(&["simulate-principal-policy", "--generate-cli-skeleton"]);
    assert_eq!(principal.json()["PolicySourceArn"], "");
    let output = folder.run(&["simulate", "--generate-cli-skeleton", "output"]);
    let result = &output.json()["EvaluationResults"][0]["ResourceSpecificResults"][0];
    assert_eq!(result["EvalResourceDecision"], "EvalResourceDecision");
}

#[test]
fn an_input_may_be_yaml() {
    let folder = Folder::new("input-yaml");
    let input = "PolicyInputList:\n- |\n  {\"Version\": \"2012-10-17\", \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"sqs:*\", \"Resource\": \"*\"}]}\nActionNames: [sqs:SendMessage]\n";
    folder.write("input.yaml", input);
    let run = folder.run(&["simulate", "--cli-input-yaml", "file://input.yaml"]);
    let result = first(&run);
    assert_eq!(result["EvalDecision"], "allowed");
    let start = &result["MatchedStatements"][0]["StartPosition"];
    assert_eq!(start, &json!({ "Line": 1, "Column": 41 }));
}

#[test]
fn values_that_are_not_of_their_type_are_a_problem_at_their_place() {
    for (entry, expected) in [
        (
            "ContextKeyValues=x,ContextKeyType=numeric",
            "must be a number",
        ),
        (
            "ContextKeyValues=10.0.0,ContextKeyType=ip",
            "must be an IP address",
        ),
        (
            "ContextKeyValues=soon,ContextKeyType=date",
            "must be a date",
        ),
        (
            "ContextKeyValues=a,b,ContextKeyType=string",
            "use the type `stringList`",
        ),
        (
            "ContextKeyValues=a,ContextKeyType=strng",
            "did you mean `string`?",
        ),
        (
            "ContextKeyValues=x,y=z,ContextKeyType=string",
            "unknown member `y`",
        ),
    ] {
        let entry = format!("ContextKeyName=aws:SomeKey,{entry}");
        let run = simulate(&[
            "--action-names",
            "s3:GetObject",
            "--context-entries",
            &entry,
        ]);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{entry}");
        assert!(run.stderr.contains(expected), "{entry}: {}", run.stderr);
        assert!(run.stderr.contains("ContextEntries:1:1"), "{}", run.stderr);
    }
    let list = "ContextKeyName=aws:TagKeys,ContextKeyValues=a,b,ContextKeyType=stringList";
    let run = simulate(&["--action-names", "s3:GetObject", "--context-entries", list]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
}

#[test]
fn an_action_that_is_not_known_is_told_beside_the_results() {
    let arguments = [
        "--action-names",
        "s3:GetObjct",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
    ];
    let run = simulate(&arguments);
    assert_eq!(first(&run)["EvalDecision"], "allowed");
    let hint = "note: `s3:GetObjct` is not a known action; did you mean `s3:GetObject`?\n";
    assert_eq!(run.stderr, hint);
}

#[test]
fn wildcards_in_actions_and_parts_of_arns_are_refused() {
    let action = simulate(&["--action-names", "s3:Get*"]);
    assert!(
        action
            .stderr
            .contains("does not support wildcards in actions"),
        "{}",
        action.stderr
    );
    for arn in ["arn:aws:s3", "arn:aws:s3:::", "orders"] {
        let run = simulate(&["--action-names", "s3:GetObject", "--resource-arns", arn]);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
        assert!(run.stderr.contains("is not an ARN"), "{}", run.stderr);
    }
}

#[test]
fn callers_without_an_arn_of_their_own_can_be_asked_about() {
    let input = |principal: Value, caller: &str, action: &str| {
        let statement =
            json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*" });
        json!({
            "ResourcePolicy": json!({ "Version": "2012-10-17", "Statement": statement }).to_string(),
            "CallerArn": caller,
            "ActionNames": [action],
            "ResourceArns": ["arn:aws:sns:eu-west-1:123456789012:orders"],
        })
    };
    let saml = "arn:aws:iam::123456789012:saml-provider/corp";
    for (principal, caller, action, expected) in [
        (json!("*"), "anonymous", "sns:Publish", "allowed"),
        (json!({ "AWS": ANN }), "*", "sns:Publish", "implicitDeny"),
        (
            json!({ "Service": "s3.amazonaws.com" }),
            "s3.amazonaws.com",
            "sns:Publish",
            "allowed",
        ),
        (
            json!({ "Federated": saml }),
            saml,
            "sts:AssumeRoleWithSAML",
            "allowed",
        ),
        (
            json!({ "Federated": "accounts.google.com" }),
            "accounts.google.com",
            "sts:AssumeRoleWithWebIdentity",
            "allowed",
        ),
        (
            json!({ "Federated": "cognito-identity.amazonaws.com" }),
            "cognito-identity.amazonaws.com",
            "sts:AssumeRoleWithWebIdentity",
            "allowed",
        ),
    ] {
        let folder = Folder::new("callers");
        folder.write("input.json", input(principal, caller, action).to_string());
        let run = folder.run(&["simulate", "--cli-input-json", "input.json"]);
        assert_eq!(
            first(&run)["EvalDecision"],
            expected,
            "{caller}: {}",
            run.stdout
        );
    }
    let group = ["--caller-arn", "arn:aws:iam::123456789012:group/devs"];
    let run = simulate(&[&["--action-names", "s3:GetObject"], &group[..]].concat());
    assert!(
        run.stderr
            .contains("is a group, which cannot make requests"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_decision_that_is_not_known_is_told_in_the_words_that_a_script_knows() {
    let folder = Folder::new("unknown-as");
    let account = json!({
        "UserDetailList": [{
            "Arn": ANN,
            "UserName": "ann",
            "AttachedManagedPolicies": [{
                "PolicyName": "own",
                "PolicyArn": "arn:aws:iam::123456789012:policy/own",
            }],
        }],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
    });
    folder.write("account.json", account.to_string());
    for (flags, expected) in [
        (&[][..], "unknown"),
        (&["--unknown", "keep"], "unknown"),
        (&["--unknown", "implicitDeny"], "implicitDeny"),
        (&["--unknown", "deny"], "implicitDeny"),
        (&["--unknown", "allowed"], "allowed"),
    ] {
        let asked = ["simulate", "account.json", "--policy-source-arn", ANN];
        let action = ["--action-names", "s3:GetObject"];
        let run = folder.run(&[&asked[..], &action, flags].concat());
        assert_eq!(first(&run)["EvalDecision"], expected);
        assert!(run.stdout.contains("was not provided"), "{}", run.stdout);
    }
}

#[test]
fn service_control_policies_have_the_form_of_aws() {
    let only_sqs = ALL.replace("\"Action\":\"*\"", "\"Action\":\"sqs:*\"");
    let levels = json!([
        { "ServiceControlPolicyInputList": [ALL] },
        { "ServiceControlPolicyInputList": [only_sqs] },
    ]);
    let arguments = [
        "simulate",
        "--policy-input-list",
        ALL,
        "--ordered-organization-policy-input-list",
        &levels.to_string(),
        "--action-names",
        "sqs:SendMessage",
        "s3:GetObject",
    ];
    let run = run_in(&std::env::temp_dir(), &arguments, "");
    let results = run.json()["EvaluationResults"].clone();
    let organizations = |result: &Value| result["OrganizationsDecisionDetail"].clone();
    assert_eq!(results[0]["EvalDecision"], "allowed");
    assert_eq!(
        organizations(&results[0]),
        json!({ "AllowedByOrganizations": true })
    );
    assert_eq!(results[1]["EvalDecision"], "implicitDeny");
    assert_eq!(
        organizations(&results[1]),
        json!({ "AllowedByOrganizations": false })
    );
}

#[test]
fn statements_of_policies_that_limit_are_apart() {
    let deny = ALL.replace("Allow", "Deny");
    let level = json!([{ "ServiceControlPolicyInputList": [deny] }]).to_string();
    let arguments = [
        "simulate",
        "--policy-input-list",
        ALL,
        "--ordered-organization-policy-input-list",
        &level,
        "--action-names",
        "sqs:SendMessage",
    ];
    let result = first(&run_in(&std::env::temp_dir(), &arguments, ""));
    assert_eq!(result["EvalDecision"], "explicitDeny");
    assert_eq!(result["MatchedStatements"], json!([]));
    let limiting = &result["limitingStatements"][0]["SourcePolicyId"];
    assert_eq!(limiting, "ServiceControlPolicyInputList.1.1");
}

#[test]
fn types_of_policies_can_be_left_out() {
    let boundary = ALL.replace("\"Action\":\"*\"", "\"Action\":\"sqs:*\"");
    let asked = [
        "--permissions-boundary-policy-input-list",
        &boundary,
        "--action-names",
        "s3:GetObject",
        "--resource-arns",
        "arn:aws:s3:::orders/1",
        "--policy-exclusion-list",
    ];
    let with = |excluded: &str| simulate(&[&asked[..], &[excluded]].concat());
    assert_eq!(
        first(&with("PolicyType=rcp"))["EvalDecision"],
        "implicitDeny"
    );
    let without = with("PolicyType=permission-boundary");
    assert_eq!(first(&without)["EvalDecision"], "allowed");
    let refused = with("PolicyType=inline");
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused.stderr.contains("this policy cannot be excluded"),
        "{}",
        refused.stderr
    );
}

#[test]
fn results_can_be_lines() {
    let asked = [
        "--action-names",
        "s3:GetObject",
        "s3:PutObject",
        "--output",
        "jsonl",
    ];
    let run = simulate(&asked);
    let names: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["EvalActionName"].clone())
        .collect();
    assert_eq!(names, ["s3:GetObject", "s3:PutObject"]);
}

#[test]
fn a_key_and_a_role_need_their_own_policy_where_it_is_at_hand() {
    let other = json!({
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:role/other" },
        "Action": "*", "Resource": "*",
    });
    let policy = json!({ "Version": "2012-10-17", "Statement": other }).to_string();
    for (action, arn) in [
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/k"),
        ("sts:AssumeRole", "arn:aws:iam::123456789012:role/target"),
    ] {
        let asked = [
            "simulate",
            "--policy-input-list",
            ALL,
            "--action-names",
            action,
        ];
        let on = ["--resource-arns", arn, "--caller-arn", ANN];
        let with = ["--resource-policy", &policy];
        let run = run_in(
            &std::env::temp_dir(),
            &[&asked[..], &on, &with].concat(),
            "",
        );
        assert_eq!(first(&run)["EvalDecision"], "implicitDeny", "{action}");
        // As AWS, which evaluates what it is given.
        let run = run_in(&std::env::temp_dir(), &[&asked[..], &on].concat(), "");
        assert_eq!(first(&run)["EvalDecision"], "allowed", "{action}");
    }
}

#[test]
fn requests_as_json_lines_are_answered_one_by_one() {
    let lines = [
        json!({ "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::orders/1"] })
            .to_string(),
        "{\"ActionNames\": [".to_owned(),
        json!({ "ActionNames": ["s3:Get*"] }).to_string(),
        String::new(),
        json!({ "ActionNames": ["s3:PutObject", "s3:GetObject"], "Nope": 1 }).to_string(),
        json!({ "ActionNames": ["s3:PutObject", "s3:GetObject"] }).to_string(),
    ];
    let arguments = ["simulate", "--policy-input-list", READ, "--requests", "-"];
    let run = run_in(&std::env::temp_dir(), &arguments, &lines.join("\n"));
    assert_eq!(run.status, Some(2));
    let results = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let results: Vec<Value> = results.collect();
    let told: Vec<(u64, &str, &str)> = results
        .iter()
        .map(|result| {
            let text = |name: &str| result[name].as_str().unwrap();
            (
                result["request"].as_u64().unwrap(),
                text("EvalActionName"),
                text("EvalDecision"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "s3:GetObject", "allowed"),
            (6, "s3:PutObject", "implicitDeny"),
            (6, "s3:GetObject", "implicitDeny"),
        ]
    );
    for line in [2, 3, 5] {
        assert!(
            run.stderr.contains(&format!("line {line}:")),
            "{}",
            run.stderr
        );
    }
    let folder = Folder::new("batch-format");
    folder.write("requests", &lines[0]);
    let table = [
        "simulate",
        "--policy-input-list",
        READ,
        "--requests",
        "requests",
        "--output",
    ];
    let run = folder.run(&[&table[..], &["table"]].concat());
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    let run = folder.run(&[&table[..], &["jsonl"]].concat());
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn many_requests_with_the_policies_of_a_role_are_answered() {
    let statements: Vec<Value> = (0..70)
        .map(|i| {
            let resources = [
                format!("arn:aws:s3:::b{i}/*"),
                format!("arn:aws:s3:::c{i}/*"),
            ];
            let actions = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"];
            json!({ "Effect": "Allow", "Action": actions, "Resource": resources })
        })
        .collect();
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    assert!(policy.len() > 8_000);
    let resources: Vec<String> = (0..15_000)
        .map(|i| format!("arn:aws:s3:::c69/{i}"))
        .collect();
    let input = json!({
        "PolicyInputList": [policy], "ActionNames": ["s3:GetObject"], "ResourceArns": resources,
    });
    let folder = Folder::new("many");
    folder.write("input.json", input.to_string());
    let query =
        "length(EvaluationResults[0].ResourceSpecificResults[?EvalResourceDecision=='allowed'])";
    let run = folder.run(&[
        "simulate",
        "--cli-input-json",
        "input.json",
        "--query",
        query,
    ]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(0), "15000\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_cannot_be_meant_is_a_problem_and_nothing_is_decided() {
    let twice = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let unnamed = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"arn:aws:iam::123456789012:user/ann"}}"#;
    let endpoint = r#"{"endpointPolicies":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]}"#;
    let action = ["--action-names", "s3:GetObject"];
    let cases: [(&[&str], &str); 8] = [
        (&["--resource-arns", ""], "empty value for `ResourceArns`"),
        (&["--caller-arn", ""], "empty value for `CallerArn`"),
        (
            &["--context-entries", "ContextKeyName='a,ContextKeyValues=b"],
            "missing closing quote in this shorthand",
        ),
        (
            &[
                "--context-entries",
                "ContextKeyName=aws:username,ContextKeyValues=ann",
                "ContextKeyName=AWS:UserName,ContextKeyValues=bob",
            ],
            "duplicate context key `AWS:UserName`",
        ),
        (&["--policy-input-list", twice], "duplicate `Effect`"),
        (
            &["--resource-policy", unnamed, "--caller-arn", ANN],
            "a principal requires a type",
        ),
        (
            &["--policy-input-list", &READ.replace("s3:Get*", "s3*")],
            "`s3*` is not a valid action",
        ),
        (
            &["--cli-input-json", endpoint],
            "the statement requires `Principal`",
        ),
    ];
    for (arguments, problem) in cases {
        let run = match arguments {
            ["--policy-input-list", ..] => {
                let all = [&["simulate"], arguments, &action].concat();
                run_in(&std::env::temp_dir(), &all, "")
            }
            _ => simulate(&[arguments, &action].concat()),
        };
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(run.stderr.contains(problem), "{problem}: {}", run.stderr);
    }
}

#[test]
fn a_value_of_a_context_key_may_be_empty_and_have_backslashes() {
    let read = |entry: &str| {
        let condition = r#"{"StringEquals":{"aws:username":["","CORP\\ann"]}}"#;
        let policy = ALL.replace(
            r#""Resource":"*""#,
            &format!(r#""Resource":"*","Condition":{condition}"#),
        );
        let arguments = [
            "simulate",
            "--policy-input-list",
            &policy,
            "--action-names",
            "s3:GetObject",
        ];
        let run = run_in(
            &std::env::temp_dir(),
            &[&arguments[..], &["--context-entries", entry]].concat(),
            "",
        );
        first(&run)["EvalDecision"].clone()
    };
    assert_eq!(
        read("ContextKeyName=aws:username,ContextKeyValues="),
        "allowed"
    );
    assert_eq!(
        read(r"ContextKeyName=aws:username,ContextKeyValues=CORP\ann"),
        "allowed"
    );
    assert_eq!(
        read("ContextKeyName=aws:username,ContextKeyValues=bob"),
        "implicitDeny"
    );
}

#[test]
fn the_root_user_is_told_why_it_cannot_assume_a_role() {
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}"#;
    let result = first(&run_in(
        &std::env::temp_dir(),
        &[
            "simulate",
            "--policy-input-list",
            ALL,
            "--resource-policy",
            trust,
            "--caller-arn",
            "arn:aws:iam::123456789012:root",
            "--action-names",
            "sts:AssumeRole",
            "--resource-arns",
            "arn:aws:iam::123456789012:role/orders",
        ],
        "",
    ));
    assert_eq!(result["EvalDecision"], "implicitDeny");
    assert_eq!(
        result["reason"],
        "the root user of an account cannot do this, regardless of its permissions"
    );
}
