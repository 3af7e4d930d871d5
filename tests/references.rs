//! References that give something else than their property takes: they are found wherever they stand and
//! however they are written, and their edits mend them.

use std::fmt::Write;

use serde_json::Value;

use crate::program::Folder;

const RULE: &str = "template/wrong-reference";

/// Resources that properties can refer to, each with a reference of its own kind.
const RESOURCES: &str = r#"
Parameters:
  Given: { Type: String }
  Stage: { Type: String, Default: test }
Conditions:
  InTest: !Equals [!Ref Stage, test]
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
  Bucket: { Type: AWS::S3::Bucket }
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { StreamSpecification: { StreamViewType: NEW_IMAGE } }
  Stream: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }
  Logs: { Type: AWS::Logs::LogGroup }
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [] } } }
  Machine: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: !Ref Given } }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: orders, ProtocolType: HTTP } }
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Statement: [] } } }
  Function:
    Type: AWS::Lambda::Function
    Properties: { Role: !Ref Given, Handler: orders.handler, Runtime: python3.13, Code: { ZipFile: x } }
"#;

/// What a resource of a type says in flow style, with `HERE` for the reference; the reference that is wrong
/// there; what is said; what to write; and whether that is an error.
const WRONG: &[(&str, &str, &str, &str, &str, bool)] = &[
    (
        "AWS::Lambda::Function",
        "Role: HERE",
        "Role",
        "`Ref` returns the name of `Role`, but `Role` expects an ARN",
        "Role.Arn",
        true,
    ),
    (
        "AWS::Lambda::Function",
        "DeadLetterConfig: { TargetArn: HERE }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `TargetArn` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::Lambda::Function",
        "KmsKeyArn: HERE",
        "Key",
        "`Ref` returns the ID of `Key`, but `KmsKeyArn` expects an ARN",
        "Key.Arn",
        true,
    ),
    (
        "AWS::Lambda::Function",
        "LoggingConfig: { LogGroup: HERE }",
        "Logs.Arn",
        "`Fn::GetAtt` of `Arn` returns the ARN of `Logs`, but `LogGroup` expects a name",
        "Logs",
        true,
    ),
    (
        "AWS::Lambda::EventInvokeConfig",
        "DestinationConfig: { OnSuccess: { Destination: HERE } }",
        "Function",
        "`Ref` returns the name of `Function`, but `Destination` expects an ARN",
        "Function.Arn",
        true,
    ),
    (
        "AWS::Lambda::EventInvokeConfig",
        "DestinationConfig: { OnFailure: { Destination: HERE } }",
        "Topic.TopicName",
        "`Fn::GetAtt` of `TopicName` returns the name of `Topic`, but `Destination` expects an ARN",
        "Topic",
        true,
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: HERE",
        "Stream",
        "`Ref` returns the name of `Stream`, but `EventSourceArn` expects an ARN",
        "Stream.Arn",
        true,
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: HERE",
        "Table",
        "`Ref` returns the name of `Table`, but `EventSourceArn` expects an ARN",
        "Table.StreamArn",
        true,
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "DestinationConfig: { OnFailure: { Destination: HERE } }",
        "Bucket",
        "`Ref` returns the name of `Bucket`, but `Destination` expects an ARN",
        "Bucket.Arn",
        true,
    ),
    (
        "AWS::Lambda::Permission",
        "SourceArn: HERE",
        "Bucket",
        "`Ref` returns the name of `Bucket`, but `SourceArn` expects an ARN",
        "Bucket.Arn",
        true,
    ),
    (
        "AWS::Events::Rule",
        "Targets: [{ Id: a, Arn: HERE }]",
        "Function",
        "`Ref` returns the name of `Function`, but `Arn` expects an ARN",
        "Function.Arn",
        true,
    ),
    (
        "AWS::Events::Rule",
        "Targets: [{ Id: a, Arn: !Ref Topic, DeadLetterConfig: { Arn: HERE } }]",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Arn` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::Scheduler::Schedule",
        "Target: { Arn: !Ref Machine, RoleArn: HERE }",
        "Role",
        "`Ref` returns the name of `Role`, but `RoleArn` expects an ARN",
        "Role.Arn",
        true,
    ),
    (
        "AWS::Pipes::Pipe",
        "Source: HERE",
        "Table",
        "`Ref` returns the name of `Table`, but `Source` expects an ARN",
        "Table.StreamArn",
        true,
    ),
    (
        "AWS::S3::Bucket",
        "NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: HERE }] }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Queue` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::SNS::Subscription",
        "TopicArn: !Ref Topic, Protocol: sqs, Endpoint: HERE",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Endpoint` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::SQS::Queue",
        "RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: HERE }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `deadLetterTargetArn` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::Logs::SubscriptionFilter",
        "FilterPattern: '', LogGroupName: HERE, DestinationArn: !GetAtt Stream.Arn",
        "Logs.Arn",
        "`Fn::GetAtt` of `Arn` returns the ARN of `Logs`, but `LogGroupName` expects a name",
        "Logs",
        true,
    ),
    (
        "AWS::SQS::QueuePolicy",
        "Queues: [HERE]",
        "Queue.Arn",
        "`Fn::GetAtt` of `Arn` returns the ARN of `Queue`, but `Queues` expects a URL",
        "Queue",
        true,
    ),
    (
        "AWS::IAM::Policy",
        "PolicyName: a, Roles: [HERE]",
        "Role.Arn",
        "`Fn::GetAtt` of `Arn` returns the ARN of `Role`, but `Roles` expects a name",
        "Role",
        true,
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "PolicyDocument: { Statement: { Effect: Allow, Action: 'sqs:*', Resource: [HERE] } }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Resource` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "AWS::IAM::Role",
        "Policies: [{ PolicyName: a, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: HERE }] } }]",
        "Table",
        "`Ref` returns the name of `Table`, but `Resource` expects an ARN",
        "Table.Arn",
        true,
    ),
    (
        "AWS::S3::BucketPolicy",
        "Bucket: !Ref Bucket, PolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: HERE }, Action: 's3:GetObject', Resource: '*' }] }",
        "Role",
        "`Ref` returns the name of `Role`, but `AWS` expects an ARN",
        "Role.Arn",
        true,
    ),
    (
        "AWS::SQS::QueuePolicy",
        "Queues: [!Ref Queue], PolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: s3.amazonaws.com }, Action: 'sqs:SendMessage', Resource: '*', Condition: { ArnEquals: { 'aws:SourceArn': HERE } } }] }",
        "Bucket",
        "`Ref` returns the name of `Bucket`, but `aws:SourceArn` expects an ARN",
        "Bucket.Arn",
        false,
    ),
    (
        "Custom::Seed",
        "ServiceToken: HERE",
        "Function",
        "`Ref` returns the name of `Function`, but `ServiceToken` expects an ARN",
        "Function.Arn",
        true,
    ),
];

/// The same of properties of a serverless function.
const SERVERLESS: &[(&str, &str, &str, &str, bool)] = &[
    (
        "DeadLetterQueue: { Type: SQS, TargetArn: HERE }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `TargetArn` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: HERE } } }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Destination` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "Events: { A: { Type: SQS, Properties: { Queue: HERE } } }",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Queue` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "Events: { A: { Type: Kinesis, Properties: { Stream: HERE, StartingPosition: LATEST } } }",
        "Stream",
        "`Ref` returns the name of `Stream`, but `Stream` expects an ARN",
        "Stream.Arn",
        true,
    ),
    (
        "Events: { A: { Type: DynamoDB, Properties: { Stream: HERE, StartingPosition: LATEST } } }",
        "Table",
        "`Ref` returns the name of `Table`, but `Stream` expects an ARN",
        "Table.StreamArn",
        true,
    ),
    (
        "Events: { A: { Type: SNS, Properties: { Topic: HERE } } }",
        "Topic.TopicName",
        "`Fn::GetAtt` of `TopicName` returns the name of `Topic`, but `Topic` expects an ARN",
        "Topic",
        true,
    ),
    (
        "Events: { A: { Type: S3, Properties: { Bucket: HERE, Events: 's3:ObjectCreated:*' } } }",
        "Bucket.Arn",
        "`Fn::GetAtt` of `Arn` returns the ARN of `Bucket`, but `Bucket` expects a name",
        "Bucket",
        true,
    ),
    (
        "Policies: [{ Statement: { Effect: Allow, Action: 'sqs:SendMessage', Resource: HERE } }]",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `Resource` expects an ARN",
        "Queue.Arn",
        true,
    ),
    (
        "Policies: [{ SQSSendMessagePolicy: { QueueName: HERE } }]",
        "Queue",
        "`Ref` returns the URL of `Queue`, but `QueueName` expects a name",
        "Queue.QueueName",
        false,
    ),
    (
        "Policies: [{ SNSPublishMessagePolicy: { TopicName: HERE } }]",
        "Topic",
        "`Ref` returns the ARN of `Topic`, but `TopicName` expects a name",
        "Topic.TopicName",
        false,
    ),
    (
        "Policies: [{ StepFunctionsExecutionPolicy: { StateMachineName: HERE } }]",
        "Machine",
        "`Ref` returns the ARN of `Machine`, but `StateMachineName` expects a name",
        "Machine.Name",
        false,
    ),
];

/// Properties in which nothing is wrong, or in which nobody knows.
const SILENT: &[(&str, &str)] = &[
    (
        "AWS::Lambda::EventSourceMapping",
        "FunctionName: !GetAtt Function.Arn, EventSourceArn: !GetAtt Queue.Arn",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "FunctionName: !Ref Function, EventSourceArn: !Ref Given",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: !ImportValue orders",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: !Sub '${Given}'",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Queue.QueueName}'",
    ),
    (
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: !If [InTest, !GetAtt Queue.Arn, !Ref 'AWS::NoValue']",
    ),
    (
        "AWS::Lambda::EventInvokeConfig",
        "FunctionName: !GetAtt Function.Arn, DestinationConfig: { OnFailure: { Destination: !Ref Topic } }",
    ),
    (
        "AWS::Lambda::Permission",
        "FunctionName: !GetAtt Function.Arn, Principal: sns.amazonaws.com, SourceArn: !Ref Topic",
    ),
    (
        "AWS::Lambda::Url",
        "AuthType: AWS_IAM, TargetFunctionArn: !Ref Function",
    ),
    ("AWS::SQS::Queue", "KmsMasterKeyId: !Ref Key"),
    (
        "AWS::Events::Rule",
        "EventBusName: !Ref Given, Targets: [{ Id: a, Arn: !Ref Machine }]",
    ),
    (
        "AWS::SNS::Subscription",
        "TopicArn: !Ref Topic, Protocol: https, Endpoint: !Ref Queue",
    ),
    (
        "AWS::SNS::Subscription",
        "TopicArn: !Ref Topic, Protocol: !Ref Given, Endpoint: !Ref Queue",
    ),
    (
        "AWS::SecretsManager::RotationSchedule",
        "RotationLambdaARN: !Ref Function",
    ),
    (
        "AWS::AppSync::DataSource",
        "LambdaConfig: { LambdaFunctionArn: !Ref Function }",
    ),
    (
        "AWS::IAM::Policy",
        "PolicyName: a, Roles: [!Ref Role, !Ref Given], PolicyDocument: { Statement: [{ Effect: Allow, Action: 's3:*', Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*', !Sub 'arn:aws:s3:::${Bucket}', '*', !Ref Given] }] }",
    ),
    (
        "AWS::SQS::QueuePolicy",
        "Queues: [!Ref Queue, !GetAtt Queue.QueueUrl]",
    ),
];

/// The ways to write a reference, in a value of YAML.
fn ways(reference: &str) -> Vec<String> {
    let call = match reference.split_once('.') {
        None => vec![
            format!("!Ref {reference}"),
            format!("{{ Ref: {reference} }}"),
            format!("{{ \"Ref\": '{reference}' }}"),
        ],
        Some((resource, attribute)) => vec![
            format!("!GetAtt {reference}"),
            format!("!GetAtt [{resource}, {attribute}]"),
            format!("{{ Fn::GetAtt: [\"{resource}\", \"{attribute}\"] }}"),
        ],
    };
    let inside = &call[0];
    let around = [
        format!("!Sub ['${{It}}', {{ It: {inside} }}]"),
        format!("!Join ['', [{inside}]]"),
        format!("!If [InTest, {inside}, !Ref Given]"),
    ];
    call.iter().cloned().chain(around).collect()
}

/// The ways to write it in a text.
fn texts(reference: &str) -> [String; 3] {
    [
        format!("!Sub \"${{{reference}}}\""),
        format!("!Sub '${{{reference}}}'"),
        format!("{{ Fn::Sub: \"${{{reference}}}\" }}"),
    ]
}

fn template(type_name: &str, properties: &str) -> String {
    let head = match type_name.starts_with("AWS::Serverless") {
        true => "Transform: AWS::Serverless-2016-10-31",
        false => "AWSTemplateFormatVersion: 2010-09-09",
    };
    let mut text = format!("{head}{RESOURCES}");
    writeln!(
        text,
        "  Tried:\n    Type: {type_name}\n    Properties: {{ {properties} }}"
    )
    .unwrap();
    text
}

fn report(folder: &Folder, name: &str, text: &str) -> Value {
    folder.write(name, text);
    let run = folder.run(&[name, "--format", "json"]);
    serde_json::from_str(&run.stdout).unwrap()
}

fn wrong(report: &Value) -> Vec<&Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == RULE).collect()
}

/// What is said beside the rule: in which words, wherever.
fn others(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let others = findings.filter(|finding| finding["rule"] != RULE);
    let others = others.map(|f| format!("{} {}", f["rule"], f["message"]));
    let problems = report["problems"].as_array().unwrap().iter();
    others.chain(problems.map(Value::to_string)).collect()
}

/// The text with the edits of a finding.
fn edited(text: &str, finding: &Value) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let edits = finding["fix"]["edits"].as_array();
    let edits = edits.unwrap_or_else(|| panic!("no edits: {finding:#}\n{text}"));
    assert_eq!(edits.len(), 1);
    for edit in edits {
        let at = |name: &str| usize::try_from(edit["location"][name].as_u64().unwrap()).unwrap();
        assert_eq!(at("line"), at("end_line"));
        let range = at("column") - 1..at("end_column") - 1;
        lines[at("line") - 1].replace_range(range, edit["text"].as_str().unwrap());
    }
    lines.join("\n") + "\n"
}

/// Asserts that a reference is found, once, and that its edit mends it and nothing else changes.
fn assert_mended(folder: &Folder, text: &str, said: &str, write: &str, is_error: bool) {
    let before = report(folder, "template.yaml", text);
    let found = wrong(&before);
    assert_eq!(found.len(), 1, "{said}: {before:#}\n{text}");
    let finding = found[0];
    assert_eq!(finding["message"], said, "{text}");
    let severity = if is_error { "error" } else { "warning" };
    assert_eq!(finding["severity"], severity, "{said}");
    let help = finding["help"].as_str().unwrap();
    let plain: String = help.replace("\", \"", ".").replace(", ", ".");
    let plain = plain.replace(['"', '\'', '`'], "");
    assert!(plain.contains(write), "{help} {write}");
    let fixed = edited(text, finding);
    let after = report(folder, "template.yaml", &fixed);
    assert_eq!(wrong(&after), Vec::<&Value>::new(), "{fixed}");
    assert_eq!(others(&after), others(&before), "{fixed}");
}

#[test]
fn a_wrong_reference_is_found_and_mended_wherever_it_stands() {
    let folder = Folder::new("references");
    for (row, (type_name, properties, reference, said, write, is_error)) in WRONG.iter().enumerate()
    {
        // All of them in some places, one after the other in all.
        let is_tried = |number: usize| row < 4 || row % 3 == number % 3;
        let tried = ways(reference).into_iter().enumerate();
        for (_, way) in tried.filter(|(number, _)| is_tried(*number)) {
            let text = template(type_name, &properties.replace("HERE", &way));
            assert_mended(&folder, &text, said, write, *is_error);
        }
        let tried = texts(reference).into_iter().enumerate();
        for (_, way) in tried.filter(|(number, _)| is_tried(*number)) {
            let text = template(type_name, &properties.replace("HERE", &way));
            let said = said.split_once(" returns ").unwrap().1;
            let said = format!("`${{{reference}}}` returns {said}");
            assert_mended(&folder, &text, &said, write, *is_error);
        }
    }
}

#[test]
fn a_wrong_reference_in_a_serverless_function_is_found_and_mended() {
    let folder = Folder::new("serverless-references");
    let base = "Handler: orders.handler, Runtime: python3.13, InlineCode: x";
    for (properties, reference, said, write, is_error) in SERVERLESS {
        let [short, long, quoted, ..] = &ways(reference)[..] else {
            panic!("{reference}");
        };
        for way in [short, long, quoted] {
            let own = properties.replace("HERE", way);
            let text = template("AWS::Serverless::Function", &format!("{base}, {own}"));
            assert_mended(&folder, &text, said, write, *is_error);
        }
    }
}

#[test]
fn what_is_right_or_not_known_is_silent() {
    let folder = Folder::new("right-references");
    for (type_name, properties) in SILENT {
        let text = template(type_name, properties);
        let report = report(&folder, "template.yaml", &text);
        assert_eq!(wrong(&report), Vec::<&Value>::new(), "{properties}");
    }
}

#[test]
fn json_and_calls_of_several_lines_keep_their_form() {
    let folder = Folder::new("json-references");
    let queue = r#""Queue": { "Type": "AWS::SQS::Queue" }"#;
    let mapping = |source: &str| {
        format!(
            "{{ \"Resources\": {{ {queue}, \"Tried\": {{ \"Type\": \"AWS::Lambda::EventSourceMapping\",\n \"Properties\": {{ \"FunctionName\": \"orders\", \"EventSourceArn\": {source} }} }} }} }}\n"
        )
    };
    let forms = [
        (r#"{"Ref": "Queue"}"#, r#"{"Fn::GetAtt": ["Queue", "Arn"]}"#),
        (
            r#"{ "Ref" : "Queue" }"#,
            r#"{ "Fn::GetAtt" : ["Queue", "Arn"] }"#,
        ),
        (
            r#"{"Fn::GetAtt": "Queue.QueueName"}"#,
            r#"{"Fn::GetAtt": ["Queue", "Arn"]}"#,
        ),
        (
            r#"{"Fn::Sub": "${Queue}"}"#,
            r#"{"Fn::Sub": "${Queue.Arn}"}"#,
        ),
    ];
    for (bad, good) in forms {
        let text = mapping(bad);
        let report = report(&folder, "template.json", &text);
        let found = wrong(&report);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(edited(&text, found[0]), mapping(good));
    }
}

#[test]
fn the_arn_of_an_api_is_written_out() {
    let folder = Folder::new("api-references");
    let permission = |source: &str| {
        template(
            "AWS::Lambda::Permission",
            &format!(
                "FunctionName: !Ref Function, Action: 'lambda:InvokeFunction', Principal: apigateway.amazonaws.com, SourceArn: {source}"
            ),
        )
    };
    let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}";
    let forms = [
        (
            "!Sub '${Api}/*/POST/orders'",
            format!("!Sub '{arn}/*/POST/orders'"),
        ),
        ("!Ref Api", format!("!Sub \"{arn}/*\"")),
        (
            "!Join ['/', [!Ref Api, '*']]",
            format!("!Join ['/', [!Sub \"{arn}\", '*']]"),
        ),
    ];
    for (bad, good) in forms {
        let text = permission(bad);
        let report = report(&folder, "template.yaml", &text);
        let found = wrong(&report);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(edited(&text, found[0]), permission(&good));
    }
}

/// What follows a reference says whether an ARN can stand there: a name that goes on is not one.
#[test]
fn what_goes_on_after_a_reference_counts() {
    let folder = Folder::new("references-that-go-on");
    let policy = |resource: &str| {
        template(
            "AWS::IAM::Policy",
            &format!(
                "PolicyName: a, Roles: [!Ref Role], PolicyDocument: {{ Statement: {{ Effect: Allow, Action: 's3:*', Resource: {resource} }} }}"
            ),
        )
    };
    let text = policy("!Sub '${Bucket}/*'");
    let said = "`${Bucket}` returns the name of `Bucket`, but `Resource` expects an ARN";
    assert_mended(&folder, &text, said, "${Bucket.Arn}", true);
    let text = policy("!Join ['/', [!Ref Bucket, '*']]");
    let said = "`Ref` returns the name of `Bucket`, but `Resource` expects an ARN";
    assert_mended(&folder, &text, said, "Bucket.Arn", true);
    let report = report(&folder, "template.yaml", &policy("!Sub '${Bucket}-old/*'"));
    let found = wrong(&report);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["help"], "write the ARN of `Bucket` with `Fn::Sub`");
    assert_eq!(found[0]["fix"], Value::Null);
}

/// A macro can write anything in the place of a reference.
#[test]
fn nothing_is_said_where_a_macro_changes_the_template() {
    let folder = Folder::new("references-of-macros");
    let text = template(
        "AWS::Lambda::EventSourceMapping",
        "EventSourceArn: !Ref Queue",
    );
    let text = text.replacen("AWSTemplateFormatVersion: 2010-09-09", "Transform: Ours", 1);
    assert_eq!(
        wrong(&report(&folder, "template.yaml", &text)),
        Vec::<&Value>::new()
    );
}

/// The edit of a value that an alias repeats would change what else it stands for.
#[test]
fn a_value_with_an_alias_is_not_edited() {
    let folder = Folder::new("references-with-aliases");
    let text = template(
        "AWS::Lambda::Function",
        "DeadLetterConfig: { TargetArn: &it !Ref Queue }, Environment: { Variables: { QUEUE_URL: *it } }",
    );
    let report = report(&folder, "template.yaml", &text);
    let found = wrong(&report);
    assert_eq!(found.len(), 1, "{report:#}");
    assert_eq!(found[0]["fix"]["edits"], Value::Null);
}

/// Each branch of a condition is looked at by itself: where the template's defaults decide otherwise, it is a warning.
#[test]
fn a_wrong_reference_in_another_branch_is_a_warning() {
    let folder = Folder::new("references-in-branches");
    let source = |test: &str, other: &str| {
        let source = format!("EventSourceArn: !If [InTest, {test}, {other}]");
        let report = report(
            &folder,
            "template.yaml",
            &template("AWS::Lambda::EventSourceMapping", &source),
        );
        let found = wrong(&report);
        let severities = found
            .iter()
            .map(|f| f["severity"].as_str().unwrap().to_owned());
        severities.collect::<Vec<String>>()
    };
    assert_eq!(source("!Ref Queue", "!GetAtt Queue.Arn"), ["error"]);
    assert_eq!(source("!GetAtt Queue.Arn", "!Ref Queue"), ["warning"]);
    assert_eq!(source("!Ref Queue", "!Ref Stream"), ["error", "warning"]);
}

/// What is wrong with a reference is told once, and everything else as if the right one stood there.
#[test]
fn permissions_are_judged_as_they_were_meant() {
    let folder = Folder::new("meant-references");
    let text = |queue: &str| {
        let mut text = template("AWS::SQS::Queue", "");
        let statement = format!(
            "{{ Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: {queue} }}"
        );
        let trust = "{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }";
        writeln!(text, "  Reader:\n    Type: AWS::IAM::Role\n    Properties: {{ AssumeRolePolicyDocument: {{ Statement: [{trust}] }}, Policies: [{{ PolicyName: a, PolicyDocument: {{ Statement: [{statement}] }} }}] }}").unwrap();
        writeln!(text, "  Reading:\n    Type: AWS::Lambda::Function\n    Properties: {{ Role: !GetAtt Reader.Arn, Handler: a.b, Runtime: python3.13, Code: {{ ZipFile: x }} }}").unwrap();
        writeln!(text, "  Mapping:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: {{ FunctionName: !Ref Reading, EventSourceArn: {queue} }}").unwrap();
        text
    };
    let right = report(&folder, "template.yaml", &text("!GetAtt Queue.Arn"));
    let wrong_ones = report(&folder, "template.yaml", &text("!Ref Queue"));
    assert_eq!(wrong(&wrong_ones).len(), 2);
    assert_eq!(others(&wrong_ones), others(&right));
    assert_eq!(wrong_ones["undecided"], right["undecided"]);
}

/// A reference of the right kind to a resource of the wrong type is no mend.
#[test]
fn a_resource_of_another_type_is_not_offered() {
    let folder = Folder::new("references-types");
    for (type_name, properties, help) in [
        (
            "AWS::IAM::Role",
            "AssumeRolePolicyDocument: { Statement: [] }, ManagedPolicyArns: [!Ref Role]",
            "`Role` is an AWS::IAM::Role: refer to an AWS::IAM::ManagedPolicy here",
        ),
        (
            "AWS::SNS::Subscription",
            "Protocol: email, Endpoint: a@example.com, TopicArn: !Ref Queue",
            "`Queue` is an AWS::SQS::Queue: refer to an AWS::SNS::Topic here",
        ),
    ] {
        let report = report(&folder, "t.yaml", &template(type_name, properties));
        let found = wrong(&report);
        assert_eq!(found.len(), 1, "{properties}: {report:#}");
        assert_eq!(found[0]["help"], help, "{properties}");
        assert!(found[0]["fix"].is_null(), "{properties}");
    }
}

#[test]
fn a_protocol_that_a_condition_decides_goes_with_its_endpoint() {
    let folder = Folder::new("references-protocol");
    let properties = "TopicArn: !Ref Topic, Protocol: !If [InTest, lambda, email], Endpoint: !If [InTest, !GetAtt Function.Arn, !Ref Queue]";
    let report = report(
        &folder,
        "t.yaml",
        &template("AWS::SNS::Subscription", properties),
    );
    assert!(wrong(&report).is_empty(), "{report:#}");
}

/// A table has an ARN, and its stream another one.
#[test]
fn the_arn_of_a_table_is_not_that_of_its_stream() {
    let folder = Folder::new("references-streams");
    let mapping = template(
        "AWS::Lambda::EventSourceMapping",
        "FunctionName: !Ref Function, StartingPosition: LATEST, EventSourceArn: !GetAtt Table.Arn",
    );
    let event = template(
        "AWS::Serverless::Function",
        "Handler: a.b, Runtime: python3.13, InlineCode: x, Events: { Rows: { Type: DynamoDB, Properties: { StartingPosition: LATEST, Stream: !GetAtt Table.Arn } } }",
    )
    .replace("\nResources:", "\nTransform: AWS::Serverless-2016-10-31\nResources:");
    for text in [mapping, event] {
        let report = report(&folder, "t.yaml", &text);
        let found = wrong(&report);
        assert_eq!(found.len(), 1, "{report:#}");
        let message = found[0]["message"].as_str().unwrap();
        assert!(message.contains("expects its `StreamArn`"), "{message}");
        assert_eq!(found[0]["help"], "write `!GetAtt Table.StreamArn`");
        let mended = edited(&text, found[0]);
        assert!(mended.contains("!GetAtt Table.StreamArn"), "{mended}");
    }
    let right = template(
        "AWS::Lambda::EventSourceMapping",
        "FunctionName: !Ref Function, StartingPosition: LATEST, EventSourceArn: !GetAtt Table.StreamArn",
    );
    let report = report(&folder, "t.yaml", &right);
    assert!(wrong(&report).is_empty(), "{report:#}");
}
