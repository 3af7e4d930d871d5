//! What is added to a text looks like the rest of it.

use lint_lambda::unstable::source::edited;

use super::bench::Bench;

/// A template in which a function reads a queue that its role does not let it read, with the policies of the
/// role written so.
fn role(policies: &str) -> String {
    format!(
        "Resources:
  Queue: {{ Type: AWS::SQS::Queue }}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {{ Handler: a.b, Runtime: python3.13, Role: !GetAtt Role.Arn, Code: {{ ZipFile: x }} }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{ Effect: Allow, Principal: {{ Service: lambda.amazonaws.com }}, Action: sts:AssumeRole }}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
{policies}"
    )
}

/// The same with a serverless function, whose properties are written so.
fn serverless(properties: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {{ Type: AWS::SQS::Queue }}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Fn }}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
{properties}"
    )
}

/// The text with the first fix that is offered for it.
fn fixed(name: &str, text: &str) -> String {
    let bench = Bench::new();
    let read = bench.offered(&[(name.to_owned(), text.to_owned())]);
    let mut findings = read.outcome.findings.iter();
    let patch = findings.find_map(|finding| finding.patch.as_ref());
    let patch = patch.unwrap_or_else(|| panic!("{:#?} in {text}", read.said()));
    edited(text, &patch.edits).unwrap()
}

/// Asserts that the end of a template becomes this.
#[track_caller]
fn becomes(template: fn(&str) -> String, before: &str, after: &str) {
    assert_eq!(fixed("template.yaml", &template(before)), template(after));
}

/// Asserts that a template gains this at its end.
#[track_caller]
fn gains(template: fn(&str) -> String, before: &str, added: &str) {
    becomes(template, before, &format!("{before}{added}"));
}

#[test]
fn a_statement_is_added_to_the_block_of_the_others() {
    becomes(
        role,
        "      Policies:
        - PolicyName: queue # of orders
          PolicyDocument:
            Statement:
              # More than enough.
              - Effect: Allow
                Action: sqs:ReceiveMessage
                Resource: '*' # for now

Outputs:
  Arn: { Value: !GetAtt Queue.Arn }
",
        "      Policies:
        - PolicyName: queue # of orders
          PolicyDocument:
            Statement:
              # More than enough.
              - Effect: Allow
                Action: sqs:ReceiveMessage
                Resource: '*' # for now
              - Effect: Allow
                Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue.Arn

Outputs:
  Arn: { Value: !GetAtt Queue.Arn }
",
    );
}

#[test]
fn lists_keep_their_indentation_and_their_form() {
    gains(
        role,
        "      Policies:
      - PolicyName: queue
        PolicyDocument:
          Statement:
          - Effect: Allow
            Action:
            - sqs:ReceiveMessage
            - sqs:GetQueueUrl
            Resource: '*'
",
        "          - Effect: Allow
            Action:
            - sqs:DeleteMessage
            - sqs:GetQueueAttributes
            Resource: !GetAtt Queue.Arn
",
    );
}

#[test]
fn a_single_statement_becomes_the_first_of_a_list() {
    becomes(
        role,
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              Effect: Allow
              Action: [sqs:ReceiveMessage, sqs:GetQueueUrl]
              Resource: '*'
",
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [sqs:ReceiveMessage, sqs:GetQueueUrl]
                Resource: '*'
              - Effect: Allow
                Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue.Arn
",
    );
    becomes(
        role,
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement: { Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' } # one
",
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' } # one
              - Effect: Allow
                Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue.Arn
",
    );
}

#[test]
fn brackets_stay_brackets() {
    becomes(
        role,
        "      Policies: [{ PolicyName: q, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' }] } }]
",
        "      Policies: [{ PolicyName: q, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' }, { Effect: Allow, Action: [sqs:DeleteMessage, sqs:GetQueueAttributes], Resource: !GetAtt Queue.Arn }] } }]
",
    );
    becomes(
        role,
        "      Policies: [
        {
          PolicyName: q,
          PolicyDocument: { Statement: { Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' } },
        },
      ]
",
        "      Policies: [
        {
          PolicyName: q,
          PolicyDocument: { Statement: [{ Effect: Allow, Action: 'sqs:ReceiveMessage', Resource: '*' }, { Effect: Allow, Action: [sqs:DeleteMessage, sqs:GetQueueAttributes], Resource: !GetAtt Queue.Arn }] },
        },
      ]
",
    );
    becomes(
        role,
        "      Policies: []\n",
        "      Policies: [{ PolicyName: allow-sqs, PolicyDocument: { Version: \"2012-10-17\", Statement: [{ Effect: Allow, Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes], Resource: !GetAtt Queue.Arn }] } }]\n",
    );
}

#[test]
fn line_ends_and_the_end_of_the_file_stay() {
    let before = role(
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: sqs:ReceiveMessage
                Resource: '*'",
    );
    let after = format!(
        "{before}
              - Effect: Allow
                Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource: !GetAtt Queue.Arn"
    );
    assert_eq!(fixed("template.yaml", &before), after);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(fixed("template.yaml", &crlf(&before)), crlf(&after));
}

#[test]
fn functions_are_written_in_full_where_the_rest_is() {
    let long = |text: &str| {
        let text = text.replace("!GetAtt Role.Arn", "{ Fn::GetAtt: [Role, Arn] }");
        let text = text.replace("!Ref Fn", "{ Ref: Fn }");
        text.replace("!GetAtt Queue.Arn", "{ Fn::GetAtt: [Queue, Arn] }")
    };
    let before = long(&role(
        "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: sqs:ReceiveMessage
                Resource: '*'
",
    ));
    let after = format!(
        "{before}              - Effect: Allow
                Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
                Resource:
                  Fn::GetAtt: [Queue, Arn]
"
    );
    assert_eq!(fixed("template.yaml", &before), after);
}

#[test]
fn policies_of_a_serverless_function_hold_statements() {
    let statement = "Statement:
            - Effect: Allow
              Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes]
              Resource: !GetAtt Queue.Arn
";
    let list = format!("        - {statement}");
    becomes(
        serverless,
        "      Runtime: python3.13\n",
        &format!("      Runtime: python3.13\n      Policies:\n{list}"),
    );
    becomes(
        serverless,
        "      Policies: AWSLambdaExecute\n",
        &format!("      Policies:\n        - AWSLambdaExecute\n{list}"),
    );
    let template = "        - S3ReadPolicy:
            BucketName: orders
";
    becomes(
        serverless,
        &format!("      Policies:\n{template}"),
        &format!("      Policies:\n{template}{list}"),
    );
    becomes(
        serverless,
        "      Policies:
        S3ReadPolicy:
          BucketName: orders
",
        &format!("      Policies:\n{template}{list}"),
    );
    becomes(
        serverless,
        "      Policies:
        Statement:
          Effect: Allow
          Action: sqs:ReceiveMessage
          Resource: '*'
",
        "      Policies:
        Statement:
          - Effect: Allow
            Action: sqs:ReceiveMessage
            Resource: '*'
          - Effect: Allow
            Action: [sqs:DeleteMessage, sqs:GetQueueAttributes]
            Resource: !GetAtt Queue.Arn
",
    );
}

#[test]
fn json_is_written_as_the_rest_of_it_is() {
    let wide = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"],
            "Resource": "*"
        }
    ]
}
"#;
    let with = r#"        },
        {
            "Effect": "Allow",
            "Action": "ec2:DeleteNetworkInterface",
            "Resource": "*"
        }
    ]"#;
    assert_eq!(
        fixed("policy.json", wide),
        wide.replace("        }\n    ]", with)
    );
    let tabs = wide.replace("    ", "\t");
    assert_eq!(
        fixed("policy.json", &tabs),
        tabs.replace("\t\t}\n\t]", &with.replace("    ", "\t"))
    );
    let one = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:CreateNetworkInterface","Resource":"*"}}"#;
    assert_eq!(
        fixed("policy.json", one),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:CreateNetworkInterface","Resource":"*"}, { "Effect": "Allow", "Action": ["ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"], "Resource": "*" }]}"#
    );
}

#[test]
fn a_text_keeps_its_quotation_marks() {
    for quote in ["'", "\"", ""] {
        let policies = |action: &str| {
            format!(
                "      Policies:
        - PolicyName: queue
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [{quote}dynamodb:{action}{quote}, 'sqs:*']
                Resource: '*'
"
            )
        };
        let after = role(&policies("GetItem"));
        assert_eq!(fixed("template.yaml", &role(&policies("GetItm"))), after);
    }
}
