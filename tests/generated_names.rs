//! Fixed names against those that CloudFormation generates.

use crate::program::Folder;

/// A function with its role, to which each case adds its resources.
const FUNCTION: &str = r"
AWSTemplateFormatVersion: '2010-09-09'
Parameters: { Stage: { Type: String }, RolePath: { Type: String, Default: / } }
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: { ZipFile: 'x' }NAME }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
";

/// What is found in the template, each as its kind and rule: nothing, errors, warnings, undecided checks.
fn found(name: &str, template: &str) -> Vec<String> {
    let folder = Folder::new(name);
    folder.write("template.yaml", template);
    let run = folder.run(&["--format", "plain", "--show-undecided", "template.yaml"]);
    let words = ["error[", "warning[", "undecided["];
    let lines = run.stdout.lines();
    let told = lines.filter_map(|line| {
        let at = words.iter().find_map(|word| line.find(word))?;
        Some(line[at..=at + line[at..].find(']')?].to_owned())
    });
    told.collect()
}

fn template(name: &str, more: &str) -> String {
    format!("{}{more}", FUNCTION.replace("NAME", name))
}

const NOT_GRANTED: &str = "error[push-sources/invoke-not-granted]";
const LIKELY: &str = "warning[push-sources/invoke-not-granted]";
const OPEN: &str = "undecided[push-sources/invoke-not-granted]";

/// Resources that invoke the function, the service, and the name of the resource in ARNs.
const SOURCES: [(&str, &str, &str); 5] = [
    (
        "  Source: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: a, Arn: !GetAtt Orders.Arn }] } }",
        "events.amazonaws.com",
        "arn:aws:events:eu-west-1:111122223333:rule/",
    ),
    (
        "  Source: { Type: AWS::SNS::Topic, Properties: { Subscription: [{ Protocol: lambda, Endpoint: !GetAtt Orders.Arn }] } }",
        "sns.amazonaws.com",
        "arn:aws:sns:eu-west-1:111122223333:",
    ),
    (
        "  Source: { Type: AWS::S3::Bucket, Properties: { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: !GetAtt Orders.Arn }] } } }",
        "s3.amazonaws.com",
        "arn:aws:s3:::",
    ),
    (
        "  Source: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmActions: [!GetAtt Orders.Arn], ComparisonOperator: LessThanThreshold, EvaluationPeriods: 1 } }",
        "lambda.alarms.cloudwatch.amazonaws.com",
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:",
    ),
    (
        "  Source: { Type: AWS::Cognito::UserPool, Properties: { LambdaConfig: { PreSignUp: !GetAtt Orders.Arn } } }",
        "cognito-idp.amazonaws.com",
        "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/",
    ),
];

fn permission(function: &str, service: &str, source: &str) -> String {
    format!(
        "\n  Grant: {{ Type: AWS::Lambda::Permission, Properties: {{ FunctionName: {function}, Action: 'lambda:InvokeFunction', Principal: {service}, SourceArn: {source} }} }}\n"
    )
}

#[test]
fn a_fixed_arn_is_not_that_of_a_resource_with_a_generated_name() {
    for (index, (source, service, arn)) in SOURCES.into_iter().enumerate() {
        for fixed in ["other", "my-other-thing", "orders_2"] {
            let grant = permission("!Ref Orders", service, &format!("{arn}{fixed}"));
            let text = template("", &format!("{source}{grant}"));
            let name = format!("generated-fixed-{index}");
            assert_eq!(found(&name, &text), [NOT_GRANTED], "{arn}{fixed}");
        }
    }
}

#[test]
fn a_fixed_name_that_only_chance_makes_the_generated_one_is_a_warning() {
    let names = [
        "app-Source-1AB2CD3EF4GH",
        "app-Source-aB3dE5gH7jKl",
        "app-source-1ab2cd3ef4gh",
        "app-Source-1AB2CD3EF4GH",
        "eu-west-1_aB3dE5gH7",
    ];
    for ((source, service, arn), name) in SOURCES.into_iter().zip(names) {
        let grant = permission("!Ref Orders", service, &format!("{arn}{name}"));
        let text = template("", &format!("{source}{grant}"));
        assert_eq!(found("generated-chance", &text), [LIKELY], "{arn}{name}");
    }
}

#[test]
fn the_name_of_a_function_is_compared_with_its_holes() {
    let (source, service, _) = SOURCES[0];
    for (name, granted, wanted) in [
        ("", "!Ref Orders", &[][..]),
        ("", "orders", &[NOT_GRANTED]),
        (
            "",
            "'arn:aws:lambda:eu-west-1:111122223333:function:orders'",
            &[NOT_GRANTED],
        ),
        ("", "app-Orders-1AB2CD3EF4GH", &[LIKELY]),
        (
            ", FunctionName: !Sub 'orders-${Stage}'",
            "!Sub 'orders-${Stage}'",
            &[],
        ),
        (
            ", FunctionName: !Sub 'orders-${Stage}'",
            "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-${Stage}'",
            &[],
        ),
        (
            ", FunctionName: !Sub 'orders-${Stage}'",
            "!Sub '${AWS::AccountId}:function:orders-${Stage}'",
            &[],
        ),
        ("", "!Sub 'function:${Orders}'", &[]),
        ("", "!Sub '${AWS::AccountId}:${Orders}'", &[]),
        (
            "",
            "!Sub '${AWS::Region}:${AWS::AccountId}:function:${Orders}'",
            &[],
        ),
        (", FunctionName: orders", "!Sub '${Stage}:orders'", &[OPEN]),
        (
            ", FunctionName: !Sub 'orders-${Stage}'",
            "payments",
            &[NOT_GRANTED],
        ),
        (
            ", FunctionName: !Sub 'orders-${Stage}'",
            "orders-prod",
            &[OPEN],
        ),
        (", FunctionName: orders", "!Ref Stage", &[OPEN]),
        (
            ", FunctionName: orders",
            "!Sub 'x-${Stage}'",
            &[NOT_GRANTED],
        ),
    ] {
        let grant = permission(granted, service, "!GetAtt Source.Arn");
        let text = template(name, &format!("{source}{grant}"));
        assert_eq!(
            found("generated-function", &text),
            wanted,
            "{name} {granted}"
        );
    }
}

/// A policy for a function that is not known leaves open only what it would grant.
#[test]
fn a_permission_for_an_unknown_function_opens_nothing_else() {
    let (source, _, _) = SOURCES[0];
    let grant = permission("!Ref Stage", "s3.amazonaws.com", "arn:aws:s3:::photos");
    let text = template(", FunctionName: orders", &format!("{source}{grant}"));
    assert_eq!(found("generated-other-grant", &text), [NOT_GRANTED]);
}

const QUEUE: &str = r"
  Queue: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Orders, EventSourceArn: !GetAtt Queue.Arn } }
";

fn role_policy(roles: &str, resource: &str) -> String {
    format!(
        "  Policy: {{ Type: AWS::IAM::Policy, Properties: {{ PolicyName: p, Roles: [{roles}], PolicyDocument: {{ Version: '2012-10-17', Statement: [{{ Effect: Allow, Action: 'sqs:*', Resource: {resource} }}] }} }} }}\n"
    )
}

#[test]
fn the_queue_of_a_policy_is_compared_with_the_generated_name() {
    const MISSING: &str = "error[poll-sources/actions-not-granted]";
    let arn = "arn:aws:sqs:eu-west-1:111122223333:";
    for (resource, wanted) in [
        ("!GetAtt Queue.Arn".to_owned(), &[][..]),
        (format!("{arn}orders"), &[MISSING]),
        ("'arn:aws:sqs:*:*:*-Queue-*'".to_owned(), &[]),
        (
            format!("{arn}*-Other-*"),
            &["undecided[poll-sources/actions-not-granted]"],
        ),
        ("!Sub 'arn:aws:sqs:*:*:${AWS::StackName}-*'".to_owned(), &[]),
        (
            format!("{arn}app-Queue-1AB2CD3EF4GH"),
            &["warning[poll-sources/actions-not-granted]"],
        ),
    ] {
        let policy = role_policy("!Ref Role", &resource);
        let text = template("", &format!("{QUEUE}{policy}"));
        let resource = resource.replace("arn:aws:sqs:eu-west-1:111122223333", "");
        assert_eq!(found("generated-queue", &text), wanted, "{resource}");
    }
}

#[test]
fn a_role_is_found_however_its_name_and_path_are_written() {
    let policy = role_policy("!Ref Role", "'*'");
    for (from, to) in [
        (
            "    Properties:\n      Assume",
            "    Properties:\n      Path: !Ref RolePath\n      Assume",
        ),
        (
            "    Properties:\n      Assume",
            "    Properties:\n      RoleName: !Join ['-', [!Ref 'AWS::StackName', orders]]\n      Assume",
        ),
        (
            "    Properties:\n      Assume",
            "    Properties:\n      Path: !Sub '/${Stage}/'\n      RoleName: !Sub 'orders-${Stage}'\n      Assume",
        ),
    ] {
        let text = template("", QUEUE).replace(from, to);
        let granted = format!("{text}{policy}");
        assert_eq!(
            found("generated-role", &text),
            ["error[poll-sources/actions-not-granted]"],
            "{to}"
        );
        assert_eq!(found("generated-role", &granted), [] as [&str; 0], "{to}");
    }
}

/// API Gateway asks for the path as the resource declares it, and older versions of CDK granted that.
#[test]
fn the_path_of_a_proxy_resource_may_be_written_as_it_is() {
    let api = r"
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: a } }
  Proxy: { Type: AWS::ApiGateway::Resource, Properties: { ParentId: !GetAtt Api.RootResourceId, PathPart: '{proxy+}', RestApiId: !Ref Api } }
  Any:
    Type: AWS::ApiGateway::Method
    Properties:
      { HttpMethod: ANY, ResourceId: !Ref Proxy, RestApiId: !Ref Api, AuthorizationType: NONE,
        Integration: { IntegrationHttpMethod: POST, Type: AWS_PROXY, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations' } }
";
    for (path, wanted) in [
        ("/*/*/{proxy+}", &[][..]),
        ("/*/*/*", &[]),
        ("/*/*/{path+}", &[OPEN]),
        ("/*/*", &[]),
    ] {
        let arn = "!Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}PATH'";
        let arn = arn.replace("PATH", path);
        let grant = permission("!Ref Orders", "apigateway.amazonaws.com", &arn);
        let text = template("", &format!("{api}{grant}"));
        assert_eq!(found("generated-proxy", &text), wanted, "{path}");
    }
}

/// By its name, a function cannot be told from another one that has it: neither is judged by the role of
/// the other.
#[test]
fn two_functions_of_one_name_are_a_problem_and_not_one_function() {
    let second = "  Second: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: { ZipFile: 'x' }, FunctionName: orders } }\n";
    let text = template(", FunctionName: orders", &format!("{second}{QUEUE}"));
    let folder = Folder::new("generated-namesakes");
    folder.write("template.yaml", text);
    let run = folder.run(&["--format", "plain", "template.yaml"]);
    let told = "`Orders` and `Second` have the same function name `orders`";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    assert!(!run.stdout.contains("error["), "{}", run.stdout);
}

/// A role whose name is a parameter may be the one that a policy names.
#[test]
fn a_policy_for_a_fixed_name_is_for_the_role_that_may_have_it() {
    let policy = role_policy("orders-role", "'*'");
    let named = |name: &str| {
        let from = "    Properties:\n      Assume";
        let to = format!("    Properties:\n      RoleName: {name}\n      Assume");
        let text = template("", &format!("{QUEUE}{policy}")).replace(from, &to);
        text.replace(
            "Parameters: {",
            "Parameters: { Name: { Type: String, Default: orders-role },",
        )
    };
    let none: [&str; 0] = [];
    assert_eq!(found("generated-by-default", &named("!Ref Name")), none);
    let open = "undecided[poll-sources/actions-not-granted]";
    assert_eq!(
        found("generated-by-stage", &named("!Sub '${Stage}-role'")),
        [open]
    );
    let missing = "error[poll-sources/actions-not-granted]";
    assert_eq!(
        found("generated-other", &named("!Sub '${Stage}-x'")),
        [missing]
    );
}

#[test]
fn the_name_of_a_fifo_queue_ends_with_fifo() {
    for (properties, resource, wanted) in [
        ("FifoQueue: true", "*.fifo", &[][..]),
        ("FifoQueue: true", "*-Queue-*", &[]),
        (
            "FifoQueue: false",
            "*.fifo",
            &["error[poll-sources/actions-not-granted]"],
        ),
        (
            "DelaySeconds: 1",
            "*.fifo",
            &["error[poll-sources/actions-not-granted]"],
        ),
    ] {
        let queue = format!("Queue: {{ Type: AWS::SQS::Queue, Properties: {{ {properties} }} }}");
        let queue = QUEUE.replace("Queue: { Type: AWS::SQS::Queue }", &queue);
        let policy = role_policy("!Ref Role", &format!("'arn:aws:sqs:*:*:{resource}'"));
        let text = template("", &format!("{queue}{policy}"));
        assert_eq!(
            found("generated-fifo", &text),
            wanted,
            "{properties} {resource}"
        );
    }
}

/// A stream is labeled with the time at which it was enabled.
#[test]
fn the_label_of_a_stream_has_a_form() {
    let table = r"
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: orders, AttributeDefinitions: [], KeySchema: [], StreamSpecification: { StreamViewType: KEYS_ONLY } }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Orders, EventSourceArn: !GetAtt Table.StreamArn, StartingPosition: LATEST } }
";
    for (label, wanted) in [
        ("*", &[][..]),
        ("2*", &[]),
        ("*T*:*:*.???", &[]),
        (
            "2024-03-05T10:11:12.123",
            &["warning[poll-sources/actions-not-granted]"],
        ),
        ("latest", &["error[poll-sources/actions-not-granted]"]),
    ] {
        let resource = format!("'arn:aws:dynamodb:*:*:table/orders/stream/{label}'");
        let policy = role_policy("!Ref Role", &resource).replace("'sqs:*'", "'dynamodb:*'");
        let all = "], PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'dynamodb:ListStreams', Resource: '*' }, {";
        let policy = policy.replace(
            "], PolicyDocument: { Version: '2012-10-17', Statement: [{",
            all,
        );
        let text = template("", &format!("{table}{policy}"));
        assert_eq!(found("generated-stream", &text), wanted, "{label}");
    }
}

/// The conditions may exclude each other, so that only one of both is made.
#[test]
fn two_functions_of_one_name_on_conditions_of_their_own_are_no_problem() {
    let second = "  Second: { Type: AWS::Lambda::Function, Condition: Green, Properties: { Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: { ZipFile: 'x' }, FunctionName: orders } }\n";
    let conditions = "Conditions: { Blue: !Equals [!Ref Stage, a], Green: !Equals [!Ref RolePath, b] }\nResources:";
    let text = template(", FunctionName: orders", second);
    let text = text.replace("Resources:", conditions);
    let text = text.replacen(
        "AWS::Lambda::Function\n",
        "AWS::Lambda::Function\n    Condition: Blue\n",
        1,
    );
    let folder = Folder::new("generated-conditions");
    folder.write("template.yaml", text);
    let run = folder.run(&["--format", "plain", "template.yaml"]);
    assert!(!run.stdout.contains("same function name"), "{}", run.stdout);
}
