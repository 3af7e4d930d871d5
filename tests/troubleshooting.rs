//! Who was denied, and what documents have to say of it.

use serde_json::Value;

use crate::program::{Folder, run};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";

/// The error of a principal that is not allowed to invoke a function.
fn refused(principal: &str) -> String {
    format!(
        "User: {principal} is not authorized to perform: lambda:InvokeFunction on resource: {FUNCTION} because no \
         identity-based policy allows the lambda:InvokeFunction action"
    )
}

/// The only explanation that a command prints.
fn only(folder: &Folder, arguments: &[&str]) -> Value {
    let ran = folder.run(&[&["explain", "--format", "json"], arguments].concat());
    let mut value = ran.json();
    assert_eq!(
        value["explanations"].as_array().unwrap().len(),
        1,
        "{value:#}"
    );
    value["explanations"][0].take()
}

fn documents(one: &Value) -> Vec<&str> {
    let causes = one["causes"].as_array().unwrap().iter();
    causes
        .map(|cause| cause["document"].as_str().unwrap())
        .collect()
}

#[test]
fn whose_policy_must_change_is_said_by_name() {
    let folder = Folder::new("callers");
    let cases = [
        (
            "arn:aws:iam::123456789012:user/team/jo",
            "user",
            "user `jo`",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/jo@example.com",
            "user",
            "permission set `ReadOnly` of IAM Identity Center",
        ),
        (
            "arn:aws:sts::123456789012:federated-user/jo",
            "user",
            "federated user `jo`",
        ),
        ("arn:aws:iam::123456789012:root", "user", "the root user"),
        (
            "arn:aws:sts::123456789012:assumed-role/front/checkout",
            "function",
            "role `front`",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/flow/VAqgLpXDrcGwUULKzfuDBGJmuwiKLfzI",
            "role",
            "role `flow`",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/release/GitHubActions",
            "deployer",
            "role `release`",
        ),
    ];
    for (principal, who, words) in cases {
        let error = refused(principal);
        let one = only(&folder, &[&error]);
        assert_eq!(one["refused"]["who"], who, "{principal}");
        let said = folder.run(&["explain", &error]).stdout;
        assert!(
            said.contains(&format!("likely cause: a policy of {words}.")),
            "{said}"
        );
        assert!(!said.contains("possible cause"), "{said}");
    }
}

#[test]
fn what_the_error_names_stands_in_the_commands() {
    let folder = Folder::new("commands");
    let error = refused("arn:aws:sts::123456789012:assumed-role/front/checkout");
    let one = only(&folder, &[&error]);
    assert_eq!(
        one["check"],
        format!(
            "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/front \
             --action-names lambda:InvokeFunction --resource-arns {FUNCTION}"
        )
    );
    let boundary = "User: arn:aws:iam::123456789012:user/jo is not authorized to perform: sqs:SendMessage on resource: \
                    arn:aws:sqs:eu-west-1:123456789012:orders because no permissions boundary allows the \
                    sqs:SendMessage action";
    let one = only(&folder, &[boundary]);
    assert_eq!(
        one["check"],
        "aws iam get-user --user-name jo --query User.PermissionsBoundary"
    );
    // What is no plain word is not put into a command.
    let odd = refused("arn:aws:sts::123456789012:assumed-role/front;reboot/x");
    let one = only(&folder, &[&odd]);
    assert!(
        !one["check"].as_str().unwrap().contains("reboot"),
        "{one:#}"
    );
}

#[test]
fn causes_that_the_accounts_rule_out_are_not_listed() {
    let folder = Folder::new("accounts");
    let error = |account: &str| {
        format!(
            "User: arn:aws:sts::123456789012:assumed-role/front/checkout is not authorized to perform: sqs:SendMessage \
             on resource: arn:aws:sqs:eu-west-1:{account}:orders"
        )
    };
    let fixes = |account: &str| {
        let one = only(&folder, &[&error(account)]);
        let causes = one["causes"].as_array().unwrap().iter();
        let of_queue = causes.filter(|cause| cause["document"] == "resource-policy");
        let fixes = of_queue.map(|cause| cause["statements"].as_array().unwrap().len());
        fixes.collect::<Vec<usize>>()
    };
    // In one account only a Deny of the queue can be the cause, and in another one its policy must allow it.
    assert_eq!(fixes("123456789012"), [0]);
    assert_eq!(fixes("444455556666"), [1]);
}

#[test]
fn a_policy_of_which_nothing_says_whose_it_is_belongs_to_nobody() {
    let folder = Folder::new("bare-policy");
    let policy = |action: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}]}}"#
        )
    };
    folder.write("other.json", policy("logs:PutLogEvents"));
    folder.write("right.json", policy("lambda:InvokeFunction"));
    let error = refused("arn:aws:iam::123456789012:user/jo");
    let one = only(&folder, &[&error, "--with", "other.json"]);
    assert_eq!(one["documents"]["verdict"], "refused", "{one:#}");
    let assumed =
        "the document does not say whose policy it is; evaluated as a policy of user `jo`";
    assert_eq!(one["assumed"], assumed);
    let one = only(&folder, &[&error, "--with", "right.json"]);
    assert_eq!(one["documents"]["verdict"], "allowed", "{one:#}");
    assert_eq!(one["assumed"], assumed);
    let first = one["causes"][0]["because"].as_str().unwrap();
    assert!(first.contains("is not attached to user `jo`"), "{first}");
    // An error that does not name the caller keeps all that it can have been.
    let error =
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied";
    let one = only(&folder, &[error, "--with", "other.json"]);
    assert_eq!(one["documents"]["verdict"], "refused");
    assert!(
        one["assumed"].as_str().unwrap().contains("whose policy"),
        "{one:#}"
    );
    let said = folder
        .run(&["explain", error, "--with", "other.json"])
        .stdout;
    assert!(
        said.contains("possible cause: a policy of the deployer."),
        "{said}"
    );
}

#[test]
fn a_policy_by_itself_is_held_against_the_messages_of_lambda() {
    let folder = Folder::new("lambda-messages");
    let error = "The provided execution role does not have permissions to call SendMessage on SQS";
    let policy = |action: &str, resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}]}}"#
        )
    };
    folder.write("none.json", policy("sqs:ReceiveMessage", "*"));
    folder.write("all.json", policy("sqs:SendMessage", "*"));
    folder.write(
        "one.json",
        policy(
            "sqs:SendMessage",
            "arn:aws:sqs:eu-west-1:123456789012:orders-dlq",
        ),
    );
    let verdict = |file: &str| only(&folder, &[error, "--with", file])["documents"].clone();
    assert_eq!(verdict("none.json")["verdict"], "refused");
    assert_eq!(verdict("all.json")["verdict"], "allowed");
    assert_eq!(verdict("one.json")["verdict"], "open");
    let reason = verdict("one.json")["reason"].clone();
    assert!(
        reason
            .as_str()
            .unwrap()
            .contains("does not name the resource"),
        "{reason}"
    );
}

#[test]
fn the_policy_of_a_repository_in_a_template_is_read() {
    let folder = Folder::new("repository");
    let template = |principal: &str| {
        format!(
            r#"
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryPolicyText:
        Version: "2012-10-17"
        Statement:
          - Sid: Pull
            Effect: Allow
            Principal: {principal}
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
"#
        )
    };
    folder.write(
        "account.yaml",
        template("{ AWS: arn:aws:iam::444455556666:root }"),
    );
    folder.write("lambda.yaml", template("{ Service: lambda.amazonaws.com }"));
    let error =
        "Lambda does not have permission to access the ECR image. Check the ECR permissions.";
    let one = only(&folder, &[error, "--with", "account.yaml"]);
    assert_eq!(one["documents"]["verdict"], "refused", "{one:#}");
    assert_eq!(one["documents"]["statements"][0]["line"], 9, "{one:#}");
    assert_eq!(documents(&one)[0], "resource-policy");
    let one = only(&folder, &[error, "--with", "lambda.yaml"]);
    assert_eq!(one["documents"]["verdict"], "allowed", "{one:#}");
}

#[test]
fn documents_without_a_part_in_the_error_say_so() {
    let folder = Folder::new("unrelated");
    folder.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
    );
    let service = format!(
        "User: sns.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: {FUNCTION}:live \
         because no resource-based policy allows the lambda:InvokeFunction action"
    );
    let one = only(&folder, &[&service, "--with", "policy.json"]);
    assert_eq!(one["documents"]["verdict"], "unrelated");
    let reason = one["documents"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("aws lambda get-policy --function-name orders --qualifier live"),
        "{reason}"
    );
    let network = "EFSMountConnectivityException: The function couldn't connect to the Amazon EFS file system";
    let one = only(&folder, &[network, "--with", "policy.json"]);
    assert_eq!(one["documents"]["reason"], "no policy causes this error");
}

/// A service control policy, as the console shows it.
const GUARD: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Guard",
      "Effect": "Deny",
      "Action": ["lambda:CreateFunction", "sqs:DeleteMessage"],
      "Resource": "*",
      "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/platform-*"}}
    }
  ]
}"#;

/// The same, as `aws organizations describe-policy` prints it.
fn described(of_type: &str, content: &str) -> String {
    let summary = serde_json::json!({
        "Id": "p-1a2b3c4d",
        "Arn": "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-1a2b3c4d",
        "Name": "guard",
        "Type": of_type,
    });
    let policy = serde_json::json!({ "Policy": { "PolicySummary": summary, "Content": content } });
    format!("{policy:#}")
}

#[test]
fn the_statement_of_the_organization_is_shown() {
    let folder = Folder::new("organization-explained");
    folder.write("guard.json", GUARD);
    folder.write("described.json", described("SERVICE_CONTROL_POLICY", GUARD));
    let error = format!(
        "User: arn:aws:sts::123456789012:assumed-role/release/GitHubActions is not authorized to perform: \
         lambda:CreateFunction on resource: {FUNCTION} with an explicit deny in a service control policy"
    );
    for (arguments, file) in [
        (["--scp", "guard.json"], "guard.json"),
        (["--with", "guard.json"], "guard.json"),
        (["--scp", "described.json"], "described.json"),
        (["--with", "described.json"], "described.json"),
    ] {
        let one = only(&folder, &[&[&*error], &arguments[..]].concat());
        assert_eq!(
            one["documents"]["verdict"], "refused",
            "{arguments:?}: {one:#}"
        );
        assert_eq!(one["documents"]["statements"][0]["path"], file, "{one:#}");
        assert_eq!(documents(&one), ["scp"]);
        let said = folder
            .run(&[&["explain", &error], &arguments[..]].concat())
            .stdout;
        assert!(said.contains("`Guard` of"), "{said}");
    }
    // One that does not deny the call is not blamed for it.
    let other = error.replace("CreateFunction", "DeleteFunction");
    let one = only(&folder, &[&other, "--scp", "guard.json"]);
    assert_eq!(one["documents"]["verdict"], "open");
    let reason = one["documents"]["reason"].as_str().unwrap();
    assert!(reason.contains("another one does"), "{reason}");
}

#[test]
fn a_policy_of_the_organization_limits_what_is_checked() {
    let folder = Folder::new("organization-document");
    folder.write(
        "sqs.json",
        include_str!("../policies-samples/poll-sources/actions-not-granted/good-sqs.json"),
    );
    let described = |of_type: &str| {
        let open = "\"Condition\": {\"ArnNotLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/platform-*\"}}";
        let policy = GUARD
            .replace(open, "")
            .replace("\"Resource\": \"*\",", "\"Resource\": \"*\"");
        described(of_type, &policy)
    };
    folder.write("described.json", described("SERVICE_CONTROL_POLICY"));
    let ran = folder.run(&["--format", "plain", "sqs.json", "described.json"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("missing: sqs:DeleteMessage\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("`Guard` of the service control policies denies"),
        "{}",
        ran.stdout
    );
    // Other policies of an organization decide nothing about permissions.
    folder.write("described.json", described("TAG_POLICY"));
    let ran = folder.run(&["--format", "plain", "sqs.json", "described.json"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
}

#[test]
fn a_list_of_policies_names_the_command_for_their_content() {
    let folder = Folder::new("organization-list");
    folder.write(
        "list.json",
        r#"{"Policies": [{"Id": "p-1a2b3c4d", "Name": "guard", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": false,
            "Arn": "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-1a2b3c4d"},
            {"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": true,
            "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"}]}"#,
    );
    let ran = folder.run(&["list.json"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stdout
            .contains("aws organizations describe-policy --policy-id p-1a2b3c4d"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("p-FullAWSAccess`"), "{}", ran.stdout);
}

#[test]
fn a_program_that_configures_the_serverless_framework_names_the_template_that_it_makes() {
    let folder = Folder::new("serverless-framework");
    folder.write(
        "serverless.ts",
        "const config: AWS = { service: 'orders', provider: { name: 'aws' } };\nmodule.exports = config;\n",
    );
    folder.write(
        "serverless.js",
        "module.exports = { service: 'orders', functions: {} }\n",
    );
    folder.write("project/serverless.ts", "export default {}\n");
    folder.write("project/tsconfig.json", "{}\n");
    let template = ".serverless/cloudformation-template-update-stack.json";
    for path in ["serverless.ts", "serverless.js", "project"] {
        for command in [vec![path], vec!["explain", "AccessDenied", "--with", path]] {
            let ran = folder.run(&command);
            let said = ran.stdout + &ran.stderr;
            assert_eq!(ran.status, Some(2), "{path}: {said}");
            assert!(
                said.contains("`serverless package`") && said.contains(template),
                "{path}: {said}"
            );
        }
    }
}

#[test]
fn configuration_of_terraform_needs_its_name() {
    let folder = Folder::new("terraform");
    folder.write(
        "main.json",
        r#"{"resource": {"aws_lambda_function": {"orders": {}}}}"#,
    );
    let ran = folder.run(&["main.json"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stdout.contains("ends with .tf.json"), "{}", ran.stdout);
}

#[test]
fn answers_that_say_almost_nothing_get_a_next_step() {
    for text in [
        r#"{"Message":"Forbidden"}"#,
        r#"{"message":"Forbidden"}"#,
        r#"{"message":"Internal Server Error"}"#,
        r#"{"message": "Internal server error"}"#,
        r#"{"message":"Missing Authentication Token"}"#,
        "AccessDenied",
        "AccessDeniedException",
        "An error occurred (AccessDeniedException) when calling the GetQueryResults operation: Access denied",
    ] {
        let ran = run(&["explain", text]);
        assert!(ran.stdout.contains("\n    fix: "), "{text}: {}", ran.stdout);
        assert!(
            ran.stdout.contains("\n  check: aws "),
            "{text}: {}",
            ran.stdout
        );
    }
}
