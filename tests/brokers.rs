//! The network interfaces that reading an Amazon MQ broker needs: those of a private broker for
//! sure, those of a public one perhaps.

use serde_json::json;

use crate::program::{root, run_in};

const BROKER: &str =
    "arn:aws:mq:eu-west-1:123456789012:broker:orders:b-11111111-2222-3333-4444-555555555555";

/// A template of a function that reads a broker, with a role that may do all but make network
/// interfaces.
fn template(source: &str, broker: &str) -> String {
    format!(
        "Parameters: {{Public: {{Type: String}}}}
Conditions: {{Prod: !Equals [!Ref AWS::Region, eu-west-1]}}
Resources:
  {broker}
  Consumer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Events:
        Messages:
          Type: MQ
          Properties:
            Broker: {source}
            Queues: [orders]
            SourceAccessConfigurations:
              - Type: BASIC_AUTH
                URI: arn:aws:secretsmanager:eu-west-1:123456789012:secret:broker-AbCdEf
"
    )
}

fn declared(public: &str) -> String {
    let broker = format!(
        "Broker: {{Type: AWS::AmazonMQ::Broker, Properties: {{BrokerName: orders, EngineType: ACTIVEMQ{public}}}}}"
    );
    template("!GetAtt Broker.Arn", &broker)
}

/// What is said of the network interfaces: the severity of a finding, or that it is undecided, with
/// the command that tells.
fn verdict(text: &str) -> String {
    let run = run_in(&root(), &["--format", "json", "-"], text);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let findings =
        findings.filter(|finding| finding.to_string().contains("ec2:CreateNetworkInterface"));
    let findings = findings.map(|finding| finding["severity"].as_str().unwrap().to_owned());
    let undecided = report["undecided"].as_array().unwrap().iter();
    let undecided = undecided.filter(|open| open["reason"].as_str().unwrap().contains("public"));
    let undecided = undecided.map(|open| match open["fetch"].as_str() {
        Some(fetch) => format!("undecided: {fetch}"),
        None => "undecided".to_owned(),
    });
    let said: Vec<String> = findings.chain(undecided).collect();
    said.join(", ")
}

#[test]
fn only_a_private_broker_needs_network_interfaces_for_sure() {
    let cases = [
        (declared(", PubliclyAccessible: false"), "error"),
        (declared(", PubliclyAccessible: 'false'"), "error"),
        (declared(", PubliclyAccessible: true"), "warning"),
        (declared(", PubliclyAccessible: 'true'"), "warning"),
        (declared(", PubliclyAccessible: !Ref Public"), "undecided"),
        (
            declared(", PubliclyAccessible: !If [Prod, false, true]"),
            "error",
        ),
        (declared(""), "undecided"),
        (template("!Ref Public", ""), "undecided"),
        (
            template(BROKER, ""),
            "undecided: aws mq describe-broker --broker-id b-11111111-2222-3333-4444-555555555555",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(verdict(&text), expected, "{text}");
    }
}

#[test]
fn the_output_of_describe_broker_says_whether_a_broker_is_public() {
    let sample = "policies-samples/poll-sources/actions-not-granted/good-mq.json";
    let bundle = std::fs::read_to_string(root().join(sample)).unwrap();
    let bundle = bundle.replace("ec2:CreateNetworkInterface", "ec2:DescribeTags");
    let arn = bundle
        .split('"')
        .find(|text| text.starts_with("arn:aws:mq:"));
    let broker = |public: bool| {
        let attributes = json!({
            "BrokerArn": arn.unwrap(),
            "BrokerId": "b-11111111-2222-3333-4444-555555555555",
            "EngineType": "RABBITMQ",
            "PubliclyAccessible": public,
        });
        verdict(&format!("[{bundle}, {attributes}]"))
    };
    assert_eq!(broker(false), "error");
    assert_eq!(broker(true), "warning");
}
