//! Files of other programs share words with ours: one word does not make them ours.

use std::path::{Path, PathBuf};

use lint_lambda::{Analysis, Catalogue, Hints, Input, Scope, SourceMap, analyze};
use serde_json::{Value, json};

use crate::program::{Folder, root};

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

/// What is read of a text: named by the user, or found in a folder.
fn read(text: &str, named: bool, catalogue: &Catalogue) -> Analysis {
    let mut sources = SourceMap::default();
    let file = sources.add("file.json", text).unwrap();
    let scope = Scope::new([".", "file.json"]);
    let role = lint_lambda::InputRole::Checked;
    let input = Input {
        file,
        scope,
        named,
        role,
    };
    analyze(&mut sources, &[input], &Hints::default(), catalogue)
}

/// The texts of all files in a folder and its subfolders.
fn texts_below(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts_below(&path, texts);
        } else if let Ok(text) = std::fs::read_to_string(&path)
            && path.extension().is_some_and(|ending| ending != "txt")
        {
            texts.push((path, text));
        }
    }
}

#[test]
fn what_is_recognized_when_it_is_named_is_recognized_in_a_folder() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let mut texts = Vec::new();
    for folder in ["policies-samples", "tests", "benches", "rules"] {
        texts_below(&root().join(folder), &mut texts);
    }
    // More files can be checked where they are.
    if let Some(folder) = std::env::var_os("RECOGNIZED_IN") {
        texts_below(Path::new(&folder), &mut texts);
    }
    for word in WORDS {
        for (index, value) in values().into_iter().enumerate() {
            let text = json!({"name": "x", word: value}).to_string();
            let name = PathBuf::from(format!("{word} {index}"));
            texts.push((name.clone(), text.to_lowercase()));
            texts.push((name, text));
        }
    }
    let mut recognized = 0;
    for (path, text) in &texts {
        let named = read(text, true, &catalogue);
        let is_foreign = |message: &str| message.ends_with("not supported");
        let mut problems = named.problems.iter();
        if !named.recognised[0] || problems.any(|problem| is_foreign(&problem.message)) {
            continue;
        }
        recognized += 1;
        let found = read(text, false, &catalogue);
        assert!(found.recognised[0], "{}", path.display());
    }
    assert!(recognized > 500, "{recognized}");
}

#[test]
fn a_name_that_is_written_in_another_way_is_recognized() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let statement = r#"[{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]"#;
    for text in [
        format!(r#"{{"\u0053tatement": {statement}, "Version": "x"}}"#),
        format!("\"\\x53tatement\": {statement}\nVersion: x\n"),
        format!("? Statement\n: {statement}\nVersion: x\n"),
        format!("--- {{ 'Statement' : {statement}, Version: x }}\n"),
        format!("\u{feff}{{\"Statement\"\n: {statement}, \"Version\": \"x\"}}"),
    ] {
        assert!(read(&text, true, &catalogue).recognised[0], "{text}");
        assert!(read(&text, false, &catalogue).recognised[0], "{text}");
    }
}

#[test]
fn files_of_other_programs_are_not_parsed() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, labels: { app: shop } }\nspec:\n  \
                      template:\n    spec:\n      containers: [{ name: web, image: \"web:1\", resources: {} }]\n";
    let role =
        "kind: Role\nmetadata: { name: reader }\nrules: [{ resources: [pods], verbs: [get] }]\n";
    let workflow = "name: CI\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n";
    let package =
        r#"{"name": "shop", "version": "1.0.0", "scripts": {"test": "jest"}, "type": "module"}"#;
    for text in [deployment, role, workflow, package, "- [broken\n"] {
        let analysis = read(text, false, &catalogue);
        assert_eq!(analysis.documents.len(), 0, "{text}");
        assert_eq!(analysis.files(), 0);
    }
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
            "unknown trigger",
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
