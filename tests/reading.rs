//! What is read of a template: which documents are templates, what stands in them twice, and which names
//! the transform of SAM declares.

use serde_json::Value;

use crate::program::{Folder, Run};

/// The report on a template.
fn checked(folder: &Folder, template: &str) -> (Run, Value) {
    folder.write("t.yaml", template);
    let ran = folder.run(&["t.yaml", "--format", "json", "--show-undecided"]);
    let report = ran.json();
    (ran, report)
}

fn messages(list: &Value) -> Vec<String> {
    let entries = list.as_array().unwrap().iter();
    entries
        .map(|entry| entry["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn any_custom_type_is_a_custom_type() {
    let folder = Folder::new("custom-types");
    for kind in [
        "S3BucketNotification",
        "S3BucketNotificationz",
        "SNSPublisher",
        "x",
    ] {
        let template = format!(
            "Resources: {{C: {{Type: 'Custom::{kind}', Properties: {{ServiceToken: x}}}}}}"
        );
        let (ran, report) = checked(&folder, &template);
        assert_eq!(ran.status, Some(0), "{kind}: {report}");
    }
}

#[test]
fn what_makes_resources_is_a_template() {
    let folder = Folder::new("made-resources");
    let role = "{Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}";
    for (template, functions) in [
        (
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Each: [N, [A, B], {'${N}Function': {Type: 'AWS::Lambda::Function'}}]".to_owned(),
            2,
        ),
        (
            "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList}}\n\
             Resources:\n  Fn::ForEach::Each: [N, !Ref Names, {'${N}Function': {Type: 'AWS::Lambda::Function'}}]".to_owned(),
            0,
        ),
        ("Resources: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: 's3://b/k'}}}".to_owned(), 0),
        ("Transform: [Some::Macro]\nResources: {Queues: {Count: 3}}".to_owned(), 0),
        ("AWSTemplateFormatVersion: '2010-09-09'\nTransform: {Name: Some::Macro}\nQueues: 3".to_owned(), 0),
        (format!("Transform: Some::Macro\nResources: {{R: {role}}}"), 0),
    ] {
        let (ran, report) = checked(&folder, &template);
        assert_eq!(report["problems"], Value::Array(Vec::new()), "{template}");
        assert_ne!(ran.status, Some(2), "{template}");
        assert_eq!(report["summary"]["functions"], functions, "{template}");
    }
    let (ran, _) = checked(&folder, "Resources: {Queues: {Count: 3}}");
    assert_eq!(ran.status, Some(2));
}

/// A function that a topic invokes, with two permissions of one logical id.
fn twice(first: &str, second: &str) -> String {
    let permission = |topic: &str| {
        format!(
            "  P:\n    Type: AWS::Lambda::Permission\n    Properties: {{FunctionName: !Ref F, \
             Action: 'lambda:InvokeFunction', Principal: sns.amazonaws.com, SourceArn: !Ref {topic}}}\n"
        )
    };
    format!(
        "Resources:\n  T: {{Type: AWS::SNS::Topic}}\n  U: {{Type: AWS::SNS::Topic}}\n  \
         F: {{Type: AWS::Lambda::Function, Properties: {{Role: 'arn:aws:iam::123456789012:role/r'}}}}\n  \
         S: {{Type: AWS::SNS::Subscription, Properties: {{Protocol: lambda, TopicArn: !Ref T, Endpoint: !GetAtt F.Arn}}}}\n\
         {}{}",
        permission(first),
        permission(second)
    )
}

#[test]
fn of_two_resources_with_one_logical_id_the_last_counts() {
    let folder = Folder::new("logical-ids");
    for (first, second, errors) in [("T", "U", 1), ("U", "T", 0)] {
        for transform in ["", "Transform: AWS::Serverless-2016-10-31\n"] {
            let template = format!("{transform}{}", twice(first, second));
            let (_, report) = checked(&folder, &template);
            let said = messages(&report["findings"]);
            assert_eq!(report["summary"]["errors"], errors, "{said:?}");
            let duplicate = "duplicate logical ID `P`: CloudFormation ignores the first resource";
            assert!(said.iter().any(|message| message == duplicate), "{said:?}");
            assert!(
                !said.iter().any(|message| message.contains("statement ID")),
                "{said:?}"
            );
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_told_where_permissions_are() {
    let folder = Folder::new("keys-twice");
    let template =
        |section: &str| format!("{section}\nResources:\n  T: {{Type: AWS::SNS::Topic}}\n");
    for silent in [
        "Outputs: {A: {Value: a}, A: {Value: b}}",
        "Mappings: {M: {a: {x: 1}, a: {x: 2}}}",
        "Metadata: {A: {b: 1, b: 2}}",
        "Globals: {Function: {Timeout: 3, Timeout: 4}}",
    ] {
        let (_, report) = checked(&folder, &template(silent));
        assert_eq!(messages(&report["findings"]), [""; 0], "{silent}");
    }
    for told in [
        "Parameters: {A: {Type: String, Default: a, Default: b}}",
        "Globals: {Function: {VpcConfig: {SubnetIds: [a]}, VpcConfig: {SubnetIds: [b]}}}",
        "Resources: {Q: {Type: 'AWS::SQS::Queue'}}",
    ] {
        let (_, report) = checked(&folder, &template(told));
        assert_eq!(messages(&report["findings"]).len(), 1, "{told}");
    }
    let role = "R: {Type: AWS::IAM::Role, Metadata: {a: 1, a: 2}, Properties: {AssumeRolePolicyDocument: {Statement: \
                {Effect: Deny, Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}}}";
    let (_, report) = checked(&folder, &format!("Resources:\n  {role}\n"));
    let duplicate = "duplicate key `Effect`: CloudFormation ignores the first value";
    assert_eq!(messages(&report["findings"]), [duplicate]);
}

/// A serverless function with an event, and a parameter whose value is a reference.
fn referring(value: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nGlobals: {{Function: {{Timeout: 3}}}}\nResources:\n  \
         Ship:\n    Type: AWS::Serverless::Function\n    Properties: {{Handler: a.b, Runtime: python3.13, InlineCode: x, \
         Events: {{Nightly: {{Type: Schedule, Properties: {{Schedule: rate(1 day)}}}}}}}}\n  \
         Shop: {{Type: AWS::Serverless::Api, Properties: {{StageName: prod}}}}\n  \
         Names: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Value: {value}}}}}\n"
    )
}

#[test]
fn a_name_that_sam_does_not_make_is_told() {
    let folder = Folder::new("names-of-sam");
    for known in [
        "!Ref Ship",
        "!GetAtt ShipRole.Arn",
        "!Ref ShipNightly",
        "!Ref ShopprodStage",
        "!Ref Shop.Stage",
        "!Sub '${ShipNightlyPermission}'",
        "!Ref ShopDeployment0123456789",
    ] {
        let (_, report) = checked(&folder, &referring(known));
        assert_eq!(messages(&report["problems"]), [""; 0], "{known}");
    }
    for (unknown, help) in [
        ("!Ref Shipp", "did you mean `Ship`?"),
        ("!GetAtt ShipRoles.Arn", "did you mean `ShipRole`?"),
        ("!Ref ShipWeekly", "did you mean `ShipNightly`?"),
        (
            "!Sub '${ServerlessRestApi}'",
            "declare it, or use a declared name",
        ),
        ("!Ref Ship.Arn", "write `!GetAtt Ship.Arn` for an attribute"),
    ] {
        let (ran, report) = checked(&folder, &referring(unknown));
        assert_eq!(ran.status, Some(2), "{unknown}");
        let said = messages(&report["problems"]);
        assert!(
            said[0].ends_with("of this template, and SAM does not generate it"),
            "{said:?}"
        );
        if unknown != "!Ref ShipWeekly" {
            assert_eq!(report["problems"][0]["help"], help, "{unknown}");
        }
    }
    // What is included in a resource adds no other.
    let included =
        "{'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: !Ref Anything}}}";
    let (_, report) = checked(&folder, &referring(included));
    assert_eq!(messages(&report["problems"]), [""; 0]);
    let both = referring(included).replace("StageName: prod", "StageName: !Ref Anything");
    let (_, report) = checked(&folder, &both);
    assert_eq!(messages(&report["problems"]).len(), 1);
}

#[test]
fn a_template_in_json_may_have_commas_that_yaml_allows() {
    let folder = Folder::new("trailing-commas");
    let template = r#"{
  "Resources": {
    "Orders": { "Type": "AWS::Lambda::Function", "Properties": { "Role": "arn:aws:iam::123456789012:role/orders", }, },
    "Nightly": {
      "Type": "AWS::Events::Rule",
      "Properties": { "ScheduleExpression": "rate(1 day)", "Targets": [ { "Id": "a", "Arn": { "Fn::GetAtt": ["Orders", "Arn"] } }, ] },
    },
  }
}"#;
    folder.write("t.json", template);
    let ran = folder.run(&["t.json", "--format", "json"]);
    assert_eq!(ran.json()["problems"], Value::Array(Vec::new()));
    assert_eq!(ran.errors(), ["push-sources/invoke-not-granted"]);
    // IAM and the AWS CLI read only JSON, and what YAML does not allow either is wrong in any case.
    let policy = r#"{ "Version": "2012-10-17", "Statement": [], }"#;
    let broken = template.replace(
        "\"Type\": \"AWS::Events::Rule\",",
        "\"Type\" \"AWS::Events::Rule\",",
    );
    for text in [policy, &broken] {
        folder.write("t.json", text);
        let report = folder.run(&["t.json", "--format", "json"]).json();
        assert_eq!(messages(&report["problems"]).len(), 1, "{text}");
    }
}
