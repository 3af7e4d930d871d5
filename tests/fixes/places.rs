//! Where fixes go, and what they name.

use lint_lambda::diagnostics::Finding;

use super::bench::{Bench, Files, Read};

fn files(files: &[(&str, &str)]) -> Files {
    let owned = files.iter();
    owned
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

/// What is shown to be written, and the files with it.
fn shown(read: &Read, finding: &Finding) -> (String, Files) {
    let patch = finding
        .patch
        .as_ref()
        .unwrap_or_else(|| panic!("{finding:#?}"));
    let lines = patch.shown.iter().flat_map(|shown| &shown.lines);
    let lines: Vec<&str> = lines.map(String::as_str).collect();
    (lines.join("\n"), read.edited(&patch.edits))
}

const FUNCTION: &str = "
  Fn:
    Type: AWS::Lambda::Function
    Properties: { Handler: a.b, Runtime: python3.13, Role: !GetAtt Role.Arn, Code: { ZipFile: x } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
";

#[test]
fn a_permission_has_a_free_name_and_refers_to_what_is_declared() {
    let template = format!(
        "Resources:{FUNCTION}  FnSnsPermission: {{ Type: AWS::S3::Bucket }}
  Topic: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: orders }} }}
  Sub:
    Type: AWS::SNS::Subscription
    Properties: {{ Protocol: lambda, TopicArn: !Ref Topic, Endpoint: !GetAtt Fn.Arn }}
"
    );
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template)]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    assert_eq!(
        lines,
        "FnSnsPermission2:
  Type: AWS::Lambda::Permission
  Properties:
    Action: lambda:InvokeFunction
    FunctionName: !Ref Fn
    Principal: sns.amazonaws.com
    SourceArn: !Ref Topic"
    );
}

#[test]
fn a_permission_for_an_alias_refers_to_the_alias() {
    let template = format!(
        "Resources:{FUNCTION}  Version: {{ Type: AWS::Lambda::Version, Properties: {{ FunctionName: !Ref Fn }} }}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {{ FunctionName: !Ref Fn, FunctionVersion: !GetAtt Version.Version, Name: live }}
  Rule:
    Type: AWS::Events::Rule
    Properties: {{ ScheduleExpression: rate(1 day), Targets: [{{ Id: a, Arn: !Ref Live }}] }}
"
    );
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template)]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    assert!(lines.contains("\n    FunctionName: !Ref Live\n"), "{lines}");
    assert!(
        lines.contains("\n    SourceArn: !GetAtt Rule.Arn"),
        "{lines}"
    );
}

#[test]
fn what_waits_for_its_permission_is_made_to_and_not_referred_to() {
    let template = format!(
        "Resources:{FUNCTION}  Bucket:
    Type: AWS::S3::Bucket
    DependsOn: Role
    Properties:
      BucketName: orders-inbox
      NotificationConfiguration:
        LambdaConfigurations: [{{ Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn }}]
"
    );
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template)]));
    let (lines, after) = shown(&read, &read.outcome.findings[0]);
    assert!(
        lines.contains("SourceArn: arn:aws:s3:::orders-inbox"),
        "{lines}"
    );
    let waits = "    DependsOn:\n      - Role\n      - FnS3Permission\n";
    assert!(after[0].1.contains(waits), "{}", after[0].1);
}

#[test]
fn a_name_is_one_of_the_file_that_it_is_written_in() {
    let child = format!(
        "Parameters:
  QueueArn: {{ Type: String }}
Resources:{FUNCTION}  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !Ref QueueArn, FunctionName: !Ref Fn }}
Outputs:
  FunctionArn: {{ Value: !GetAtt Fn.Arn }}
"
    );
    let parent = "Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic }
  Worker:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: child.yaml, Parameters: { QueueArn: !GetAtt Jobs.Arn } }
  Sub:
    Type: AWS::SNS::Subscription
    Properties: { Protocol: lambda, TopicArn: !Ref Topic, Endpoint: !GetAtt Worker.Outputs.FunctionArn }
";
    let bench = Bench::new();
    let read = bench.offered(&files(&[("child.yaml", &child), ("parent.yaml", parent)]));
    let find = |rule: &str| {
        let mut findings = read.outcome.findings.iter();
        findings.find(|finding| &*finding.rule == rule).unwrap()
    };
    // The child knows the queue by its parameter.
    let (lines, after) = shown(&read, find("poll-sources/actions-not-granted"));
    assert!(lines.contains("Resource: !Ref QueueArn"), "{lines}");
    assert_eq!(after[1].1, parent);
    // The parent knows the function by what the child gives, and the child does not know the topic.
    let (lines, after) = shown(&read, find("push-sources/invoke-not-granted"));
    assert!(
        lines.contains("FunctionName: !GetAtt Worker.Outputs.FunctionArn"),
        "{lines}"
    );
    assert!(lines.contains("SourceArn: !Ref Topic"), "{lines}");
    assert_eq!(after[0].1, child);
}

#[test]
fn what_neither_file_can_name_is_told_with_what_to_fill_in() {
    let child = format!("Resources:{FUNCTION}");
    let parent = "Resources:
  Topic: { Type: AWS::SNS::Topic }
  Worker: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml } }
  Sub:
    Type: AWS::SNS::Subscription
    Properties:
      Protocol: lambda
      TopicArn: !Ref Topic
      Endpoint: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders'
";
    let child = child.replace("Handler: a.b", "FunctionName: orders, Handler: a.b");
    let bench = Bench::new();
    let read = bench.offered(&files(&[("child.yaml", &child), ("parent.yaml", parent)]));
    let finding = &read.outcome.findings[0];
    // The function's name is known, so the parent can name it.
    let (lines, _) = shown(&read, finding);
    assert!(lines.contains("FunctionName: !Sub"), "{lines}");
}

#[test]
fn what_would_wait_for_itself_is_written_out_or_told() {
    let template = |name: &str| {
        format!(
            "Resources:{FUNCTION}      Policies: []
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: Fn
    Properties: {{ {name} }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
"
        )
    };
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template("QueueName: orders"))]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    let arn = "!Sub \"arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:orders\"";
    assert!(lines.contains(arn), "{lines}");
    let read = bench.offered(&files(&[("t.yaml", &template("DelaySeconds: 1"))]));
    let finding = &read.outcome.findings[0];
    let (lines, after) = shown(&read, finding);
    assert_eq!(after[0].1, template("DelaySeconds: 1"));
    let arn = "!Sub \"arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:QUEUE\"";
    assert!(lines.contains(arn), "{lines}");
    let notes = finding.notes.iter();
    let texts: Vec<&str> = notes.map(|note| note.text.as_str()).collect();
    assert!(texts.contains(&"`Role` cannot refer to `Queue`, which depends on it: set a name for `Queue`, and use it in the ARN"), "{texts:?}");
}

#[test]
fn what_is_there_on_a_condition_is_referred_to_on_it() {
    let template = format!(
        "Parameters:
  Stage: {{ Type: String }}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:{FUNCTION}      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - {{ Effect: Allow, Action: 'sqs:GetQueueUrl', Resource: '*' }}
  Queue: {{ Type: AWS::SQS::Queue, Condition: IsProd }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Condition: IsProd
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
"
    );
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template)]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    assert_eq!(
        lines,
        "- !If
  - IsProd
  - Effect: Allow
    Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]
    Resource: !GetAtt Queue.Arn
  - !Ref AWS::NoValue"
    );
}

#[test]
fn a_policy_that_others_share_is_left_alone() {
    let template = format!(
        "Resources:{FUNCTION}  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{ Effect: Allow, Principal: {{ Service: ec2.amazonaws.com }}, Action: sts:AssumeRole }}
  Shared:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: shared
      PolicyDocument:
        Statement: {{ Effect: Allow, Action: 'sqs:GetQueueUrl', Resource: '*' }}
      Roles: [!Ref Role, !Ref Other]
  Queue: {{ Type: AWS::SQS::Queue }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
"
    );
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", &template)]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    assert!(
        lines.starts_with("Policies:\n  - PolicyName: allow-sqs"),
        "{lines}"
    );
    let own = template.replace("[!Ref Role, !Ref Other]", "[!Ref Role]");
    let read = bench.offered(&files(&[("t.yaml", &own)]));
    let (lines, _) = shown(&read, &read.outcome.findings[0]);
    assert!(lines.starts_with("- Effect: Allow"), "{lines}");
}

#[test]
fn two_fixes_of_one_thing_are_one_edit() {
    let template = format!(
        "Resources:{FUNCTION}      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement: {{ Effect: Allow, Action: 'sqs:GetQueueUrl', Resource: '*' }}
  Queue: {{ Type: AWS::SQS::Queue }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
  Dead: {{ Type: AWS::SQS::Queue }}
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Fn
      Qualifier: $LATEST
      DestinationConfig: {{ OnFailure: {{ Destination: !GetAtt Dead.Arn }} }}
  Topic: {{ Type: AWS::SNS::Topic }}
  One: {{ Type: AWS::SNS::Subscription, Properties: {{ Protocol: lambda, TopicArn: !Ref Topic, Endpoint: !GetAtt Fn.Arn }} }}
  Second: {{ Type: AWS::SNS::Topic }}
  Two: {{ Type: AWS::SNS::Subscription, Properties: {{ Protocol: lambda, TopicArn: !Ref Second, Endpoint: !GetAtt Fn.Arn }} }}
"
    );
    let bench = Bench::new();
    let read = bench.read(&files(&[("t.yaml", &template)]));
    let all = bench.together(&read);
    assert_eq!(all.mended.len(), 4);
    let after = read.edited(&all.edits);
    let statements = "            Statement:
              - { Effect: Allow, Action: 'sqs:GetQueueUrl', Resource: '*' }
              - Effect: Allow
                Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue.Arn
              - Effect: Allow
                Action: sqs:SendMessage
                Resource: !GetAtt Dead.Arn
";
    assert!(after[0].1.contains(statements), "{}", after[0].1);
    assert!(
        after[0].1.contains("\n  FnSnsPermission2:\n"),
        "{}",
        after[0].1
    );
    assert_eq!(bench.read(&after).said(), Vec::<String>::new());
}

#[test]
fn what_is_told_is_complete_and_in_the_language_of_the_file() {
    let template = "Transform: AWS::Serverless-2016-10-31
Conditions:
  IsBig: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Policies: !If [IsBig, AWSLambdaExecute, AWSLambdaBasicExecutionRole]
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Destination: !GetAtt Dead.Arn } } }
  Dead: { Type: AWS::SQS::Queue }
";
    let bench = Bench::new();
    let read = bench.offered(&files(&[("t.yaml", template)]));
    let (lines, after) = shown(&read, &read.outcome.findings[0]);
    assert_eq!(after[0].1, template);
    assert_eq!(
        lines,
        "- Statement:
    - Effect: Allow
      Action: sqs:SendMessage
      Resource: !GetAtt Dead.Arn"
    );
}
