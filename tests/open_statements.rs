//! Statements that let a service in as a whole: what limits them depends on the service and on the file.

use serde_json::{Value, json};

use crate::program::Folder;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";
const RULE: &str = "function-policy/open-to-every-account";

fn policy(service: &str, resource: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "open", "Effect": "Allow",
        "Principal": { "Service": service }, "Action": "lambda:InvokeFunction",
        "Resource": resource }] })
}

/// A file with its name, what is printed for it, and its findings of the rule as JSON.
fn reported(folder: &Folder, name: &str, text: &str) -> (String, Vec<Value>) {
    folder.write(name, text);
    let printed = folder
        .run(&["--format", "plain", "--show-undecided", name])
        .stdout;
    let report = folder.run(&["--format", "json", name]).stdout;
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let findings = findings.filter(|finding| finding["rule"] == RULE).cloned();
    (printed, findings.collect())
}

/// A text with the edits of a fix made in it.
fn edited(text: &str, edits: &Value) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let offset = |location: &Value, line: &str, column: &str| {
        let number = |name: &str| usize::try_from(location[name].as_u64().unwrap()).unwrap() - 1;
        let before: usize = lines[..number(line)].iter().map(|line| line.len()).sum();
        before + number(column)
    };
    let mut text = text.to_owned();
    for edit in edits.as_array().unwrap().iter().rev() {
        let place = &edit["location"];
        let range = offset(place, "line", "column")..offset(place, "end_line", "end_column");
        text.replace_range(range, edit["text"].as_str().unwrap());
    }
    text
}

#[test]
fn each_service_is_limited_by_what_it_sends() {
    let folder = Folder::new("open-services");
    let arn =
        |service: &str, rest: &str| format!("arn:aws:{service}:eu-west-1:123456789012:{rest}");
    let account = || json!({ "aws:SourceAccount": "123456789012" });
    let cases = [
        (
            "sns.amazonaws.com",
            json!({ "ArnLike": {
            "aws:SourceArn": "arn:aws:sns:REGION:123456789012:TOPIC" } }),
        ),
        (
            "sns.eu-south-1.amazonaws.com",
            json!({ "ArnLike": {
            "aws:SourceArn": "arn:aws:sns:REGION:123456789012:TOPIC" } }),
        ),
        (
            "s3.amazonaws.com",
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::BUCKET" },
            "StringEquals": account() }),
        ),
        (
            "events.amazonaws.com",
            json!({ "ArnLike": { "aws:SourceArn": arn("events", "rule/RULE") } }),
        ),
        (
            "apigateway.amazonaws.com",
            json!({ "ArnLike": {
            "aws:SourceArn": arn("execute-api", "API/*") } }),
        ),
        ("iot.amazonaws.com", json!({ "StringEquals": account() })),
        (
            "secretsmanager.amazonaws.com",
            json!({ "StringEquals": account() }),
        ),
        (
            "alexa-appkit.amazon.com",
            json!({ "StringEquals": {
            "lambda:EventSourceToken": "SKILL_ID" } }),
        ),
        (
            "alexa-connectedhome.amazon.com",
            json!({ "StringEquals": {
            "lambda:EventSourceToken": "SKILL_ID" } }),
        ),
        (
            "lambda.datasource.cloudwatch.amazonaws.com",
            json!({ "StringEquals": account() }),
        ),
    ];
    for (service, condition) in cases {
        let open = policy(service, FUNCTION);
        let (printed, findings) = reported(&folder, "policy.json", &open.to_string());
        let [finding] = findings.as_slice() else {
            panic!("{service}: {printed}");
        };
        assert!(
            finding["message"].as_str().unwrap().contains(service),
            "{printed}"
        );
        assert_eq!(finding["principal"], service, "{printed}");
        let fix = &finding["fix"];
        assert_eq!(
            fix["statements"][0]["Condition"], condition,
            "{service}: {printed}"
        );
        assert!(!fix["replaces"].is_null(), "{service}: {printed}");
        assert!(
            fix["edits"].is_null(),
            "which source is not known: {service}: {printed}"
        );
        assert!(!printed.contains("aws lambda "), "{service}: {printed}");
        // With its placeholders filled in, no rule says that it is wrong.
        let mut limited = open.clone();
        limited["Statement"][0]["Condition"] = condition;
        let (printed, _) = reported(&folder, "limited.json", &limited.to_string());
        assert!(printed.starts_with("no findings"), "{service}: {printed}");
        // What AWS printed is changed by commands.
        let output = json!({ "Policy": open.to_string(), "RevisionId": "1" });
        let (printed, _) = reported(&folder, "get-policy.json", &output.to_string());
        let remove = "aws lambda remove-permission --function-name orders --statement-id open\n";
        assert!(printed.contains(remove), "{service}: {printed}");
        assert!(
            printed.contains(&format!("--principal {service}")),
            "{service}: {printed}"
        );
    }
}

#[test]
fn a_service_that_nothing_documented_limits_is_not_at_fault() {
    let folder = Folder::new("open-unlimited");
    let macro_permission = policy("cloudformation.amazonaws.com", FUNCTION);
    let (printed, findings) = reported(&folder, "macro.json", &macro_permission.to_string());
    assert!(
        findings.is_empty() && printed.starts_with("no findings"),
        "{printed}"
    );
    let validator = policy("appconfig.amazonaws.com", FUNCTION);
    let (printed, findings) = reported(&folder, "validator.json", &validator.to_string());
    assert!(
        findings.is_empty() && printed.contains("AWS does not document"),
        "{printed}"
    );
    // Of a service that nothing is known of, the advice holds only if it sends the key.
    let other = policy("rds.amazonaws.com", FUNCTION);
    let (printed, findings) = reported(&folder, "other.json", &other.to_string());
    assert_eq!(findings.len(), 1, "{printed}");
    assert!(printed.contains("if the service sends it"), "{printed}");
}

#[test]
fn the_commands_are_for_the_alias_and_for_statements_without_conditions() {
    let folder = Folder::new("open-commands");
    let output = |policy: &Value| json!({ "Policy": policy.to_string() }).to_string();
    let alias = policy("sns.amazonaws.com", &format!("{FUNCTION}:live"));
    let (printed, _) = reported(&folder, "alias.json", &output(&alias));
    assert_eq!(printed.matches("--qualifier live").count(), 2, "{printed}");
    let mut two = alias.clone();
    two["Statement"][0]["Principal"]["Service"] = json!(["sns.amazonaws.com", "s3.amazonaws.com"]);
    let (printed, findings) = reported(&folder, "two.json", &output(&two));
    assert!(findings[0]["fix"].is_null(), "{printed}");
    assert!(printed.contains("a statement of its own"), "{printed}");
}

/// A template of a function with a permission for a service, and other resources.
fn template(service: &str, others: &str) -> String {
    format!(
        "Parameters:
  Service: {{ Type: String }}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{ Effect: Allow, Principal: {{ Service: lambda.amazonaws.com }}, Action: sts:AssumeRole }}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Code: {{ ZipFile: pass }}
      Role: !GetAtt Role.Arn
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Function
      Principal: {service}
{others}"
    )
}

const TOPIC: &str = "  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Subscription:
        - { Protocol: lambda, Endpoint: !GetAtt Function.Arn }
";

fn rule(id: &str) -> String {
    format!(
        "  {id}:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
        - {{ Id: a, Arn: !GetAtt Function.Arn }}
"
    )
}

fn bucket(properties: &str) -> String {
    format!(
        "  Bucket:
    Type: AWS::S3::Bucket
    DependsOn: Permission
    Properties:
{properties}      NotificationConfiguration:
        LambdaConfigurations:
          - {{ Event: 's3:ObjectCreated:*', Function: !GetAtt Function.Arn }}
"
    )
}

#[test]
fn a_permission_of_a_template_is_limited_to_the_source_in_it() {
    let folder = Folder::new("open-templates");
    let named = bucket("      BucketName: orders-uploads\n");
    let cases: [(&str, &str, String, &[&str]); 5] = [
        (
            "topic",
            "sns.amazonaws.com",
            TOPIC.to_owned(),
            &["SourceArn: !Ref Topic"],
        ),
        (
            "rule",
            "events.amazonaws.com",
            rule("Rule"),
            &["SourceArn: !GetAtt Rule.Arn"],
        ),
        (
            "two rules",
            "events.amazonaws.com",
            rule("Rule") + &rule("Other"),
            &["SourceArn: !Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*"],
        ),
        // The bucket waits for the permission, which cannot refer to it.
        (
            "bucket",
            "s3.amazonaws.com",
            bucket(""),
            &["SourceAccount: !Ref AWS::AccountId"],
        ),
        (
            "named bucket",
            "s3.amazonaws.com",
            named,
            &[
                "SourceArn: arn:aws:s3:::orders-uploads",
                "SourceAccount: !Ref AWS::AccountId",
            ],
        ),
    ];
    for (name, service, others, lines) in cases {
        let text = template(service, &others);
        let (printed, findings) = reported(&folder, "template.yaml", &text);
        assert_eq!(findings.len(), 1, "{name}: {printed}");
        assert!(!printed.contains("aws lambda "), "{name}: {printed}");
        let fixed = edited(&text, &findings[0]["fix"]["edits"]);
        let added: Vec<&str> = fixed
            .lines()
            .filter(|line| !text.lines().any(|own| own == *line))
            .map(str::trim)
            .collect();
        assert_eq!(added, lines, "{name}: {printed}");
        let (printed, findings) = reported(&folder, "template.yaml", &fixed);
        assert!(
            findings.is_empty() && printed.starts_with("no findings"),
            "{name}: {printed}"
        );
    }
}

#[test]
fn a_permission_without_its_source_is_told_what_to_fill_in() {
    let folder = Folder::new("open-elsewhere");
    let (printed, findings) = reported(&folder, "a.yaml", &template("sns.amazonaws.com", ""));
    assert!(findings[0]["fix"]["edits"].is_null(), "{printed}");
    let line = "SourceArn: !Sub arn:aws:sns:REGION:${AWS::AccountId}:TOPIC";
    assert!(
        printed.contains(line) && printed.contains("fill in: REGION, TOPIC"),
        "{printed}"
    );
    // A parameter can be an account, which needs no source.
    let (printed, findings) = reported(&folder, "b.yaml", &template("!Ref Service", ""));
    assert!(findings.is_empty(), "{printed}");
    let (printed, findings) =
        reported(&folder, "d.yaml", &template("unheard-of.amazonaws.com", ""));
    assert!(findings[0]["fix"].is_null(), "{printed}");
    assert!(printed.contains("if the service sends it"), "{printed}");
    let skill = "Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: pass
      Events:
        Skill: { Type: AlexaSkill }
";
    let (printed, findings) = reported(&folder, "c.yaml", skill);
    assert!(
        findings[0]["fix"].is_null() && printed.contains("`SkillId`"),
        "{printed}"
    );
}

#[test]
fn an_account_or_what_is_not_known_is_no_service() {
    let folder = Folder::new("open-principals");
    for principal in [
        "123456789012",
        "'123456789012'",
        "!Ref AWS::AccountId",
        "!Sub '${AWS::AccountId}'",
        "!Ref Who",
        "!Join ['', ['arn:aws:iam::', !Ref Who, ':root']]",
    ] {
        let text = format!(
            "Parameters: {{ Who: {{ Type: String }} }}
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {{ Role: arn:aws:iam::123456789012:role/own }}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {{ Action: lambda:InvokeFunction, FunctionName: !Ref Function, Principal: {principal} }}
"
        );
        let (_, findings) = reported(&folder, "t.yaml", &text);
        assert!(findings.is_empty(), "{principal}: {findings:#?}");
    }
}
