//! The command line: exit status, forms of output, flags, and what is said of mistakes.

use crate::bless;
use crate::program::{Folder, root, run, run_in};

const BAD: &str = "policies-samples/vpc/eni-actions-not-granted/bad.json";
const GOOD: &str = "policies-samples/vpc/eni-actions-not-granted/good.json";
const WARNED: &str = "policies-samples/vpc/eni-actions-recommended/bad.json";

#[test]
fn the_exit_status_tells_what_was_found() {
    assert_eq!(run(&[GOOD]).status, Some(0));
    assert_eq!(run(&[BAD]).status, Some(1));
    assert_eq!(run(&["no-such-file.json"]).status, Some(2));
    assert_eq!(run(&["--no-such-flag"]).status, Some(2));
    assert_eq!(run(&[BAD, "no-such-file.json"]).status, Some(2));
    assert_eq!(run(&["--help"]).status, Some(0));
    assert_eq!(run(&["--version"]).status, Some(0));
    assert_eq!(run(&[]).status, Some(2));
}

#[test]
fn the_exit_status_is_the_same_in_every_format() {
    for format in ["human", "plain", "json"] {
        assert_eq!(run(&["--format", format, BAD]).status, Some(1), "{format}");
        assert_eq!(run(&["--format", format, GOOD]).status, Some(0), "{format}");
        assert_eq!(
            run(&["--format", format, "none.json"]).status,
            Some(2),
            "{format}"
        );
    }
}

#[test]
fn fail_on_moves_the_bar() {
    assert_eq!(run(&[WARNED]).status, Some(0));
    assert_eq!(run(&["--fail-on", "warning", WARNED]).status, Some(1));
    assert_eq!(run(&["--fail-on", "never", BAD]).status, Some(0));
    let errors_only = run(&["--min-severity", "error", WARNED]);
    assert!(
        !errors_only.stdout.contains("warning["),
        "{}",
        errors_only.stdout
    );
}

#[test]
fn findings_go_to_standard_output_alone() {
    let ran = run(&[BAD]);
    assert!(ran.stdout.contains("vpc/eni-actions-not-granted"));
    assert_eq!(ran.stderr, "");
}

#[test]
fn colours_and_links_come_only_when_asked_for() {
    let plain = run(&[BAD]).stdout;
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let coloured = run(&["--color", "always", BAD]).stdout;
    assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    let linked = run(&["--links", "always", BAD]).stdout;
    assert!(
        linked.contains("\u{1b}]8;;https://docs.aws.amazon.com/"),
        "{linked:?}"
    );
}

#[test]
fn a_lone_policy_gets_its_context_from_flags() {
    let folder = Folder::new("context");
    folder.write(
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}"#,
    );
    assert_eq!(folder.run(&["policy.json"]).status, Some(0));
    let flags = [
        "--vpc",
        "--tracing",
        "--dead-letter",
        "arn:aws:sqs:eu-west-1:123456789012:dead",
        "--event-source",
        "kinesis=arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
        "--trigger",
        "s3=arn:aws:s3:::orders",
        "--function",
        "orders",
        "--show-undecided",
        "policy.json",
    ];
    let ran = folder.run(&flags);
    bless::snapshot("cli/lone-policy-with-flags", &ran.stdout);
    assert_eq!(ran.status, Some(1));
}

#[test]
fn a_function_policy_is_checked_for_a_trigger() {
    let folder = Folder::new("trigger");
    let policy = |condition: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "s", "Effect": "Allow",
            "Principal": {{"Service": "s3.amazonaws.com"}}, "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "Condition": {{"ArnLike": {{"AWS:SourceArn": "{condition}"}}}}}}]}}"#
        )
    };
    folder.write("other.json", policy("arn:aws:s3:::other"));
    folder.write("inbox.json", policy("arn:aws:s3:::inbox"));
    let trigger = ["--trigger", "s3=arn:aws:s3:::inbox"];
    let refused = folder.run(&[trigger[0], trigger[1], "other.json"]);
    assert_eq!(refused.status, Some(1), "{}", refused.stdout);
    assert!(
        refused.stdout.contains("arn:aws:s3:::other"),
        "{}",
        refused.stdout
    );
    let fine = folder.run(&[trigger[0], trigger[1], "inbox.json"]);
    assert_eq!(fine.status, Some(0), "{}", fine.stdout);
}

#[test]
fn a_misspelt_kind_gets_a_suggestion() {
    let ran = run(&["--event-source", "sqz", GOOD]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stdout.contains("did you mean `sqs`?"), "{}", ran.stdout);
}

#[test]
fn standard_input_globs_and_folders_are_read() {
    let bad = std::fs::read_to_string(root().join(BAD)).unwrap();
    let ran = run_in(&root(), &["-"], &bad);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stdout.contains("standard input:"), "{}", ran.stdout);
    let globbed = run(&["policies-samples/vpc/*/bad.json"]);
    assert_eq!(globbed.status, Some(1));
    let nothing = run(&["policies-samples/vpc/*/none.json"]);
    assert_eq!(nothing.status, Some(2));
    assert!(
        nothing.stdout.contains("no file matches"),
        "{}",
        nothing.stdout
    );
    assert_eq!(run(&["policies-samples/vpc"]).status, Some(1));
}

#[test]
fn json_lines_are_one_bundle_each() {
    let folder = Folder::new("lines");
    let line = |name: &str, action: &str| {
        format!(
            r#"{{"Configuration": {{"FunctionName": "{name}", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:{name}", "Role": "arn:aws:iam::123456789012:role/{name}"}}, "Role": {{"RoleName": "{name}", "RolePolicyList": [{{"PolicyName": "p", "PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}]}}}}], "AttachedManagedPolicies": []}}}}"#
        )
    };
    let lines = [line("one", "logs:*"), line("two", "s3:GetObject")].join("\n");
    folder.write("all.jsonl", lines);
    let ran = folder.run(&["--format", "plain", "all.jsonl"]);
    assert!(ran.stdout.contains("all.jsonl:2:"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("all.jsonl:1:"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2 functions"), "{}", ran.stdout);
}

#[test]
fn one_broken_line_hides_no_other() {
    let folder = Folder::new("broken-line");
    let good = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:ReciveMessage", "Resource": "*"}]}"#;
    folder.write(
        "all.jsonl",
        format!("{good}\n{{\"Version\": oops}}\n{good}\n"),
    );
    let ran = folder.run(&["--format", "plain", "all.jsonl"]);
    assert!(ran.stdout.contains("all.jsonl:1:"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("all.jsonl:2:13: problem:"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("all.jsonl:3:"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_commit_hook_is_silent_about_files_that_are_not_ours() {
    let folder = Folder::new("hook");
    folder.write("package.json", r#"{"name": "shop"}"#);
    folder.write("data.json", "[1, 2, 3]");
    folder.write("broken.json", "{ this is no JSON");
    let ran = folder.run(&["--skip-unknown", "package.json", "data.json", "broken.json"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
    let named = folder.run(&["package.json"]);
    assert_eq!(named.status, Some(2));
}

#[test]
fn unknown_is_counted_and_listed_on_request() {
    let folder = Folder::new("undecided");
    folder.write(
        "function.json",
        r#"{"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "Role": "arn:aws:iam::123456789012:role/orders-role", "VpcConfig": {"SubnetIds": ["subnet-1"]}}"#,
    );
    let short = folder.run(&["function.json"]);
    assert_eq!(short.status, Some(0));
    assert!(
        short.stdout.contains("--show-undecided lists them"),
        "{}",
        short.stdout
    );
    assert!(
        short
            .stdout
            .contains("aws iam get-role --role-name orders-role"),
        "{}",
        short.stdout
    );
    let long = folder.run(&["--show-undecided", "function.json"]);
    assert!(
        long.stdout.contains("undecided[logging/logs-not-granted]"),
        "{}",
        long.stdout
    );
    // The same role leaves all of them open: it is told once.
    assert!(
        long.stdout.contains("  also: vpc/eni-actions-not-granted"),
        "{}",
        long.stdout
    );
}

#[test]
fn no_answer_at_all_says_that_there_is_no_policy() {
    let folder = Folder::new("no-policy");
    folder.write(
        "function.json",
        r#"{"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders"}"#,
    );
    folder.write(
        "bucket.json",
        r#"{"LambdaFunctionConfigurations": [{"LambdaFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders", "Events": ["s3:ObjectCreated:*"]}]}"#,
    );
    let open = folder.run(&["."]);
    assert_eq!(open.status, Some(0), "{}", open.stdout);
    folder.write(
        "policy.json",
        "\nAn error occurred (ResourceNotFoundException) when calling the GetPolicy operation: \
         The resource you requested does not exist.\n",
    );
    let refused = folder.run(&["."]);
    assert_eq!(refused.status, Some(1), "{}", refused.stdout);
    assert!(
        refused.stdout.contains("push-sources/invoke-not-granted"),
        "{}",
        refused.stdout
    );
}

#[test]
fn a_pack_of_ones_own_is_used_and_checked() {
    let folder = Folder::new("own-pack");
    folder.write(
        "team.json",
        r#"{"pack": "team", "title": "Rules of the team", "rules": [{
            "name": "no-star", "title": "A statement works on everything", "severity": "error",
            "why": "Least privilege.", "message": "this works on everything",
            "select": "$.documents[*].PolicyDocument.Statement[*].Resource[*]",
            "require": {"notMatching": {"pattern": "^\\*$"}}}]}"#,
    );
    let policy = |resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}]}}"#
        )
    };
    folder.write("samples/team/no-star/bad.json", policy("*"));
    folder.write("samples/team/no-star/good.json", policy("arn:aws:s3:::b/*"));
    let linted = folder.run(&["--rules", "team.json", "samples/team/no-star/bad.json"]);
    assert_eq!(linted.status, Some(1), "{}", linted.stdout);
    assert!(
        linted
            .stdout
            .contains("error[team/no-star]: this works on everything")
    );
    let checked = folder.run(&["rules", "check", "team.json", "--samples", "samples"]);
    assert_eq!(checked.status, Some(0), "{}", checked.stdout);
    folder.write("samples/team/no-star/good.json", policy("*"));
    let failed = folder.run(&["rules", "check", "team.json", "--samples", "samples"]);
    assert_eq!(failed.status, Some(1), "{}", failed.stdout);
}

#[test]
fn samples_are_checked_against_the_facts_at_hand() {
    let folder = Folder::new("facts-at-hand");
    let facts = root().join("rules/catalogue/event-sources.json");
    let facts = std::fs::read_to_string(facts).unwrap();
    folder.write(
        "event-sources.json",
        facts.replace("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
    );
    let facts = folder.path().join("event-sources.json");
    let rule = "poll-sources/actions-not-granted";
    let check = ["rules", "check", rule, "--catalogue"];
    let changed = run(&[&check[..], &[facts.to_str().unwrap()]].concat());
    assert_eq!(changed.status, Some(1), "{}", changed.stdout);
    assert!(changed.stdout.contains(
        "good-sqs.json: poll-sources/actions-not-granted: the rule reports the good sample"
    ));
    let own = run(&[&check[..], &["rules/catalogue"]].concat());
    assert_eq!(own.status, Some(0), "{}", own.stdout);
    assert!(own.stdout.starts_with("1 rule, "), "{}", own.stdout);
    let absent = run(&[&check[..], &["no-such-folder"]].concat());
    assert_eq!(absent.status, Some(2), "{}", absent.stdout);
}

#[test]
fn what_is_wrong_with_the_form_of_a_sample_is_told() {
    let folder = Folder::new("unread-sample");
    folder.write("samples/vpc/half-granted/bad.json", "{ \"Version\": ");
    let check = ["rules", "check", "vpc/half-granted", "--samples", "samples"];
    let failed = folder.run(&check);
    assert_eq!(failed.status, Some(1));
    let told = failed.stdout.lines().next().unwrap();
    assert!(
        told.contains("does not report the bad sample (") && told.ends_with(')'),
        "{told}"
    );
}

#[test]
fn a_mistake_in_a_pack_is_told_at_its_place() {
    let folder = Folder::new("bad-pack");
    folder.write(
        "team.json",
        r#"{"pack": "team", "title": "T", "rules": [
  {"name": "a", "title": "A", "serverity": "error", "select": "$.Functions[*].VpcConfig", "require": {"trust": {}}},
  {"name": "b", "title": "B", "severity": "error", "select": "$..x", "require": {"absent": {}}}
]}"#,
    );
    let ran = folder.run(&["--format", "plain", "--rules", "team.json", "team.json"]);
    assert_eq!(ran.status, Some(2));
    bless::snapshot("cli/mistake-in-pack", &ran.stdout);
}

#[test]
fn rules_are_listed_and_shown() {
    bless::snapshot("cli/rules-list", &run(&["rules", "list"]).stdout);
    let shown = run(&["rules", "show", "vpc/eni-actions-not-granted"]);
    bless::snapshot("cli/rules-show", &shown.stdout);
    let unknown = run(&["rules", "show", "vpc/eni-actions-not-grantet"]);
    assert_eq!(unknown.status, Some(2));
    assert!(
        unknown
            .stdout
            .contains("did you mean `vpc/eni-actions-not-granted`?")
    );
}

#[test]
fn help_fits_what_the_program_does() {
    bless::snapshot("cli/help", &run(&["--help"]).stdout);
}

#[test]
fn the_version_tells_how_old_the_facts_are() {
    let told = run(&["--version"]).stdout;
    let (_, date) = told
        .trim_end()
        .trim_end_matches(')')
        .rsplit_once(' ')
        .unwrap();
    assert!(told.starts_with("lint-lambda 0."), "{told}");
    assert!(date.len() == 10 && date.starts_with("20"), "{told}");
    assert!(run(&["rules", "catalogue"]).stdout.contains(date));
}

#[test]
fn what_is_known_of_a_name_is_shown() {
    for (name, snapshot) in [
        ("lambda:CreateFunction", "cli/catalogue-action"),
        ("AWSLambdaSQSQueueExecutionRole", "cli/catalogue-policy"),
        ("sqs:SendMesage", "cli/catalogue-unknown"),
    ] {
        bless::snapshot(snapshot, &run(&["rules", "catalogue", name]).stdout);
    }
    let all = run(&["rules", "catalogue", "xray"]);
    assert!(all.stdout.contains("xray:PutTraceSegments") && all.status == Some(0));
    let files = root().join("rules/catalogue");
    for name in ["lambda:CreateFunction", "AWSLambdaSQSQueueExecutionRole"] {
        let given = [
            "rules",
            "catalogue",
            name,
            "--catalogue",
            files.to_str().unwrap(),
        ];
        assert_eq!(run(&given).stdout, run(&given[..3]).stdout);
    }
}

#[test]
fn another_catalogue_takes_the_place_of_the_program_s() {
    let folder = Folder::new("catalogue");
    let amendments = r#"{"apiCalls": [{"call": "sqs:Poll", "actions": ["sqs:ReceiveMessage"], "source": "own"}]}"#;
    folder.write("amendments.json", amendments);
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:Poll", "Resource": "*"}}"#;
    folder.write("policy.json", policy);
    let told = |catalogue: &str| folder.run(&["policy.json", "--catalogue", catalogue]);
    let given = told(".");
    assert!(
        given.stdout.contains("is the name of an API operation"),
        "{}",
        given.stdout
    );
    assert_eq!(told("amendments.json").stdout, given.stdout);
    for (name, text, message) in [
        (
            "actions.json",
            "{",
            "this file cannot be used: EOF while parsing",
        ),
        (
            "managed-policies.json",
            "{}",
            "an entry is missing `source`",
        ),
    ] {
        folder.write(name, text);
        let refused = told(name);
        assert!(refused.stdout.contains(message), "{}", refused.stdout);
        assert_eq!(refused.status, Some(2));
    }
    let nothing = told("policy.json");
    assert!(
        nothing.stdout.contains("no catalogue files in this folder"),
        "{}",
        nothing.stdout
    );
}
