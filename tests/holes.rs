//! What is unknown before deployment: wherever a function of the template stands in place of a
//! value, an object or a list, nothing is said that might not be so.

use std::collections::BTreeSet;

use lint_lambda::{Catalogue, Hints, Input, Packs, Scope, SourceMap, analyze, lint};
use serde_json::{Value, json};

/// A function with all kinds of policies, none of which lacks anything.
fn good() -> Value {
    let trust = |service: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})
    };
    let arn = |name: &str| json!({"Fn::GetAtt": [name, "Arn"]});
    let logs = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
    json!({"Resources": {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
             "Action": "kms:*", "Resource": "*"}]}}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": arn("Key")}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
            "ManagedPolicyArns": [logs],
            "Policies": [{"PolicyName": "orders", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Resource": arn("Queue"),
                 "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"],
                 "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*"}}},
                {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": arn("Key")}]}}]}},
        "Orders": {"Type": "AWS::Lambda::Function", "Properties": {
            "Handler": "index.handler", "Runtime": "nodejs22.x", "Code": {"ZipFile": "x"}, "Role": arn("Role"),
            "VpcConfig": {"SubnetIds": ["subnet-0a1b2c3d4e5f60718"], "SecurityGroupIds": ["sg-0c1d2e3f405162738"]},
            "DeadLetterConfig": {"TargetArn": arn("Queue")}}},
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "FunctionName": {"Ref": "Orders"}, "EventSourceArn": arn("Queue")}},
        "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {
            "Protocol": "lambda", "TopicArn": {"Ref": "Topic"}, "Endpoint": arn("Orders")}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "Orders"}, "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com", "SourceArn": {"Ref": "Topic"}}}}})
}

/// The same with a fault in each kind of policy, none of which anything else can mend.
fn broken() -> Value {
    let mut template = good();
    let resources = &mut template["Resources"];
    let deny = json!({"Effect": "Deny", "Action": "sqs:*", "Resource": "*"});
    let role = &mut resources["Role"]["Properties"];
    role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"] =
        json!("ec2.amazonaws.com");
    role["ManagedPolicyArns"] =
        json!(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]);
    let statements = &mut role["Policies"][0]["PolicyDocument"]["Statement"];
    statements.as_array_mut().unwrap().push(deny);
    resources["Permission"]["Properties"]["Principal"] = json!("s3.amazonaws.com");
    template
}

/// What stands in place of a value that only the deployment knows.
fn holes() -> [Value; 3] {
    [
        json!({"Fn::GetAtt": ["Json", "Value"]}),
        json!({"Fn::Transform": {"Name": "Some::Macro", "Parameters": {}}}),
        json!({"Fn::If": ["Imported", {"Fn::GetAtt": ["Json", "One"]}, {"Fn::GetAtt": ["Json", "Other"]}]}),
    ]
}

/// What is said of a template: errors and warnings, each with its rule, function and actions; problems;
/// and whether something is left open.
struct Said {
    findings: BTreeSet<String>,
    problems: Vec<String>,
    rules_left_open: BTreeSet<String>,
}

fn said(template: &Value, catalogue: &Catalogue, packs: &Packs) -> Said {
    let mut template = template.clone();
    template["Resources"]["Json"] = json!({"Type": "Custom::Json", "Properties": {"ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:json"}});
    template["Conditions"] = json!({"Imported": {"Fn::Equals": [{"Fn::ImportValue": "a"}, "b"]}});
    let mut sources = SourceMap::default();
    let file = sources.add("t.json", &template.to_string()).unwrap();
    let scope = Scope::new([".", "t.json"]);
    let input = Input {
        file,
        scope,
        named: true,
        role: lint_lambda::InputRole::Checked,
    };
    let analysis = analyze(&mut sources, &[input], &Hints::default(), catalogue);
    let outcome = lint(&sources, &analysis, packs, catalogue);
    let findings = outcome.findings.iter();
    let findings = findings.map(|f| format!("{:?} {} {:?}", f.severity, f.rule, f.subject.actions));
    let undecided = outcome.undecided.iter();
    let open = undecided.flat_map(|u| u.also.iter().chain([&u.rule]).map(ToString::to_string));
    Said {
        findings: findings.collect(),
        problems: analysis.problems.into_iter().map(|p| p.message).collect(),
        rules_left_open: open.collect(),
    }
}

/// The pointers to every value in the properties of resources.
fn places(node: &Value, path: &str, places: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match node {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let path = format!("{path}/{name}");
        // What is in a call is no value of a property.
        if name == "Ref" || name.starts_with("Fn::") {
            continue;
        }
        if path.contains("/Properties") {
            places.push(path.clone());
        }
        self::places(value, &path, places);
    }
}

/// Each template with a hole in one of its places.
fn with_holes(template: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    places(template, "", &mut all);
    let mut variants = Vec::new();
    for place in all {
        for hole in holes() {
            let mut variant = template.clone();
            let label = format!("{place}: {hole}");
            *variant.pointer_mut(&place).unwrap() = hole;
            variants.push((label, variant));
        }
    }
    variants
}

#[test]
fn a_hole_makes_no_fault() {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let whole = said(&good(), &catalogue, &packs);
    assert_eq!(whole.findings, BTreeSet::new());
    assert_eq!(whole.rules_left_open, BTreeSet::new());
    let variants = with_holes(&good());
    assert!(variants.len() > 200, "{}", variants.len());
    for (label, variant) in variants {
        let said = said(&variant, &catalogue, &packs);
        assert_eq!(said.findings, BTreeSet::new(), "{label}");
        assert_eq!(said.problems, [""; 0], "{label}");
    }
}

#[test]
fn a_hole_hides_no_fault_without_a_word() {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let whole = said(&broken(), &catalogue, &packs);
    let errors = whole.findings.iter().filter(|f| f.starts_with("Error"));
    assert!(errors.count() >= 5, "{:#?}", whole.findings);
    let mut hidden = Vec::new();
    // Where there may be no trigger, or another role, nothing is asked; and of a statement that is not
    // known, it is presumed that it denies nothing that others allow.
    let decides = |label: &str| {
        [
            "Properties:",
            "Subscription/",
            "Orders/Properties/Role:",
            "Statement/2:",
        ]
        .iter()
        .any(|part| label.contains(part))
    };
    for (label, variant) in with_holes(&broken()) {
        let said = said(&variant, &catalogue, &packs);
        let new: Vec<_> = said.findings.difference(&whole.findings).collect();
        assert_eq!(new, [""; 0], "{label}");
        assert_eq!(said.problems, [""; 0], "{label}");
        for gone in whole.findings.difference(&said.findings) {
            let rule = gone.split(' ').nth(1).unwrap();
            // What is wrong with the words of a document is gone with them.
            let is_open =
                said.rules_left_open.contains(rule) || rule.starts_with("policy-document/");
            if !is_open && !decides(&label) {
                hidden.push(format!("{label}: {gone}"));
            }
        }
    }
    assert_eq!(hidden, [""; 0]);
}
