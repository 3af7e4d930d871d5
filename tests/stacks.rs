//! Stacks that belong together: what CDK makes of an app, nested stacks, exports, and loops.

use std::fs;

use serde_json::Value;

use crate::program::{Folder, root, run};

/// The functions and rules of what is found, and how many checks are undecided.
fn found(report: &str) -> (Vec<String>, u64) {
    let report: Value = serde_json::from_str(report).unwrap();
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    let findings = report["findings"].as_array().unwrap().iter();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut found: Vec<String> = findings
        .map(|finding| format!("{} {}", word(&finding["function"]), word(&finding["rule"])))
        .collect();
    found.sort();
    let undecided = report["summary"]["undecided"].as_u64().unwrap();
    (found, undecided)
}

fn of_app(name: &str) -> (Vec<String>, u64) {
    let path = format!("tests/fixtures/cdk/{name}");
    found(&run(&[&path, "--format", "json"]).stdout)
}

#[test]
fn nested_stacks_and_imports_are_followed() {
    let unread = "poll-sources/actions-not-granted";
    let faults = vec![
        format!("OrdersA9B65338 {unread}"),
        format!("ShipC2EE6D16 {unread}"),
    ];
    assert_eq!(of_app("nested"), (faults, 0));
}

#[test]
fn a_manifest_tells_where_stacks_are_deployed() {
    let (found, undecided) = of_app("env");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(undecided, 0);
    let told = run(&["tests/fixtures/cdk/env"]).stdout;
    assert!(
        told.contains("arn:aws:sqs:eu-west-1:123456789012:prod-orders"),
        "{told}"
    );
}

#[test]
fn findings_name_the_construct() {
    let told = run(&["tests/fixtures/cdk/orders-broken", "--format", "plain"]).stdout;
    assert!(
        told.contains("`OrdersA9B65338` (`OrdersStack/Orders`)"),
        "{told}"
    );
    assert!(told.contains("8 errors, 1 warning"), "{told}");
}

#[test]
fn what_a_manifest_does_not_name_is_left_over() {
    let folder = Folder::new("left-over");
    let app = root().join("tests/fixtures/cdk/env");
    let read = |name: &str| fs::read_to_string(app.join(name)).unwrap();
    folder.write("cdk.out/manifest.json", read("manifest.json"));
    folder.write(
        "cdk.out/OrdersStack.template.json",
        read("OrdersStack.template.json"),
    );
    let broken = fs::read_to_string(root().join("policies-samples/templates/orders.yaml"));
    folder.write("cdk.out/Old.template.yaml", broken.unwrap());
    folder.write(
        "cdk.out/asset.1234/policy.json",
        "{\"Statement\": [{\"Effect\": \"Alow\"}]}",
    );
    let ran = folder.run(&["cdk.out", "--format", "json"]);
    assert_eq!(found(&ran.stdout).0, [""; 0], "{}", ran.stdout);
    let alone = folder.run(&["cdk.out/manifest.json"]);
    assert_eq!(alone.status, Some(2));
    assert!(alone.stdout.contains("pass the folder"), "{}", alone.stdout);
}

const TRUST: &str = "AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, \
                     Action: sts:AssumeRole}}";

#[test]
fn a_nested_stack_gets_values_and_gives_outputs() {
    let folder = Folder::new("nesting");
    let child = format!(
        "Parameters: {{Queue: {{Type: String}}}}\n\
         Outputs: {{Role: {{Value: !GetAtt Role.Arn}}}}\n\
         Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      {TRUST}\n      \
         ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]\n      \
         Policies:\n      - PolicyName: a\n        PolicyDocument:\n          Statement: {{Effect: Allow, \
         Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: !Ref Queue}}\n"
    );
    let parent = |queue: &str| {
        format!(
            "Resources:\n  Queue: {{Type: AWS::SQS::Queue}}\n  Other: {{Type: AWS::SQS::Queue}}\n  \
             Inner: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: inner/child.yaml, \
             Parameters: {{Queue: !GetAtt {queue}.Arn}}}}}}\n  \
             F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Inner.Outputs.Role}}}}\n  \
             M: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: !Ref F, \
             EventSourceArn: !GetAtt Queue.Arn}}}}\n"
        )
    };
    folder.write("inner/child.yaml", child);
    folder.write("parent.yaml", parent("Queue"));
    let run = || folder.run(&[".", "--format", "json"]).stdout;
    assert_eq!(found(&run()), (Vec::new(), 0));
    folder.write("parent.yaml", parent("Other"));
    assert_eq!(found(&run()).0, ["F poll-sources/actions-not-granted"]);
}

#[test]
fn a_loop_makes_a_resource_for_each_value() {
    let folder = Folder::new("loops");
    let template = |values: &str| {
        format!(
            "Transform: AWS::LanguageExtensions\n\
             Parameters: {{Names: {{Type: CommaDelimitedList, Default: 'A,B'}}}}\n\
             Resources:\n  F: {{Type: AWS::Lambda::Function, Properties: {{Role: 'arn:aws:iam::123456789012:role/r'}}}}\n  \
             Fn::ForEach::Rules:\n  - Name\n  - !Ref Names\n  - Rule${{Name}}:\n      Type: AWS::Events::Rule\n      \
             Properties: {{ScheduleExpression: rate(1 day), Targets: [{{Id: a, Arn: !GetAtt F.Arn}}]}}\n  \
             Fn::ForEach::Permissions:\n  - Name\n  - {values}\n  - Permission${{Name}}:\n      Type: AWS::Lambda::Permission\n      \
             Properties: {{FunctionName: !Ref F, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, \
             SourceArn: !GetAtt [!Sub 'Rule${{Name}}', Arn]}}\n"
        )
    };
    let run = |values: &str| {
        folder.write("t.yaml", template(values));
        found(&folder.run(&["t.yaml", "--format", "json"]).stdout).0
    };
    assert_eq!(run("!Ref Names"), [""; 0]);
    assert_eq!(run("[A]"), ["F push-sources/invoke-not-granted"]);
}

#[test]
fn what_another_template_grants_by_name_counts() {
    let folder = Folder::new("grants-by-name");
    folder.write(
        "app.yaml",
        "Resources:\n  \
         F: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders, Role: !GetAtt R.Arn}}\n  \
         R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: orders-role\n      \
         AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}\n      \
         ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']\n  \
         E: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:q'}}\n  \
         Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt F.Arn}]}}\n",
    );
    let alone = found(&folder.run(&["app.yaml", "--format", "json"]).stdout);
    assert_eq!(alone.0.len(), 2, "{alone:?}");
    folder.write(
        "grants.yaml",
        "Resources:\n  \
         P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: orders, Action: 'lambda:InvokeFunction', Principal: events.amazonaws.com, SourceAccount: '123456789012'}}\n  \
         Q:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: q\n      Roles: [orders-role]\n      \
         PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}\n",
    );
    let both = found(&folder.run(&[".", "--format", "json"]).stdout);
    assert_eq!(both.0, [""; 0]);
}
