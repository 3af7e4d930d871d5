//! The names of services as principals: whatever form a policy has for a service, all commands
//! understand the same by it.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Folder, Run, root, run_in};

/// The Region of all samples.
const REGION: &str = "eu-west-1";

fn checked(text: &str) -> Run {
    run_in(&root(), &["--format", "json", "-"], text)
}

/// The service principals in a text that end with that suffix.
fn services(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(text) if name == "Service" => found.push(text.to_owned()),
                    _ => services(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| services(item, found)),
        _ => {}
    }
}

/// The same text with each service principal written in another way.
fn rewritten(text: &str, form: fn(&str) -> Option<Value>) -> Option<String> {
    let mut found = Vec::new();
    services(&serde_json::from_str(text).unwrap(), &mut found);
    found.sort();
    found.dedup();
    let mut text = text.to_owned();
    let mut is_other = false;
    for service in found {
        let Some(other) = service.strip_suffix(".amazonaws.com").and_then(form) else {
            continue;
        };
        is_other = true;
        text = text.replace(&format!("\"{service}\""), &other.to_string());
    }
    is_other.then_some(text)
}

/// The good samples of the rules about sources that invoke a function or assume a role.
fn samples() -> Vec<(String, String)> {
    let rules = [
        "push-sources/invoke-not-granted",
        "push-sources/role-may-not-invoke",
        "trust/source-not-trusted",
        "trust/lambda-not-trusted",
    ];
    let folders = rules.map(|rule| root().join("policies-samples").join(rule));
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let good = paths.filter(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("good")
    });
    good.map(|path| {
        (
            path.display().to_string(),
            fs::read_to_string(path).unwrap(),
        )
    })
    .collect()
}

/// A service without a Region and partition in its name.
fn is_plain(service: &str) -> bool {
    !service.contains(REGION)
}

#[test]
fn each_form_of_a_principal_stands_for_the_service_of_every_source() {
    let forms: [fn(&str) -> Option<Value>; 4] = [
        |s| is_plain(s).then(|| json!(format!("{s}.{REGION}.amazonaws.com"))),
        |s| is_plain(s).then(|| json!([format!("{s}.amazonaws.com"), "ec2.amazonaws.com"])),
        |s| {
            is_plain(s).then(|| json!(["ec2.amazonaws.com", format!("{s}.{REGION}.amazonaws.com")]))
        },
        |s| is_plain(s).then(|| json!(format!("{s}.{REGION}.amazonaws.com").to_uppercase())),
    ];
    let mut rewrites = 0;
    for (path, text) in samples() {
        for text in forms.iter().filter_map(|form| rewritten(&text, *form)) {
            assert_eq!(checked(&text).errors(), [""; 0], "{path}: {text}");
            rewrites += 1;
        }
    }
    assert!(rewrites > 200, "{rewrites}");
}

#[test]
fn in_china_principals_end_with_its_domain_as_well() {
    let china = |text: &str| {
        text.replace("arn:aws:", "arn:aws-cn:")
            .replace(REGION, "cn-north-1")
    };
    let forms: [fn(&str) -> Option<Value>; 2] = [
        |s| (is_plain(s) && s != "lambda").then(|| json!(format!("{s}.amazonaws.com.cn"))),
        |s| is_plain(s).then(|| json!(format!("{s}.cn-north-1.amazonaws.com.cn"))),
    ];
    for (path, text) in samples() {
        let text = china(&text);
        if checked(&text).errors() != [""; 0] {
            continue;
        }
        for text in forms.iter().filter_map(|form| rewritten(&text, *form)) {
            assert_eq!(checked(&text).errors(), [""; 0], "{path}: {text}");
        }
    }
}

/// A state machine with its role in a template; the principal in JSON.
fn machine(principal: &str, region: &str) -> Run {
    let template = json!({
        "Resources": {
            "Work": {
                "Type": "AWS::Serverless::Function",
                "Properties": { "Handler": "a.b", "Runtime": "python3.13", "InlineCode": "x" }
            },
            "Caller": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                        "Effect": "Allow",
                        "Principal": { "Service": serde_json::from_str::<Value>(principal).unwrap() },
                        "Action": "sts:AssumeRole"
                    }] },
                    "Policies": [{ "PolicyName": "invoke", "PolicyDocument": {
                        "Version": "2012-10-17", "Statement": [{
                            "Effect": "Allow", "Action": "lambda:InvokeFunction",
                            "Resource": { "Fn::GetAtt": ["Work", "Arn"] }
                        }]
                    } }]
                }
            },
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "RoleArn": { "Fn::GetAtt": ["Caller", "Arn"] },
                    "Definition": { "StartAt": "A", "States": { "A": {
                        "Type": "Task", "Resource": { "Fn::GetAtt": ["Work", "Arn"] }, "End": true
                    } } }
                }
            }
        },
        "Transform": "AWS::Serverless-2016-10-31"
    });
    let mut arguments = vec!["--format", "json"];
    let flag = format!("--region={region}");
    if !region.is_empty() {
        arguments.push(&flag);
    }
    arguments.push("-");
    run_in(&root(), &arguments, &template.to_string())
}

#[test]
fn a_template_can_build_a_principal_from_its_region_and_domain() {
    let forms = [
        r#"{"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}"#,
        r#"{"Fn::Sub": "states.${AWS::Region}.${AWS::URLSuffix}"}"#,
        r#"{"Fn::Sub": "states.${AWS::URLSuffix}"}"#,
        r#"{"Fn::Join": ["", ["states.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]]}"#,
        r#"{"Fn::Join": [".", ["states", {"Ref": "AWS::Region"}, "amazonaws.com"]]}"#,
        r#"["ec2.amazonaws.com", {"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}]"#,
        r#""states.amazonaws.com""#,
    ];
    for form in forms {
        for region in ["", "eu-west-1", "cn-north-1"] {
            let run = machine(form, region);
            assert_eq!(run.errors(), [""; 0], "{form} in {region}");
            let report = run.json();
            let open = report["undecided"].as_array().unwrap().iter();
            let of_trust = open.filter(|entry| entry["rule"] == "trust/source-not-trusted");
            assert_eq!(of_trust.count(), 0, "{form} in {region}: {}", run.stdout);
        }
    }
}

#[test]
fn the_principal_of_another_region_is_another_service() {
    let of_ireland = r#""states.eu-west-1.amazonaws.com""#;
    assert_eq!(machine(of_ireland, "eu-west-1").errors(), [""; 0]);
    let elsewhere = machine(of_ireland, "eu-west-2");
    assert_eq!(elsewhere.errors(), ["trust/source-not-trusted"]);
    let note = "`states.eu-west-1.amazonaws.com` is the principal of the service in eu-west-1 only";
    assert!(elsewhere.stdout.contains(note), "{}", elsewhere.stdout);
    // In which Region the stack is made is not known.
    let open = machine(of_ireland, "");
    assert_eq!(open.errors(), [""; 0]);
    let why = "`states.eu-west-1.amazonaws.com`";
    assert!(open.stdout.contains(why), "{}", open.stdout);
    for other in [
        r#""scheduler.amazonaws.com""#,
        r#"{"Fn::Sub": "events.${AWS::Region}.amazonaws.com"}"#,
    ] {
        assert_eq!(machine(other, "").errors(), ["trust/source-not-trusted"]);
    }
}

/// A role for a function, with the service that its trust policy names.
fn execution_role(partition: &str, service: &str) -> String {
    json!({
        "RoleName": "orders-role",
        "Arn": format!("arn:{partition}:iam::123456789012:role/orders-role"),
        "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole"
        }] }
    })
    .to_string()
}

#[test]
fn a_principal_that_aws_rejects_stands_for_nothing() {
    let bundle = |partition: &str, region: &str, service: &str| {
        let role = execution_role(partition, service);
        let arn = format!("arn:{partition}:lambda:{region}:123456789012:function:orders");
        let role_arn = format!("arn:{partition}:iam::123456789012:role/orders-role");
        format!(
            r#"{{"Configuration": {{"FunctionName": "orders", "FunctionArn": "{arn}", "Role": "{role_arn}"}},
                "Role": {role}}}"#
        )
    };
    let rejected = checked(&bundle("aws-cn", "cn-north-1", "lambda.amazonaws.com.cn"));
    assert_eq!(rejected.errors(), ["trust/lambda-not-trusted"]);
    let note = "AWS does not accept `lambda.amazonaws.com.cn` as a principal";
    assert!(rejected.stdout.contains(note), "{}", rejected.stdout);
    for (partition, region, service) in [
        ("aws-cn", "cn-north-1", "lambda.amazonaws.com"),
        ("aws", "eu-west-1", "lambda.eu-west-1.amazonaws.com"),
    ] {
        assert_eq!(
            checked(&bundle(partition, region, service)).errors(),
            [""; 0]
        );
    }
}

#[test]
fn a_topic_of_a_region_that_is_enabled_by_hand_calls_with_its_region() {
    let bundle = |service: &str| {
        let function = "arn:aws:lambda:us-east-1:123456789012:function:orders";
        let topic = "arn:aws:sns:ap-east-1:123456789012:orders";
        json!({
            "Configuration": { "FunctionName": "orders", "FunctionArn": function,
                "Role": "arn:aws:iam::123456789012:role/orders-role" },
            "Policy": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": { "Service": service },
                "Action": "lambda:InvokeFunction", "Resource": function,
                "Condition": { "ArnLike": { "AWS:SourceArn": topic } }
            }] },
            "Subscriptions": [{ "Protocol": "lambda", "Endpoint": function, "TopicArn": topic,
                "SubscriptionArn": format!("{topic}:6b0e71bd-7e97-4d97-80ce-4a0994e55286"),
                "Owner": "123456789012" }]
        })
        .to_string()
    };
    assert_eq!(
        checked(&bundle("sns.ap-east-1.amazonaws.com")).errors(),
        [""; 0]
    );
    let global = checked(&bundle("sns.amazonaws.com"));
    assert_eq!(global.errors(), ["push-sources/invoke-not-granted"]);
    assert!(
        global
            .stdout
            .contains("\"Service\": \"sns.ap-east-1.amazonaws.com\""),
        "{}",
        global.stdout
    );
}

#[test]
fn questions_understand_a_principal_as_checking_does() {
    let folder = Folder::new("principals");
    for (service, asked, answer) in [
        (
            "states.eu-west-1.amazonaws.com",
            "states.eu-west-1.amazonaws.com",
            Some(0),
        ),
        (
            "states.amazonaws.com",
            "states.eu-west-1.amazonaws.com",
            Some(0),
        ),
        (
            "states.eu-west-1.amazonaws.com",
            "states.eu-west-2.amazonaws.com",
            Some(1),
        ),
        (
            "states.eu-west-1.amazonaws.com",
            "scheduler.amazonaws.com",
            Some(1),
        ),
    ] {
        folder.write(
            "role.json",
            format!(r#"{{"Role": {}}}"#, execution_role("aws", service)),
        );
        let run = folder.run(&["can", asked, "sts:AssumeRole", "orders-role", "role.json"]);
        assert_eq!(run.status, answer, "{service}, {asked}: {}", run.stdout);
    }
}

/// A rule or target group that calls a function of a template without a permission.
fn calling(source: &Value, role_actions: &str) -> Run {
    let template = json!({
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Work": {
                "Type": "AWS::Serverless::Function",
                "Properties": { "Handler": "a.b", "Runtime": "python3.13", "InlineCode": "x" }
            },
            "OfRule": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                        "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" },
                        "Action": "sts:AssumeRole"
                    }] },
                    "Policies": [{ "PolicyName": "own", "PolicyDocument": {
                        "Version": "2012-10-17", "Statement": [{
                            "Effect": "Allow", "Action": role_actions, "Resource": "*"
                        }]
                    } }]
                }
            },
            "Source": source
        }
    });
    checked(&template.to_string())
}

/// The reasons of the checks of a rule that stay undecided.
fn reasons(run: &Run, rule: &str) -> Vec<String> {
    let report = run.json();
    let open = report["undecided"].as_array().unwrap().iter();
    let of_rule = open.filter(|entry| entry["rule"] == rule);
    of_rule
        .map(|entry| entry["reason"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_aws_leaves_open_of_a_source_stays_open() {
    let function = json!({ "Fn::GetAtt": ["Work", "Arn"] });
    let rule = |role: Value| {
        json!({ "Type": "AWS::Events::Rule", "Properties": { "ScheduleExpression": "rate(1 day)",
            "RoleArn": role, "Targets": [{ "Id": "a", "Arn": function }] } })
    };
    let missing = "push-sources/invoke-not-granted";
    let own = json!({ "Fn::GetAtt": ["OfRule", "Arn"] });
    let may = calling(&rule(own.clone()), "lambda:InvokeFunction");
    assert_eq!(may.errors(), [""; 0]);
    assert!(
        reasons(&may, missing)[0].contains("the role of the rule"),
        "{}",
        may.stdout
    );
    let elsewhere = json!("arn:aws:iam::123456789012:role/of-rule");
    assert_eq!(calling(&rule(elsewhere), "s3:GetObject").errors(), [""; 0]);
    // A role that does not allow it changes nothing.
    assert_eq!(calling(&rule(own), "s3:GetObject").errors(), [missing]);
    let group = json!({ "Type": "AWS::VpcLattice::TargetGroup",
        "Properties": { "Type": "LAMBDA", "Targets": [{ "Id": function }] } });
    let group = calling(&group, "s3:GetObject");
    assert_eq!(group.errors(), [""; 0]);
    assert!(
        reasons(&group, missing)[0].contains("CloudFormation"),
        "{}",
        group.stdout
    );
}

#[test]
fn a_condition_on_the_source_is_met_by_the_source() {
    let trusting = |condition: Value| {
        let mut template: Value = serde_json::from_str(STATE_MACHINE).unwrap();
        let role = &mut template["Resources"]["Caller"]["Properties"]["AssumeRolePolicyDocument"];
        role["Statement"][0]["Condition"] = condition;
        checked(&template.to_string())
    };
    let arn = |name: &str| {
        let form = "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:";
        json!({ "Fn::Sub": format!("{form}{name}") })
    };
    let rule = "trust/source-not-trusted";
    for condition in [
        json!({ "ArnEquals": { "aws:SourceArn": arn("orders") } }),
        json!({ "ArnLike": { "aws:SourceArn": arn("*") } }),
        json!({ "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } }),
    ] {
        let run = trusting(condition.clone());
        assert_eq!(run.errors(), [""; 0], "{condition}");
        assert_eq!(reasons(&run, rule), [""; 0], "{condition}");
    }
    let other = json!({ "ArnEquals": { "aws:SourceArn": arn("another") } });
    assert_eq!(trusting(other).errors(), [rule]);
}

const STATE_MACHINE: &str = r#"{"Transform": "AWS::Serverless-2016-10-31", "Resources": {
    "Work": {"Type": "AWS::Serverless::Function",
        "Properties": {"Handler": "a.b", "Runtime": "python3.13", "InlineCode": "x"}},
    "Caller": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "lambda:InvokeFunction",
                "Resource": {"Fn::GetAtt": ["Work", "Arn"]}}]}}]}},
    "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "StateMachineName": "orders", "RoleArn": {"Fn::GetAtt": ["Caller", "Arn"]},
        "Definition": {"StartAt": "A", "States": {"A": {"Type": "Task",
            "Resource": {"Fn::GetAtt": ["Work", "Arn"]}, "End": true}}}}}}}"#;
