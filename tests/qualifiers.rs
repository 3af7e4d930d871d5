//! A permission is for the function itself, or for one of its versions and aliases: never for both, unless its ARN
//! says so.

use serde_json::{Value, json};

use crate::program::Folder;

const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";
const PLACE: [&str; 4] = ["--region", "eu-west-1", "--account", "123456789012"];

/// The findings of rules about invocations: rule, severity and the resource that is called.
fn refused(folder: &Folder, files: &[&str]) -> Vec<String> {
    let arguments = [files, &["--format", "json"], &PLACE].concat();
    let of_calls = folder.run(&arguments).findings_of("push-sources");
    let told = of_calls.iter().map(|finding| {
        let members = ["rule", "severity", "resource"];
        let members = members.map(|name| finding[name].as_str().unwrap_or("").to_owned());
        members.join(" ")
    });
    told.collect()
}

/// A function with two aliases and a version, and what more a template has.
fn template(more: &Value) -> Value {
    let trusts = |service: &str| {
        json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole" }]
        })
    };
    let alias = |name: &str| {
        let version = json!({ "Fn::GetAtt": ["Version", "Version"] });
        json!({
            "Type": "AWS::Lambda::Alias",
            "Properties": { "Name": name, "FunctionName": { "Ref": "Orders" }, "FunctionVersion": version }
        })
    };
    let mut resources = json!({
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trusts("lambda.amazonaws.com"),
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
            }
        },
        "Orders": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "orders",
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Role": { "Fn::GetAtt": ["Role", "Arn"] },
                "Code": { "ZipFile": "x" }
            }
        },
        "Version": { "Type": "AWS::Lambda::Version", "Properties": { "FunctionName": { "Ref": "Orders" } } },
        "Live": alias("live"),
        "Next": alias("next")
    });
    for (name, resource) in more.as_object().unwrap() {
        resources[name] = resource.clone();
    }
    json!({ "Resources": resources })
}

/// Ways to write each qualifier of the function in a template; all of one list are the same.
fn ways() -> [(&'static str, Vec<Value>); 4] {
    let arn = json!({ "Fn::GetAtt": ["Orders", "Arn"] });
    [
        (
            "",
            vec![
                arn.clone(),
                json!({ "Fn::Sub": "${Orders.Arn}" }),
                json!(ARN),
            ],
        ),
        (
            ":live",
            vec![
                json!({ "Ref": "Live" }),
                json!({ "Fn::Sub": "${Orders.Arn}:live" }),
                json!({ "Fn::Join": [":", [arn, "live"]] }),
                json!(format!("{ARN}:live")),
            ],
        ),
        (
            ":next",
            vec![
                json!({ "Ref": "Next" }),
                json!({ "Fn::Sub": "${Orders.Arn}:next" }),
            ],
        ),
        (":7", vec![json!(format!("{ARN}:7"))]),
    ]
}

#[test]
fn a_function_policy_is_for_one_qualifier() {
    let folder = Folder::new("qualifiers");
    for (called, written_calls) in ways() {
        for call in &written_calls {
            for (granted, written_grants) in ways() {
                for grant in &written_grants {
                    let text = template(&json!({
                        "Topic": {
                            "Type": "AWS::SNS::Topic",
                            "Properties": { "Subscription": [{ "Protocol": "lambda", "Endpoint": call }] }
                        },
                        "Permission": {
                            "Type": "AWS::Lambda::Permission",
                            "Properties": {
                                "Action": "lambda:InvokeFunction",
                                "FunctionName": grant,
                                "Principal": "sns.amazonaws.com",
                                "SourceArn": { "Ref": "Topic" }
                            }
                        }
                    }));
                    folder.write("template.json", text.to_string());
                    let expected = match called == granted {
                        true => Vec::new(),
                        false => vec![format!(
                            "push-sources/invoke-not-granted error {ARN}{called}"
                        )],
                    };
                    // A version that the template does not make has a policy that is not at hand.
                    let is_known = called != ":7" || granted == ":7";
                    let expected = expected.into_iter().filter(|_| is_known);
                    assert_eq!(
                        refused(&folder, &["template.json"]),
                        expected.collect::<Vec<_>>(),
                        "{call} by a permission for {grant}"
                    );
                }
            }
        }
    }
}

/// Resources of a statement, and for each of the calls whether it is covered.
const COVERED: [(&str, [bool; 4]); 12] = [
    ("", [true, false, false, false]),
    (":*", [false, true, true, true]),
    ("*", [true, true, true, true]),
    (":live", [false, true, false, false]),
    (":l*", [false, true, false, false]),
    (":????", [false, true, false, false]),
    (":7", [false, false, true, false]),
    (":$LATEST", [false, false, false, true]),
    (":live:*", [false, false, false, false]),
    (":live*", [false, true, false, false]),
    (":*:*", [false, false, false, false]),
    ("-v2", [false, false, false, false]),
];
const CALLS: [&str; 4] = ["", ":live", ":7", ":$LATEST"];

#[test]
fn a_role_may_call_the_very_arn_that_its_policy_names() {
    let folder = Folder::new("qualifiers-of-roles");
    for (suffix, covered) in COVERED {
        for (call, is_covered) in CALLS.iter().zip(covered) {
            let (resource, target) = (format!("{ARN}{suffix}"), format!("{ARN}{call}"));
            let policy = json!({
                "Version": "2012-10-17",
                "Statement": [{ "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": resource }]
            });
            let text = template(&json!({
                "Caller": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "RoleName": "caller",
                        "AssumeRolePolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": [{
                                "Effect": "Allow",
                                "Principal": { "Service": "scheduler.amazonaws.com" },
                                "Action": "sts:AssumeRole"
                            }]
                        },
                        "Policies": [{ "PolicyName": "invoke", "PolicyDocument": policy }]
                    }
                },
                "Nightly": {
                    "Type": "AWS::Scheduler::Schedule",
                    "Properties": {
                        "ScheduleExpression": "rate(1 day)",
                        "FlexibleTimeWindow": { "Mode": "OFF" },
                        "Target": { "Arn": target, "RoleArn": { "Fn::GetAtt": ["Caller", "Arn"] } }
                    }
                }
            }));
            folder.write("template.json", text.to_string());
            let said = format!("a call of {target} by a policy on {resource}");
            let severity = match *call {
                // The policy of a version that the template does not make could allow it as well.
                ":7" => "warning",
                _ => "error",
            };
            let expected = format!("push-sources/role-may-not-invoke {severity} {target}");
            let expected: Vec<String> = (!is_covered).then_some(expected).into_iter().collect();
            assert_eq!(refused(&folder, &["template.json"]), expected, "{said}");
            folder.write("policy.json", policy.to_string());
            let words = [
                "can",
                "policy",
                "lambda:InvokeFunction",
                &target,
                "policy.json",
            ];
            let answer = folder.run(&words).stdout;
            assert_eq!(
                answer.starts_with("allowed"),
                is_covered,
                "{said}: {answer}"
            );
        }
    }
}

const RULE: &str = r#"{
    "Name": "nightly",
    "Arn": "arn:aws:events:eu-west-1:123456789012:rule/nightly",
    "ScheduleExpression": "rate(1 day)",
    "State": "ENABLED"
}"#;

/// What `aws lambda get-policy` prints of a policy that lets a service invoke the function.
fn get_policy(qualifier: &str, service: &str) -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Id": "default",
        "Statement": [{
            "Sid": "rule",
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "lambda:InvokeFunction",
            "Resource": format!("{ARN}{qualifier}")
        }]
    });
    json!({ "Policy": policy.to_string(), "RevisionId": "1" }).to_string()
}

const NO_POLICY: &str = "An error occurred (ResourceNotFoundException) when calling the GetPolicy operation: \
                         The resource you requested does not exist.";

#[test]
fn the_answers_of_get_policy_are_told_apart_by_qualifier() {
    let folder = Folder::new("qualifiers-of-answers");
    folder.write("rule.json", RULE);
    let targets = |qualifier: &str| {
        json!({ "Targets": [{ "Id": "1", "Arn": format!("{ARN}{qualifier}") }] }).to_string()
    };
    folder.write("live.json", targets(":live"));
    folder.write("plain.json", targets(""));
    let events = "events.amazonaws.com";
    folder.write("policy.json", get_policy("", events));
    folder.write("policy-live.json", get_policy(":live", events));
    folder.write(
        "policy-live-of-s3.json",
        get_policy(":live", "s3.amazonaws.com"),
    );
    folder.write("none.txt", NO_POLICY);
    let error = |qualifier: &str| {
        vec![format!(
            "push-sources/invoke-not-granted error {ARN}{qualifier}"
        )]
    };
    let cases: [(&[&str], Vec<String>); 6] = [
        (&["live.json", "policy-live.json"], Vec::new()),
        (
            &["live.json", "policy.json", "policy-live.json"],
            Vec::new(),
        ),
        (
            &["live.json", "policy.json", "policy-live-of-s3.json"],
            error(":live"),
        ),
        (&["live.json", "policy.json", "none.txt"], error(":live")),
        (&["plain.json", "policy-live.json", "none.txt"], error("")),
        (&["plain.json", "policy.json"], Vec::new()),
    ];
    for (files, expected) in cases {
        let files = [&["rule.json"], files].concat();
        assert_eq!(refused(&folder, &files), expected, "{files:?}");
    }
    // Of the alias nothing is known: the command that prints its policy decides.
    let said = folder
        .run(&["rule.json", "live.json", "policy.json"])
        .stdout;
    assert!(
        said.contains("aws lambda get-policy --function-name orders --qualifier live"),
        "{said}"
    );
}
