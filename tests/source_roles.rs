//! What the role of a source must allow besides the invocation of the function, so that the source
//! has something to invoke it with.

use serde_json::{Value, json};

use crate::program::{root, run_in};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:orders";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";
const STREAM: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
const TABLE: &str =
    "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000";
const BROKER: &str =
    "arn:aws:mq:eu-west-1:123456789012:broker:orders:b-11111111-2222-3333-4444-555555555555";
const CLUSTER: &str =
    "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/11111111-2222-3333-4444-555555555555-1";
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:failures";

const NETWORK: [&str; 6] = [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
];

/// The findings about the actions of a role: each with its severity and the missing actions in
/// order.
fn findings(text: &str) -> Vec<String> {
    let run = run_in(&root(), &["--format", "json", "-"], text);
    let report = run.json();
    assert_eq!(report["problems"], json!([]), "{text}");
    let findings = report["findings"].as_array().unwrap().iter();
    let ours = findings.filter(|finding| {
        let rule = finding["rule"].as_str().unwrap();
        rule.starts_with("push-sources/role-actions")
    });
    let said = ours.map(|finding| {
        let actions = finding["actions"].as_array().unwrap().iter();
        let mut actions: Vec<&str> = actions.map(|action| action.as_str().unwrap()).collect();
        actions.sort_unstable();
        format!(
            "{}: {}",
            finding["severity"].as_str().unwrap(),
            actions.join(" ")
        )
    });
    said.collect()
}

/// A template of a function, a resource that invokes it, and the role of that, which allows the
/// invocation and those actions.
fn template(service: &str, invoker: &Value, actions: &[&str]) -> Value {
    let trusts = |service: &str| {
        json!({"Statement": [{
            "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole",
        }]})
    };
    let mut allowed = vec!["lambda:InvokeFunction"];
    allowed.extend(actions);
    json!({"Resources": {
        "OwnRole": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": trusts("lambda.amazonaws.com"),
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
        }},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "orders", "Runtime": "nodejs22.x", "Handler": "index.handler",
            "Role": {"Fn::GetAtt": "OwnRole.Arn"}, "Code": {"ZipFile": "x"},
        }},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": trusts(service),
            "Policies": [{"PolicyName": "all", "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Action": allowed, "Resource": "*"},
            ]}}],
        }},
        "Invoker": invoker,
    }})
}

fn pipe(properties: &Value, actions: &[&str]) -> Value {
    let mut all = json!({
        "RoleArn": {"Fn::GetAtt": "Role.Arn"}, "Target": {"Fn::GetAtt": "Function.Arn"},
    });
    let more = properties.as_object().unwrap().clone();
    all.as_object_mut().unwrap().extend(more);
    let invoker = json!({"Type": "AWS::Pipes::Pipe", "Properties": all});
    template("pipes.amazonaws.com", &invoker, actions)
}

/// Pipes with what they need for sure, and what AWS asks for as well.
fn pipes() -> Vec<(Value, Vec<&'static str>, Vec<&'static str>)> {
    let of =
        |source: &str, parameters: Value| json!({"Source": source, "SourceParameters": parameters});
    let kafka = [
        &["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"][..],
        &NETWORK,
    ]
    .concat();
    let secret = "secretsmanager:GetSecretValue";
    let stream = vec![
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
    ];
    let advised = vec!["kinesis:DescribeStreamSummary", "kinesis:ListShards"];
    let table = vec![
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    ];
    let failures =
        |arn: &str| json!({"DeadLetterConfig": {"Arn": arn}, "StartingPosition": "LATEST"});
    let with = |actions: &[&'static str], one: &'static str| [actions, &[one]].concat();
    let servers = "smk://broker.example.com:9092";
    let basic = json!({"Credentials": {"BasicAuth": SECRET}});
    vec![
        (
            of(QUEUE, json!({})),
            vec![
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ],
            vec![],
        ),
        (of(STREAM, json!({})), stream.clone(), advised.clone()),
        (
            of(STREAM, json!({"KinesisStreamParameters": failures(QUEUE)})),
            with(&stream, "sqs:SendMessage"),
            advised,
        ),
        (of(TABLE, json!({})), table.clone(), vec![]),
        (
            of(TABLE, json!({"DynamoDBStreamParameters": failures(TOPIC)})),
            with(&table, "sns:Publish"),
            vec![],
        ),
        (
            of(BROKER, json!({"RabbitMQBrokerParameters": basic})),
            vec!["mq:DescribeBroker", secret],
            vec![],
        ),
        (of(CLUSTER, json!({})), kafka.clone(), vec![]),
        (
            of(
                CLUSTER,
                json!({"ManagedStreamingKafkaParameters": {"Credentials": {"SaslScram512Auth": SECRET}}}),
            ),
            with(&kafka, secret),
            vec![],
        ),
        (
            of(
                servers,
                json!({"SelfManagedKafkaParameters": {"TopicName": "orders"}}),
            ),
            vec![],
            vec![],
        ),
        (
            of(
                servers,
                json!({"SelfManagedKafkaParameters": {"ServerRootCaCertificate": SECRET}}),
            ),
            vec![secret],
            vec![],
        ),
        (
            of(
                servers,
                json!({"SelfManagedKafkaParameters": {"Vpc": {"Subnets": ["subnet-1"]}}}),
            ),
            NETWORK.to_vec(),
            vec![],
        ),
    ]
}

#[test]
fn the_role_of_a_pipe_reads_the_source() {
    for (properties, needed, advised) in pipes() {
        let missing = findings(&pipe(&properties, &[]).to_string()).join(" ");
        for action in &needed {
            assert!(missing.contains(action), "{action} for {properties}");
        }
        let all = [needed.clone(), advised.clone()].concat();
        assert_eq!(
            findings(&pipe(&properties, &all).to_string()),
            Vec::<String>::new(),
            "{properties}"
        );
        for one in &needed {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != one).collect();
            let found = findings(&pipe(&properties, &others).to_string());
            assert_eq!(found, [format!("error: {one}")], "{properties}");
        }
        for one in &advised {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != one).collect();
            let found = findings(&pipe(&properties, &others).to_string());
            assert_eq!(found, [format!("warning: {one}")], "{properties}");
        }
    }
}

#[test]
fn the_output_of_describe_pipe_says_the_same_as_a_template() {
    for (properties, needed, advised) in pipes() {
        let mut output = json!({
            "Name": "orders", "DesiredState": "RUNNING", "Target": FUNCTION,
            "Arn": "arn:aws:pipes:eu-west-1:123456789012:pipe/orders",
            "RoleArn": "arn:aws:iam::123456789012:role/pipe",
        });
        let more = properties.as_object().unwrap().clone();
        output.as_object_mut().unwrap().extend(more);
        let check = |actions: &[&str]| {
            let mut allowed = vec!["lambda:InvokeFunction"];
            allowed.extend(actions);
            let role = json!({"Role": {
                "RoleName": "pipe", "Arn": "arn:aws:iam::123456789012:role/pipe",
                "AssumeRolePolicyDocument": {"Statement": [{
                    "Effect": "Allow", "Principal": {"Service": "pipes.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }]},
                "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": {"Statement": [
                    {"Effect": "Allow", "Action": allowed, "Resource": "*"},
                ]}}],
                "AttachedManagedPolicies": [],
            }});
            let function = json!({"Configuration": {
                "FunctionName": "orders", "FunctionArn": FUNCTION,
                "Role": "arn:aws:iam::123456789012:role/orders",
            }});
            findings(&json!([function, role, output]).to_string())
        };
        let all = [needed.clone(), advised].concat();
        assert_eq!(check(&all), Vec::<String>::new(), "{properties}");
        for one in &needed {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != one).collect();
            assert_eq!(check(&others), [format!("error: {one}")], "{properties}");
        }
    }
}

#[test]
fn an_encrypted_queue_is_read_with_its_key() {
    let read = [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    ];
    let check = |principal: &Value, actions: &[&str]| {
        let actions = [&read[..], actions].concat();
        let mut text = pipe(&json!({"Source": {"Fn::GetAtt": "Queue.Arn"}}), &actions);
        text["Resources"]["Queue"] = json!({
            "Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}},
        });
        text["Resources"]["Key"] = json!({"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {
            "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}],
        }}});
        findings(&text.to_string())
    };
    let account = json!({"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}});
    let role = json!({"AWS": {"Fn::GetAtt": "Role.Arn"}});
    assert_eq!(check(&account, &[]), ["error: kms:Decrypt"]);
    assert_eq!(check(&account, &["kms:Decrypt"]), Vec::<String>::new());
    assert_eq!(check(&role, &[]), Vec::<String>::new());
}

#[test]
fn a_schedule_needs_its_key_and_its_queue() {
    let check = |more: Value, target: Value, actions: &[&str]| {
        let mut properties = json!({
            "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": {"Fn::GetAtt": "Function.Arn"}, "RoleArn": {"Fn::GetAtt": "Role.Arn"}},
        });
        properties
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let own = properties["Target"].as_object_mut().unwrap();
        own.extend(target.as_object().unwrap().clone());
        let invoker = json!({"Type": "AWS::Scheduler::Schedule", "Properties": properties});
        let mut text = template("scheduler.amazonaws.com", &invoker, actions);
        text["Resources"]["Key"] = json!({"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {
            "Statement": [{
                "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
            }],
        }}});
        findings(&text.to_string())
    };
    let none = Vec::<String>::new();
    let key = json!({"KmsKeyArn": {"Fn::GetAtt": "Key.Arn"}});
    let queue = json!({"DeadLetterConfig": {"Arn": QUEUE}});
    assert_eq!(check(json!({}), json!({}), &[]), none);
    assert_eq!(check(key.clone(), json!({}), &[]), ["warning: kms:Decrypt"]);
    assert_eq!(check(key, json!({}), &["kms:Decrypt"]), none);
    assert_eq!(
        check(json!({}), queue.clone(), &[]),
        ["warning: sqs:SendMessage"]
    );
    assert_eq!(check(json!({}), queue, &["sqs:SendMessage"]), none);
    // The policy of a key that is elsewhere can allow the role to use it.
    assert_eq!(check(json!({"KmsKeyArn": KEY}), json!({}), &[]), none);
}

#[test]
fn what_the_source_is_must_be_known() {
    for source in [
        json!({"Ref": "Source"}),
        json!({"Fn::ImportValue": "source"}),
    ] {
        let mut text = pipe(&json!({"Source": source}), &[]);
        text["Parameters"] = json!({"Source": {"Type": "String"}});
        assert_eq!(findings(&text.to_string()), Vec::<String>::new());
    }
}
