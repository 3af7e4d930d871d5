//! Suppressing one finding: by a comment, by metadata, and what is said of suppressions.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::program::{Folder, Run, root, run};

/// A function whose role lacks what two settings need, and a typing error in a policy.
const TEMPLATE: &str = r#"Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt Role.Arn
      Code: { ZipFile: "exports.handler = async () => {}" }
      TracingConfig: { Mode: Active }
      VpcConfig:
        SubnetIds: [subnet-0a1b2c3d]
        SecurityGroupIds: [sg-0a1b2c3d]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
      Policies:
        - PolicyName: queue
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: [sqs:ReciveMessage]
                Resource: arn:aws:sqs:eu-west-1:123456789012:orders
"#;

const VPC: &str = "vpc/eni-actions-not-granted";
const TRACES: &str = "logging/traces-not-granted";
const TYPO: &str = "policy-document/unknown-action";

/// What is found in a file of that text, as `line rule`.
fn found(name: &str, text: &str) -> Vec<String> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let number = RUNS.fetch_add(1, Ordering::Relaxed);
    let folder = Folder::new(&format!("suppressions-{number}"));
    folder.write(name, text);
    rules(&folder.run(&["--format", "json", name]))
}

fn rules(ran: &Run) -> Vec<String> {
    let report = ran.json();
    assert_eq!(report["problems"], serde_json::json!([]), "{report:#}");
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

/// The template with a text after the line that begins so.
fn with(line: &str, before: &str, after: &str) -> String {
    let mut lines = TEMPLATE
        .lines()
        .map(|old| match old.trim_start().starts_with(line) {
            true => format!("{before}{old}{after}\n"),
            false => format!("{old}\n"),
        });
    lines.by_ref().collect()
}

#[test]
fn without_suppressions_all_is_found() {
    assert_eq!(found("a.yaml", TEMPLATE), [TRACES, VPC, TYPO]);
}

#[test]
fn a_comment_at_the_end_of_a_line_suppresses_what_begins_on_it() {
    let ignore = |rule: &str| format!(" # lint-lambda: ignore[{rule}] accepted");
    let traces = with("TracingConfig", "", &ignore(TRACES));
    assert_eq!(found("a.yaml", &traces), [VPC, TYPO]);
    let vpc = with("VpcConfig", "", &ignore(VPC));
    assert_eq!(found("a.yaml", &vpc), [TRACES, TYPO]);
    let typo = with("Action: [", "", &ignore(TYPO));
    assert_eq!(found("a.yaml", &typo), [TRACES, VPC]);
}

#[test]
fn a_comment_above_a_line_suppresses_what_is_in_its_block() {
    let ignore = |rule: &str| format!("# lint-lambda: ignore[{rule}] accepted\n");
    let typo = with("Policies:", &ignore(TYPO), "");
    assert_eq!(found("a.yaml", &typo), [TRACES, VPC]);
    let statement = with("- Effect", &ignore(TYPO), "");
    assert_eq!(found("a.yaml", &statement), [TRACES, VPC]);
    // Other comments and empty lines may stand between them.
    let apart = with("- Effect", &format!("{}\n# The queue.\n", ignore(TYPO)), "");
    assert_eq!(found("a.yaml", &apart), [TRACES, VPC]);
    let function = with("Orders:", &ignore("vpc, logging/*"), "");
    assert_eq!(found("a.yaml", &function), [TYPO]);
}

#[test]
fn a_comment_is_about_its_block_alone() {
    let ignore = format!("# lint-lambda: ignore[{TYPO}] accepted\n");
    let elsewhere = with("Orders:", &ignore, "");
    assert_eq!(
        found("a.yaml", &elsewhere),
        ["suppression/unused", TRACES, VPC, TYPO]
    );
    let sibling = with("- PolicyName", "", &format!(" {}", ignore.trim_end()));
    assert!(found("a.yaml", &sibling).contains(&TYPO.to_owned()));
}

#[test]
fn a_comment_at_the_top_suppresses_in_the_whole_file() {
    let whole = format!("---\n# lint-lambda: ignore-file[{TYPO}] accepted\n{TEMPLATE}");
    assert_eq!(found("a.yaml", &whole), [TRACES, VPC]);
    let below = with(
        "AssumeRolePolicyDocument",
        &format!("# lint-lambda: ignore-file[{TYPO}] accepted\n"),
        "",
    );
    assert_eq!(
        found("a.yaml", &below),
        [TRACES, VPC, "suppression/malformed", TYPO]
    );
}

#[test]
fn what_only_looks_like_a_comment_is_none() {
    let texts = [
        with(
            "Handler:",
            "",
            "\n      Description: \"a # lint-lambda: ignore[vpc] b\"",
        ),
        with(
            "Handler:",
            "",
            "\n      Description: 'a # lint-lambda: ignore[vpc] b'",
        ),
        with(
            "Handler:",
            "",
            "\n      Description: a#lint-lambda: ignore[vpc]",
        )
        .replace("a#lint-lambda: ", "a#lint-lambda:"),
        with(
            "Handler:",
            "",
            "\n      Description: |\n        # lint-lambda: ignore[vpc] b\n        c",
        ),
        with(
            "Handler:",
            "",
            "\n      Description: >-\n        a\n        # lint-lambda: ignore-file[vpc] b",
        ),
    ];
    for text in texts {
        assert_eq!(found("a.yaml", &text), [TRACES, VPC, TYPO], "{text}");
    }
    // Prose that names the program is no directive.
    let prose = with(
        "Orders:",
        "  # lint-lambda: is run on this file, as on all others\n",
        "",
    );
    assert_eq!(found("a.yaml", &prose), [TRACES, VPC, TYPO]);
}

#[test]
fn other_tools_may_be_spoken_to_on_the_same_line() {
    let both = with(
        "TracingConfig",
        "",
        &format!(" # cfn-lint: W1 # lint-lambda: ignore[{TRACES}]: see #12"),
    );
    let folder = Folder::new("suppressions-both");
    folder.write("a.yaml", &both);
    let shown = folder
        .run(&["--format", "plain", "--show-suppressed", "a.yaml"])
        .stdout;
    assert!(shown.contains("  comment: see #12 (a.yaml:9:"), "{shown}");
}

#[test]
fn comments_that_cannot_be_read_are_told() {
    let cases = [
        ("ignore", "`ignore` does not name any rule"),
        ("ignore because", "`ignore` does not name any rule"),
        ("ignore[] because", "`ignore` does not name any rule"),
        (
            "ignroe[vpc] because",
            "`ignroe` is not a valid comment for lint-lambda",
        ),
        (
            "disable vpc",
            "`disable` is not a valid comment for lint-lambda",
        ),
        ("ignore[vpc because", "missing `]` after the rules"),
        (
            "ignore[vpc, until=2026-02-30] because",
            "`2026-02-30` is not a valid date",
        ),
    ];
    for (written, message) in cases {
        let folder = Folder::new("suppressions-malformed");
        folder.write(
            "a.yaml",
            with("VpcConfig", "", &format!(" # lint-lambda: {written}")),
        );
        let ran = folder.run(&["--format", "plain", "a.yaml"]).stdout;
        let line = format!("warning[suppression/malformed]: {message}\n");
        assert!(ran.contains(&line), "{written}: {ran}");
        assert!(ran.contains(&format!("error[{VPC}]")), "{written}: {ran}");
    }
}

/// The template as JSON, with metadata of a resource, or of the template if none is named.
fn with_metadata(resource: Option<&str>, own: &str) -> String {
    let (before, after) = match resource {
        None => (
            format!("Metadata:\n  lint-lambda: {own}\n"),
            TEMPLATE.to_owned(),
        ),
        Some(name) => {
            let head = format!("  {name}:\n");
            let own = format!("{head}    Metadata:\n      lint-lambda: {own}\n");
            (String::new(), TEMPLATE.replacen(&head, &own, 1))
        }
    };
    before + &after
}

#[test]
fn metadata_suppresses_what_belongs_to_its_resource() {
    let full = "{ ignore: [{ rule: vpc, reason: accepted, until: 2999-12-31 }] }";
    assert_eq!(
        found("a.yaml", &with_metadata(Some("Orders"), full)),
        [TRACES, TYPO]
    );
    let several = "{ ignore: [{ rules: [vpc/*, logging], reason: accepted }] }";
    assert_eq!(
        found("a.yaml", &with_metadata(Some("Orders"), several)),
        [TYPO]
    );
    // What is found at the function is not found at its role.
    let elsewhere = found("a.yaml", &with_metadata(Some("Role"), full));
    assert_eq!(elsewhere, [TRACES, VPC, "suppression/unused", TYPO]);
    let whole = format!("{{ ignore: [{{ rules: [{TYPO}, {VPC}], reason: accepted }}] }}");
    assert_eq!(found("a.yaml", &with_metadata(None, &whole)), [TRACES]);
}

#[test]
fn metadata_may_have_the_form_that_cfn_lint_has() {
    let own = format!("{{ config: {{ ignore_checks: [{TYPO}], reason: accepted }} }}");
    assert_eq!(found("a.yaml", &with_metadata(None, &own)), [TRACES, VPC]);
    let short = format!("{{ ignore: [{TYPO}] }}");
    let told = found("a.yaml", &with_metadata(Some("Role"), &short));
    assert_eq!(told, [TRACES, VPC, "suppression/without-reason"]);
}

#[test]
fn metadata_of_a_serverless_function_is_about_what_it_generates() {
    let template = |metadata: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n{metadata}    Properties:\n      Handler: index.handler\n      Runtime: nodejs22.x\n      InlineCode: x\n      Policies:\n        - Version: '2012-10-17'\n          Statement: {{ Effect: Allow, Action: 'sqs:ReciveMessage', Resource: '*' }}\n"
        )
    };
    assert_eq!(found("a.yaml", &template("")), [TYPO]);
    let own =
        format!("    Metadata: {{ lint-lambda: {{ ignore: [{{ rule: {TYPO}, reason: x }}] }} }}\n");
    assert!(found("a.yaml", &template(&own)).is_empty());
}

/// Three functions with one role, which lacks what all of them need.
fn shared(metadata: &str) -> String {
    let function = |name: &str, metadata: &str| {
        format!(
            "  {name}:\n    Type: AWS::Lambda::Function\n{metadata}    Properties: {{ Handler: a.b, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, Code: {{ ZipFile: x }}, TracingConfig: {{ Mode: Active }} }}\n"
        )
    };
    let role = TEMPLATE.split_once("  Role:\n").unwrap().1;
    let role = role.replace("ReciveMessage", "ReceiveMessage");
    format!(
        "Resources:\n{}{}{}  Role:\n{role}",
        function("First", metadata),
        function("Second", ""),
        function("Third", "")
    )
}

#[test]
fn of_functions_with_one_role_the_others_stay() {
    let functions = |text: &str| -> Vec<Value> {
        let folder = Folder::new("suppressions-shared");
        folder.write("a.yaml", text);
        let findings = folder
            .run(&["--format", "json", "a.yaml"])
            .findings_of("logging");
        findings
            .into_iter()
            .map(|finding| finding["functions"].clone())
            .collect()
    };
    let all = serde_json::json!(["First", "Second", "Third"]);
    assert_eq!(functions(&shared("")), [all]);
    let own = "    Metadata: { lint-lambda: { ignore: [{ rule: logging, reason: x }] } }\n";
    let others = serde_json::json!(["Second", "Third"]);
    assert_eq!(functions(&shared(own)), [others]);
}

#[test]
fn each_finding_is_suppressed_alone() {
    let sample =
        std::fs::read_to_string(root().join("policies-samples/templates/orders.yaml")).unwrap();
    let folder = Folder::new("suppressions-alone");
    folder.write("a.yaml", &sample);
    let all = folder.run(&["--format", "json", "a.yaml"]).json();
    let all = all["findings"].as_array().unwrap().clone();
    let message = |finding: &Value| finding["message"].as_str().unwrap().to_owned();
    assert!(all.len() > 3);
    for suppressed in &all {
        let line = usize::try_from(suppressed["location"]["line"].as_u64().unwrap()).unwrap();
        let rule = suppressed["rule"].as_str().unwrap();
        let lines = sample
            .lines()
            .enumerate()
            .map(|(number, text)| match number + 1 == line {
                true => format!("{text} # lint-lambda: ignore[{rule}] accepted\n"),
                false => format!("{text}\n"),
            });
        folder.write("a.yaml", lines.collect::<String>());
        let left = folder.run(&["--format", "json", "a.yaml"]).json();
        let left: Vec<String> = left["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(message)
            .collect();
        let others = all.iter().filter(|other| *other != suppressed).map(message);
        assert_eq!(left, others.collect::<Vec<_>>(), "{rule}");
    }
}

#[test]
fn a_suppression_is_unused_when_its_fault_is_gone() {
    let suppressed = with(
        "Action: [",
        "",
        &format!(" # lint-lambda: ignore[{TYPO}] accepted"),
    );
    assert_eq!(found("a.yaml", &suppressed), [TRACES, VPC]);
    let mended = suppressed.replace("sqs:ReciveMessage", "sqs:ReceiveMessage");
    assert_eq!(
        found("a.yaml", &mended),
        [TRACES, VPC, "suppression/unused"]
    );
}

#[test]
fn a_suppression_is_not_unused_where_its_check_is_undecided() {
    let role = "RoleArn: { Type: String }";
    let text = format!(
        "Parameters:\n  {role}\n{}",
        TEMPLATE
            .split_once("  Role:\n")
            .unwrap()
            .0
            .replace("!GetAtt Role.Arn", "!Ref RoleArn")
    );
    let text = text.replace(
        "  Orders:\n",
        &format!("  # lint-lambda: ignore[{VPC}] accepted\n  Orders:\n"),
    );
    assert!(found("a.yaml", &text).is_empty());
}

#[test]
fn rules_that_do_not_exist_are_told_with_the_nearest() {
    let folder = Folder::new("suppressions-unknown");
    folder.write(
        "a.yaml",
        with(
            "VpcConfig",
            "",
            " # lint-lambda: ignore[vpc/eni-action-not-granted] accepted",
        ),
    );
    let ran = folder.run(&["--format", "plain", "a.yaml"]).stdout;
    assert!(
        ran.contains(
            "warning[suppression/unknown-rule]: unknown rule `vpc/eni-action-not-granted`"
        ),
        "{ran}"
    );
    assert!(
        ran.contains("  help: did you mean `vpc/eni-actions-not-granted`?"),
        "{ran}"
    );
}

/// Runs on a day.
fn on(folder: &Folder, seconds: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lint-lambda"))
        .args(["--format", "plain", "a.yaml"])
        .current_dir(folder.path())
        .env_clear()
        .env("SOURCE_DATE_EPOCH", seconds)
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn a_suppression_has_its_effect_up_to_its_date() {
    let folder = Folder::new("suppressions-expired");
    let until = " # lint-lambda: ignore[vpc/eni-actions-not-granted, until=2027-01-31] accepted";
    folder.write("a.yaml", with("VpcConfig", "", until));
    // The last second of 2027-01-31, and the next one.
    let last = on(&folder, "1801439999");
    assert!(!last.contains(VPC), "{last}");
    let next = on(&folder, "1801440000");
    assert!(next.contains(&format!("error[{VPC}]")), "{next}");
    let message =
        format!("warning[suppression/expired]: the suppression of `{VPC}` expired on 2027-01-31\n");
    assert!(next.contains(&message), "{next}");
}

#[test]
fn what_is_said_of_suppressions_can_be_suppressed() {
    let text = with("VpcConfig", "", " # lint-lambda: ignore[vpc]");
    assert_eq!(
        found("a.yaml", &text),
        [TRACES, "suppression/without-reason", TYPO]
    );
    let text = format!("# lint-lambda: ignore-file[suppression/without-reason] not yet\n{text}");
    assert_eq!(found("a.yaml", &text), [TRACES, TYPO]);
}

#[test]
fn suppressed_findings_are_counted_and_listed() {
    let folder = Folder::new("suppressions-listed");
    folder.write(
        "a.yaml",
        with(
            "Action: [",
            "",
            &format!(" # lint-lambda: ignore[{TYPO}] the \u{202e}next release"),
        ),
    );
    for format in ["human", "plain"] {
        let ran = folder.run(&["--format", format, "a.yaml"]).stdout;
        assert!(ran.contains("\n1 finding suppressed\n"), "{ran}");
        assert!(!ran.contains("the next release"), "{ran}");
        let ran = folder
            .run(&["--format", format, "--show-suppressed", "a.yaml"])
            .stdout;
        let line = format!(
            "a.yaml:27:26: suppressed[{TYPO}]: unknown action `sqs:ReciveMessage`\n  comment: the \\u{{202e}}next release (a.yaml:27:"
        );
        assert!(ran.contains(&line), "{ran}");
    }
}

#[test]
fn the_rules_about_suppressions_are_rules_like_others() {
    assert!(
        run(&["rules", "list"])
            .stdout
            .contains(" suppression/unused ")
    );
    let shown = run(&["rules", "show", "suppression/expired"]).stdout;
    assert!(
        shown.starts_with("warning[suppression/expired]: "),
        "{shown}"
    );
}

/// What is found with an entry of the configuration.
fn configured(entry: &str) -> Vec<String> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let number = RUNS.fetch_add(1, Ordering::Relaxed);
    let folder = Folder::new(&format!("suppressions-configured-{number}"));
    folder.write("infra/a.yaml", TEMPLATE);
    folder.write(
        "lint-lambda.toml",
        format!("[[suppress]]\nreason = \"accepted\"\n{entry}"),
    );
    rules(&folder.run(&["--format", "json", "infra"]))
}

#[test]
fn the_configuration_suppresses_by_rule_file_resource_and_action() {
    let all = configured("rule = \"vpc\"\nuntil = 2020-01-31\n");
    assert_eq!(all, [TRACES, VPC, TYPO, "suppression/expired"]);
    assert_eq!(configured("rule = \"vpc/*\"\n"), [TRACES, TYPO]);
    assert_eq!(
        configured("rule = [\"vpc\", \"logging\"]\npath = \"infra/*.yaml\"\n"),
        [TYPO]
    );
    assert_eq!(
        configured("rule = \"vpc\"\nresource = \"Ord*\"\n"),
        [TRACES, TYPO]
    );
    assert_eq!(
        configured("rule = \"policy-document\"\nresource = \"Role\"\n"),
        [TRACES, VPC]
    );
    assert_eq!(
        configured("rule = \"policy-document\"\naction = \"SQS:Recive*\"\n"),
        [TRACES, VPC]
    );
}

#[test]
fn entries_of_the_configuration_that_fit_nothing_are_unused() {
    let entries = [
        "rule = \"vpc\"\npath = \"other/*.yaml\"\n",
        "rule = \"vpc\"\nresource = \"Payments\"\n",
        "rule = \"policy-document\"\naction = \"s3:*\"\n",
        // Only some of its actions are listed.
        "rule = \"vpc\"\naction = \"ec2:CreateNetworkInterface\"\n",
    ];
    for entry in entries {
        assert_eq!(
            configured(entry),
            [TRACES, VPC, TYPO, "suppression/unused"],
            "{entry}"
        );
    }
}
