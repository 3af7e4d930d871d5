//! Which documents belong together: by ARN and name, by folder, by bundle.

use serde_json::{Value, json};

use crate::bless;
use crate::program::{Folder, root, run};

const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];

fn function(account: &str) -> String {
    format!(
        r#"{{"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:{account}:function:orders",
            "Role": "arn:aws:iam::{account}:role/orders-role"}}"#
    )
}

fn role(account: &str) -> String {
    format!(
        r#"{{"Role": {{"RoleName": "orders-role", "Arn": "arn:aws:iam::{account}:role/orders-role",
            "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
            "Principal": {{"Service": "lambda.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}}}}}}"#
    )
}

fn mapping(account: &str) -> String {
    format!(
        r#"{{"EventSourceMappings": [{{"UUID": "u-{account}",
            "EventSourceArn": "arn:aws:sqs:eu-west-1:{account}:orders",
            "FunctionArn": "arn:aws:lambda:eu-west-1:{account}:function:orders"}}]}}"#
    )
}

fn inline(actions: &str) -> String {
    format!(
        r#"{{"RoleName": "orders-role", "PolicyName": "orders", "PolicyDocument": {{
            "Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{actions}",
            "Resource": "*"}}]}}}}"#
    )
}

/// A folder for each account, with the same names in both; each role has its own inline policy.
fn two_accounts(name: &str, actions: [&str; 2]) -> Folder {
    let folder = Folder::new(name);
    for (account, actions) in ACCOUNTS.into_iter().zip(actions) {
        folder.write(&format!("{account}/function.json"), function(account));
        folder.write(&format!("{account}/role.json"), role(account));
        folder.write(&format!("{account}/mappings.json"), mapping(account));
        folder.write(
            &format!("{account}/names.json"),
            r#"{"PolicyNames": ["orders"]}"#,
        );
        folder.write(
            &format!("{account}/attached.json"),
            r#"{"AttachedPolicies": []}"#,
        );
        folder.write(&format!("{account}/inline.json"), inline(actions));
    }
    folder
}

#[test]
fn roles_of_one_name_in_two_accounts_are_two_roles() {
    for (actions, faulty) in [(["sqs:*", "logs:*"], 1), (["logs:*", "sqs:*"], 0)] {
        let folder = two_accounts("accounts", actions);
        let ran = folder.run(&["--format", "plain", "."]);
        let (bad, good) = (ACCOUNTS[faulty], ACCOUNTS[1 - faulty]);
        let error = |account| format!("{account}/mappings.json:2:31: error[poll-sources");
        assert!(ran.stdout.contains(&error(bad)), "{}", ran.stdout);
        assert!(!ran.stdout.contains(&error(good)), "{}", ran.stdout);
        assert!(ran.stdout.contains("2 functions"), "{}", ran.stdout);
    }
}

#[test]
fn an_answer_that_tells_less_takes_nothing_back() {
    let folder = Folder::new("tells-less");
    let account = ACCOUNTS[0];
    folder.write("a-function.json", function(account));
    folder.write("b-mappings.json", mapping(account));
    folder.write(
        "c-account.json",
        role(account)
            .replace(
                "{\"Role\": {",
                "{\"RoleDetailList\": [{\"RolePolicyList\": [], \"AttachedManagedPolicies\": [],",
            )
            .replace("}]}}}", "}]}}]}"),
    );
    folder.write("d-role.json", role(account));
    let ran = folder.run(&["--format", "plain", "."]);
    assert!(
        ran.stdout
            .contains("error[poll-sources/actions-not-granted]"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("undecided"), "{}", ran.stdout);
}

#[test]
fn a_list_that_goes_on_is_not_complete() {
    for rest in [
        r#""IsTruncated": true, "Marker": "x""#,
        r#""NextToken": "x""#,
    ] {
        let folder = two_accounts("goes-on", ["logs:*", "logs:*"]);
        folder.write(
            &format!("{}/attached.json", ACCOUNTS[0]),
            format!(r#"{{"AttachedPolicies": [], {rest}}}"#),
        );
        let ran = folder.run(&["--format", "plain", ACCOUNTS[0]]);
        assert_eq!(ran.status, Some(0), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("list-attached-role-policies"),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn a_lone_policy_is_all_of_a_role_only_where_nothing_else_is_known_of_it() {
    let folder = Folder::new("lone");
    let account = ACCOUNTS[0];
    folder.write("function.json", function(account));
    folder.write("mappings.json", mapping(account));
    folder.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}"#,
    );
    let assumed = folder.run(&["--format", "json", "."]);
    assert_eq!(assumed.status, Some(1), "{}", assumed.stdout);
    assert!(
        assumed.stdout.contains("\"confidence\": \"likely\""),
        "{}",
        assumed.stdout
    );
    folder.write("role.json", role(account));
    let open = folder.run(&["."]);
    assert_eq!(open.status, Some(0), "{}", open.stdout);
    assert!(open.stdout.contains("undecided check"), "{}", open.stdout);
}

#[test]
fn a_list_that_may_be_of_two_roles_is_a_problem() {
    let folder = Folder::new("two-roles");
    folder.write("a.json", role(ACCOUNTS[0]));
    folder.write(
        "b.json",
        role(ACCOUNTS[1]).replace("orders-role", "pay-role"),
    );
    folder.write("names.json", r#"{"PolicyNames": []}"#);
    let ran = folder.run(&["--format", "plain", "."]);
    assert_eq!(ran.status, Some(2), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("add `RoleName`, or move"),
        "{}",
        ran.stdout
    );
}

#[test]
fn files_that_were_named_belong_together_across_folders() {
    let folder = two_accounts("by-hand", ["logs:*", "logs:*"]);
    let of = |file: &str| format!("{}/{file}.json", ACCOUNTS[0]);
    folder.write("policies/policy.json", inline("sqs:*"));
    let names = ["function", "role", "mappings", "names", "attached"].map(of);
    let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
    arguments.push("policies/policy.json");
    let ran = folder.run(&arguments);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
}

#[test]
fn a_trigger_may_name_its_function_by_name_alone() {
    let folder = Folder::new("by-name");
    let account = ACCOUNTS[0];
    folder.write(
        "bundle.json",
        format!(
            r#"{{"Configuration": {}, "Policy": null,
                "Triggers": [{{"kind": "s3", "bucket": "inbox", "functionArn": "orders"}}]}}"#,
            function(account)
        ),
    );
    let ran = folder.run(&["bundle.json"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("S3 bucket `inbox` is not allowed to invoke function `orders`"),
        "{}",
        ran.stdout
    );
}

#[test]
fn misspelt_members_of_a_bundle_and_of_a_trigger_are_problems() {
    let folder = Folder::new("misspelt");
    let bundle = |rest: &str| format!(r#"{{"Configuration": {}, {rest}}}"#, function(ACCOUNTS[0]));
    for (rest, said) in [
        (r#""Trigger": []"#, "did you mean `Triggers`?"),
        (
            r#""EventSourceMapping": []"#,
            "did you mean `EventSourceMappings`?",
        ),
        (
            r#""Triggers": [{"kind": "s3", "buckt": "b"}]"#,
            "did you mean `bucket`?",
        ),
        (r#""Triggers": [{"kind": "s4"}]"#, "did you mean `s3`?"),
        (r#""Triggers": [{"bucket": "b"}]"#, "add a `kind`"),
        (
            r#""Triggers": [{"kind": "s3", "sourceArn": "arn:aws:sns:eu-west-1:1:t"}]"#,
            "it looks like",
        ),
    ] {
        folder.write("bundle.json", bundle(rest));
        let ran = folder.run(&["--format", "plain", "bundle.json"]);
        assert_eq!(ran.status, Some(2), "{rest}: {}", ran.stdout);
        assert!(ran.stdout.contains(said), "{rest}: {}", ran.stdout);
    }
}

#[test]
fn own_triggers_are_read_as_people_write_them() {
    let folder = Folder::new("own-words");
    let case = |trigger: &str, source: &str| {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
              "Principal": {{"Service": ["events.amazonaws.com", "apigateway.amazonaws.com"]}},
              "Action": "lambda:InvokeFunction",
              "Resource": "arn:aws:lambda:eu-west-1:{0}:function:orders",
              "Condition": {{"ArnLike": {{"AWS:SourceArn": "{source}"}}}}}}]}}"#,
            ACCOUNTS[0]
        );
        format!(
            r#"{{"Configuration": {}, "Policy": {policy}, "Triggers": [{trigger}]}}"#,
            function(ACCOUNTS[0])
        )
    };
    let rule = format!("arn:aws:events:eu-west-1:{}:rule", ACCOUNTS[0]);
    let api = format!("arn:aws:execute-api:eu-west-1:{}:abc", ACCOUNTS[0]);
    for (trigger, source) in [
        (
            r#"{"kind": "eventbridge-rule", "rule": "r", "bus": "default"}"#,
            format!("{rule}/r"),
        ),
        (
            r#"{"kind": "eventbridge-rule", "rule": "r", "bus": "arn:aws:events:eu-west-1:111111111111:event-bus/shop"}"#,
            format!("{rule}/shop/r"),
        ),
        (
            r#"{"kind": "apigateway-v2", "api": "abc", "routeKey": "GET /items"}"#,
            format!("{api}/*/GET/items"),
        ),
        (
            r#"{"kind": "apigateway-v2", "api": "abc", "routeKey": "$connect"}"#,
            format!("{api}/*/$connect"),
        ),
        (
            r#"{"kind": "apigateway-rest", "api": "abc", "method": "ANY", "path": "/items/{id}"}"#,
            format!("{api}/*/*/items/*"),
        ),
    ] {
        folder.write("bundle.json", case(trigger, &source));
        let ran = folder.run(&["--format", "plain", "bundle.json"]);
        assert_eq!(ran.status, Some(0), "{trigger}: {}", ran.stdout);
        assert!(
            !ran.stdout.contains("undecided[push"),
            "{trigger}: {}",
            ran.stdout
        );
    }
}

#[test]
fn every_answer_of_the_aws_cli_is_known_by_its_content() {
    let folder = root().join("tests/fixtures/answers");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let ran = run(&[
            "--format",
            "plain",
            &format!("tests/fixtures/answers/{name}"),
        ]);
        assert_eq!(ran.status, Some(0), "{name}: {}", ran.stdout);
        assert!(ran.stdout.contains("in 1 file"), "{name}: {}", ran.stdout);
        seen += 1;
    }
    assert!(seen >= 31, "{seen}");
}

#[test]
fn the_answers_of_a_whole_system_are_one_function() {
    let ran = run(&[
        "--format",
        "plain",
        "--show-undecided",
        "tests/fixtures/answers",
    ]);
    bless::snapshot("joining/system-of-answers", &ran.stdout);
    let account = run(&[
        "--format",
        "plain",
        "--show-undecided",
        "tests/fixtures/account",
    ]);
    bless::snapshot("joining/account-details", &account.stdout);
}

/// Each statement that lets a trigger in is needed: without it, its trigger is refused.
#[test]
fn a_statement_taken_away_refuses_its_trigger() {
    for service in [
        "sns",
        "events",
        "logs",
        "elasticloadbalancing",
        "cognito-idp",
        "iot",
    ] {
        let principal = format!("{service}.amazonaws.com");
        let folder = answers_without(&principal);
        let ran = folder.run(&["--format", "json", "."]);
        let said = ran.json();
        let mut findings = said["findings"].as_array().unwrap().iter();
        let refused = findings.any(|finding| finding["principal"] == principal.as_str());
        assert!(refused, "{service}: {}", ran.stdout);
        assert_eq!(ran.status, Some(1));
    }
}

/// The answers of the whole system, with no statement for a principal in any function policy.
fn answers_without(principal: &str) -> Folder {
    let folder = Folder::new(&format!("without-{principal}"));
    let mut taken = 0;
    for entry in std::fs::read_dir(root().join("tests/fixtures/answers")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        if !name.starts_with("lambda-get-policy") {
            folder.write(name, text);
            continue;
        }
        let answer: Value = serde_json::from_str(&text).unwrap();
        let mut document: Value = serde_json::from_str(answer["Policy"].as_str().unwrap()).unwrap();
        let statements = document["Statement"].as_array_mut().unwrap();
        let before = statements.len();
        statements.retain(|statement| statement["Principal"]["Service"] != principal);
        taken += before - statements.len();
        folder.write(name, json!({ "Policy": document.to_string() }).to_string());
    }
    assert!(taken > 0, "no statement for {principal}");
    folder
}

const ORDERS: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";

/// The report on a bundle of function `orders`, which reads a queue, with these members more.
fn report_on(name: &str, members: &str) -> String {
    let folder = Folder::new(name);
    folder.write(
        "f.json",
        format!(
            r#"{{
  "Configuration": {{ "FunctionName": "orders", "FunctionArn": "{ORDERS}", "Role": "arn:aws:iam::123456789012:role/r" }},
  "EventSourceMappings": [{{ "UUID": "1", "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q", "FunctionArn": "{ORDERS}" }}],
  {members}
}}"#
        ),
    );
    folder.run(&["f.json", "--format", "plain"]).stdout
}

#[test]
fn a_grant_in_the_wrong_document_is_pointed_out() {
    let members = r#""Policy": { "Version": "2012-10-17", "Statement": [
    { "Sid": "read", "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sqs:ReceiveMessage", "Resource": "ARN" } ] },
  "Role": { "RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r", "AttachedManagedPolicies": [],
    "RolePolicyList": [{ "PolicyName": "p", "PolicyDocument": { "Version": "2012-10-17", "Statement": [
      { "Sid": "bucket", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "ARN" } ] } }] },
  "Triggers": [{ "kind": "s3", "bucket": "inbox" }]"#;
    let told = report_on("wrong-document", &members.replace("ARN", ORDERS));
    let role = "statement `bucket` allows it in the execution role";
    let policy = "statement `read` allows it in the function policy";
    assert!(told.contains(role) && told.contains(policy), "{told}");
}

#[test]
fn what_a_boundary_refuses_is_refused_whatever_else_is_missing() {
    let told = report_on(
        "boundary-refuses",
        r#""Role": { "RoleName": "r", "Arn": "arn:aws:iam::123456789012:role/r",
    "PermissionsBoundary": { "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/edge",
      "PolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "logs:*", "Resource": "*" }] } } }"#,
    );
    let refused = "error[poll-sources/actions-not-granted]";
    let why = "the role's permissions boundary does not allow";
    assert!(told.contains(refused) && told.contains(why), "{told}");
}

/// A role that trusts a service, as `get-role` prints it.
fn role_for(name: &str, service: &str) -> String {
    format!(
        r#"{{"Role": {{"RoleName": "{name}", "Arn": "arn:aws:iam::111111111111:role/{name}",
            "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
            "Principal": {{"Service": "{service}"}}, "Action": "sts:AssumeRole"}}]}}}}}}"#
    )
}

/// The rules of the errors that documents have, each in a file of its own.
fn errors_of(name: &str, documents: &[&str]) -> Vec<String> {
    let folder = Folder::new(name);
    let mut arguments = vec!["--format".to_owned(), "json".to_owned()];
    for (index, document) in documents.iter().enumerate() {
        let file = format!("{index}.json");
        folder.write(&file, document);
        arguments.push(file);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    folder.run(&arguments).errors()
}

const INVOKED: &str = "arn:aws:lambda:eu-west-1:111111111111:function:orders";

#[test]
fn a_role_that_calls_the_function_is_not_its_execution_role() {
    let caller = "arn:aws:iam::111111111111:role/caller";
    let schedule = json!({ "Name": "nightly", "GroupName": "default",
        "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": { "Arn": INVOKED, "RoleArn": caller } });
    let machine = json!({ "stateMachineArn": "arn:aws:states:eu-west-1:111111111111:stateMachine:m",
        "name": "m", "roleArn": caller,
        "definition": json!({ "StartAt": "A", "States": { "A": { "Type": "Task",
            "Resource": INVOKED, "End": true } } }).to_string() });
    let pipe = json!({ "Name": "p", "DesiredState": "RUNNING", "RoleArn": caller,
        "Source": "arn:aws:sqs:eu-west-1:111111111111:q", "Target": INVOKED });
    let policy = |principal: &str| {
        let document = json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "call",
            "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "lambda:InvokeFunction",
            "Resource": INVOKED }] });
        json!({ "Policy": document.to_string(), "RevisionId": "1" })
    };
    let session = "arn:aws:sts::111111111111:assumed-role/caller/nightly";
    let documents = [
        (schedule, "scheduler.amazonaws.com"),
        (machine, "states.amazonaws.com"),
        (pipe, "pipes.amazonaws.com"),
        (policy(caller), "ec2.amazonaws.com"),
        (policy(session), "ec2.amazonaws.com"),
        // Lambda could assume this one, but the policy says what it is for.
        (policy(caller), "lambda.amazonaws.com"),
    ];
    for (index, (document, service)) in documents.into_iter().enumerate() {
        let role = role_for("caller", service);
        let errors = errors_of(&format!("caller-{index}"), &[&document.to_string(), &role]);
        assert_eq!(errors, [""; 0], "{document}");
    }
}

#[test]
fn the_only_role_is_the_execution_role_where_something_says_so() {
    let other = role_for("orders-role", "ec2.amazonaws.com");
    let topic = json!({ "Subscriptions": [{ "Protocol": "lambda", "Endpoint": INVOKED,
        "TopicArn": "arn:aws:sns:eu-west-1:111111111111:t", "SubscriptionArn": "s", "Owner": "o" }] });
    // Only what calls the function is known: a role that Lambda cannot assume is for something else.
    let errors = errors_of("only-role-of-another", &[&topic.to_string(), &other]);
    assert_eq!(errors, [""; 0]);
    // The configuration of the function names the role.
    let errors = errors_of("only-role-named", &[&function("111111111111"), &other]);
    assert_eq!(errors, ["trust/lambda-not-trusted"]);
    // Flags are about a function, and this is the only role for it.
    let folder = Folder::new("only-role-of-flags");
    folder.write("role.json", &other);
    let run = folder.run(&["--format", "plain", "--event-source", "sqs", "role.json"]);
    assert!(
        run.stdout.contains("trust/lambda-not-trusted"),
        "{}",
        run.stdout
    );
}
