//! Properties that hold for whatever is written, tried on many made-up inputs.

use crate::test_rng::TestRng;
use lint_lambda::analyze;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::{Outcome, lint};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use serde_json::{Value, json};

impl TestRng {
    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.roll(from.len())]
    }
}

struct Linter {
    catalogue: Catalogue,
    packs: Packs,
}

impl Linter {
    fn new() -> Self {
        let mut sources = SourceMap::default();
        let (catalogue, _) = Catalogue::builtin(&mut sources);
        let packs = Packs::builtin();
        Linter { catalogue, packs }
    }

    fn lint(&self, text: &str) -> (SourceMap, Outcome) {
        let mut sources = SourceMap::default();
        let file = sources.add("in.json", text).unwrap();
        let input = Input {
            file,
            scope: Scope::new([".", "in.json"]),
            named: true,
            role: lint_lambda::InputRole::Checked,
        };
        let hints = Hints::default();
        let analysis = analyze(&mut sources, &[input], &hints, &self.catalogue);
        let outcome = lint(&sources, &analysis, &self.packs, &self.catalogue);
        (sources, outcome)
    }

    /// What is found, without places.
    fn said(&self, text: &str) -> Vec<String> {
        let (_, outcome) = self.lint(text);
        let mut said: Vec<String> = outcome
            .findings
            .iter()
            .map(|finding| format!("{} {} {:?}", finding.rule, finding.message, finding.subject))
            .collect();
        said.sort();
        said
    }
}

const ACTIONS: [&str; 12] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:*",
    "SQS:receive*",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:Describe*",
    "logs:*",
    "logs:PutLogEvents",
    "sqs:ReciveMessage",
    "*",
];

const RESOURCES: [&str; 6] = [
    "*",
    "arn:aws:sqs:eu-west-1:123456789012:orders",
    "arn:aws:sqs:*:*:*",
    "arn:aws:sqs:eu-west-1:123456789012:other",
    "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*",
    "arn:aws:ec2:*:*:*/*",
];

fn statement(rng: &mut TestRng) -> Value {
    let effect = if rng.roll(5) == 0 { "Deny" } else { "Allow" };
    let actions: Vec<&str> = (0..=rng.roll(3)).map(|_| *rng.pick(&ACTIONS)).collect();
    let key = if rng.roll(8) == 0 {
        "NotAction"
    } else {
        "Action"
    };
    let mut statement = json!({ "Effect": effect, "Resource": rng.pick(&RESOURCES) });
    statement[key] = json!(actions);
    if rng.roll(6) == 0 {
        statement["Condition"] = json!({ "StringEquals": { "aws:RequestedRegion": "eu-west-1" } });
    }
    statement
}

fn bundle(statements: &[Value]) -> Value {
    json!({
        "Configuration": {
            "FunctionName": "orders",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "Role": "arn:aws:iam::123456789012:role/orders-role",
            "VpcConfig": { "SubnetIds": ["subnet-1"] },
        },
        "Role": {
            "RoleName": "orders-role",
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" },
                "Action": "sts:AssumeRole" }] },
            "RolePolicyList": [{ "PolicyName": "p", "PolicyDocument": {
                "Version": "2012-10-17", "Statement": statements } }],
            "AttachedManagedPolicies": [],
        },
        "EventSourceMappings": [{
            "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:orders",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        }],
    })
}

fn systems(count: usize) -> impl Iterator<Item = Value> {
    let mut rng = TestRng(3);
    (0..count).map(move |_| {
        let statements: Vec<Value> = (0..=rng.roll(4)).map(|_| statement(&mut rng)).collect();
        bundle(&statements)
    })
}

#[test]
fn the_layout_of_the_text_does_not_matter() {
    let linter = Linter::new();
    for system in systems(300) {
        let compact = linter.said(&system.to_string());
        assert_eq!(compact, linter.said(&format!("{system:#}")), "{system}");
    }
}

#[test]
fn a_document_inside_a_text_is_judged_like_one_outside() {
    let linter = Linter::new();
    for mut system in systems(300) {
        let plain = linter.said(&system.to_string());
        let document = &mut system["Role"]["RolePolicyList"][0]["PolicyDocument"];
        *document = json!(format!("{document:#}"));
        assert_eq!(plain, linter.said(&system.to_string()), "{system}");
    }
}

#[test]
fn every_place_lies_in_the_file_and_reads_as_what_it_is_about() {
    let linter = Linter::new();
    for mut system in systems(300) {
        let document = &mut system["Role"]["RolePolicyList"][0]["PolicyDocument"];
        *document = json!(document.to_string());
        let text = format!("{system:#}");
        let (sources, outcome) = linter.lint(&text);
        for finding in &outcome.findings {
            let place = sources.resolve(finding.primary.span);
            let written = &text[place.range()];
            assert!(
                system.pointer(&finding.pointer).is_some(),
                "{}",
                finding.pointer
            );
            if &*finding.rule == "policy-document/unknown-action" {
                assert_eq!(written, "\\\"sqs:ReciveMessage\\\"");
            }
        }
    }
}

#[test]
fn what_may_be_done_is_never_missing() {
    let linter = Linter::new();
    for mut system in systems(300) {
        let list =
            system["Role"]["RolePolicyList"][0]["PolicyDocument"]["Statement"].as_array_mut();
        let list = list.unwrap();
        list.retain(|statement| statement["Effect"] == "Allow");
        list.push(json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
        let said = linter.said(&system.to_string());
        assert!(
            said.iter().all(|line| !line.contains("not-granted")),
            "{said:?}"
        );
    }
}

#[test]
fn what_everything_is_denied_is_always_missing() {
    let linter = Linter::new();
    for mut system in systems(300) {
        let list =
            system["Role"]["RolePolicyList"][0]["PolicyDocument"]["Statement"].as_array_mut();
        list.unwrap()
            .push(json!({ "Effect": "Deny", "Action": "*", "Resource": "*" }));
        let said = linter.said(&system.to_string());
        for rule in [
            "poll-sources/actions-not-granted",
            "vpc/eni-actions-not-granted",
        ] {
            assert!(said.iter().any(|line| line.starts_with(rule)), "{said:?}");
        }
    }
}

/// What is refused with all policies at hand is not an error while one of them is not; what is
/// allowed stays no error.
#[test]
fn what_was_not_handed_over_is_never_an_error() {
    let linter = Linter::new();
    for mut system in systems(300) {
        let list =
            system["Role"]["RolePolicyList"][0]["PolicyDocument"]["Statement"].as_array_mut();
        list.unwrap()
            .retain(|statement| statement["Effect"] == "Allow");
        system["Role"]["AttachedManagedPolicies"] = json!([{
            "PolicyName": "Team", "PolicyArn": "arn:aws:iam::123456789012:policy/Team" }]);
        let said = linter.said(&system.to_string());
        assert!(
            said.iter().all(|line| !line.contains("not-granted")),
            "{said:?}"
        );
    }
}

#[test]
fn mutilated_input_never_stops_the_program() {
    let linter = Linter::new();
    let mut rng = TestRng(5);
    for system in systems(1_500) {
        let mut bytes = system.to_string().into_bytes();
        for _ in 0..=rng.roll(6) {
            let at = rng.roll(bytes.len());
            match rng.roll(3) {
                0 => bytes[at] = *rng.pick(b"{}[]\",:\\ax0-\n"),
                1 => {
                    bytes.remove(at);
                }
                _ => bytes.insert(at, *rng.pick(b"{}[]\",:\\ax0-\n")),
            }
        }
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let (sources, outcome) = linter.lint(&text);
        for finding in outcome.findings {
            let place = sources.resolve(finding.primary.span);
            assert!(text.get(place.range()).is_some());
        }
    }
}
