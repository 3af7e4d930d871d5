//! Permissions that Lambda refuses to add, whether or not something needs them.

use std::fs;
use std::path::Path;

use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::Text;
use serde_json::Value;

use crate::program::{Folder, root};

/// What permissions can refer to.
const RESOURCES: &str = "
Parameters:
  Account: { Type: String }
  Service: { Type: String, Default: sns }
  Region: { Type: String }
Conditions:
  InChina: !Equals [!Ref 'AWS::Partition', aws-cn]
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: { Handler: a.b, Runtime: python3.13, Role: 'arn:aws:iam::123456789012:role/fn', Code: { ZipFile: x } }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Fn, FunctionVersion: '1', Name: live } }
  Topic: { Type: AWS::SNS::Topic }
  Bucket: { Type: AWS::S3::Bucket }
  Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day) } }
  Queue: { Type: AWS::SQS::Queue }
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Caller:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: 'sts:AssumeRole' } } }
";

/// A permission that Lambda takes.
const PERMISSION: [(&str, &str); 4] = [
    ("FunctionName", "shop-orders"),
    ("Action", "'lambda:InvokeFunction'"),
    ("Principal", "sns.amazonaws.com"),
    ("SourceArn", "!Ref Topic"),
];

/// A template with the permission, one property of which has another value.
fn template(property: &str, value: &str) -> String {
    let others = PERMISSION.iter().filter(|(name, _)| *name != property);
    let properties: Vec<String> = others
        .chain([&(property, value)])
        .map(|(name, value)| format!("      {name}: {value}\n"))
        .collect();
    let properties = properties.concat();
    format!(
        "{RESOURCES}  Permission:\n    Type: AWS::Lambda::Permission\n    Properties:\n{properties}"
    )
}

/// The findings in a file.
fn findings(folder: &Folder, name: &str, text: &str) -> Vec<Value> {
    folder.write(name, text);
    let run = folder.run(&["--format", "json", "--min-severity", "info", name]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    report["findings"].as_array().unwrap().clone()
}

/// The findings about values that AWS refuses, as rule, severity and help.
fn refusals(findings: &[Value]) -> Vec<[String; 3]> {
    let told = findings.iter().map(|finding| {
        ["rule", "severity", "help"].map(|name| finding[name].as_str().unwrap_or("").to_owned())
    });
    told.filter(|[rule, ..]| rule.starts_with("permission/") || rule == WRONG_REFERENCE)
        .collect()
}

/// The rule that tells what a reference returns in place of what is taken.
const WRONG_REFERENCE: &str = "template/wrong-reference";

/// The property, the value, the rule, and what the help contains.
const REFUSED: [(&str, &str, &str, &str); 47] = [
    (
        "Action",
        "lambda.InvokeFunction",
        "action-is-refused",
        "`lambda:InvokeFunction`",
    ),
    (
        "Action",
        "InvokeFunction",
        "action-is-refused",
        "`lambda:InvokeFunction`",
    ),
    (
        "Action",
        "Lambda:InvokeFunction",
        "action-is-refused",
        "`lambda:InvokeFunction`",
    ),
    (
        "Action",
        "lambda/invokeFunctionUrl",
        "action-is-refused",
        "`lambda:invokeFunctionUrl`",
    ),
    (
        "Action",
        "'lambda:Invoke*'",
        "action-is-refused",
        "one action",
    ),
    ("Action", "s3:GetObject", "action-is-refused", "one action"),
    ("Action", "''", "action-is-refused", "one action"),
    (
        "Action",
        "['lambda:InvokeFunction']",
        "action-is-refused",
        "`lambda:InvokeFunction`",
    ),
    (
        "Action",
        "['lambda:InvokeFunction', 'lambda:GetFunction']",
        "action-is-refused",
        "one action",
    ),
    (
        "Action",
        "!Sub 'lambda.${Service}'",
        "action-is-refused",
        "one action",
    ),
    (
        "FunctionName",
        "shop-orders:live:1",
        "function-name-is-refused",
        "NAME:ALIAS",
    ),
    (
        "FunctionName",
        "shop orders",
        "function-name-is-refused",
        "NAME:ALIAS",
    ),
    (
        "FunctionName",
        "!Sub '${Live}:live'",
        "function-name-is-refused",
        "NAME:ALIAS",
    ),
    (
        "FunctionName",
        "!Sub '${Fn.Arn}:live:1'",
        "function-name-is-refused",
        "NAME:ALIAS",
    ),
    (
        "FunctionName",
        "shop-orders:$LATEST",
        "function-name-is-refused",
        "`shop-orders`",
    ),
    (
        "FunctionName",
        "!Sub '${Fn}:$LATEST'",
        "function-name-is-refused",
        "$LATEST",
    ),
    (
        "FunctionName",
        "!GetAtt Queue.Arn",
        "function-name-is-refused",
        "NAME:ALIAS",
    ),
    (
        "Principal",
        "s3",
        "principal-is-refused",
        "`s3.amazonaws.com`",
    ),
    (
        "Principal",
        "events.amazonaws",
        "principal-is-refused",
        "`events.amazonaws.com`",
    ),
    (
        "Principal",
        "sns.amazonaw.com",
        "principal-is-refused",
        "`sns.amazonaws.com`",
    ),
    (
        "Principal",
        "https://sns.amazonaws.com/",
        "principal-is-refused",
        "`sns.amazonaws.com`",
    ),
    (
        "Principal",
        "sns.amazonaws.co",
        "principal-is-refused",
        "`sns.amazonaws.com`",
    ),
    ("SourceArn", "'*'", "source-is-no-arn", "wildcards"),
    (
        "Principal",
        "orders.example.com",
        "principal-is-refused",
        "a service",
    ),
    (
        "Principal",
        "amazonaws.com",
        "principal-is-refused",
        "a service",
    ),
    (
        "Principal",
        "Caller",
        "principal-is-refused",
        "!GetAtt Caller.Arn",
    ),
    (
        "Principal",
        "!Ref Caller",
        "principal-is-refused",
        "!GetAtt Caller.Arn",
    ),
    (
        "Principal",
        "Caller.Arn",
        "principal-is-refused",
        "a service",
    ),
    (
        "Principal",
        "!Ref Topic",
        "principal-is-refused",
        "a service",
    ),
    (
        "Principal",
        "!GetAtt Fn.Arn",
        "principal-is-refused",
        "a service",
    ),
    (
        "Principal",
        "{ Service: sns.amazonaws.com }",
        "principal-is-refused",
        "`sns.amazonaws.com`",
    ),
    (
        "Principal",
        "1234567890123",
        "principal-is-refused",
        "12-digit",
    ),
    (
        "Principal",
        "1234-5678-9012",
        "principal-is-refused",
        "12-digit",
    ),
    ("Principal", "012345670123", "principal-is-refused", "octal"),
    (
        "SourceArn",
        "!GetAtt Topic.TopicName",
        WRONG_REFERENCE,
        "!Ref Topic",
    ),
    (
        "SourceArn",
        "!Ref Bucket",
        WRONG_REFERENCE,
        "!GetAtt Bucket.Arn",
    ),
    (
        "SourceArn",
        "!Ref Rule",
        WRONG_REFERENCE,
        "!GetAtt Rule.Arn",
    ),
    (
        "SourceArn",
        "!Ref Queue",
        WRONG_REFERENCE,
        "!GetAtt Queue.Arn",
    ),
    (
        "SourceArn",
        "Bucket",
        "source-is-no-arn",
        "!GetAtt Bucket.Arn",
    ),
    (
        "SourceArn",
        "!Sub '${Api}/*/GET/orders'",
        WRONG_REFERENCE,
        "execute-api",
    ),
    (
        "SourceArn",
        "'arn:aws:sns:${AWS::Region}:${Account}:orders'",
        "source-is-no-arn",
        "Fn::Sub",
    ),
    (
        "SourceArn",
        "!Sub 'arn:aws:s3::${Bucket}'",
        "source-is-no-arn",
        "arn:PARTITION",
    ),
    (
        "SourceArn",
        "arn:aws:s3::orders",
        "source-is-no-arn",
        "`arn:aws:s3:::orders`",
    ),
    (
        "SourceArn",
        "!Sub 'arn:aws:execute-api:*:${Account}:abc/*'",
        "source-is-no-arn",
        "wildcards",
    ),
    (
        "SourceAccount",
        "12345",
        "source-account-is-refused",
        "12 digits",
    ),
    (
        "EventSourceToken",
        "amzn1 skill",
        "token-is-refused",
        "the skill",
    ),
    (
        "PrincipalOrgID",
        "r-ab12",
        "organization-is-refused",
        "ID of the organization",
    ),
];

#[test]
fn a_value_that_lambda_refuses_is_an_error_at_its_place() {
    let folder = Folder::new("refused-values");
    for (property, value, rule, help) in REFUSED {
        let text = template(property, value);
        let found = findings(&folder, "t.yaml", &text);
        let told = refusals(&found);
        let case = format!("{property}: {value}: {told:#?}");
        assert_eq!(told.len(), 1, "{case}");
        let whole = match rule.contains('/') {
            true => rule.to_owned(),
            false => format!("permission/{rule}"),
        };
        assert_eq!(told[0][0], whole, "{case}");
        assert_eq!(told[0][1], "error", "{case}");
        assert!(told[0][2].contains(help), "{case}");
        let line = text.lines().count();
        let finding = found.iter().find(|f| f["rule"] == told[0][0].as_str());
        assert_eq!(finding.unwrap()["location"]["line"], line, "{case}");
        // Nothing else is said of what is refused.
        let on_line = found.iter().filter(|f| f["location"]["line"] == line);
        assert_eq!(on_line.count(), 1, "{case}");
    }
}

/// Values that Lambda takes, or that may be taken.
const TAKEN: [(&str, &str); 43] = [
    ("Action", "'lambda:*'"),
    ("Action", "'*'"),
    ("Action", "lambda:invokeFunction"),
    ("Action", "lambda:GetFunction"),
    ("Action", "!Ref Service"),
    ("Action", "!Sub 'lambda:${Service}'"),
    ("FunctionName", "!Ref Fn"),
    ("FunctionName", "!GetAtt Fn.Arn"),
    ("FunctionName", "!Ref Live"),
    ("FunctionName", "!Sub '${Fn}:live'"),
    ("FunctionName", "!Sub '${Fn.Arn}:${Service}'"),
    ("FunctionName", "!Ref Service"),
    ("FunctionName", "123456789012:function:orders:live"),
    (
        "FunctionName",
        "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders:7",
    ),
    ("FunctionName", "'orders:$LATEST.PUBLISHED'"),
    ("FunctionName", "!ImportValue orders"),
    ("Principal", "'*'"),
    ("Principal", "123456789012"),
    ("Principal", "'012345678901'"),
    ("Principal", "!Ref AWS::AccountId"),
    ("Principal", "!Ref Account"),
    ("Principal", "!Sub '${Service}.amazonaws.com'"),
    ("Principal", "!Sub 'events.${AWS::URLSuffix}'"),
    (
        "Principal",
        "!If [InChina, logs.cn-north-1.amazonaws.com.cn, logs.eu-west-1.amazonaws.com]",
    ),
    ("Principal", "lambda.alarms.cloudwatch.amazonaws.com"),
    ("Principal", "events.amazonaws.eu"),
    ("Principal", "s3.c2s.ic.gov"),
    ("Principal", "!Custom caller"),
    ("Principal", "alexa-appkit.amazon.com"),
    ("Principal", "!GetAtt Caller.Arn"),
    (
        "Principal",
        "!Sub 'arn:${AWS::Partition}:iam::${Account}:root'",
    ),
    (
        "Principal",
        "arn:aws:sts::123456789012:assumed-role/build/session",
    ),
    ("Principal", "'{{resolve:ssm:/orders/caller}}'"),
    ("SourceArn", "!GetAtt Bucket.Arn"),
    (
        "SourceArn",
        "!Sub 'arn:${AWS::Partition}:execute-api:${Region}:${AWS::AccountId}:${Api}/*/*'",
    ),
    (
        "SourceArn",
        "!Join [':', [arn, !Ref 'AWS::Partition', s3, '', '', !Ref Bucket]]",
    ),
    (
        "SourceArn",
        "!Sub 'arn:aws:events:eusc-de-east-1:${Account}:rule/*'",
    ),
    (
        "SourceArn",
        "arn:aws-iso-b:sns:us-isob-east-1:123456789012:orders",
    ),
    ("SourceArn", "'{{resolve:ssm:/orders/topic}}'"),
    ("SourceArn", "!Ref AWS::NoValue"),
    ("SourceAccount", "!Ref Account"),
    ("EventSourceToken", "!Sub 'amzn1.ask.skill.${Service}'"),
    ("PrincipalOrgID", "o-a1b2c3d4e5"),
];

#[test]
fn a_value_that_may_be_taken_is_no_error() {
    let folder = Folder::new("taken-values");
    for (property, value) in TAKEN {
        let told = refusals(&findings(&folder, "t.yaml", &template(property, value)));
        assert!(told.is_empty(), "{property}: {value}: {told:#?}");
    }
}

#[test]
fn what_another_program_replaces_is_a_warning() {
    let folder = Folder::new("placeholders");
    for value in [
        "'arn:aws:sns:${self:provider.region}:${self:account}:orders'",
        "'arn:aws:sns:{{ region }}:{{ account }}:orders'",
        "'arn:aws:sns:eu-west-1:<account>:orders'",
    ] {
        let told = refusals(&findings(&folder, "t.yaml", &template("SourceArn", value)));
        assert_eq!(told.len(), 1, "{value}: {told:#?}");
        assert_eq!(told[0][1], "warning", "{value}");
    }
}

/// What SAM makes of an event has the values of the event.
#[test]
fn an_event_of_sam_gives_its_values_to_the_permission() {
    let folder = Folder::new("sam-permissions");
    for (event, is_refused) in [
        ("Type: SNS, Properties: { Topic: orders }", true),
        ("Type: SNS, Properties: { Topic: !Ref Topic }", false),
        (
            "Type: AlexaSkill, Properties: { SkillId: 'amzn1 skill' }",
            true,
        ),
        (
            "Type: AlexaSkill, Properties: { SkillId: amzn1.ask.skill.1 }",
            false,
        ),
        (
            "Type: Api, Properties: { Path: /orders, Method: any }",
            false,
        ),
        (
            "Type: HttpApi, Properties: { Path: '/{proxy+}', Method: get }",
            false,
        ),
        (
            "Type: Schedule, Properties: { Schedule: rate(1 day) }",
            false,
        ),
    ] {
        let text = format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {{ Type: AWS::SNS::Topic }}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      InlineCode: x
      Events: {{ Event: {{ {event} }} }}
"
        );
        let told = refusals(&findings(&folder, "t.yaml", &text));
        assert_eq!(told.len(), usize::from(is_refused), "{event}: {told:#?}");
    }
}

/// The trigger that needs the permission is not reported as well; one that it is not for is.
#[test]
fn a_mistake_in_a_permission_is_told_once() {
    let folder = Folder::new("told-once");
    for (property, value) in [
        ("Action", "lambda.InvokeFunction"),
        ("Action", "'lambda:Invoke*'"),
        ("Action", "['lambda:InvokeFunction']"),
        ("Principal", "sns"),
        ("Principal", "Topic"),
        ("Principal", "{ Service: sns.amazonaws.com }"),
        ("SourceArn", "!GetAtt Topic.TopicName"),
        ("FunctionName", "!Sub '${Fn}:$LATEST'"),
    ] {
        let permission = template(property, value).replace("shop-orders", "!Ref Fn");
        let subscribed = |topic: &str| {
            let endpoint = "Protocol: lambda, Endpoint: !GetAtt Fn.Arn";
            format!(
                "{permission}  Subscription: {{ Type: AWS::SNS::Subscription, Properties: {{ {endpoint}, TopicArn: {topic} }} }}\n"
            )
        };
        let found = findings(&folder, "t.yaml", &subscribed("!Ref Topic"));
        let rules: Vec<&str> = found.iter().map(|f| f["rule"].as_str().unwrap()).collect();
        assert_eq!(rules.len(), 1, "{property}: {value}: {rules:?}");
        let is_at_cause = rules[0].starts_with("permission/") || rules[0] == WRONG_REFERENCE;
        assert!(is_at_cause, "{property}: {value}");
    }
    let rule = "  Config: { Type: AWS::Config::ConfigRule, Properties: { Source: { Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt Fn.Arn, SourceDetails: [{ EventSource: aws.config, MessageType: ConfigurationItemChangeNotification }] } } }\n";
    let other = template("SourceArn", "!GetAtt Topic.TopicName").replace("shop-orders", "!Ref Fn");
    let found = findings(&folder, "t.yaml", &format!("{other}{rule}"));
    let is_missing = |f: &Value| f["rule"] == "push-sources/invoke-not-granted";
    assert!(found.iter().any(is_missing), "{found:#?}");
}

#[test]
fn what_was_certainly_meant_is_offered_as_an_edit() {
    let folder = Folder::new("refused-edits");
    for (property, value, written) in [
        ("Action", "lambda.InvokeFunction", "lambda:InvokeFunction"),
        (
            "Action",
            "\"lambda.InvokeFunction\"",
            "\"lambda:InvokeFunction\"",
        ),
        ("Principal", "sns", "sns.amazonaws.com"),
        ("SourceArn", "arn:aws:s3::orders", "arn:aws:s3:::orders"),
        ("FunctionName", "shop-orders:$LATEST", "shop-orders"),
    ] {
        let found = findings(&folder, "t.yaml", &template(property, value));
        let refused = found
            .iter()
            .find(|f| f["rule"].as_str().unwrap().starts_with("permission/"));
        let edits = &refused.unwrap()["fix"]["edits"];
        assert_eq!(edits[0]["text"], written, "{property}: {value}: {edits}");
    }
}

/// Templates of the CDK are JSON, with references as objects.
#[test]
fn a_reference_in_json_is_mended_in_json() {
    let folder = Folder::new("refused-json");
    let text = r#"{"Resources": {
        "Inbox": {"Type": "AWS::S3::Bucket"},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Fn::ImportValue": "orders"}, "Action": "lambda:InvokeFunction",
            "Principal": "s3.amazonaws.com", "SourceAccount": {"Ref": "AWS::AccountId"},
            "SourceArn": {"Ref": "Inbox"}}}}}"#;
    let told = refusals(&findings(&folder, "t.template.json", text));
    assert_eq!(told.len(), 1, "{told:#?}");
    let help = r#"{"Fn::GetAtt": ["Inbox", "Arn"]}"#;
    assert!(told[0][2].contains(help), "{told:#?}");
}

/// The commands `aws lambda add-permission` in a report, each as pairs of options and values.
fn commands(report: &str) -> Vec<Vec<(String, String)>> {
    let joined = report.replace("\\\n", " ");
    let lines = joined
        .lines()
        .filter_map(|line| line.split_once("aws lambda add-permission --"));
    let options = lines.map(|(_, options)| {
        let options = options
            .split(" --")
            .filter_map(|option| option.trim().split_once(' '));
        let options = options.map(|(name, value)| {
            let value = value.trim().trim_matches('\'');
            (name.to_owned(), value.to_owned())
        });
        options.collect()
    });
    options.collect()
}

fn reports(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => reports(&path, found),
            // Formats for programs write line breaks and quotes in their own way.
            false => {
                let name = path.file_stem().unwrap().to_str().unwrap();
                let (_, format) = name.rsplit_once('-').unwrap_or(("", ""));
                let programs = [
                    "github", "gitlab", "html", "jsonl", "junit", "markdown", "sarif",
                ];
                if !programs.contains(&format) {
                    found.push(fs::read_to_string(path).unwrap());
                }
            }
        }
    }
}

/// What the reports tell to run is what Lambda takes.
#[test]
fn the_commands_of_fixes_have_values_that_lambda_takes() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let shape = catalogue
        .template_resource("AWS::Lambda::Permission")
        .unwrap();
    let mut texts = Vec::new();
    reports(&root().join("tests/snapshots"), &mut texts);
    let mut checked = 0;
    for (option, value) in texts.iter().flat_map(|text| commands(text)).flatten() {
        // https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
        let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let property = match option.as_str() {
            "statement-id" | "qualifier" => {
                assert!(value.len() <= 100 && value.chars().all(is_id), "{value}");
                continue;
            }
            "function-name" => "FunctionName",
            "action" => "Action",
            "principal" => "Principal",
            "source-arn" => "SourceArn",
            "source-account" => "SourceAccount",
            "event-source-token" => "EventSourceToken",
            "function-url-auth-type" => "FunctionUrlAuthType",
            other => panic!("{other} {value}"),
        };
        if value.contains('…') {
            continue;
        }
        let form = &shape.value(property).unwrap().form;
        assert!(form.fits(&Text::from(value.as_str())), "{option} {value}");
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn the_forms_of_values_are_regular_expressions() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let shape = catalogue
        .template_resource("AWS::Lambda::Permission")
        .unwrap();
    assert_eq!(shape.values.len(), 8);
    for value in &shape.values {
        assert!(value.form.is_valid(), "{}", value.property);
        let meant = value.meant.as_ref();
        assert!(
            meant.is_none_or(|(pattern, _)| pattern.is_valid()),
            "{}",
            value.property
        );
    }
}
