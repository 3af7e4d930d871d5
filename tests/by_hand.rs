//! Policies of a role as people have them at hand, with flags that say what the function needs.

use serde_json::{Value, json};

use crate::program::Folder;

const ROLE: &str = "orders-role";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";

fn document(actions: &[&str]) -> Value {
    json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }] })
}

/// A policy that has nothing to do with networks or queues.
fn of_logs() -> Value {
    document(&[
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ])
}

fn half() -> Value {
    document(&["ec2:CreateNetworkInterface"])
}

fn whole() -> Value {
    document(&[
        "ec2:*NetworkInterface*",
        "ec2:*PrivateIpAddresses",
        "ec2:DescribeSubnets",
    ])
}

fn role_policy(role: &str, policy: &Value) -> Value {
    json!({ "RoleName": role, "PolicyName": "own", "PolicyDocument": policy })
}

fn version(policy: &Value) -> Value {
    json!({ "PolicyVersion": { "Document": policy, "VersionId": "v2", "IsDefaultVersion": true } })
}

fn trust(service: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": service }, "Action": "sts:AssumeRole" }] })
}

fn role(name: &str, service: &str) -> Value {
    json!({ "RoleName": name, "Arn": format!("arn:aws:iam::123456789012:role/{name}"),
        "AssumeRolePolicyDocument": trust(service) })
}

fn detail(name: &str, service: &str, policy: &Value) -> Value {
    let mut role = role(name, service);
    role["RolePolicyList"] = json!([{ "PolicyName": "own", "PolicyDocument": policy }]);
    role["AttachedManagedPolicies"] = json!([]);
    role
}

fn configuration(subnets: &[&str]) -> Value {
    json!({ "FunctionName": "orders",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        "Role": format!("arn:aws:iam::123456789012:role/{ROLE}"),
        "VpcConfig": { "SubnetIds": subnets, "SecurityGroupIds": [] } })
}

/// What is found in files with these contents, as `severity rule`, and all that is printed.
fn found(name: &str, files: &[Value], flags: &[&str]) -> (Vec<String>, String) {
    let folder = Folder::new(&format!("by-hand-{name}"));
    let names: Vec<String> = (0..files.len()).map(|n| format!("{n}.json")).collect();
    for (name, file) in names.iter().zip(files) {
        folder.write(name, file.to_string());
    }
    let mut arguments = vec!["--format", "plain"];
    arguments.extend(flags);
    arguments.extend(names.iter().map(String::as_str));
    let run = folder.run(&arguments);
    let heads = run.stdout.lines().filter_map(|line| {
        let (head, _) = line.split_once("]: ")?;
        let (place, rule) = head.rsplit_once('[')?;
        let (_, severity) = place.rsplit_once(' ')?;
        Some(format!("{severity} {rule}"))
    });
    (heads.collect(), run.stdout)
}

const ENI: &str = "vpc/eni-actions-not-granted";
const READ: &str = "poll-sources/actions-not-granted";

#[test]
fn flags_are_about_the_policies_at_hand_in_every_form_of_them() {
    let text = |policy: &Value| Value::from(policy.to_string());
    let forms: [(&str, Vec<Value>); 9] = [
        ("get-role-policy", vec![role_policy(ROLE, &of_logs())]),
        ("a text", vec![role_policy(ROLE, &text(&of_logs()))]),
        (
            "no role's name",
            vec![json!({ "PolicyName": "own", "PolicyDocument": of_logs() })],
        ),
        ("get-policy-version", vec![version(&of_logs())]),
        (
            "beside get-policy",
            vec![
                version(&of_logs()),
                json!({ "Policy": { "PolicyName": "shared",
                    "Arn": "arn:aws:iam::123456789012:policy/shared" } }),
            ],
        ),
        (
            "two of one role",
            vec![
                role_policy(ROLE, &of_logs()),
                role_policy(ROLE, &document(&["s3:GetObject"])),
            ],
        ),
        (
            "an attached policy of AWS",
            vec![
                json!({ "AttachedPolicies": [{ "PolicyName": "AWSLambdaBasicExecutionRole",
                "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" }] }),
            ],
        ),
        (
            "beside a role that Lambda does not assume",
            vec![
                role_policy(ROLE, &of_logs()),
                json!({ "Role": role("runner", "ec2.amazonaws.com") }),
            ],
        ),
        (
            "beside the role",
            vec![
                json!({ "Role": role(ROLE, "lambda.amazonaws.com") }),
                role_policy(ROLE, &of_logs()),
            ],
        ),
    ];
    for (index, (form, files)) in forms.iter().enumerate() {
        let name = format!("forms-{index}");
        let (heads, printed) = found(&name, files, &["--vpc", "--event-source", "sqs"]);
        let wanted = [format!("warning {READ}"), format!("warning {ENI}")];
        assert_eq!(heads, wanted, "{form}: {printed}");
        assert!(
            printed.contains("none of the policies provided "),
            "{form}: {printed}"
        );
        assert!(
            printed.contains("if no other policy of "),
            "{form}: {printed}"
        );
        let names_rest = [
            "aws iam list-role-policies",
            "aws iam list-attached-role-policies",
        ];
        assert!(
            names_rest.iter().any(|command| printed.contains(command)),
            "{form}: {printed}"
        );
        // Without flags nothing asks for it.
        let (heads, printed) = found(&name, files, &[]);
        assert_eq!(heads, [""; 0], "{form}: {printed}");
    }
}

#[test]
fn what_is_all_of_a_role_is_judged_for_certain() {
    let details =
        |roles: Value| json!({ "RoleDetailList": roles, "Policies": [], "UserDetailList": [] });
    let lists = [
        json!({ "RoleName": ROLE, "PolicyNames": ["own"] }),
        json!({ "RoleName": ROLE, "AttachedPolicies": [] }),
    ];
    let [inline, attached] = lists;
    let lambda = detail(ROLE, "lambda.amazonaws.com", &half());
    let other = detail("runner", "ec2.amazonaws.com", &of_logs());
    let template = json!({ "Resources": { "Role": { "Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
        "Policies": [{ "PolicyName": "own", "PolicyDocument": half() }] } } } });
    let forms: [(&str, Vec<Value>); 6] = [
        ("a document", vec![half()]),
        ("documents", vec![half(), of_logs()]),
        (
            "get-account-authorization-details",
            vec![details(json!([lambda]))],
        ),
        (
            "with a role of another service",
            vec![details(json!([lambda, other]))],
        ),
        (
            "every list",
            vec![role_policy(ROLE, &half()), inline, attached],
        ),
        ("the role of a template without functions", vec![template]),
    ];
    for (index, (form, files)) in forms.iter().enumerate() {
        let (heads, printed) = found(&format!("all-{index}"), files, &["--vpc"]);
        assert_eq!(heads, [format!("error {ENI}")], "{form}: {printed}");
    }
}

#[test]
fn what_is_granted_is_silent_and_what_is_not_at_hand_is_undecided() {
    let granted = [role_policy(ROLE, &whole()), version(&whole()), whole()];
    for (index, file) in granted.into_iter().enumerate() {
        let (heads, printed) = found(&format!("granted-{index}"), &[file], &["--vpc"]);
        assert_eq!(heads, [""; 0], "{printed}");
    }
    let roles = [
        role_policy(ROLE, &of_logs()),
        role_policy("payments-role", &of_logs()),
    ];
    let only_trust = [json!({ "Role": role(ROLE, "lambda.amazonaws.com") })];
    let only_names = [json!({ "RoleName": ROLE, "PolicyNames": ["own"] })];
    let of_function = [configuration(&["subnet-1"]), role_policy(ROLE, &of_logs())];
    let open: [(&str, &[Value], &[&str], &str); 4] = [
        (
            "two",
            &roles,
            &["--vpc"],
            "aws lambda get-function-configuration",
        ),
        (
            "trust",
            &only_trust,
            &["--vpc"],
            "aws iam list-role-policies --role-name orders-role",
        ),
        (
            "names",
            &only_names,
            &["--vpc"],
            "aws iam get-role-policy --role-name orders-role --policy-name own",
        ),
        (
            "configuration",
            &of_function,
            &[],
            "aws iam list-role-policies --role-name orders-role",
        ),
    ];
    for (name, files, flags, command) in open {
        let (heads, printed) = found(&format!("open-{name}"), files, flags);
        assert_eq!(heads, [""; 0], "{name}: {printed}");
        assert!(printed.contains("undecided check"), "{name}: {printed}");
        assert!(printed.contains(command), "{name}: {printed}");
    }
}

#[test]
fn a_set_that_is_granted_in_part_is_found_in_every_form_of_a_policy() {
    const HALF: &str = "warning vpc/half-granted";
    let forms: [(&str, Vec<Value>, &[&str]); 8] = [
        ("a document", vec![half()], &[]),
        ("get-role-policy", vec![role_policy(ROLE, &half())], &[]),
        ("get-policy-version", vec![version(&half())], &[]),
        (
            "no role's name",
            vec![json!({ "PolicyName": "own", "PolicyDocument": half() })],
            &[],
        ),
        (
            "of several roles",
            vec![
                role_policy("payments-role", &of_logs()),
                role_policy(ROLE, &half()),
            ],
            &[],
        ),
        (
            "beside the configuration",
            vec![configuration(&["subnet-1"]), role_policy(ROLE, &half())],
            &[],
        ),
        (
            "for something else",
            vec![role_policy(ROLE, &half())],
            &["--trigger", "sns"],
        ),
        (
            "a document for something else",
            vec![half()],
            &["--trigger", "sns"],
        ),
    ];
    for (index, (form, files, flags)) in forms.iter().enumerate() {
        let (heads, printed) = found(&format!("half-{index}"), files, flags);
        assert_eq!(heads, [HALF], "{form}: {printed}");
    }
    // What the flags ask for is told once.
    let (heads, printed) = found("half-asked", &[role_policy(ROLE, &half())], &["--vpc"]);
    assert_eq!(heads, [format!("warning {ENI}")], "{printed}");
    // A function that is known to be in no VPC needs none of it.
    let files = [configuration(&[]), role_policy(ROLE, &half())];
    let (heads, printed) = found("half-unneeded", &files, &[]);
    assert_eq!(heads, [""; 0], "{printed}");
}

#[test]
fn flags_about_other_settings_and_flags_given_twice() {
    let files = [role_policy(ROLE, &of_logs())];
    let (heads, printed) = found("tracing", &files, &["--tracing", "--dead-letter", QUEUE]);
    let wanted = [
        "warning async/target-not-granted",
        "warning logging/traces-not-granted",
    ];
    assert_eq!(heads, wanted, "{printed}");
    let twice = ["--event-source", "sqs", "--event-source", "sqs"];
    let (heads, printed) = found("twice", &files, &twice);
    assert_eq!(heads, [format!("warning {READ}")], "{printed}");
    let queues = [QUEUE.to_owned(), format!("{QUEUE}-2")].map(|arn| format!("sqs={arn}"));
    let two = ["--event-source", &queues[0], "--event-source", &queues[1]];
    let (heads, printed) = found("two", &files, &two);
    assert_eq!(heads.len(), 2, "{printed}");
}

/// A network interface has no policy of its own, and is in the account of the role.
#[test]
fn a_whole_role_is_enough_for_its_own_account() {
    let attached = json!({ "AttachedPolicies": [{
        "PolicyName": "AWSLambdaVPCAccessExecutionRole",
        "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    }] });
    let files = [
        json!({ "Role": role("orders", "lambda.amazonaws.com") }),
        role_policy("orders", &of_logs()),
        attached,
        json!({ "PolicyNames": ["own"] }),
    ];
    let (found, text) = found("whole-role", &files, &["--vpc"]);
    assert_eq!(found, [""; 0], "{text}");
    assert!(!text.contains("vpc/"), "{text}");
}
