//! Templates: what is found in them and where, however they are written.

use serde_json::Value;

use crate::bless;
use crate::program::{Folder, run};

const ORDERS: &str = "policies-samples/templates/orders.yaml";
const SERVERLESS: &str = "policies-samples/templates/serverless.yaml";

/// What was found: line, rule, function and actions.
fn found(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let mut found: Vec<String> = findings
        .map(|f| {
            let line = &f["location"]["line"];
            format!("{line} {} {} {}", f["rule"], f["function"], f["actions"])
        })
        .collect();
    found.sort();
    found
}

/// What was found and is an error, as `found` tells it.
fn errors(report: &str) -> Vec<String> {
    let mut report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array_mut().unwrap();
    findings.retain(|finding| finding["severity"] == "error");
    found(&report.to_string())
}

#[test]
fn the_faults_of_a_template_are_found_at_their_lines() {
    bless::snapshot(
        "templates/orders",
        &run(&[ORDERS, "--format", "plain", "--show-undecided"]).stdout,
    );
}

#[test]
fn what_sam_grants_by_itself_is_granted() {
    bless::snapshot(
        "templates/serverless",
        &run(&[SERVERLESS, "--format", "plain", "--show-undecided"]).stdout,
    );
}

/// The same template in other words: long forms, flow style, anchors.
const OTHER_WORDS: [(&str, &str); 5] = [
    ("!GetAtt Queue.Arn", "{ Fn::GetAtt: [Queue, Arn] }"),
    ("!GetAtt Orders.Arn", "!GetAtt [Orders, Arn]"),
    ("!Ref Orders", "{ Ref: Orders }"),
    (
        "!Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "!Join [':', [arn, !Ref AWS::Partition, iam, '', aws, policy/service-role/AWSLambdaBasicExecutionRole]]",
    ),
    ("Version: 2012-10-17", "Version: '2012-10-17'"),
];

#[test]
fn other_words_for_the_same_give_the_same_findings() {
    let folder = Folder::new("templates");
    let text = std::fs::read_to_string(crate::program::root().join(ORDERS)).unwrap();
    let plain = found(&run(&[ORDERS, "--format", "json"]).stdout);
    assert!(plain.len() >= 4, "{plain:#?}");
    for (short, long) in OTHER_WORDS {
        assert!(text.contains(short), "{short}");
        folder.write("other.yaml", text.replace(short, long));
        let other = found(&folder.run(&["other.yaml", "--format", "json"]).stdout);
        assert_eq!(other, plain, "{long}");
    }
}

#[test]
fn a_condition_that_is_not_met_makes_no_error() {
    let folder = Folder::new("conditions");
    let text = std::fs::read_to_string(crate::program::root().join(ORDERS)).unwrap();
    let of_rule = |report: &str| {
        let errors = errors(report);
        errors.iter().filter(|e| e.starts_with("51 ")).count()
    };
    assert_eq!(of_rule(&run(&[ORDERS, "--format", "json"]).stdout), 0);
    folder.write("prod.yaml", text.replace("Default: dev,", "Default: prod,"));
    let prod = folder.run(&["prod.yaml", "--format", "json"]).stdout;
    assert_eq!(of_rule(&prod), 1);
}

#[test]
fn hostile_templates_end() {
    let folder = Folder::new("hostile-templates");
    let references = "Resources: {A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref B}}, \
                      B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !GetAtt A.QueueName}}}";
    let join = (0..40).fold("x".to_owned(), |inner, _| {
        format!("{{\"Fn::Join\": [\"\", [{inner}, {inner}]]}}")
            .chars()
            .take(60_000)
            .collect()
    });
    for text in [
        references.to_owned(),
        "Resources: {A: {Type: 'AWS::Lambda::Function', Properties: !If [C, x]}}\nConditions: {C: {Condition: C}}".to_owned(),
        "Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {Events: {E: {Type: SQS}}, Policies: 3}}}".to_owned(),
        "Resources: {A: {Type: 'AWS::Lambda::Permission'}, B: 3, C: {Type: 4}}".to_owned(),
        format!("{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::SQS::Queue\", \"Properties\": {{\"QueueName\": {join}}}}}}}}}"),
    ] {
        folder.write("t.yaml", &text);
        let ran = folder.run(&["t.yaml"]);
        assert!(ran.status.is_some_and(|status| status <= 2), "{text:.200}");
        assert_eq!(ran.stderr, "", "{text:.200}");
    }
}

/// What may grant more than is seen leaves the check open.
#[test]
fn what_is_not_known_is_no_error() {
    let folder = Folder::new("unknown-templates");
    let text = std::fs::read_to_string(crate::program::root().join(ORDERS)).unwrap();
    let policy = "- PolicyName: queue";
    let statement = "              - Effect: Allow";
    for (written, other) in [
        ("Resources:", "Transform: [Some::Macro]\nResources:"),
        (
            "Resources:",
            "Resources:\n  Fn::ForEach::Grants: [X, !Ref AWS::NotificationARNs, {}]",
        ),
        (
            "Resources:",
            "Resources:\n  Link: { Type: AWS::Serverless::Connector, Properties: { Source: { Id: Elsewhere }, Destination: { Id: Orders }, Permissions: [Read] } }",
        ),
        (
            policy,
            "- !Transform { Name: Some::Macro }\n        - PolicyName: queue",
        ),
        (
            statement,
            "              - !ImportValue grants\n              - Effect: Allow",
        ),
    ] {
        assert!(text.contains(written), "{written}");
        folder.write("t.yaml", text.replacen(written, other, 1));
        let found = found(&folder.run(&["t.yaml", "--format", "json"]).stdout);
        let of_role = found
            .iter()
            .filter(|f| f.contains("poll-sources") || f.contains("vpc/"));
        assert_eq!(of_role.count(), 0, "{other}: {found:#?}");
    }
}

/// The errors for a function with a trigger, and what may let it through.
fn triggered(more: &str) -> Vec<String> {
    let template = format!(
        "Parameters: {{ Known: {{ Type: String }} }}\n\
         Conditions: {{ Imported: !Equals [!ImportValue a, b] }}\n\
         Resources:\n  Topic: {{ Type: AWS::SNS::Topic }}\n  \
         F: {{ Type: AWS::Lambda::Function, Properties: {{ Role: !Ref Known }} }}\n  \
         S: {{ Type: AWS::SNS::Subscription, Properties: {{ Protocol: lambda, TopicArn: !Ref Topic, Endpoint: !GetAtt F.Arn }} }}\n\
         {more}"
    );
    let folder = Folder::new("triggered");
    folder.write("t.yaml", template);
    errors(&folder.run(&["t.yaml", "--format", "json"]).stdout)
}

#[test]
fn what_lets_a_trigger_through_or_may_do_so_is_no_error() {
    assert_eq!(triggered("").len(), 1);
    let permission = "Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, \
                      Principal: sns.amazonaws.com, FunctionName: ";
    let policy = "Type: AWS::Lambda::ResourcePolicy, Properties: { ResourceArn: !GetAtt F.Arn, PolicyDocument: ";
    let statement = "{ Version: 2012-10-17, Statement: { Effect: Allow, Principal: { Service: sns.amazonaws.com }, \
                     Action: lambda:InvokeFunction, Resource: !GetAtt F.Arn } }";
    for grant in [
        format!("  P: {{ {permission} !Ref F }} }}"),
        format!("  P: {{ {permission} !GetAtt F.Arn }} }}"),
        format!("  P: {{ {permission} !Ref Known }} }}"),
        format!("  P: {{ Condition: Imported, {permission} !Ref F }} }}"),
        format!("  P: {{ {} !Ref F }} }}", permission.replace("sns.amazonaws.com", "!Ref Known")),
        format!("  P: {{ {policy} {statement} }} }}"),
        format!("  P: {{ {policy} !ImportValue policy }} }}"),
        format!("  P: {{ {policy} '{{\"Statement\": []}}' }} }}").replace(
            "[]",
            "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"lambda:*\", \"Resource\": \"*\"}",
        ),
    ] {
        let found = triggered(&grant);
        assert!(!found.iter().any(|f| f.contains("push-sources")), "{grant}: {found:#?}");
    }
    let other = format!("  P: {{ {permission} other }} }}");
    assert_eq!(triggered(&other).len(), 1);
}

#[test]
fn another_partition_is_not_known_before_the_deploy() {
    let folder = Folder::new("partitions");
    let text = std::fs::read_to_string(crate::program::root().join(ORDERS)).unwrap();
    let literal = text
        .replace("sqs:ReceiveMessage, sqs:ReciveMessage", "'sqs:*'")
        .replace("arn:${AWS::Partition}:sqs:", "arn:aws-cn:sqs:");
    folder.write("t.yaml", literal);
    let found = found(&folder.run(&["t.yaml", "--format", "json"]).stdout);
    assert!(
        !found.iter().any(|f| f.contains("poll-sources")),
        "{found:#?}"
    );
}

#[test]
fn large_templates_are_no_trouble() {
    let folder = Folder::new("large-templates");
    let mut resources = serde_json::Map::new();
    let mut declare = |name: String, kind: &str, properties: Value| {
        resources.insert(
            name,
            serde_json::json!({"Type": kind, "Properties": properties}),
        );
    };
    for i in 0..3_000 {
        let function = serde_json::json!({"Ref": format!("F{i}")});
        declare(
            format!("F{i}"),
            "AWS::Lambda::Function",
            serde_json::json!({}),
        );
        declare(
            format!("P{i}"),
            "AWS::Lambda::Permission",
            serde_json::json!({"FunctionName": function}),
        );
        declare(format!("R{i}"), "AWS::IAM::Role", serde_json::json!({}));
        declare(
            format!("I{i}"),
            "AWS::IAM::Policy",
            serde_json::json!({"Roles": [{"Ref": format!("R{i}")}]}),
        );
        let before = format!("${{Q{}.QueueName}}", i.max(1) - 1).repeat(50);
        declare(
            format!("Q{i}"),
            "AWS::SQS::Queue",
            serde_json::json!({"QueueName": {"Fn::Sub": before}}),
        );
    }
    folder.write(
        "t.json",
        serde_json::json!({"Resources": resources}).to_string(),
    );
    let ran = folder.run(&["t.json", "--format", "json"]);
    assert_eq!(ran.status, Some(0), "{:.500}", ran.stdout);
    assert!(ran.stdout.contains("\"functions\": 3000"));
}

/// Destinations, an open URL and tracing are all granted by SAM itself.
#[test]
fn sam_lets_records_reach_their_destinations() {
    let folder = Folder::new("sam-destinations");
    folder.write(
        "t.yaml",
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Stream: { Type: AWS::Kinesis::Stream }
  Queue: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
  Bucket: { Type: AWS::S3::Bucket }
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Tracing: Active
      FunctionUrlConfig: { AuthType: NONE }
      DeadLetterQueue: { Type: SNS, TargetArn: !Ref Topic }
      EventInvokeConfig:
        DestinationConfig: { OnFailure: { Type: S3Bucket, Destination: !GetAtt Bucket.Arn } }
      Events:
        Read:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Stream.Arn
            StartingPosition: LATEST
            DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Queue.Arn } }
",
    );
    let ran = folder.run(&["t.yaml", "--format", "plain", "--show-undecided"]);
    assert_eq!(ran.stdout, "no findings in 1 file, 1 function\n");
}

#[test]
fn a_name_that_nothing_declares_is_told() {
    let folder = Folder::new("references");
    let text = std::fs::read_to_string(crate::program::root().join(ORDERS)).unwrap();
    for (written, other) in [
        ("!Ref Orders", "!Ref Order"),
        ("!GetAtt Role.Arn", "!GetAtt Rle.Arn"),
        ("${Queue.QueueName}", "${Que.QueueName}"),
    ] {
        folder.write("t.yaml", text.replace(written, other));
        let ran = folder.run(&["t.yaml", "--format", "plain"]);
        assert_eq!(ran.status, Some(2), "{other}");
        assert!(
            ran.stdout.contains("is neither a parameter nor a resource"),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("did you mean `"), "{}", ran.stdout);
    }
    // A macro may declare it.
    folder.write(
        "t.yaml",
        format!(
            "Transform: Some::Macro\n{}",
            text.replace("!Ref Orders", "!Ref Order")
        ),
    );
    assert_ne!(folder.run(&["t.yaml"]).status, Some(2));
}

#[test]
fn a_broken_template_in_a_folder_is_told() {
    let folder = Folder::new("broken-template");
    folder.write(
        "t.yaml",
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n\tProperties: {}\n",
    );
    folder.write("ci.yml", "jobs:\n\tbuild: {}\n");
    folder.write("good.json", "{\"Statement\": []}");
    let ran = folder.run(&["."]);
    assert_eq!(ran.status, Some(2), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("t.yaml:4") && !ran.stdout.contains("ci.yml"),
        "{}",
        ran.stdout
    );
}

/// The worst that is said of a template.
fn worst(report: &Value) -> &'static str {
    let count = |name: &str| report["summary"][name].as_u64().unwrap();
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    match (count("errors"), count("warnings"), count("undecided")) {
        (0, 0, 0) => "nothing",
        (0, 0, _) => "undecided",
        (0, _, _) => "warning",
        _ => "error",
    }
}

/// Templates of one thing each, with what is to be said of them in the first line.
#[test]
fn each_template_is_judged_as_its_first_line_expects() {
    let folder = "tests/fixtures/templates";
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(crate::program::root().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        let text = std::fs::read_to_string(crate::program::root().join(&path)).unwrap();
        let expected = text.trim_start_matches('\u{feff}');
        let expected = expected.strip_prefix("# Expected: ").unwrap();
        let report = run(&[&path, "--format", "json"]).stdout;
        let said = worst(&serde_json::from_str(&report).unwrap());
        if !expected.starts_with(said) {
            wrong.push(format!(
                "{name}: {said}, not {}",
                expected.lines().next().unwrap()
            ));
        }
        count += 1;
    }
    assert!(count > 100, "{count}");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_misspelt_type_is_told() {
    let folder = Folder::new("misspelt-type");
    folder.write(
        "t.yaml",
        "Resources:\n  F: { Type: AWS::Lambda::Functoin }\n  Q: { Type: AWS::SQS::Queue }\n  V: { Type: AWS::EC2::VPC }\n",
    );
    let ran = folder.run(&["t.yaml", "--format", "plain"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stdout.contains("t.yaml:2:14: problem: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("did you mean `AWS::Lambda::Function`?"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("1 problem"), "{}", ran.stdout);
}

#[test]
fn what_a_resource_waits_for_and_what_a_condition_asks_must_be_declared() {
    let folder = Folder::new("undeclared");
    let template = "Parameters: {Stage: {Type: String}}\nConditions: {Prod: !Equals [!Ref Stge, prod]}\n\
                    Resources:\n  Q: {Type: AWS::SQS::Queue}\n  T: {Type: AWS::SNS::Topic, DependsOn: [Q, Qu]}\n";
    folder.write("t.yaml", template);
    let told = folder.run(&["t.yaml", "--format", "plain"]).stdout;
    assert!(told.contains("t.yaml:2:34: problem: `Stge`"), "{told}");
    assert!(told.contains("t.yaml:5:45: problem: `Qu`"), "{told}");
    assert!(told.contains("2 problems"), "{told}");
}

#[test]
fn what_is_nearly_a_document_is_told() {
    let folder = Folder::new("nearly");
    let cases = [
        (
            "policy.json",
            r#"{"Version": "2012-10-17", "Statment": []}"#,
            "missing `Statement` in this policy document",
        ),
        (
            "template.yaml",
            "AWSTemplateFormatVersion: '2010-09-09'\nResource:\n  Q: {Type: AWS::SQS::Queue}\n",
            "missing `Resources` in this template",
        ),
        (
            "section.yaml",
            "Paramters: {}\nResources:\n  Q: {Type: AWS::SQS::Queue}\n",
            "unknown section `Paramters`",
        ),
        (
            "attribute.yaml",
            "Resources:\n  Q: {Type: AWS::SQS::Queue, Propertys: {}}\n",
            "unknown resource attribute `Propertys`",
        ),
        (
            "property.yaml",
            "Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {VpcConfg: {}}}\n",
            "unknown property of AWS::Lambda::Function: `VpcConfg`",
        ),
        (
            "service.yaml",
            "Resources:\n  F: {Type: AWS::Lamda::Function}\n",
            "unknown resource type `AWS::Lamda::Function`",
        ),
        (
            "path.yaml",
            "Resources:\n  \
             F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/service-role/app'}}\n  \
             P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: p\n      Roles: [service-role]\n      \
             PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}\n",
            "`service-role` is the path of role `app`",
        ),
        (
            "comment.json",
            "// mine\n{}\n",
            "JSON does not support comments",
        ),
    ];
    for (name, text, wanted) in cases {
        folder.write(name, text);
        let ran = folder.run(&[name, "--format", "plain"]);
        assert_eq!(ran.status, Some(2), "{name}: {}", ran.stdout);
        assert!(ran.stdout.contains(wanted), "{name}: {}", ran.stdout);
    }
    // In a folder they are not passed over.
    assert_eq!(folder.run(&["."]).status, Some(2));
}

/// A resource that invokes function `F`, who calls, and the ARN that it presents; nothing where it is
/// known to present its account alone, a dash where not even that is known.
const PUSHES: [(&str, &str, &str); 15] = [
    (
        "AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!GetAtt F.Arn]}",
        "lambda.alarms.cloudwatch.amazonaws.com",
        "!GetAtt S.Arn",
    ),
    (
        "AWS::CloudWatch::CompositeAlarm, Properties: {OKActions: [!GetAtt F.Arn]}",
        "lambda.alarms.cloudwatch.amazonaws.com",
        "!GetAtt S.Arn",
    ),
    (
        "AWS::IoT::Authorizer, Properties: {AuthorizerFunctionArn: !GetAtt F.Arn}",
        "iot.amazonaws.com",
        "!GetAtt S.Arn",
    ),
    (
        "AWS::IoT::ProvisioningTemplate, Properties: {PreProvisioningHook: {TargetArn: !GetAtt F.Arn}}",
        "iot.amazonaws.com",
        "",
    ),
    (
        "AWS::Config::ConfigRule, Properties: {Source: {Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt F.Arn}}",
        "config.amazonaws.com",
        "",
    ),
    (
        "AWS::CodeCommit::Repository, Properties: {RepositoryName: r, Triggers: [{Name: t, DestinationArn: !GetAtt F.Arn, Events: [all]}]}",
        "codecommit.amazonaws.com",
        "!GetAtt S.Arn",
    ),
    (
        "AWS::SES::ReceiptRule, Properties: {RuleSetName: s, Rule: {Name: r, Actions: [{LambdaAction: {FunctionArn: !GetAtt F.Arn}}]}}",
        "ses.amazonaws.com",
        "!Sub 'arn:aws:ses:${AWS::Region}:${AWS::AccountId}:receipt-rule-set/s:receipt-rule/r'",
    ),
    (
        "AWS::SecretsManager::RotationSchedule, Properties: {SecretId: x, RotationLambdaARN: !GetAtt F.Arn}",
        "secretsmanager.amazonaws.com",
        "",
    ),
    (
        "AWS::Bedrock::Agent, Properties: {AgentName: a, ActionGroups: [{ActionGroupName: g, ActionGroupExecutor: {Lambda: !GetAtt F.Arn}}]}",
        "bedrock.amazonaws.com",
        "!GetAtt S.AgentArn",
    ),
    (
        "AWS::Connect::IntegrationAssociation, Properties: {IntegrationType: LAMBDA_FUNCTION, IntegrationArn: !GetAtt F.Arn, InstanceId: 'arn:aws:connect:eu-west-1:123456789012:instance/i'}",
        "connect.amazonaws.com",
        "'arn:aws:connect:eu-west-1:123456789012:instance/i'",
    ),
    (
        "AWS::AppSync::GraphQLApi, Properties: {Name: g, AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt F.Arn}}",
        "appsync.amazonaws.com",
        "!Ref S",
    ),
    (
        "AWS::AppSync::GraphQLApi, Properties: {Name: g, AdditionalAuthenticationProviders: [{LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt F.Arn}}]}",
        "appsync.amazonaws.com",
        "!GetAtt S.Arn",
    ),
    (
        "AWS::AppSync::Api, Properties: {Name: g, EventConfig: {AuthProviders: [{AuthType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt F.Arn}}]}}",
        "appsync.amazonaws.com",
        "!GetAtt S.ApiArn",
    ),
    (
        "AWS::AppConfig::ConfigurationProfile, Properties: {Name: p, Validators: [{Type: LAMBDA, Content: !GetAtt F.Arn}]}",
        "appconfig.amazonaws.com",
        "-",
    ),
    (
        "AWS::Transfer::Server, Properties: {IdentityProviderType: AWS_LAMBDA, IdentityProviderDetails: {Function: !GetAtt F.Arn}}",
        "transfer.amazonaws.com",
        "!GetAtt S.Arn",
    ),
];

#[test]
fn every_resource_that_invokes_a_function_needs_its_permission() {
    let folder = Folder::new("pushes");
    let invoke = |report: &str| -> Vec<String> {
        let found = errors(report).into_iter();
        found.filter(|line| line.contains("invoke")).collect()
    };
    for (source, principal, arn) in PUSHES {
        let function = "  F: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/f'}}";
        let without = format!("Resources:\n{function}\n  S: {{Type: {source}}}\n");
        folder.write("t.yaml", &without);
        let ran = folder.run(&["t.yaml", "--format", "json"]);
        assert_eq!(invoke(&ran.stdout).len(), 1, "{source}: {}", ran.stdout);
        let condition = match arn {
            "-" => String::new(),
            "" => ", SourceAccount: !Ref AWS::AccountId".to_owned(),
            arn => format!(", SourceArn: {arn}"),
        };
        let permission = format!(
            "  P: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref F, Action: 'lambda:InvokeFunction', \
             Principal: {principal}{condition}}}}}\n"
        );
        folder.write("t.yaml", format!("{without}{permission}"));
        let ran = folder.run(&["t.yaml", "--format", "json"]);
        assert_eq!(invoke(&ran.stdout), [""; 0], "{source}");
        // Nothing of it stays open either.
        let told = folder
            .run(&["t.yaml", "--format", "json", "--show-undecided"])
            .stdout;
        assert!(!told.contains("push-sources"), "{source}: {told}");
    }
}

#[test]
fn a_dynamic_reference_may_be_given_for_a_parameter() {
    let folder = Folder::new("given-reference");
    folder.write(
        "t.yaml",
        "Parameters: {Queue: {Type: String}}\nResources:\n  \
         F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt R.Arn}}\n  \
         M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:q'}}\n  \
         R:\n    Type: AWS::IAM::Role\n    Properties:\n      \
         ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']\n      \
         AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}}\n      \
         Policies: [{PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Action: 'sqs:*', Resource: !Sub 'arn:aws:sqs:eu-west-1:123456789012:${Queue}'}}}]\n",
    );
    let given = |queue: &str| {
        let given = format!("Queue={queue}");
        let ran = folder.run(&["t.yaml", "--param", &given, "--format", "json"]);
        errors(&ran.stdout).len()
    };
    assert_eq!(given("q"), 0);
    assert_eq!(given("{{resolve:ssm:/queue}}"), 0);
    assert_eq!(given("other"), 1);
}

#[test]
fn what_is_granted_beside_is_seen_in_each_of_several_functions() {
    let function = |name: &str| {
        format!(
            r#"  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs22.x
      CodeUri: .
      Policies:
        - Version: "2012-10-17"
          Statement:
            - {{Effect: Allow, Action: [sqs:ReceiveMessage], Resource: "*"}}
            - {{Effect: Allow, Action: [sqs:RecieveMessage], Resource: "*"}}
"#
        )
    };
    let folder = Folder::new("granted-beside");
    let functions = ["A", "B"].map(function).concat();
    let text = format!("Transform: AWS::Serverless-2016-10-31\nResources:\n{functions}");
    folder.write("template.yaml", text);
    let run = folder.run(&[".", "--format", "plain"]);
    let milder = run.stdout.matches("is already covered").count();
    assert_eq!(milder, 2, "{}", run.stdout);
    assert!(!run.stdout.contains("error["), "{}", run.stdout);
}
