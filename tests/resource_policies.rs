//! The policies of queues and keys of a template count, in checking and for `can`.

use crate::program::Folder;

/// A function that reads an encrypted queue; `QUEUE` and `KEY` are statements of the queue's and the
/// key's policy.
const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [KEY] } }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { QueueName: orders, KmsMasterKeyId: !GetAtt Key.Arn }
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument: { Version: '2012-10-17', Statement: [QUEUE] }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders-role
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole']
      Policies:
        - PolicyName: key
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{ Effect: Allow, Action: 'kms:Decrypt', Resource: !GetAtt Key.Arn }]
  Orders:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: { ZipFile: 'x' } }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Orders, EventSourceArn: !GetAtt Queue.Arn }
"#;

const ACCOUNT: &str = "{ Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }, Action: 'kms:*', Resource: '*' }";
const DENY_ROLE: &str =
    "{ Effect: Deny, Principal: { AWS: !GetAtt Role.Arn }, Action: 'kms:Decrypt', Resource: '*' }";
const NAMES_ROLE: &str =
    "{ Effect: Allow, Principal: { AWS: !GetAtt Role.Arn }, Action: 'kms:Decrypt', Resource: '*' }";
const OTHER: &str = "{ Effect: Allow, Principal: { AWS: 'arn:aws:iam::123456789012:role/other' }, Action: 'kms:*', Resource: '*' }";
const TLS: &str = "{ Effect: Deny, Principal: '*', Action: 'sqs:*', Resource: !GetAtt Queue.Arn, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }";
const NO_DELETE: &str = "{ Sid: Keep, Effect: Deny, Principal: '*', Action: 'sqs:DeleteMessage', Resource: !GetAtt Queue.Arn }";

/// What checking and `can` say with these policies: the missing actions, and the exit statuses of
/// `can` for the key and the queue.
fn said(name: &str, key: &str, queue: &str) -> (String, Option<i32>, Option<i32>) {
    let folder = Folder::new(name);
    let text = TEMPLATE.replace("KEY", key).replace("QUEUE", queue);
    folder.write("template.yaml", text);
    let arguments = ["--format", "plain", "--show-undecided", "template.yaml"];
    let run = folder.run(&arguments);
    let lines = run.stdout.lines();
    let told = lines.filter(|line| line.contains("missing:") || line.contains("undecided["));
    let of_key = folder.run(&["can", "Orders", "kms:Decrypt", "Key", "template.yaml"]);
    let of_queue = folder.run(&[
        "can",
        "Orders",
        "sqs:DeleteMessage",
        "Queue",
        "template.yaml",
    ]);
    (told.collect(), of_key.status, of_queue.status)
}

#[test]
fn a_deny_in_the_policy_of_a_key_or_queue_counts() {
    let clean = said(
        "resource-clean",
        ACCOUNT,
        NO_DELETE.replace("Deny", "Allow").as_str(),
    );
    assert_eq!(clean, (String::new(), Some(0), Some(0)));
    let key = said(
        "resource-key",
        &format!("{ACCOUNT}, {DENY_ROLE}"),
        NO_DELETE.replace("Deny", "Allow").as_str(),
    );
    assert_eq!(key, ("  missing: kms:Decrypt".to_owned(), Some(1), Some(0)));
    let queue = said("resource-queue", ACCOUNT, NO_DELETE);
    assert_eq!(
        queue,
        ("  missing: sqs:DeleteMessage".to_owned(), Some(0), Some(1))
    );
}

#[test]
fn a_key_policy_must_let_the_account_or_the_role_decide() {
    let role = said(
        "resource-role",
        NAMES_ROLE,
        NO_DELETE.replace("Deny", "Allow").as_str(),
    );
    assert_eq!(role, (String::new(), Some(0), Some(0)));
    let other = said(
        "resource-other",
        OTHER,
        NO_DELETE.replace("Deny", "Allow").as_str(),
    );
    assert_eq!(
        other,
        ("  missing: kms:Decrypt".to_owned(), Some(1), Some(0))
    );
}

#[test]
fn lambda_likely_uses_tls() {
    let (told, ..) = said("resource-tls", ACCOUNT, TLS);
    assert_eq!(told, "");
}

/// What is said of a mapping on a queue of another account, by the role's statements.
fn of_another_account(name: &str, statements: &str) -> String {
    let folder = Folder::new(name);
    let text = TEMPLATE
        .replace("KEY", ACCOUNT)
        .replace("QUEUE", TLS)
        .replace("EventSourceArn: !GetAtt Queue.Arn", "EventSourceArn: 'arn:aws:sqs:eu-west-1:999999999999:other'")
        .replace("ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole']", "ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']")
        .replace("Action: 'kms:Decrypt', Resource: !GetAtt Key.Arn }", &format!("Action: 'kms:Decrypt', Resource: !GetAtt Key.Arn }}{statements}"));
    folder.write("template.yaml", text);
    let arguments = [
        "--format",
        "plain",
        "--show-undecided",
        "--account",
        "123456789012",
        "template.yaml",
    ];
    folder.run(&arguments).stdout
}

#[test]
fn across_accounts_the_role_must_allow_it_and_the_policy_of_the_queue_decides() {
    let lacking = of_another_account("account-lacking", "");
    assert!(lacking.contains("missing: sqs:ReceiveMessage"), "{lacking}");
    assert!(
        lacking.contains("help: add this to a policy of role `Role`"),
        "{lacking}"
    );
    let allowed = of_another_account(
        "account-allowed",
        ", { Effect: Allow, Action: 'sqs:*', Resource: '*' }",
    );
    assert!(allowed.contains("undecided[poll-sources/"), "{allowed}");
    assert!(
        allowed.contains("the policy of arn:aws:sqs:eu-west-1:999999999999:other"),
        "{allowed}"
    );
}

#[test]
fn where_a_deny_stands_and_no_allow_the_help_says_both() {
    let denied = of_another_account(
        "account-denied",
        ", { Effect: Deny, Action: 'sqs:*', Resource: '*' }",
    );
    assert!(
        denied.contains("remove the Deny") && denied.contains("add this to"),
        "{denied}"
    );
}
