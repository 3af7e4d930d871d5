//! What is advised names the right thing, and is told where it can be done.

use serde_json::Value;

use crate::program::Folder;

/// A role that Lambda can assume, for logs.
const ROLE: &str = r"
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
";

/// A function with that role.
const ORDERS: &str = "
  Orders:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, Runtime: python3.13, Handler: a.b, Code: { ZipFile: x } }
";

/// What the program says of a template, in words.
fn told(name: &str, template: &str) -> String {
    told_with(name, template, &[])
}

fn told_with(name: &str, template: &str, more: &[&str]) -> String {
    let folder = Folder::new(name);
    folder.write("template.yaml", template);
    let mut words = vec!["--show-undecided", "template.yaml"];
    words.extend(more);
    folder.run(&words).stdout
}

fn assert_told(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "no {part:?} in\n{told}");
    }
}

/// An API with two routes, for the first of which there are permissions.
fn api(stage: &str) -> String {
    let method = |name: &str, verb: &str| {
        format!(
            "
  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Path
      HttpMethod: {verb}
      Integration:
        Type: AWS_PROXY
        Uri: !Sub 'arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{Orders.Arn}}/invocations'"
        )
    };
    let permission = |name: &str, path: &str| {
        format!(
            "
  {name}:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Orders
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub 'arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*/{path}'"
        )
    };
    format!(
        "Parameters: {{ Stage: {{ Type: String }} }}
Resources:{ROLE}{ORDERS}
  Api: {{ Type: AWS::ApiGateway::RestApi, Properties: {{ Name: orders }} }}
  Path: {{ Type: AWS::ApiGateway::Resource, Properties: {{ RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items }} }}
  Deployment: {{ Type: AWS::ApiGateway::Deployment, Properties: {{ RestApiId: !Ref Api, StageName: {stage} }} }}{}{}{}{}
",
        method("Read", "GET"),
        method("Write", "PUT"),
        permission("AllowOther", "GET/customers"),
        permission("AllowItems", "GET/items"),
    )
}

/// The route is in the title also where its stage is a parameter, and the nearest permission is shown.
#[test]
fn a_route_is_told_by_its_method_and_path() {
    for (stage, title) in [
        (
            "live",
            "REST API `PUT /items` in stage `live` is not allowed to invoke function `Orders`",
        ),
        (
            "!Ref Stage",
            "REST API `PUT /items` is not allowed to invoke function `Orders`",
        ),
    ] {
        let told = told("advice-route", &api(stage));
        assert_told(&told, &[title, "statement `AllowItems` would allow it"]);
    }
}

/// What SAM makes for the deployments of a function takes no statements; its policy asks for a name.
#[test]
fn a_deployment_hook_needs_a_name_and_no_statement_of_the_function() {
    let template = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      AutoPublishAlias: live
      DeploymentPreference: { Type: AllAtOnce, Hooks: { PostTraffic: !Ref Check } }
  Check:
    Type: AWS::Serverless::Function
    Properties: { Runtime: python3.13, Handler: a.b, InlineCode: x }
";
    let found = told("advice-hook", template);
    let help =
        "help: SAM generates this role: rename function `Check` to begin with `CodeDeployHook_`";
    assert_told(
        &found,
        &[help, "your own role in `DeploymentPreference.Role`"],
    );
    assert!(!found.contains("-->"), "{found}");
    assert!(!found.contains("${Check}"), "{found}");
    let named = template.replace(
        "Handler: a.b, ",
        "Handler: a.b, FunctionName: CodeDeployHook_check, ",
    );
    let good = told("advice-hook-named", &named);
    assert!(good.contains("no findings"), "{good}");
}

/// A policy for a role of that very name is not for the role with that logical ID.
#[test]
fn a_policy_for_a_logical_id_is_told() {
    let template = format!(
        "Resources:{ROLE}{ORDERS}
  Queue: {{ Type: AWS::SQS::Queue }}
  Mapping: {{ Type: AWS::Lambda::EventSourceMapping, Properties: {{ EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Orders }} }}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: queue
      Roles: [Role]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{{ Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], Resource: !GetAtt Queue.Arn }}]
"
    );
    let note = "attached to a role that is named `Role`";
    assert_told(&told("advice-roles", &template), &[note]);
    let right = template.replace("[Role]", "[!Ref Role]");
    let good = told("advice-roles-ref", &right);
    assert!(good.contains("no findings"), "{good}");
}

/// A resource that begins with the name of a table is mended by its ARN.
#[test]
fn the_arn_that_is_meant_by_a_name_is_told() {
    let table = "
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: orders, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }] }
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: 'dynamodb:Query', Resource: RESOURCE }]
";
    for (resource, rule, help) in [
        (
            "!Sub '${Table}/index/by-day'",
            "wrong-reference",
            "write `${Table.Arn}`",
        ),
        (
            "!Join ['', [!Ref Table, /index/by-day]]",
            "wrong-reference",
            "write `!GetAtt Table.Arn`",
        ),
        (
            "orders/index/by-day",
            "resource-is-no-arn",
            "help: specify the ARNs of the resources",
        ),
    ] {
        let template = format!("Resources:{}", table.replace("RESOURCE", resource));
        assert_told(&told("advice-table", &template), &[rule, help]);
    }
}

/// The Region of an integration is that of its API; where only the account of a permission is open, the
/// option that states it is told.
#[test]
fn the_region_of_an_integration_is_that_of_its_api() {
    let fixed = api("live")
        .replace(
            "apigateway:${AWS::Region}:lambda",
            "apigateway:eu-west-1:lambda",
        )
        .replace("execute-api:${AWS::Region}:", "execute-api:eu-west-1:")
        .replace("GET/customers", "PUT/items");
    let good = told("advice-region", &fixed);
    assert!(good.contains("no findings"), "{good}");
    let open = fixed.replace(
        "apigateway:eu-west-1:lambda",
        "apigateway:${AWS::Region}:lambda",
    );
    let found = told("advice-region-open", &open);
    assert_told(&found, &["AWS::Region (specify it with `--region`)"]);
    let stated = told_with("advice-region-stated", &open, &["--region", "eu-west-1"]);
    assert!(stated.contains("no findings"), "{stated}");
}

/// A mapping that gives the same for all keys, or the same but for the key, gives that.
#[test]
fn what_a_mapping_gives_for_every_key_is_known() {
    let template = |values: [&str; 2]| {
        format!(
            "Mappings:
  Names:
    eu-west-1: {{ states: {} }}
    eu-north-1: {{ states: {} }}
Resources:{ROLE}{ORDERS}
  Caller:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{{ Effect: Allow, Principal: {{ Service: !FindInMap [Names, !Ref 'AWS::Region', states] }}, Action: 'sts:AssumeRole' }}]
      Policies: [{{ PolicyName: invoke, PolicyDocument: {{ Version: '2012-10-17', Statement: [{{ Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !GetAtt Orders.Arn }}] }} }}]
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Caller.Arn
      DefinitionString: !Sub '{{\"StartAt\":\"A\",\"States\":{{\"A\":{{\"Type\":\"Task\",\"Resource\":\"${{Orders.Arn}}\",\"End\":true}}}}}}'
",
            values[0], values[1]
        )
    };
    for (values, expected) in [
        (
            [
                "states.eu-west-1.amazonaws.com",
                "states.eu-north-1.amazonaws.com",
            ],
            "no findings",
        ),
        (
            ["states.amazonaws.com", "states.amazonaws.com"],
            "no findings",
        ),
        (
            ["sns.amazonaws.com", "sns.amazonaws.com"],
            "error[trust/source-not-trusted]",
        ),
        (
            ["sns.amazonaws.com", "states.amazonaws.com"],
            "undecided[trust/source-not-trusted]",
        ),
    ] {
        let told = told("advice-mapping", &template(values));
        assert_told(&told, &[expected]);
        assert_eq!(
            told.contains("undecided["),
            expected.starts_with("undecided"),
            "{told}"
        );
    }
}

/// The type of a SAM event says what is read where the ARN is a parameter.
#[test]
fn the_type_of_an_event_says_what_is_read() {
    for (kind, property) in [
        ("DynamoDB", "Stream"),
        ("Kinesis", "Stream"),
        ("SQS", "Queue"),
    ] {
        let template = format!(
            "
Transform: AWS::Serverless-2016-10-31
Parameters: {{ Source: {{ Type: String }} }}
Resources:{ROLE}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      Role: !GetAtt Role.Arn
      Events:
        New: {{ Type: {kind}, Properties: {{ {property}: !Ref Source, StartingPosition: LATEST }} }}
"
        );
        let found = told("advice-event", &template);
        assert_told(&found, &["error[poll-sources/actions-not-granted]"]);
        let own = template.replace("      Role: !GetAtt Role.Arn\n", "");
        let good = told("advice-event-own", &own);
        assert!(
            good.contains("no findings") && !good.contains("undecided["),
            "{kind}: {good}"
        );
    }
}

/// The function that rotates a secret is asked for a grant on that secret.
#[test]
fn a_rotation_needs_a_grant_on_its_secret() {
    let template = format!(
        "Resources:{ROLE}      Policies:
        - PolicyName: rotate
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {{ Effect: Allow, Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'], Resource: !Ref Secret }}
{ORDERS}
  Secret: {{ Type: AWS::SecretsManager::Secret, Properties: {{ Name: db/orders }} }}
  Other: {{ Type: AWS::SecretsManager::Secret, Properties: {{ Name: db/customers }} }}
  Rotation: {{ Type: AWS::SecretsManager::RotationSchedule, DependsOn: Allow, Properties: {{ SecretId: !Ref Secret, RotationLambdaARN: !GetAtt Orders.Arn }} }}
  Allow: {{ Type: AWS::Lambda::Permission, Properties: {{ Action: 'lambda:InvokeFunction', FunctionName: !Ref Orders, Principal: secretsmanager.amazonaws.com, SourceAccount: !Ref 'AWS::AccountId' }} }}
"
    );
    let good = told("advice-rotation", &template);
    assert!(
        good.contains("no findings") && !good.contains("undecided["),
        "{good}"
    );
    let other = template.replace("SecretId: !Ref Secret", "SecretId: !Ref Other");
    assert_told(
        &told("advice-rotation-other", &other),
        &["[features/rotation-not-granted]"],
    );
}

/// Lambda manages network interfaces with the execution role: no call is one on behalf of a caller.
#[test]
fn a_network_interface_is_not_made_via_a_service() {
    let template = |value: bool| {
        format!(
            "Resources:{ROLE}      Policies:
        - PolicyName: network
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {{ Effect: Allow, Action: ['ec2:*NetworkInterface*', 'ec2:Describe*', 'ec2:*PrivateIpAddresses'], Resource: '*', Condition: {{ Bool: {{ 'aws:ViaAWSService': {value} }} }} }}
{}",
            ORDERS.replace("Handler:", "VpcConfig: { SubnetIds: [subnet-0a], SecurityGroupIds: [sg-0a] }, Handler:")
        )
    };
    let refused = told("advice-via", &template(true));
    let why =
        "its condition on `aws:ViaAWSService` requires `true`, and the value for Lambda is `false`";
    assert_told(&refused, &["error[vpc/eni-actions-not-granted]", why]);
    let good = told("advice-not-via", &template(false));
    assert!(!good.contains("vpc/eni-actions-not-granted"), "{good}");
}

/// What keeps a template from being read is told in words that help.
#[test]
fn a_template_that_cannot_be_deployed_is_told_with_what_to_write() {
    let policy = |resource: &str| {
        format!(
            "Resources:
  Policy:
    Type: AWS::IoT::Policy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{{ Effect: Allow, Action: 'iot:Publish', Resource: {resource} }}]
"
        )
    };
    for (resource, parts) in [
        (
            "!Sub 'arn:aws:iot:eu-west-1:111122223333:topic/$${iot:ClientId}'",
            [
                "neither a parameter nor a resource",
                "write `${!iot:ClientId}`",
            ],
        ),
        (
            "!Sub [{ Topic: orders }, 'arn:aws:iot:eu-west-1:111122223333:topic/${Topic}']",
            [
                "the first item of `Fn::Sub` must be a string",
                "then the object with the values",
            ],
        ),
        (
            "!Sub ['arn:aws:iot:eu-west-1:111122223333:topic/*']",
            [
                "does not accept a list with a single item",
                "write the string without the list",
            ],
        ),
        (
            "!Select [0, !Split [',', !ImportValue !Sub topics]]",
            ["a value has two tags", "only one tag"],
        ),
    ] {
        assert_told(&told("advice-template", &policy(resource)), &parts);
    }
}

/// Nothing is left out without a word.
#[test]
fn what_is_not_shown_is_counted() {
    use std::fmt::Write as _;
    let mut tags = String::new();
    for number in 0..23 {
        let _ = write!(
            tags,
            "\n        - {{ Key: k{number}, Value: !Ref Gone{number} }}"
        );
    }
    let topic = format!(
        "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      Tags:{tags}\n"
    );
    assert_told(
        &told("advice-count", &topic),
        &["`Gone19`", "(and 3 more like this)"],
    );

    let function = |id: &str| {
        let orders = ORDERS.replace("  Orders:", &format!("  {id}:"));
        orders.replace("Handler:", "FunctionName: orders, Handler:")
    };
    let functions: String = ["One", "Two", "Three", "Four"].map(function).concat();
    let template = format!("Resources:{ROLE}{functions}");
    let all = "`One`, `Two`, `Three` and `Four` have the same function name `orders`";
    assert_told(&told("advice-names", &template), &[all]);
}

/// The findings of a template, by rule and line.
fn findings(name: &str, template: &str) -> Vec<(String, u64)> {
    let folder = Folder::new(name);
    folder.write("template.yaml", template);
    let report = folder.run(&["--format", "json", "template.yaml"]).stdout;
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let places = findings.map(|finding| {
        let rule = finding["rule"].as_str().unwrap().to_owned();
        (rule, finding["location"]["line"].as_u64().unwrap())
    });
    places.collect()
}

/// A value that is lost matters only where it has a say in permissions.
#[test]
fn only_a_lost_value_that_matters_is_told() {
    let rule = "policy-document/duplicate-key";
    for (lines, is_told) in [
        ("      Timeout: 3\n      Timeout: 4\n", false),
        (
            "      Environment: { Variables: { A: b } }\n      Environment: { Variables: { A: c } }\n",
            false,
        ),
        (
            "      VpcConfig: { SubnetIds: [] }\n      VpcConfig: { SubnetIds: [subnet-0a] }\n",
            true,
        ),
        (
            "      Handler: a.b\n    Properties: { Role: !GetAtt Role.Arn, Handler: c.d }\n",
            true,
        ),
    ] {
        let template = format!(
            "Resources:{ROLE}  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: !GetAtt Role.Arn\n{lines}"
        );
        let found = findings("advice-duplicate", &template);
        let has_it = found.iter().any(|(own, _)| own == rule);
        assert_eq!(has_it, is_told, "{lines}: {found:?}");
    }
    let role = "      Role: !GetAtt Role.Arn\n";
    let function = "  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n";
    let same = format!("Resources:{ROLE}{function}{role}{role}");
    assert_eq!(findings("advice-same", &same), []);
    let topic = "  Topic: { Type: AWS::SNS::Topic }\n";
    let same = told("advice-same-id", &format!("Resources:\n{topic}{topic}"));
    assert_told(&same, &["`Topic`: both resources are the same"]);
    assert!(!same.contains("lost"), "{same}");
}
