//! Files of other programs share words with ours: one word does not make them ours.

use serde_json::{Value, json};

use crate::program::Folder;

/// Members that outputs of the AWS CLI and bundles have.
const WORDS: [&str; 46] = [
    "Aliases",
    "AliasArn",
    "AttachedPolicies",
    "Attributes",
    "Attachments",
    "CapacityProvider",
    "CapacityProviders",
    "Code",
    "Concurrency",
    "Configuration",
    "Document",
    "Entries",
    "EventSourceMappings",
    "FunctionArn",
    "FunctionConfiguration",
    "FunctionEventInvokeConfig",
    "FunctionEventInvokeConfigs",
    "FunctionName",
    "FunctionUrlConfig",
    "FunctionUrlConfigs",
    "Functions",
    "Package",
    "Policies",
    "Policy",
    "PolicyDocument",
    "PolicyName",
    "PolicyNames",
    "PolicyVersion",
    "Resources",
    "ResourcePolicy",
    "Role",
    "RoleDetailList",
    "RoleName",
    "Roles",
    "Rules",
    "Server",
    "Statement",
    "Tags",
    "Targets",
    "Triggers",
    "UUID",
    "Version",
    "Versions",
    "artifacts",
    "logGroups",
    "policyText",
];

/// What another program can have in such a member.
fn values() -> Vec<Value> {
    vec![
        json!("strict"),
        json!("{{ policy }}"),
        json!("{not json"),
        json!(7),
        json!(true),
        json!(null),
        json!(["cron", "push"]),
        json!([]),
        json!({}),
        json!({"name": "x", "rules": ["a"], "enabled": true}),
        json!([{"name": "x", "type": "y"}]),
        json!({"Policy": "strict"}),
        json!({"Document": "strict"}),
        json!([{"Policy": "strict"}, {"kind": "push"}]),
        json!({"port": {"path": "/", "items": [{"path": "/"}]}}),
    ]
}

#[test]
fn one_word_of_ours_is_never_a_problem() {
    let folder = Folder::new("unrelated-words");
    let mut arguments = vec!["--skip-unknown".to_owned()];
    for word in WORDS {
        for (index, value) in values().into_iter().enumerate() {
            for (ending, written) in [("json", word.to_owned()), ("low.json", word.to_lowercase())]
            {
                let name = format!("{word}-{index}.{ending}");
                let text = json!({"name": "x", written: value}).to_string();
                folder.write(&name, text);
                arguments.push(name);
            }
        }
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = folder.run(&arguments);
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn files_of_other_programs_are_passed_over_without_a_word() {
    let folder = Folder::new("unrelated-files");
    let files = [
        ("policy.json", r#"{"Policy":"strict"}"#),
        ("triggers.json", r#"{"Triggers":["cron"]}"#),
        (
            "jobs.json",
            r#"{"Triggers":[{"kind":"cron","every":"5m"}],"Policy":null}"#,
        ),
        (
            "appveyor.yml",
            "configuration: Release\nbuild: off\ntags: []\nrole: admin\n",
        ),
        (
            "build.json",
            r#"{"Configuration":"Debug","Policies":["a"],"Tags":["x"]}"#,
        ),
        (
            "settings.json",
            r#"{"configuration":{"port":80},"policies":{},"triggers":"none"}"#,
        ),
        (
            "server.json",
            r#"{"Server":{"DefaultPort":9888,"Enabled":true}}"#,
        ),
        (
            "secret.json",
            r#"{"ResourcePolicy":"keep","policyText":"be kind"}"#,
        ),
        ("menu.json", r#"{"items":[{"path":"/","title":"Home"}]}"#),
        (
            "release.json",
            r#"{"version":"1.0","artifacts":{"linux":{"type":"tar"}}}"#,
        ),
        (
            "org.json",
            r#"{"Roles":[{"title":"admin"}],"Role":{"title":"owner"}}"#,
        ),
        (
            "notes.yaml",
            "steps:\n  - run: aws sts get-caller-identity\n    output: |\n      x\nUnable to locate credentials: see below\n",
        ),
    ];
    let mut arguments = vec!["--skip-unknown"];
    for (name, text) in files {
        folder.write(name, text);
        let ran = folder.run(&["--skip-unknown", name]);
        let shown = (ran.status, ran.stdout.as_str(), ran.stderr.as_str());
        assert_eq!(shown, (Some(0), "", ""), "{name}");
        arguments.push(name);
    }
    // A fault beside them is found all the same.
    folder.write("role.json", r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:ReciveMessage","Resource":"*"}]}"#);
    arguments.push("role.json");
    let ran = folder.run(&arguments);
    assert!(ran.stdout.contains("unknown-action"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(1));
}

#[test]
fn what_is_ours_by_more_than_one_word_is_told_where_it_is_broken() {
    let folder = Folder::new("unrelated-ours");
    let configuration = r#"{"FunctionName": "orders", "Role": "arn:aws:iam::123456789012:role/r"}"#;
    for (text, message) in [
        (
            r#"{"Policy": "{\"Statement\": [", "RevisionId": "1"}"#.to_owned(),
            "problem: ",
        ),
        (
            format!(r#"{{"Configuration": {configuration}, "Policy": "strict"}}"#),
            "expected a value",
        ),
        (
            format!(r#"{{"Configuration": {configuration}, "Triggers": ["cron"]}}"#),
            "not a known trigger",
        ),
        (
            format!(r#"{{"configuration": {configuration}, "Policy": null}}"#),
            "did you mean `Configuration`?",
        ),
        (
            r#"{"Triggers": [{"kind": "s4", "sourceArn": "arn:aws:s3:::orders"}]}"#.to_owned(),
            "did you mean `s3`?",
        ),
    ] {
        folder.write("ours.json", &text);
        let ran = folder.run(&["--format", "plain", "--skip-unknown", "ours.json"]);
        assert!(ran.stdout.contains(message), "{text}\n{}", ran.stdout);
        assert_eq!(ran.status, Some(2), "{text}");
    }
}
