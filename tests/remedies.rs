//! What `explain` proposes: the statements say what the sentence beside them says, and are policies that do
//! something.

use std::collections::BTreeSet;
use std::fs;

use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::explain::{Search, explain};
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::lint;
use lint_lambda::unstable::model::LoneType;
use lint_lambda::unstable::report::explanations_json;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::{analyze, diagnostics::Severity};
use regex::Regex;
use serde_json::{Value, json};

use crate::program::root;

/// What errors mean, as the program prints it for other programs.
fn explained(catalogue: &Catalogue, text: &str) -> Vec<Value> {
    let mut search = Search::new(catalogue.symptoms());
    search.feed(text);
    let (found, _) = search.finish();
    let all = explain(catalogue, &found, "text");
    let json = explanations_json(&SourceMap::default(), &all, false, &[]);
    let mut value: Value = serde_json::from_str(&json).unwrap();
    match value["explanations"].take() {
        Value::Array(list) => list,
        _ => Vec::new(),
    }
}

/// Everything that `explain` has something to say about: the examples of the symptoms, and whole files.
fn texts(catalogue: &Catalogue) -> Vec<String> {
    let symptoms = catalogue.symptoms().errors.iter();
    let mut texts: Vec<String> = symptoms.map(|symptom| symptom.example.clone()).collect();
    for entry in fs::read_dir(root().join("tests/fixtures/errors")).unwrap() {
        texts.push(fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    texts.extend(
        GENERAL
            .iter()
            .map(|(resource, action, _)| refused(action, resource)),
    );
    texts
}

/// An error that names no more than the request.
fn refused(action: &str, resource: &str) -> String {
    format!(
        "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders is not authorized to perform: {action} on \
         resource: {resource} because no identity-based policy allows the {action} action"
    )
}

/// The actions that a list or a single text names.
fn actions_of(statement: &Value) -> BTreeSet<String> {
    let listed = &statement["Action"];
    let each = listed
        .as_array()
        .map_or(std::slice::from_ref(listed), Vec::as_slice);
    each.iter()
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_statements_allow_what_the_sentence_says() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let action = Regex::new(r"\b[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]+\*?").unwrap();
    let table = &catalogue.actions.table;
    let mut wrong = Vec::new();
    let mut blocks = 0;
    for text in texts(&catalogue) {
        for one in explained(&catalogue, &text) {
            for cause in one["causes"].as_array().unwrap() {
                let fix = cause["fix"].as_str().unwrap();
                let named = action.find_iter(fix).map(|found| found.as_str().to_owned());
                let named = named.filter(|name| table.action(name.trim_end_matches('*')).is_some());
                let named: BTreeSet<String> = named.collect();
                let statements = cause["statements"].as_array().unwrap();
                let granted: BTreeSet<String> = statements.iter().flat_map(actions_of).collect();
                if named != granted {
                    wrong.push(format!("{}: {fix}\n  {granted:?}", one["symptom"]));
                }
                for resource in statements.iter().flat_map(resources_of) {
                    if resource != "*" && !fix.contains(&resource) {
                        wrong.push(format!("{}: {fix}\n  {resource}", one["symptom"]));
                    }
                }
                blocks += statements.len();
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(blocks > 200, "{blocks}");
}

fn resources_of(statement: &Value) -> Vec<String> {
    let listed = &statement["Resource"];
    let each = listed
        .as_array()
        .map_or(std::slice::from_ref(listed), Vec::as_slice);
    each.iter()
        .filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn the_statements_are_policies_without_a_fault() {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let mut wrong = BTreeSet::new();
    for text in texts(&catalogue) {
        for one in explained(&catalogue, &text) {
            for cause in one["causes"].as_array().unwrap() {
                let document = cause["document"].as_str().unwrap();
                let statements = cause["statements"].as_array().unwrap();
                if statements.is_empty() {
                    continue;
                }
                let found = faults(&catalogue, &packs, document, statements).into_iter();
                wrong.extend(
                    found.map(|fault| format!("{}: {fault}: {statements:?}", one["symptom"])),
                );
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the rules say of statements in a document of their own.
fn faults(
    catalogue: &Catalogue,
    packs: &Packs,
    document: &str,
    statements: &[Value],
) -> Vec<String> {
    let policy_type = match document {
        // A command adds it, and names the function.
        "function-policy" => return Vec::new(),
        "trust-policy" => LoneType::Trust,
        _ if statements.is_empty() => return Vec::new(),
        _ if statements[0].get("Principal").is_some() => LoneType::Resource,
        _ => LoneType::Identity,
    };
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let words = [
        ("ACCOUNT", "123456789012"),
        ("REGION", "eu-west-1"),
        ("EXECUTION_ROLE_ARN", ROLE),
        ("CALLER_ARN", ROLE),
    ];
    let text = words.iter().fold(text, |text, (word, value)| {
        text.replace(&format!("{word}:"), &format!("{value}:"))
            .replace(&format!("\"{word}\""), &format!("\"{value}\""))
    });
    let mut sources = SourceMap::default();
    let file = sources.add("policy.json", &text).unwrap();
    let inputs = [Input {
        file,
        scope: Scope::new([".", "policy.json"]),
        named: true,
        role: lint_lambda::InputRole::Checked,
    }];
    let hints = Hints {
        policy_type: Some(policy_type),
        ..Hints::default()
    };
    let analysis = analyze(&mut sources, &inputs, &hints, catalogue);
    let outcome = lint(&sources, &analysis, packs, catalogue);
    let problems = analysis.problems.into_iter().map(|problem| problem.message);
    let findings = outcome
        .findings
        .into_iter()
        .filter(|finding| finding.severity >= Severity::Warning);
    problems
        .chain(findings.map(|finding| format!("{}: {}", finding.rule, finding.message)))
        .collect()
}

const ROLE: &str = "arn:aws:iam::123456789012:role/orders-role";

/// Resources of refused calls, the actions, and the resource to write.
const GENERAL: [(&str, &str, &str); 15] = [
    (
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:log-stream:2026/11/20/[$LATEST]0f",
        "logs:FilterLogEvents",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/orders:*",
    ),
    (
        "arn:aws:s3:::orders-inbox/2026/11/a.json",
        "s3:PutObject",
        "arn:aws:s3:::orders-inbox/*",
    ),
    (
        "arn:aws:s3:::orders-inbox",
        "s3:GetBucketLocation",
        "arn:aws:s3:::orders-inbox",
    ),
    (
        "arn:aws:states:eu-west-1:123456789012:execution:orders:8a5c1f0e",
        "states:StopExecution",
        "arn:aws:states:eu-west-1:123456789012:execution:orders:*",
    ),
    (
        "arn:aws:states:eu-west-1:123456789012:stateMachine:orders",
        "states:StartExecution",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:orders",
    ),
    (
        "arn:aws:lambda:eu-west-1:123456789012:function:orders:7/durable-execution/8a5c/0b1c",
        "lambda:StopDurableExecution",
        "arn:aws:lambda:eu-west-1:123456789012:function:orders:*/durable-execution/*/*",
    ),
    (
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-11-20T10:00:00.000",
        "dynamodb:DescribeStream",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/*",
    ),
    (
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day",
        "dynamodb:Query",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day",
    ),
    (
        "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/prod/POST/@connections/Xyz=",
        "execute-api:ManageConnections",
        "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/prod/POST/@connections/*",
    ),
    (
        "arn:aws:batch:eu-west-1:123456789012:job/8a5c1f0e",
        "batch:TerminateJob",
        "arn:aws:batch:eu-west-1:123456789012:job/*",
    ),
    (
        "arn:aws:ecs:eu-west-1:123456789012:task/shop/8a5c1f0e",
        "ecs:StopTask",
        "arn:aws:ecs:eu-west-1:123456789012:task/shop/*",
    ),
    (
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:3",
        "ecs:RunTask",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:*",
    ),
    (
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf",
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf",
    ),
    (
        "arn:aws-cn:s3:::orders-inbox/a.json",
        "s3:GetObject",
        "arn:aws-cn:s3:::orders-inbox/*",
    ),
    (
        "arn:aws:kinesis:eu-west-1:********9012:stream/orders",
        "kinesis:PutRecord",
        "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
    ),
];

#[test]
fn each_cause_makes_sense_alone() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let symptoms = catalogue.symptoms();
    let of_errors = symptoms.errors.iter().map(|symptom| &symptom.diagnosis);
    let of_metrics = symptoms
        .metric_patterns
        .iter()
        .map(|pattern| &pattern.diagnosis);
    let causes = of_errors
        .chain(of_metrics)
        .flat_map(|diagnosis| &diagnosis.causes);
    for cause in causes.chain(&symptoms.other_causes) {
        let texts = [
            Some(&cause.reason),
            Some(&cause.fix),
            cause.evidence.as_ref(),
        ];
        for text in texts.into_iter().flatten() {
            let rests = ["The same", "As above", "Likewise"]
                .iter()
                .any(|words| text.starts_with(words));
            assert!(!rests, "{text}");
        }
    }
}

#[test]
fn the_resource_covers_the_next_call() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let written = GENERAL.iter().map(|(resource, action, _)| {
        let all = explained(&catalogue, &refused(action, resource));
        let statement = &all[0]["causes"][0]["statement"];
        statement["Resource"].as_str().unwrap_or("").to_owned()
    });
    let expected = GENERAL
        .iter()
        .map(|(_, _, expected)| (*expected).to_owned());
    assert_eq!(written.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}
