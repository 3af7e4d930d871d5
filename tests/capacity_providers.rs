//! The operator role of a capacity provider: Lambda manages the instances with it, and no function runs with it.

use serde_json::{Value, json};

use crate::program::Folder;

/// Answers about a function and a capacity provider, with a role of that name whose policy and trust are these.
fn answers(folder: &Folder, role: &str, service: &str, statement: &Value) {
    let function = json!({
        "FunctionName": "orders",
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"
    });
    let provider = json!({ "CapacityProvider": {
        "CapacityProviderArn": "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:instances",
        "PermissionsConfig": { "CapacityProviderOperatorRoleArn": "arn:aws:iam::123456789012:role/operator" }
    } });
    let trust = json!({ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole" });
    let document = |statement: &Value| json!({ "Version": "2012-10-17", "Statement": [statement] });
    let details = json!({ "RoleDetailList": [{
        "RoleName": role,
        "Arn": format!("arn:aws:iam::123456789012:role/{role}"),
        "AssumeRolePolicyDocument": document(&trust),
        "RolePolicyList": [{ "PolicyName": "own", "PolicyDocument": document(statement) }],
        "AttachedManagedPolicies": []
    }] });
    folder.write("function.json", function.to_string());
    folder.write("provider.json", provider.to_string());
    folder.write("roles.json", details.to_string());
}

const FILES: [&str; 5] = [
    "function.json",
    "provider.json",
    "roles.json",
    "--format",
    "json",
];

#[test]
fn the_operator_role_lets_lambda_manage_instances() {
    let folder = Folder::new("operator-roles");
    let allow = |actions: &str, resource: &str| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let lambda = "lambda.amazonaws.com";
    let not_granted = "features/operator-role-not-granted";
    for (role, service, statement, rules) in [
        ("operator", lambda, allow("ec2:*", "*"), vec![]),
        (
            "operator",
            lambda,
            allow("ec2:Describe*", "*"),
            vec![not_granted],
        ),
        (
            "operator",
            "ec2.amazonaws.com",
            allow("ec2:*", "*"),
            vec!["trust/operator-not-trusted"],
        ),
        // A role that nothing names as an operator role is not asked for its rights.
        ("another", lambda, allow("ec2:Describe*", "*"), vec![]),
    ] {
        answers(&folder, role, service, &statement);
        let run = folder.run(&FILES);
        assert_eq!(
            run.errors(),
            rules,
            "{role} {service} {statement}: {}",
            run.stdout
        );
    }
}

#[test]
fn what_only_some_resources_are_granted_for_is_undecided() {
    let folder = Folder::new("operator-subnets");
    let subnets = json!({
        "Effect": "Allow", "Action": ["ec2:RunInstances", "ec2:CreateNetworkInterface"],
        "Resource": "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0123456789abcdef0"
    });
    let rest = json!({ "Effect": "Allow", "Action": "ec2:*", "Resource": [
        "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:network-interface/*", "arn:aws:ec2:*:*:volume/*",
        "arn:aws:ec2:*:*:security-group/*", "arn:aws:ec2:*::image/*"
    ] });
    let describe = json!({ "Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*" });
    answers(&folder, "operator", "lambda.amazonaws.com", &describe);
    let text = std::fs::read_to_string(folder.path().join("roles.json")).unwrap();
    let mut details: Value = serde_json::from_str(&text).unwrap();
    let document = &mut details["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"];
    document["Statement"] = json!([subnets, rest, describe]);
    folder.write("roles.json", details.to_string());
    let run = folder.run(&[&FILES[..], &["--show-undecided"]].concat());
    assert_eq!(run.errors(), [""; 0]);
    let undecided = run.json()["undecided"].to_string();
    assert!(
        undecided.contains("features/operator-role-not-granted"),
        "{undecided}"
    );
}
