//! The commands beside checking: their JSON, their flags, completions and manual pages, and what is typed wrong.

use std::fs;

use serde_json::Value;

use crate::output::Schema;
use crate::program::{Folder, root, run};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}"#;

/// The JSON of a command, which keeps to the published schema, and its exit status.
fn described(arguments: &[&str]) -> (Value, Option<i32>) {
    let ran = run(&[arguments, &["--format", "json"]].concat());
    let path = root().join("book/src/reference/descriptions.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let value = ran.json();
    Schema::part(schema, "").fits(&value, &arguments.join(" "));
    (value, ran.status)
}

#[test]
fn rules_are_listed_and_shown_as_json() {
    let (list, status) = described(&["rules", "list"]);
    assert_eq!(status, Some(0));
    let rules = list["rules"].as_array().unwrap();
    let human = run(&["rules", "list"]).stdout;
    for rule in rules {
        assert!(human.contains(rule["id"].as_str().unwrap()), "{rule}");
    }
    let (one, status) = described(&["rules", "show", "vpc/eni-actions-not-granted"]);
    assert_eq!(status, Some(0));
    assert_eq!(one["rules"].as_array().unwrap().len(), 1);
    assert!(rules.contains(&one["rules"][0]));
    let (none, status) = described(&["rules", "show", "vpc/eni-action-not-granted"]);
    assert_eq!(status, Some(2));
    assert_eq!(none["rules"].as_array().unwrap().len(), 0);
    let help = none["problems"][0]["help"].as_str().unwrap();
    assert!(help.contains("vpc/eni-actions-not-granted"), "{help}");
}

#[test]
fn sources_are_described_as_json() {
    let (all, status) = described(&["sources"]);
    assert_eq!(status, Some(0));
    assert!(all["sources"].as_array().unwrap().len() > 50);
    let (sqs, _) = described(&["sources", "sqs"]);
    assert_eq!(sqs["sources"].as_array().unwrap().len(), 1);
    let source = &sqs["sources"][0];
    assert_eq!(source["type"], "polled");
    assert_eq!(source["grantedBy"], "execution role");
    let actions = source["required"][0]["actions"].as_array().unwrap();
    assert!(actions.contains(&"sqs:ReceiveMessage".into()), "{source:#}");
    let (none, status) = described(&["sources", "kinesys"]);
    assert_eq!(
        (none["sources"].as_array().unwrap().len(), status),
        (0, Some(2))
    );
}

#[test]
fn the_catalogue_is_described_as_json() {
    let (held, _) = described(&["rules", "catalogue"]);
    assert_eq!(held["catalogue"][0]["type"], "actions");
    let (action, _) = described(&["rules", "catalogue", "sqs:SendMessage"]);
    assert_eq!(action["actions"][0]["name"], "sqs:SendMessage");
    assert_eq!(action["actions"][0]["resources"][0]["type"], "queue");
    let (service, _) = described(&["rules", "catalogue", "sqs"]);
    assert!(service["actions"].as_array().unwrap().len() > 10);
    let (policy, _) = described(&["rules", "catalogue", "AWSLambdaBasicExecutionRole"]);
    let document = &policy["policies"][0]["document"];
    assert!(document["Statement"].is_array(), "{document}");
    let (_, status) = described(&["rules", "catalogue", "sqs:SendMesage"]);
    assert_eq!(status, Some(2));
}

#[test]
fn a_command_with_a_typo_is_recognized() {
    let folder = Folder::new("commands-typos");
    for (word, meant) in [
        ("expalin", "explain"),
        ("completion", "completions"),
        ("rule", "rules"),
        ("matrx", "matrix"),
    ] {
        let ran = folder.run(&[word, "x"]);
        let message =
            format!("{word}: no such file or command\n  help: did you mean the command `{meant}`?");
        assert!(ran.stdout.contains(&message), "{}", ran.stdout);
        assert_eq!(ran.status, Some(2));
    }
    // What is not alike is a file that does not exist.
    for word in ["templates", "expalin.json", "./expalin"] {
        let ran = folder.run(&[word]);
        assert!(
            ran.stdout.contains(&format!("{word}: no such file\n")),
            "{}",
            ran.stdout
        );
        assert_eq!(ran.status, Some(2));
    }
    folder.write("expalin/policy.json", POLICY);
    let ran = folder.run(&["expalin"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
}

#[test]
fn completions_name_every_command() {
    let commands = [
        "rules",
        "explain",
        "sources",
        "matrix",
        "can",
        "simulate",
        "completions",
        "man",
    ];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completions", shell]);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        for word in commands.iter().chain(&["skip-unknown", "min-severity"]) {
            assert!(
                ran.stdout.contains(word),
                "{shell} does not complete {word}"
            );
        }
    }
    // In bash, each state that a word leads to has its words.
    let script = run(&["completions", "bash"]).stdout;
    let states: Vec<&str> = script
        .split("cmd=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(states.len() > 10);
    for state in states.iter().filter(|state| !state.is_empty()) {
        assert!(
            script.contains(&format!("\n        {state})\n")),
            "nothing completes after {state}"
        );
    }
    let ran = run(&["completions", "csh"]);
    assert!(ran.stderr.contains("powershell"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn manual_pages_are_printed_for_every_command() {
    let ran = run(&["man"]);
    assert!(ran.stdout.contains(".TH LINT-LAMBDA 1"), "{}", ran.stdout);
    for part in ["\\-\\-skip\\-unknown", ".SH SUBCOMMANDS", "Exit status: 0"] {
        assert!(ran.stdout.contains(part), "{part}");
    }
    for command in [
        "explain",
        "can",
        "matrix",
        "simulate",
        "sources",
        "completions",
        "man",
    ] {
        let ran = run(&["man", command]);
        let head = format!(".TH LINT-LAMBDA-{} 1", command.to_uppercase());
        assert!(ran.stdout.contains(&head), "{}", ran.stdout);
        assert_eq!(ran.status, Some(0));
    }
    let ran = run(&["man", "rules", "list"]);
    assert!(
        ran.stdout.contains("\\fBlint\\-lambda rules list\\fR"),
        "{}",
        ran.stdout
    );
    let ran = run(&["man", "expalin"]);
    assert!(
        ran.stdout.contains("did you mean `explain`?"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_region_that_is_misspelt_is_told_and_a_new_one_is_taken() {
    let folder = Folder::new("commands-region");
    folder.write("policy.json", POLICY);
    for (region, meant) in [
        ("eu-wst-1", "eu-west-1"),
        ("us-eats-2", "us-east-2"),
        ("eu-west-11", "eu-west-1"),
    ] {
        for command in [
            &["policy.json"][..],
            &["can", "x", "sqs:SendMessage", "policy.json"],
        ] {
            let ran = folder.run(&[command, &["--region", region]].concat());
            assert!(
                ran.stdout.contains(&format!("unknown Region `{region}`")),
                "{}",
                ran.stdout
            );
            assert!(
                ran.stdout.contains(&format!("did you mean `{meant}`?")),
                "{}",
                ran.stdout
            );
            assert_eq!(ran.status, Some(2), "{region}");
        }
    }
    for region in [
        "eu-west-1",
        "us-gov-west-1",
        "cn-northwest-1",
        "eu-west-9",
        "nz-southwest-1",
    ] {
        let ran = folder.run(&["policy.json", "--region", region]);
        assert_eq!(ran.status, Some(0), "{region} {}", ran.stdout);
    }
}

#[test]
fn names_of_parameters_that_no_template_declares_are_told() {
    let folder = Folder::new("commands-params");
    folder.write(
        "template.yaml",
        "Parameters:\n  Stage: {Type: String}\nResources:\n  Topic: {Type: AWS::SNS::Topic}\n",
    );
    folder.write(
        "values.json",
        "{\n  \"Stge\": \"prod\",\n  \"Owner\": \"x\",\n  \"Stage\": \"prod\"\n}",
    );
    for command in [
        &["template.yaml"][..],
        &["can", "x", "sqs:SendMessage", "template.yaml"],
    ] {
        let ran = folder.run(&[command, &["--params", "values.json"]].concat());
        let told = "note: values.json:2: no template has a parameter `Stge`; did you mean `Stage`?\n\
                    note: values.json:3: no template has a parameter `Owner`\n";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    // One file can serve several templates: that is no problem.
    let ran = folder.run(&[
        "template.yaml",
        "--params",
        "values.json",
        "--format",
        "json",
    ]);
    assert_eq!(ran.json()["problems"].as_array().unwrap().len(), 0);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    // Without a template there is nothing to declare them.
    folder.write("policy.json", POLICY);
    let ran = folder.run(&["policy.json", "--params", "values.json"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn questions_know_the_values_of_a_template() {
    let folder = Folder::new("commands-values");
    folder.write(
        "template.yaml",
        "Parameters:\n  Queue: {Type: String}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: orders\n      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}\n      Policies:\n        - PolicyName: queue\n          PolicyDocument:\n            Version: 2012-10-17\n            Statement:\n              - {Effect: Allow, Action: sqs:SendMessage, Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Queue}'}\n",
    );
    let asked = |queue: &str, region: &str| {
        let arn = format!("arn:aws:sqs:eu-west-1:123456789012:{queue}");
        let flags = [
            "--param",
            "Queue=orders",
            "--region",
            region,
            "--account",
            "123456789012",
        ];
        let question = ["can", "orders", "sqs:SendMessage", &arn, "template.yaml"];
        folder.run(&[&question[..], &flags].concat()).status
    };
    assert_eq!(asked("orders", "eu-west-1"), Some(0));
    assert_eq!(asked("other", "eu-west-1"), Some(1));
    assert_eq!(asked("orders", "eu-west-2"), Some(1));
    folder.write("deny.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}"#);
    let arn = "arn:aws:sqs:eu-west-1:123456789012:orders";
    let ran = folder.run(&[
        "can",
        "orders",
        "sqs:SendMessage",
        arn,
        "template.yaml",
        "--scp",
        "deny.json",
    ]);
    assert_eq!(ran.status, Some(1), "{}", ran.stdout);
}

#[test]
fn an_action_that_does_not_exist_is_not_allowed() {
    let folder = Folder::new("commands-actions");
    folder.write("policy.json", POLICY);
    let ran = folder.run(&["can", "x", "sqs:RecieveMessage", "policy.json"]);
    assert!(
        ran.stdout.contains("sqs:RecieveMessage: unknown action"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("did you mean `sqs:ReceiveMessage`?"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
    // AWS may have added it since: nobody knows.
    let ran = folder.run(&["can", "x", "sqs:SendMessageV2", "policy.json"]);
    assert!(
        ran.stdout.contains("undecided: sqs:SendMessageV2"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr
            .contains("`sqs:SendMessageV2` is not a known action"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(1));
}

#[test]
fn the_matrix_tells_actions_that_do_not_exist() {
    let ran = run(&["matrix", "policies-samples/systems/orders"]);
    let told = "but  `e22:CreateNetworkInterface` is not an action of a known service; did you mean `ec2:CreateNetworkInterface`?";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    let ran = run(&["matrix", "policies-samples/systems/orders", "-f", "json"]);
    let matrix = ran.json();
    let rows = matrix["functions"][0]["grants"].as_array().unwrap();
    let told: Vec<&Value> = rows
        .iter()
        .flat_map(|row| row["unknownActions"].as_array().unwrap())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
}
