//! The work for an input of twice the size is at most little more than twice the work: counters of the library are
//! compared, and no times.

use std::fmt::Write;

use lint_lambda::diagnostics::Severity;
use lint_lambda::unstable::input::{Hints, Input, InputRole, Scope};
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::work::{Counts, KINDS, counted};
use lint_lambda::{Analysis, Catalogue, Packs, Session, analyze, lint, offer};

/// How much more work twice the input can take: twice, and a little for what is sorted.
const MOST: f64 = 2.2;

/// What is counted for an input.
#[derive(Clone, Copy)]
enum Phase {
    /// Texts are read and joined into the inventory.
    Reading,
    /// Rules are applied to the inventory.
    Linting,
    /// Fixes are written and checked.
    Fixing,
}

/// A file: its path and its text.
type File = (String, String);

/// The work of a phase for files.
fn work(files: &[File], phase: Phase) -> Counts {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let inputs = files.iter().map(|(path, text)| Input {
        file: sources.add(path, text).unwrap(),
        scope: Scope::new(std::iter::once(".").chain(path.split('/'))),
        named: true,
        role: InputRole::Checked,
    });
    let inputs: Vec<Input> = inputs.collect();
    let hints = Hints::default();
    let (analysis, reading) = counted(|| analyze(&mut sources, &inputs, &hints, &catalogue));
    assert!(understood(&analysis), "{:?}", analysis.problems);
    match phase {
        Phase::Reading => reading,
        Phase::Linting => counted(|| lint(&sources, &analysis, &packs, &catalogue)).1,
        Phase::Fixing => {
            let session = Session {
                sources: &sources,
                inputs: &inputs,
                hints: &hints,
                packs: &packs,
                catalogue: &catalogue,
                analysis: &analysis,
            };
            let outcome = lint(&sources, &analysis, &packs, &catalogue);
            let mut findings = outcome.findings.clone();
            assert!(!findings.is_empty());
            counted(|| offer(session, &outcome, &mut findings, Severity::Info)).1
        }
    }
}

/// Whether everything was read: what is refused takes no work.
fn understood(analysis: &Analysis) -> bool {
    analysis.problems.is_empty() && analysis.recognised.contains(&true)
}

/// Asserts that the work of a phase for an input grows with its size and no faster. `files` makes the input of a size.
#[track_caller]
fn grows(phase: Phase, size: usize, files: impl Fn(usize) -> Vec<File>) {
    let one = work(&files(size), phase);
    let two = work(&files(2 * size), phase);
    let mut faster = String::new();
    for &kind in KINDS {
        let (one, two) = (one.of(kind), two.of(kind));
        if two as f64 > one as f64 * MOST && two > size as u64 {
            writeln!(faster, "{kind:?}: {one} at {size}, {two} at twice that").unwrap();
        }
    }
    assert!(faster.is_empty(), "{faster}");
}

/// Several texts with something between them.
fn list(count: usize, separator: &str, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().join(separator)
}

/// One file.
fn file(path: &str, text: String) -> Vec<File> {
    vec![(path.to_owned(), text)]
}

#[test]
fn statements_of_a_policy() {
    let policy = |count| {
        let statements = list(count, ",", |at| {
            format!(
                r#"{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:123456789012:q{at}"}}"#
            )
        });
        file(
            "policy.json",
            format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#),
        )
    };
    grows(Phase::Reading, 500, policy);
    grows(Phase::Linting, 500, policy);
}

const ACCOUNT: &str = "eu-west-1:123456789012";

/// The answers of the AWS CLI about functions with queues, whose roles are `role` of the function's number.
fn account(count: usize, role: impl Fn(usize) -> usize, roles: &str) -> Vec<File> {
    let functions = list(count, ",", |at| {
        let role = role(at);
        format!(
            r#"{{"FunctionName": "f{at}", "FunctionArn": "arn:aws:lambda:{ACCOUNT}:function:f{at}",
                "Role": "arn:aws:iam::123456789012:role/r{role}", "VpcConfig": {{"SubnetIds": ["s"]}}}}"#
        )
    });
    let mappings = list(count, ",", |at| {
        format!(
            r#"{{"UUID": "u{at}", "EventSourceArn": "arn:aws:sqs:{ACCOUNT}:q{at}",
                "FunctionArn": "arn:aws:lambda:{ACCOUNT}:function:f{at}"}}"#
        )
    });
    vec![
        (
            "functions.json".to_owned(),
            format!(r#"{{"Functions": [{functions}]}}"#),
        ),
        (
            "mappings.json".to_owned(),
            format!(r#"{{"EventSourceMappings": [{mappings}]}}"#),
        ),
        (
            "roles.json".to_owned(),
            format!(r#"{{"RoleDetailList": [{roles}]}}"#),
        ),
    ]
}

/// A role whose policy has these statements.
fn role(number: usize, statements: &str) -> String {
    format!(
        r#"{{"RoleName": "r{number}", "Arn": "arn:aws:iam::123456789012:role/r{number}",
            "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
            "Principal": {{"Service": "lambda.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]}},
            "AttachedManagedPolicies": [], "RolePolicyList": [{{"PolicyName": "p",
            "PolicyDocument": {{"Version": "2012-10-17", "Statement": [{statements}]}}}}]}}"#
    )
}

/// A statement for a queue.
fn poll(queue: usize) -> String {
    format!(
        r#"{{"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            "Resource": "arn:aws:sqs:{ACCOUNT}:q{queue}"}}"#
    )
}

#[test]
fn functions_with_a_role_each() {
    let files = |count| account(count, |at| at, &list(count, ",", |at| role(at, &poll(at))));
    grows(Phase::Reading, 150, files);
    grows(Phase::Linting, 150, files);
}

#[test]
fn functions_and_statements_of_a_role_that_they_share() {
    let files = |count| account(count, |_| 0, &role(0, &list(count, ",", poll)));
    grows(Phase::Reading, 150, files);
    grows(Phase::Linting, 150, files);
}

#[test]
fn wrong_actions_of_one_statement() {
    let policy = |count| {
        let actions = list(count, ",", |at| format!(r#""sqs:Foo{at}""#));
        file(
            "policy.json",
            format!(
                r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": [{actions}], "Resource": "*"}}]}}"#
            ),
        )
    };
    grows(Phase::Reading, 300, policy);
    grows(Phase::Linting, 300, policy);
}

#[test]
fn statements_with_a_wrong_action() {
    let policy = |count| {
        let statements = list(count, ",", |_| {
            r#"{"Effect": "Allow", "Action": "sqs:RecieveMessage", "Resource": "*"}"#.to_owned()
        });
        file(
            "policy.json",
            format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#),
        )
    };
    grows(Phase::Linting, 200, policy);
    grows(Phase::Fixing, 200, policy);
}

#[test]
fn files_with_a_wrong_action() {
    let policies = |count| {
        let files = (0..count).map(|at| {
            let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:RecieveMessage",
                "Resource": "*"}]}"#;
            (format!("p{at}/policy.json"), text.to_owned())
        });
        files.collect()
    };
    grows(Phase::Reading, 100, policies);
    grows(Phase::Linting, 100, policies);
    grows(Phase::Fixing, 100, policies);
}

/// The configuration of a function, as the AWS CLI prints it.
fn function(at: usize) -> String {
    format!(
        r#"{{"FunctionName": "f{at}", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f{at}",
             "Role": "arn:aws:iam::123456789012:role/r{at}", "Version": "$LATEST"}}"#
    )
}

/// Several functions, as `list-functions` prints them.
fn functions(count: usize) -> File {
    let functions = list(count, ",", function);
    let text = format!(r#"{{"Functions": [{functions}]}}"#);
    ("functions.json".to_owned(), text)
}

const IDENTITY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}"#;

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;

#[test]
fn functions_with_their_roles() {
    grows(Phase::Reading, 100, |count| {
        let roles = list(count, ",", |at| {
            format!(
                r#"{{"RoleName": "r{at}", "Arn": "arn:aws:iam::123456789012:role/r{at}", "AttachedManagedPolicies": [],
                     "AssumeRolePolicyDocument": {TRUST},
                     "RolePolicyList": [{{"PolicyName": "p", "PolicyDocument": {IDENTITY}}}]}}"#
            )
        });
        let roles = format!(r#"{{"RoleDetailList": [{roles}]}}"#);
        vec![functions(count), ("iam.json".to_owned(), roles)]
    });
}

#[test]
fn functions_beside_policies_that_name_none() {
    grows(Phase::Reading, 100, |count| {
        let policies = (0..count).map(|at| (format!("policy{at}.json"), IDENTITY.to_owned()));
        policies.chain([functions(count)]).collect()
    });
}

#[test]
fn records_of_functions_without_policies() {
    grows(Phase::Reading, 100, |count| {
        let lines = list(count, "\n", |at| {
            let function = function(at).replace('\n', " ");
            format!(r#"{{"Configuration": {function}, "Policy": null}}"#)
        });
        file("functions.jsonl", lines)
    });
}

#[test]
fn folders_of_functions() {
    grows(Phase::Reading, 100, |count| {
        let folder = |at| {
            let function = function(at);
            [
                (format!("d{at}/function.json"), function),
                (format!("d{at}/policy.json"), IDENTITY.to_owned()),
            ]
        };
        (0..count).flat_map(folder).collect()
    });
}

#[test]
fn functions_with_log_groups_and_mappings() {
    grows(Phase::Reading, 100, |count| {
        let groups = list(count, ",", |at| {
            format!(r#"{{"logGroupName": "/aws/lambda/f{at}"}}"#)
        });
        let mappings = list(count, ",", |at| {
            format!(
                r#"{{"UUID": "u{at}", "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q{at}",
                     "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f{at}"}}"#
            )
        });
        let groups = format!(r#"{{"logGroups": [{groups}]}}"#);
        let mappings = format!(r#"{{"EventSourceMappings": [{mappings}]}}"#);
        vec![
            functions(count),
            ("groups.json".to_owned(), groups),
            ("mappings.json".to_owned(), mappings),
        ]
    });
}

/// A template of functions with a role, each with a topic that invokes it.
fn template(count: usize, conditions: &str, of_functions: impl Fn(usize) -> String) -> Vec<File> {
    let functions = list(count, ",", |at| {
        let more = of_functions(at);
        format!(
            r#""F{at}": {{"Type": "AWS::Lambda::Function", {more} "Properties": {{
                 "Handler": "a.b", "Runtime": "python3.13", "Role": {{"Fn::GetAtt": ["R", "Arn"]}}}}}},
               "T{at}": {{"Type": "AWS::SNS::Topic"}},
               "S{at}": {{"Type": "AWS::SNS::Subscription", "Properties": {{"Protocol": "lambda",
                 "TopicArn": {{"Ref": "T{at}"}}, "Endpoint": {{"Fn::GetAtt": ["F{at}", "Arn"]}}}}}}"#
        )
    });
    let role = format!(
        r#""R": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument": {TRUST}}}}}"#
    );
    let text = format!(
        r#"{{"Parameters": {{"P": {{"Type": "String"}}}}, "Conditions": {{{conditions}}},
             "Resources": {{{role}, {functions}}}}}"#
    );
    file("template.json", text)
}

#[test]
fn functions_and_topics_of_a_template() {
    grows(Phase::Reading, 100, |count| {
        template(count, "", |_| String::new())
    });
}

#[test]
fn conditions_that_use_the_one_before_them() {
    let chain = |count: usize, call: &'static str| {
        let first = r#""C0": {"Fn::Equals": [{"Ref": "P"}, "a"]},"#;
        let more = list(count, ",", |at| {
            let one = format!(r#"{{"Condition": "C{at}"}}"#);
            format!(r#""C{}": {{"{call}": [{one}, {one}]}}"#, at + 1)
        });
        let conditions = format!("{first}{more}");
        template(1, &conditions, |_| format!(r#""Condition": "C{count}","#))
    };
    for call in ["Fn::And", "Fn::Or"] {
        grows(Phase::Reading, 50, |count| chain(count, call));
    }
}

#[test]
fn functions_of_a_configuration_of_terraform() {
    grows(Phase::Reading, 100, |count| {
        let functions = list(count, "\n", |at| {
            format!(
                "resource \"aws_lambda_function\" \"f{at}\" {{\n  function_name = \"f{at}\"\n  role = aws_iam_role.r.arn\n}}"
            )
        });
        let role =
            "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n  assume_role_policy = \"{}\"\n}\n";
        file("main.tf", format!("{role}{functions}\n"))
    });
}
