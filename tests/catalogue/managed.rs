//! AWS-managed policies: all that they name is known, and none of them is an error.

use std::collections::BTreeSet;

use lint_lambda::analyze;
use lint_lambda::diagnostics::Severity;
use lint_lambda::unstable::catalogue::{Catalogue, Naming};
use lint_lambda::unstable::input::{Hints, Input, Scope};
use lint_lambda::unstable::lint::lint;
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use serde_json::Value;

use super::source::{items, text};
use crate::program::root;

/// What a document names as actions.
fn actions(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let each = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let statements = each(&document["Statement"]);
    let named = statements
        .iter()
        .flat_map(|statement| ["Action", "NotAction"].map(|name| each(&statement[name])));
    named.flatten().map(|action| text(&action)).collect()
}

#[test]
fn every_action_of_an_aws_managed_policy_is_known() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let policies = catalogue.managed.all();
    let named: BTreeSet<String> = policies.flat_map(|p| actions(&p.document)).collect();
    assert!(named.len() > 10_000);
    let wrong = named
        .iter()
        .filter(|action| !action.contains(['*', '?']))
        .map(|action| (action, catalogue.actions.naming(action)))
        .find(|(_, naming)| *naming != Naming::Fine);
    assert_eq!(wrong, None);
}

#[test]
fn no_aws_managed_policy_is_an_error() {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let policies: Vec<_> = catalogue.managed.all().collect();
    let inputs: Vec<Input> = policies
        .iter()
        .map(|policy| Input {
            file: sources.add(&policy.path, &policy.document).unwrap(),
            scope: Scope::default(),
            named: true,
            role: lint_lambda::InputRole::Checked,
        })
        .collect();
    let analysis = analyze(&mut sources, &inputs, &Hints::default(), &catalogue);
    let outcome = lint(&sources, &analysis, &packs, &catalogue);
    assert_eq!(analysis.problems, []);
    assert_eq!(analysis.files(), policies.len());
    let errors = outcome
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    assert_eq!(errors.map(|finding| &finding.message).next(), None);
    let reviewed = root().join("tests/fixtures/catalogue/empty-wildcards.json");
    let reviewed: Value =
        serde_json::from_str(&std::fs::read_to_string(reviewed).unwrap()).unwrap();
    let reviewed: BTreeSet<String> = items(&reviewed["emptyWildcards"])
        .map(|entry| text(&entry["pattern"]))
        .collect();
    let mut wildcards = outcome.findings.iter().filter(|f| {
        let rules = [
            "policy-document/wildcard-matches-nothing",
            "policy-document/unknown-action",
        ];
        rules.contains(&&*f.rule)
    });
    let strange = wildcards.find(|f| f.subject.actions.iter().any(|a| !reviewed.contains(a)));
    assert_eq!(strange.map(|finding| &finding.message), None);
}

#[test]
fn policies_that_are_named_alike_are_told_apart() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let policy = |path: &str| {
        catalogue
            .managed
            .policy(&format!("arn:aws:iam::aws:policy/{path}"))
    };
    let allows = |path: &str, action: &str| policy(path).unwrap().document.contains(action);
    assert!(allows(
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "ec2:DescribeSubnets"
    ));
    assert!(!allows(
        "service-role/AWSLambdaENIManagementAccess",
        "ec2:DescribeSubnets"
    ));
    assert!(policy("AWSLambdaVPCAccessExecutionRole").is_none());
    assert!(
        catalogue
            .managed
            .policy("arn:aws-cn:iam::aws:policy/AWSLambdaExecute")
            .is_some()
    );
    assert!(
        catalogue
            .managed
            .policy("arn:aws:iam::123456789012:policy/AWSLambdaExecute")
            .is_none()
    );
}
