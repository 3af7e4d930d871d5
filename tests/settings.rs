//! The configuration, and which rules and files it selects.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::output::Schema;
use crate::program::{Folder, Run, root, run};

/// A policy with an action that does not exist.
const TYPO: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sqs:RecieveMessage", "Resource": "*"}]}"#;

/// A function whose role lacks what its queue and its VPC need.
const TEMPLATE: &str = r#"
Parameters:
  Subnets: { Type: CommaDelimitedList, Default: subnet-1 }
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole" }
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Handler: index.handler
      Runtime: nodejs22.x
      Code: { ZipFile: "" }
      VpcConfig: !If [IsProd, { SubnetIds: !Ref Subnets, SecurityGroupIds: [sg-1] }, !Ref AWS::NoValue]
  Queue: { Type: AWS::SQS::Queue }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Orders }
"#;

/// The rules of the findings of a run, sorted.
#[track_caller]
fn rules(run: &Run) -> Vec<String> {
    let report = run.json();
    assert_eq!(report["problems"], json!([]), "{report:#}");
    let findings = report["findings"].as_array().unwrap().iter();
    let mut rules: Vec<String> = findings
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    rules.sort();
    rules
}

/// The paths of the findings of a run.
#[track_caller]
fn paths(run: &Run) -> BTreeSet<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let path = |finding: &Value| finding["location"]["path"].as_str().unwrap().to_owned();
    findings.map(path).collect()
}

const JSON: [&str; 2] = ["--format", "json"];

#[test]
fn the_configuration_is_found_upwards_and_says_what_to_check() {
    let folder = Folder::new("settings-upwards");
    folder.write("lint-lambda.toml", "paths = [\"infra\"]\n");
    folder.write("infra/policy.json", TYPO);
    folder.write("other/policy.json", TYPO);
    assert_eq!(
        paths(&folder.run(&JSON)),
        ["infra/policy.json".to_owned()].into()
    );
    let below = crate::program::run_in(&folder.path().join("other"), &JSON, "");
    assert_eq!(paths(&below), ["../infra/policy.json".to_owned()].into());
    let named = folder.run(&["other", "--format", "json"]);
    assert_eq!(paths(&named), ["other/policy.json".to_owned()].into());
    let none = folder.run(&["--no-config", "--format", "json"]);
    assert_eq!(none.status, Some(2));
    // A repository is not left.
    folder.write("other/.git/HEAD", "");
    let inside = crate::program::run_in(&folder.path().join("other"), &["--show-settings"], "");
    assert!(
        inside.stdout.starts_with("# configuration: none\n"),
        "{}",
        inside.stdout
    );
}

#[test]
fn without_paths_the_folder_of_the_configuration_is_checked() {
    let folder = Folder::new("settings-no-paths");
    folder.write("lint-lambda.toml", "fail-on = \"warning\"\n");
    folder.write("a/policy.json", TYPO);
    assert_eq!(
        paths(&folder.run(&JSON)),
        ["a/policy.json".to_owned()].into()
    );
}

#[test]
fn mistakes_in_the_configuration_are_underlined_and_the_files_still_checked() {
    let folder = Folder::new("settings-mistakes");
    folder.write("policy.json", TYPO);
    let text = "pahts = [\".\"]\nfail-on = \"warn\"\nselect = [\"vpcs\"]\nregion = 1\nexclude = [\"[z-a]\"]\n\
                [severity]\n\"logging\" = \"high\"\n[[suppress]]\nreson = \"x\"\n";
    folder.write("lint-lambda.toml", text);
    let said = folder.run(&["policy.json"]);
    assert_eq!(said.status, Some(2));
    for part in [
        "unknown member `pahts` in the configuration",
        "did you mean `paths`?",
        "`warn` is not a valid `fail-on`",
        "unknown rule `vpcs`",
        "did you mean `vpc`?",
        "`region` must be a string, not a number",
        "not a valid pattern",
        "expected a severity: error, warning, info",
        "a suppression is missing the member `rule`",
        "did you mean `reason`?",
        "lint-lambda.toml:3:11",
    ] {
        assert!(said.stdout.contains(part), "{part}: {}", said.stdout);
    }
    folder.write("lint-lambda.toml", "paths = [\n");
    let said = folder.run(&["policy.json", "--format", "plain"]);
    assert_eq!(said.status, Some(2));
    assert!(said.stdout.contains("invalid TOML"), "{}", said.stdout);
    assert!(
        said.stdout.contains("policy-document/unknown-action"),
        "{}",
        said.stdout
    );
}

#[test]
fn rules_are_selected_by_id_pack_or_prefix() {
    let folder = Folder::new("settings-select");
    folder.write("template.yaml", TEMPLATE);
    let of = |flags: &[&str]| {
        let arguments = [
            &["template.yaml", "--format", "json", "--param", "Stage=prod"],
            flags,
        ]
        .concat();
        rules(&folder.run(&arguments))
    };
    let eni = "vpc/eni-actions-not-granted";
    let poll = "poll-sources/actions-not-granted";
    assert_eq!(of(&[]), [poll, eni]);
    assert_eq!(of(&["--select", eni]), [eni]);
    assert_eq!(of(&["--select", "vpc"]), [eni]);
    assert_eq!(of(&["--select", "vpc/eni-*,poll-sources"]), [poll, eni]);
    assert_eq!(of(&["--ignore", "vpc"]), [poll]);
    assert_eq!(of(&["--select", "*", "--ignore", "poll-*"]), [eni]);
    let wrong = folder.run(&["template.yaml", "--select", "vcp"]);
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.stdout.contains("problem: vcp: unknown rule"),
        "{}",
        wrong.stdout
    );
    assert!(
        wrong.stdout.contains("did you mean `vpc`?"),
        "{}",
        wrong.stdout
    );
    folder.write("lint-lambda.toml", "ignore = [\"vpc\"]\n");
    assert_eq!(of(&[]), [poll]);
    assert_eq!(
        of(&["--select", "vpc"]),
        [eni],
        "what is named on the command line is applied"
    );
    assert_eq!(of(&["--ignore", "poll-sources"]), Vec::<String>::new());
}

#[test]
fn a_renamed_rule_keeps_its_old_name_in_selections_suppressions_and_baselines() {
    let folder = Folder::new("settings-renamed");
    let pack = |name: &str, aliases: &str| {
        format!(
            "{{\"pack\": \"house\", \"title\": \"Our own rules\", \"rules\": [{{\"name\": \"{name}\", {aliases}\"title\": \"Star\", \
             \"severity\": \"error\", \"select\": \"$.documents[*].PolicyDocument.Statement[*].Resource[*]\", \
             \"require\": {{\"notMatching\": {{\"pattern\": \"^[*]$\"}}}}, \"message\": \"this covers all resources\"}}]}}"
        )
    };
    let policy = "Version: \"2012-10-17\"\nStatement:\n  - Effect: Allow\n    Action: sqs:SendMessage\n    Resource: \"*\"";
    folder.write("policy.yaml", policy);
    folder.write("rules/house.json", pack("star", ""));
    folder.write(
        "lint-lambda.toml",
        "rules = [\"rules\"]\npaths = [\"policy.yaml\"]\nselect = [\"house/star\"]\n",
    );
    assert_eq!(rules(&folder.run(&JSON)), ["house/star"]);
    let written = folder.run(&["--write-baseline", "baseline.json"]);
    assert_eq!(written.status, Some(0), "{}", written.stdout);
    folder.write(
        "rules/house.json",
        pack("resource-star", "\"aliases\": [\"house/star\"], "),
    );
    assert_eq!(rules(&folder.run(&JSON)), ["house/resource-star"]);
    let shown = folder.run(&["rules", "show", "house/star", "--rules", "rules"]);
    assert!(
        shown.stdout.starts_with("error[house/resource-star]"),
        "{}",
        shown.stdout
    );
    let old = folder.run(&["--baseline", "baseline.json", "--format", "json"]);
    assert_eq!(rules(&old), Vec::<String>::new());
    folder.write(
        "policy.yaml",
        format!("{policy} # lint-lambda: ignore[house/star] it is a sandbox\n"),
    );
    assert_eq!(rules(&folder.run(&JSON)), Vec::<String>::new());
}

#[test]
fn a_severity_decides_the_status() {
    let folder = Folder::new("settings-severity");
    folder.write("policy.json", TYPO);
    assert_eq!(folder.run(&["policy.json"]).status, Some(1));
    folder.write(
        "lint-lambda.toml",
        "severity = { \"policy-document/unknown-action\" = \"warning\" }\n",
    );
    let said = folder.run(&["policy.json"]);
    assert!(
        said.stdout
            .contains("warning[policy-document/unknown-action]"),
        "{}",
        said.stdout
    );
    assert_eq!(said.status, Some(0));
    let more = "fail-on = \"warning\"\nseverity = { policy-document = \"warning\" }\n";
    folder.write("lint-lambda.toml", more);
    assert_eq!(folder.run(&["policy.json"]).status, Some(1));
    assert_eq!(
        folder.run(&["policy.json", "--fail-on", "error"]).status,
        Some(0)
    );
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let folder = Folder::new("settings-statistics");
    folder.write("template.yaml", TEMPLATE);
    folder.write("a.json", TYPO);
    folder.write("b.json", TYPO);
    let said = folder.run(&[".", "--statistics", "--min-severity", "error"]);
    assert_eq!(said.status, Some(1));
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert!(
        lines[0].starts_with("2  policy-document/unknown-action "),
        "{}",
        said.stdout
    );
    assert!(
        lines[1].starts_with("1  poll-sources/actions-not-granted  "),
        "{}",
        said.stdout
    );
    assert!(
        lines[2].starts_with("3 errors in 3 files"),
        "{}",
        said.stdout
    );
    assert_eq!(
        folder
            .run(&[".", "--statistics", "--format", "json"])
            .status,
        Some(2)
    );
}

#[test]
fn settings_show_where_they_come_from() {
    let folder = Folder::new("settings-shown");
    folder.write(
        "lint-lambda.toml",
        "ignore = [\"vpc\"]\nfail-on = \"info\"\nenvironment = \"prod\"\n[environments.prod]\nregion = \"eu-west-1\"\n",
    );
    let said = folder.run(&[
        "--show-settings",
        "--fail-on",
        "warning",
        "--account",
        "123456789012",
    ]);
    assert_eq!(said.status, Some(0), "{}", said.stdout);
    for (setting, origin) in [
        ("paths = [\".\"]", "default"),
        ("ignore = [\"vpc\"]", "lint-lambda.toml:1"),
        ("fail-on = \"warning\"", "command line"),
        ("min-severity = \"warning\"", "default"),
        ("region = \"eu-west-1\"", "lint-lambda.toml:5"),
        ("account = \"123456789012\"", "command line"),
    ] {
        let line = said.stdout.lines().find(|line| line.starts_with(setting));
        let line = line.unwrap_or_else(|| panic!("{setting}: {}", said.stdout));
        assert!(line.ends_with(&format!("# {origin}")), "{line}");
    }
}

#[test]
fn an_environment_says_where_and_with_what_a_template_is_deployed() {
    let folder = Folder::new("settings-environment");
    folder.write("template.yaml", TEMPLATE);
    folder.write(
        "lint-lambda.toml",
        "[environments.prod.parameters]\nStage = \"prod\"\n[environments.test.parameters]\nStage = \"dev\"\n",
    );
    let of = |name: &str| rules(&folder.run(&["--environment", name, "--format", "json"]));
    assert_eq!(
        of("prod"),
        [
            "poll-sources/actions-not-granted",
            "vpc/eni-actions-not-granted"
        ]
    );
    assert_eq!(of("test"), ["poll-sources/actions-not-granted"]);
    let wrong = folder.run(&["--environment", "prd"]);
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.stdout.contains("did you mean `prod`?"),
        "{}",
        wrong.stdout
    );
    folder.write(
        "lint-lambda.toml",
        "account = \"12\"\nparameters = { Stage = \"prd\" }\n",
    );
    let wrong = folder.run(&[]).stdout;
    assert!(wrong.contains("an account ID has 12 digits"), "{wrong}");
    assert!(wrong.contains("`Stage` cannot be `prd`"), "{wrong}");
}

#[test]
fn what_git_ignores_is_left_out_of_folders_unless_it_is_named() {
    let folder = Folder::new("settings-gitignore");
    folder.write(".git/HEAD", "ref: refs/heads/main\n");
    folder.write(".gitignore", "build/\n*.local.json\n");
    folder.write("build/policy.json", TYPO);
    folder.write("policy.json", TYPO);
    folder.write("my.local.json", TYPO);
    folder.write("node_modules/x/policy.json", TYPO);
    folder.write(".hidden/policy.json", TYPO);
    let of = |arguments: &[&str]| paths(&folder.run(&[arguments, &JSON].concat()));
    let set = |paths: &[&str]| {
        paths
            .iter()
            .map(|path| (*path).to_owned())
            .collect::<BTreeSet<String>>()
    };
    assert_eq!(of(&["."]), set(&["policy.json"]));
    assert_eq!(of(&["build"]), set(&["build/policy.json"]));
    assert_eq!(of(&["my.local.json"]), set(&["my.local.json"]));
    let all = set(&["policy.json", "build/policy.json", "my.local.json"]);
    assert_eq!(of(&[".", "--no-ignore"]), all);
    folder.write("lint-lambda.toml", "respect-gitignore = false\n");
    assert_eq!(of(&["."]), all);
}

#[test]
fn excluded_files_are_not_read() {
    let folder = Folder::new("settings-exclude");
    for path in [
        "a/policy.json",
        "b/policy.json",
        "b/c/policy.json",
        "b/c/other.json",
    ] {
        folder.write(path, TYPO);
    }
    let of = |arguments: &[&str]| paths(&folder.run(&[arguments, &JSON].concat())).len();
    assert_eq!(of(&["."]), 4);
    assert_eq!(of(&[".", "--exclude", "b"]), 1);
    assert_eq!(
        of(&[".", "--exclude", "/b/*.json", "--exclude", "other.*"]),
        2
    );
    assert_eq!(
        of(&[".", "--exclude", "b/**", "b/c/other.json"]),
        2,
        "a file that is named is read"
    );
    folder.write("lint-lambda.toml", "exclude = [\"b/c\"]\n");
    assert_eq!(of(&["."]), 2);
    assert_eq!(
        of(&[".", "--exclude", "a"]),
        1,
        "flags add to the configuration"
    );
    let wrong = folder.run(&[".", "--exclude", "[z-a]"]);
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.stdout.contains("not a valid pattern"),
        "{}",
        wrong.stdout
    );
}

#[test]
fn policies_that_the_repository_shares_limit_every_role() {
    let folder = Folder::new("settings-shared");
    let template = TEMPLATE.replace(
        "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
        "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole]\n      \
         PermissionsBoundary: arn:aws:iam::123456789012:policy/boundary",
    );
    folder.write("template.yaml", &template);
    let logs = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}"#;
    folder.write("shared/boundary.json", logs);
    let poll = "poll-sources/actions-not-granted";
    folder.write("lint-lambda.toml", "paths = [\"template.yaml\"]\n");
    assert_eq!(
        rules(&folder.run(&["--format", "json", "--select", "poll-sources"])),
        Vec::<String>::new(),
        "the boundary is not known"
    );
    let boundary = "[managed-policies]\n\"arn:aws:iam::123456789012:policy/boundary\" = \"shared/boundary.json\"\n";
    folder.write(
        "lint-lambda.toml",
        format!("paths = [\"template.yaml\"]\n{boundary}"),
    );
    assert_eq!(
        rules(&folder.run(&["--format", "json", "--select", "poll-sources"])),
        [poll]
    );
    let unbound = template.replace(
        "PermissionsBoundary: arn:aws:iam::123456789012:policy/boundary",
        "Path: /",
    );
    folder.write("template.yaml", &unbound);
    folder.write(
        "lint-lambda.toml",
        "paths = [\"template.yaml\"]\nscp = [\"shared/boundary.json\"]\n",
    );
    assert_eq!(
        rules(&folder.run(&["--format", "json", "--select", "poll-sources"])),
        [poll]
    );
    folder.write("lint-lambda.toml", "paths = [\"template.yaml\"]\n");
    assert_eq!(
        rules(&folder.run(&["--format", "json", "--select", "poll-sources"])),
        Vec::<String>::new()
    );
}

#[test]
fn the_context_belongs_with_every_folder_and_is_not_reported_on() {
    let folder = Folder::new("settings-context");
    folder.write("shared/policy.json", TYPO);
    folder.write("infra/policy.json", TYPO);
    folder.write(
        "lint-lambda.toml",
        "paths = [\"infra\"]\ncontext = [\"shared\"]\n",
    );
    assert_eq!(
        paths(&folder.run(&JSON)),
        ["infra/policy.json".to_owned()].into()
    );
}

#[test]
fn changed_files_are_checked_with_the_files_that_belong_with_them() {
    let folder = Folder::new("settings-changed");
    folder.write("unrelated.json", "{\"name\": \"x\"}");
    folder.write("old/policy.json", TYPO);
    let nested = "Resources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
                  TemplateURL: stacks/queue.yaml\n";
    let (resources, mapping) = TEMPLATE.split_once("  Queue:").unwrap();
    let outputs = "Outputs: { Arn: { Value: !GetAtt Queue.Arn } }\n";
    folder.write(
        "app/stacks/queue.yaml",
        format!("Resources:\n  Queue: {{ Type: AWS::SQS::Queue }}\n{outputs}"),
    );
    let mapping = mapping.split_once("  Mapping:").unwrap().1;
    let mapping = mapping.replace("!GetAtt Queue.Arn", "!GetAtt Nested.Outputs.Arn");
    let nested = nested.trim_start_matches("Resources:\n");
    folder.write(
        "app/template.yaml",
        format!("{resources}{nested}  Mapping:{mapping}"),
    );
    let of = |paths: &[&str]| {
        folder.run(
            &[
                paths,
                &[
                    "--changed-only",
                    "--select",
                    "poll-sources",
                    "--format",
                    "json",
                ],
            ]
            .concat(),
        )
    };
    let poll = "poll-sources/actions-not-granted";
    assert_eq!(
        rules(&of(&["app/template.yaml"])),
        [poll],
        "the nested template is read"
    );
    assert_eq!(rules(&of(&["app/stacks/queue.yaml"])), Vec::<String>::new());
    let silent = folder.run(&["--changed-only", "unrelated.json"]);
    assert_eq!((silent.status, silent.stdout.as_str()), (Some(0), ""));
    let own = folder.run(&["--changed-only", "old/policy.json"]);
    assert_eq!(own.status, Some(1));
    folder.write("lint-lambda.toml", "exclude = [\"old\"]\n");
    let excluded = folder.run(&["--changed-only", "old/policy.json"]);
    assert_eq!((excluded.status, excluded.stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_change_of_one_file_shows_what_it_breaks_in_another() {
    let folder = Folder::new("settings-breaks");
    let samples = root().join("policies-samples/systems/orders");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        folder.write(&format!("orders/{name}"), std::fs::read(&path).unwrap());
    }
    let of = |path: &str| rules(&folder.run(&["--changed-only", path, "--format", "json"]));
    let poll = "poll-sources/actions-not-granted".to_owned();
    assert!(of("orders/event-source-mappings.json").contains(&poll));
    assert!(
        of("orders/role-policy.json").contains(&poll),
        "the note about the statement lies in it"
    );
    assert!(!of("orders/subscriptions.json").contains(&poll));
}

#[test]
fn the_schema_has_what_the_program_reads() {
    let path = root().join("book/src/reference/configuration.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let folder = Folder::new("settings-schema");
    folder.write("policy.json", TYPO);
    let names = |text: &str| -> BTreeSet<String> {
        folder.write("lint-lambda.toml", text);
        let report = folder.run(&["policy.json", "--format", "json"]).json();
        let mut problems = report["problems"].as_array().unwrap().iter();
        let is_unknown = |problem: &&Value| {
            let message = problem["message"].as_str().unwrap();
            message.starts_with("unknown member `qqqqqqqqqq`")
        };
        let help = problems.find(is_unknown).unwrap()["help"].clone();
        let help = help
            .as_str()
            .unwrap()
            .strip_prefix("expected one of: ")
            .unwrap()
            .to_owned();
        help.split(", ").map(str::to_owned).collect()
    };
    let listed = |pointer: &str| -> BTreeSet<String> {
        let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
        properties.keys().cloned().collect()
    };
    assert_eq!(names("qqqqqqqqqq = 1\n"), listed("/properties"));
    let environment = names("[environments.a]\nqqqqqqqqqq = 1\n");
    assert_eq!(environment, listed("/$defs/environment/properties"));
    let suppression = names("[[suppress]]\nrule = \"vpc\"\nqqqqqqqqqq = 1\n");
    assert_eq!(suppression, listed("/$defs/suppression/properties"));
    let sample = json!({"paths": ["a"], "scp": [["a"], "b"], "region": "eu-west-1"});
    Schema::part(schema, "").fits(&sample, "sample");
}

#[test]
fn the_sample_configuration_of_the_book_is_valid() {
    let page = std::fs::read_to_string(root().join("book/src/guide/configuration.md")).unwrap();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    let folder = Folder::new("settings-book");
    folder.write("lint-lambda.toml", text);
    let said = folder.run(&["--show-settings"]);
    assert_eq!(said.status, Some(0), "{}", said.stdout);
    assert_eq!(run(&["--show-settings"]).status, Some(0));
}

#[test]
fn mistakes_in_suppressions_and_in_other_environments_are_told() {
    let folder = Folder::new("settings-strict");
    folder.write("policies/a.json", TYPO);
    for (text, message) in [
        ("[[suppress]]\nrule = []", "`rule` must not be empty"),
        (
            "[[suppress]]\nrule = 'policy-document'\npath = []",
            "`path` must not be empty",
        ),
        (
            "[[suppress]]\nrule = 'policy-document'\nresorce = 'orders'",
            "unknown member `resorce` in a suppression",
        ),
        ("baseline = ''", "`baseline` must not be empty"),
        (
            "[environments.prod]\nregion = 'Ireland'",
            "expected a Region, for example eu-west-1",
        ),
    ] {
        folder.write("lint-lambda.toml", text);
        let ran = folder.run(&["--format", "json", "policies"]);
        let report = ran.json();
        assert_eq!(ran.status, Some(2), "{text}");
        assert_eq!(report["problems"][0]["message"], message, "{text}");
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{text}: it suppresses nothing");
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_that_leads_nowhere_is_a_problem() {
    let folder = Folder::new("settings-dangling");
    folder.write("policies/a.json", TYPO);
    std::os::unix::fs::symlink("nowhere", folder.path().join("lint-lambda.toml")).unwrap();
    let ran = folder.run(&["--format", "json", "--fail-on", "never", "policies"]);
    assert_eq!(ran.status, Some(2));
    assert_eq!(ran.json()["problems"][0]["message"], "no such file");
}

#[test]
fn braces_in_excludes_are_characters_as_in_git() {
    let folder = Folder::new("settings-braces");
    folder.write("a/x.json", TYPO);
    folder.write("{a,b}/y.json", TYPO);
    folder.write("lint-lambda.toml", "exclude = ['{a,b}']");
    let ran = folder.run(&["--format", "json", "."]);
    assert_eq!(paths(&ran), BTreeSet::from(["a/x.json".to_owned()]));
}

#[test]
fn questions_are_answered_as_the_configuration_says() {
    let folder = Folder::new("settings-questions");
    folder.write("t.yaml", TEMPLATE);
    let denies = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}]}"#;
    folder.write("organization/scp.json", denies);
    folder.write("lint-lambda.toml", "scp = ['organization/scp.json']");
    let can = [
        "can",
        "Orders",
        "logs:CreateLogStream",
        "t.yaml",
        "--format",
        "json",
    ];
    let flags = ["--no-config", "--scp", "organization/scp.json"];
    let by_flags = folder.run(&[&can[..], &flags].concat());
    let by_file = folder.run(&can);
    assert_eq!(by_file.stdout, by_flags.stdout);
    assert_eq!(by_file.status, Some(1), "{}", by_file.stdout);
    assert_eq!(
        folder.run(&[&can[..], &["--no-config"]].concat()).status,
        Some(0)
    );
}
