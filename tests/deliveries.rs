//! What services send to encrypted queues and topics on the way to a function.

use crate::program::Folder;

/// The statement with which IAM policies of the account count.
const ROOT: &str = "{ Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }";

/// A template with a function that reads a topic or queue, and a key whose policy has these statements.
fn template(resources: &str, statements: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      InlineCode: x
      Policies: [{{ Statement: [{{ Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn }}] }}]
      Events:
        Topic: {{ Type: SNS, Properties: {{ Topic: !Ref Topic }} }}
        Queue: {{ Type: SQS, Properties: {{ Queue: !GetAtt Queue.Arn }} }}
  Key:
    Type: AWS::KMS::Key
    Properties: {{ KeyPolicy: {{ Version: '2012-10-17', Statement: [{ROOT}, {statements}] }} }}
  Topic: {{ Type: AWS::SNS::Topic, Properties: {{ KmsMasterKeyId: !Ref Key }} }}
  Queue: {{ Type: AWS::SQS::Queue, Properties: {{ KmsMasterKeyId: !Ref Key }} }}
{resources}"
    )
}

fn allows(service: &str) -> String {
    format!(
        "{{ Effect: Allow, Principal: {{ Service: {service} }}, Action: 'kms:*', Resource: '*' }}"
    )
}

const RULE: &str = "async/key-keeps-sender-out";

#[test]
fn each_sender_needs_its_own_principal_in_the_key_policy() {
    let folder = Folder::new("deliveries");
    let with = |name: &str, rest: &str| {
        format!("  Source: {{ Type: '{name}', Properties: {{ {rest} }} }}\n")
    };
    for (service, source) in [
        (
            "cloudwatch.amazonaws.com",
            with("AWS::CloudWatch::Alarm", "OKActions: [!Ref Topic]"),
        ),
        (
            "cloudwatch.amazonaws.com",
            with(
                "AWS::CloudWatch::CompositeAlarm",
                "AlarmActions: [!Ref Topic]",
            ),
        ),
        (
            "events.amazonaws.com",
            with(
                "AWS::Events::Rule",
                "Targets: [{ Id: a, Arn: !GetAtt Queue.Arn }]",
            ),
        ),
        (
            "s3.amazonaws.com",
            with(
                "AWS::S3::Bucket",
                "NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: !GetAtt Queue.Arn }] }",
            ),
        ),
        (
            "sns.amazonaws.com",
            with(
                "AWS::SNS::Topic",
                "Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Queue.Arn }]",
            ),
        ),
    ] {
        for (statements, rules) in [
            (allows(service), vec![]),
            (allows("'*'").replace("{ Service: '*' }", "'*'"), vec![]),
            (allows("lambda.amazonaws.com"), vec![RULE]),
        ] {
            folder.write("t.yaml", template(&source, &statements));
            let errors = folder.run(&["t.yaml", "--format", "json"]).errors();
            assert_eq!(errors, rules, "{source} {statements}");
        }
    }
}

#[test]
fn only_what_leads_to_a_function_counts() {
    let folder = Folder::new("deliveries-elsewhere");
    let alarm =
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Other] } }\n";
    let other = "  Other: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Ref Key } }\n";
    let leads_on = "  On: { Type: AWS::SNS::Subscription, Properties: { Protocol: sqs, TopicArn: !Ref Other, Endpoint: !GetAtt Queue.Arn } }\n";
    let of_sns = allows("sns.amazonaws.com");
    for (resources, rules) in [
        (format!("{alarm}{other}"), vec![]),
        (format!("{alarm}{other}{leads_on}"), vec![RULE]),
        (format!("{alarm}{}", other.replace("KmsMasterKeyId: !Ref Key", "")), vec![]),
        // A role of the target sends in place of the service.
        ("  Rule: { Type: AWS::Events::Rule, Properties: { Targets: [{ Id: a, Arn: !Ref Topic, RoleArn: !GetAtt OrdersRole.Arn }] } }\n".to_owned(), vec![]),
    ] {
        folder.write("t.yaml", template(&resources, &of_sns));
        let errors = folder.run(&["t.yaml", "--format", "json"]).errors();
        let own: Vec<&String> = errors.iter().filter(|rule| *rule == RULE).collect();
        assert_eq!(own, rules, "{resources}");
    }
}

#[test]
fn a_condition_on_the_sender_leaves_it_open() {
    let folder = Folder::new("deliveries-conditions");
    let alarm =
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Topic] } }\n";
    let condition = "Condition: { StringEquals: { aws:SourceAccount: !Ref AWS::AccountId } } }";
    let statement =
        allows("cloudwatch.amazonaws.com").replace("'*' }", &format!("'*', {condition}"));
    folder.write("t.yaml", template(alarm, &statement));
    let run = folder.run(&["t.yaml", "--format", "json", "--show-undecided"]);
    assert_eq!(run.errors(), [""; 0]);
    assert_eq!(run.json()["undecided"][0]["rule"], RULE, "{}", run.stdout);
}

#[test]
fn a_key_policy_may_name_the_key_by_its_arn() {
    let folder = Folder::new("deliveries-arns");
    let alarm =
        "  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!Ref Topic] } }\n";
    for (resource, rules) in [
        ("'*'", vec![]),
        ("'arn:aws:kms:*:*:key/*'", vec![]),
        (
            "!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*'",
            vec![],
        ),
        ("'arn:aws:kms:*:*:alias/*'", vec![RULE]),
    ] {
        let statement = allows("cloudwatch.amazonaws.com")
            .replace("Resource: '*'", &format!("Resource: {resource}"));
        folder.write("t.yaml", template(alarm, &statement));
        let errors = folder.run(&["t.yaml", "--format", "json"]).errors();
        assert_eq!(errors, rules, "{resource}");
    }
}

#[test]
fn what_is_disabled_sends_nothing() {
    let folder = Folder::new("deliveries-disabled");
    let of_sns = allows("sns.amazonaws.com");
    for source in [
        "  Source: { Type: AWS::CloudWatch::Alarm, Properties: { ActionsEnabled: false, AlarmActions: [!Ref Topic] } }\n",
        "  Source: { Type: AWS::Events::Rule, Properties: { State: DISABLED, Targets: [{ Id: a, Arn: !Ref Topic }] } }\n",
    ] {
        folder.write("t.yaml", template(source, &of_sns));
        let errors = folder.run(&["t.yaml", "--format", "json"]).errors();
        assert_eq!(errors, [""; 0], "{source}");
    }
}
