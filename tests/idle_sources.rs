//! Sources that are disabled or not used call nothing: what they lack breaks nothing until they do.

use serde_json::{Value, json};

use crate::program::Folder;

/// A template with a function, a role that allows nothing, and what calls the function.
fn template(type_name: &str, properties: &Value) -> Value {
    let trust = |service: &str| {
        json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole" }]
        })
    };
    json!({
        "Resources": {
            "Orders": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Handler": "index.handler", "Runtime": "python3.13", "Code": { "ZipFile": "x" },
                    "Role": "arn:aws:iam::123456789012:role/orders"
                }
            },
            "Caller": {
                "Type": "AWS::IAM::Role",
                "Properties": { "AssumeRolePolicyDocument": trust("scheduler.amazonaws.com") }
            },
            "Source": { "Type": type_name, "Properties": properties }
        }
    })
}

/// What is told about calls: severities and rules, and whether it is said that the source is off.
fn told(folder: &Folder, files: &[&str]) -> Vec<String> {
    let run = folder.run(&[files, &["--format", "json"]].concat());
    let findings = run.findings_of("push-sources").into_iter();
    let is_off = folder
        .run(files)
        .stdout
        .contains("does not invoke the function in its current state");
    let told = findings.map(|finding| {
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        let off = if is_off { " off" } else { "" };
        format!("{} {}{off}", text("severity"), text("rule"))
    });
    told.collect()
}

#[test]
fn what_a_source_lacks_that_is_turned_off_is_a_warning() {
    let folder = Folder::new("idle-sources");
    let function = json!({ "Fn::GetAtt": ["Orders", "Arn"] });
    let caller = json!({ "Fn::GetAtt": ["Caller", "Arn"] });
    let rule =
        json!({ "ScheduleExpression": "rate(1 day)", "Targets": [{ "Id": "a", "Arn": function }] });
    let schedule = json!({
        "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": { "Mode": "OFF" },
        "Target": { "Arn": function, "RoleArn": caller }
    });
    let alarm = json!({ "AlarmActions": [function] });
    let topic_rule = |is_off: bool| {
        let actions = json!([{ "Lambda": { "FunctionArn": function } }]);
        json!({ "TopicRulePayload": { "Sql": "SELECT *", "RuleDisabled": is_off, "Actions": actions } })
    };
    let with = |properties: &Value, name: &str, value: Value| {
        let mut properties = properties.clone();
        properties[name] = value;
        properties
    };
    let granted = "push-sources/invoke-not-granted";
    let by_role = "push-sources/role-may-not-invoke";
    for (type_name, on, off, id) in [
        (
            "AWS::Events::Rule",
            rule.clone(),
            with(&rule, "State", json!("DISABLED")),
            granted,
        ),
        (
            "AWS::Scheduler::Schedule",
            schedule.clone(),
            with(&schedule, "State", json!("DISABLED")),
            by_role,
        ),
        (
            "AWS::CloudWatch::Alarm",
            alarm.clone(),
            with(&alarm, "ActionsEnabled", json!(false)),
            granted,
        ),
        (
            "AWS::CloudWatch::Alarm",
            alarm.clone(),
            with(&alarm, "ActionsEnabled", json!("false")),
            granted,
        ),
        (
            "AWS::IoT::TopicRule",
            topic_rule(false),
            topic_rule(true),
            granted,
        ),
    ] {
        folder.write("on.json", template(type_name, &on).to_string());
        assert_eq!(told(&folder, &["on.json"]), [format!("error {id}")], "{on}");
        folder.write("off.json", template(type_name, &off).to_string());
        assert_eq!(
            told(&folder, &["off.json"]),
            [format!("warning {id} off")],
            "{off}"
        );
    }
    // EventBridge Scheduler checks that it can assume the role when it creates the schedule.
    let mut untrusted = template(
        "AWS::Scheduler::Schedule",
        &with(&schedule, "State", json!("DISABLED")),
    );
    let trust = &mut untrusted["Resources"]["Caller"]["Properties"]["AssumeRolePolicyDocument"];
    trust["Statement"][0]["Principal"]["Service"] = json!("events.amazonaws.com");
    folder.write("off.json", untrusted.to_string());
    let errors = folder.run(&["off.json", "--format", "json"]).errors();
    assert_eq!(errors, ["trust/source-not-trusted"]);
}

#[test]
fn answers_say_that_a_rule_is_turned_off() {
    let folder = Folder::new("idle-answers");
    folder.write(
        "function.json",
        json!({
            "FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "Role": "arn:aws:iam::123456789012:role/orders"
        })
        .to_string(),
    );
    let policy = "An error occurred (ResourceNotFoundException) when calling the GetPolicy operation: \
        The resource you requested does not exist.";
    folder.write("policy.txt", policy);
    let targets = json!({ "Targets": [{ "Id": "a", "Arn": "arn:aws:lambda:eu-west-1:123456789012:function:orders" }] });
    folder.write("targets.json", targets.to_string());
    // A schedule has a schedule expression, too, and is no rule.
    let schedule = json!({
        "Name": "weekly", "GroupName": "default", "State": "ENABLED", "ScheduleExpression": "rate(7 days)",
        "Arn": "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/weekly",
        "Target": { "Arn": "arn:aws:sqs:eu-west-1:123456789012:work", "RoleArn": "arn:aws:iam::123456789012:role/weekly" }
    });
    folder.write("schedule.json", schedule.to_string());
    let files = [
        "function.json",
        "policy.txt",
        "targets.json",
        "rule.json",
        "schedule.json",
    ];
    for (state, severity) in [("ENABLED", "error"), ("DISABLED", "warning")] {
        let rule = json!({
            "Name": "nightly", "Arn": "arn:aws:events:eu-west-1:123456789012:rule/nightly",
            "ScheduleExpression": "rate(1 day)", "State": state
        });
        folder.write("rule.json", rule.to_string());
        let told = told(&folder, &files);
        assert!(
            told.iter().all(|told| told.starts_with(severity)),
            "{told:?}"
        );
        assert_eq!(told.len(), 1);
    }
}

#[test]
fn an_authorizer_that_no_route_uses_lacks_nothing_yet() {
    let folder = Folder::new("idle-authorizers");
    let body = |schemes: &str, security: &str| {
        let invocation = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Check.Arn}/invocations'";
        let authorizer = format!("{{ type: request, authorizerUri: {invocation} }}");
        let own = format!(
            "Own: {{ type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {authorizer} }}"
        );
        format!(
            "{{ {schemes}{{ {own} }}{} , paths: {{ /orders: {{ get: {{ {security} x-amazon-apigateway-integration: {{ type: mock }} }} }} }} }}",
            if schemes.contains("components") {
                " }"
            } else {
                ""
            }
        )
    };
    for (type_name, schemes) in [
        (
            "AWS::ApiGateway::RestApi",
            "swagger: '2.0', securityDefinitions: ",
        ),
        (
            "AWS::ApiGateway::RestApi",
            "openapi: 3.0.1, components: { securitySchemes: ",
        ),
        (
            "AWS::ApiGatewayV2::Api",
            "openapi: 3.0.1, components: { securitySchemes: ",
        ),
    ] {
        for (security, severity) in [
            ("security: [{ Own: [] }],", "error"),
            ("security: [{ Other: [] }],", "warning"),
            ("", "warning"),
        ] {
            let template = format!(
                "Resources:
  Check:
    Type: AWS::Lambda::Function
    Properties: {{ Role: arn:aws:iam::123456789012:role/check }}
  Api: {{ Type: '{type_name}', Properties: {{ Body: {} }} }}
",
                body(schemes, security)
            );
            folder.write("t.yaml", template);
            let off = if severity == "warning" { " off" } else { "" };
            let expected = format!("{severity} push-sources/invoke-not-granted{off}");
            assert_eq!(
                told(&folder, &["t.yaml"]),
                [expected],
                "{schemes} {security}"
            );
        }
    }
}
