//! The hooks of pre-commit: which files they pass, and what their command says of them.

use std::path::Path;

use crate::program::{Folder, Run, root};
use yaml_rust2::{Yaml, YamlLoader};

const TYPO: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sqs:SendMesage", "Resource": "arn:aws:sqs:eu-west-1:123456789012:orders"}]}"#;

/// The hooks of the repository.
fn hooks() -> Vec<Yaml> {
    let text = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let documents = YamlLoader::load_from_str(&text).unwrap();
    documents[0].as_vec().unwrap().clone()
}

/// Runs the command of the hook on files, as pre-commit does.
fn commit(folder: &Folder, arguments: &[&str], files: &[&str]) -> Run {
    let hook = &hooks()[0];
    let mut entry = hook["entry"].as_str().unwrap().split(' ');
    assert_eq!(entry.next(), Some("lint-lambda"));
    let entry: Vec<&str> = entry.collect();
    let own = hook["args"].as_vec().unwrap().iter();
    let own: Vec<&str> = own.filter_map(Yaml::as_str).collect();
    // What the user gives takes the place of what the hook gives.
    let arguments = if arguments.is_empty() {
        &own
    } else {
        arguments
    };
    folder.run(&[&entry, arguments, files].concat())
}

#[test]
fn both_hooks_run_the_same_command_on_the_same_files() {
    let hooks = hooks();
    let ids: Vec<&str> = hooks
        .iter()
        .map(|hook| hook["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["lint-lambda", "lint-lambda-system"]);
    for member in ["entry", "args", "files", "require_serial"] {
        assert_eq!(hooks[0][member], hooks[1][member], "{member}");
    }
    assert_eq!(hooks[0]["require_serial"], Yaml::Boolean(true));
    assert_eq!(hooks[1]["language"].as_str(), Some("system"));
    // A type of pre-commit would leave out `.template`.
    let is_any_type = |hook: &Yaml| hook["types"].is_badvalue() && hook["types_or"].is_badvalue();
    assert!(hooks.iter().all(is_any_type));
}

#[test]
fn the_hooks_pass_the_files_that_are_read_in_folders() {
    let hook = &hooks()[0];
    let pattern = hook["files"].as_str().unwrap();
    let inside = pattern.strip_prefix(r"(?i)\.(").unwrap();
    let endings: Vec<&str> = inside.strip_suffix(")$").unwrap().split('|').collect();
    let page = std::fs::read_to_string(root().join("book/src/guide/configuration.md")).unwrap();
    let (_, rest) = page.split_once("reads files with the extensions ").unwrap();
    let (listed, _) = rest.split_once(". It skips").unwrap();
    let listed: Vec<&str> = listed
        .split('`')
        .filter_map(|word| word.strip_prefix('.'))
        .collect();
    assert_eq!(endings, listed);
}

#[test]
fn the_installation_uses_the_lock_file() {
    // pre-commit itself runs `cargo install` without `--locked`.
    let text = std::fs::read_to_string(root().join("pyproject.toml")).unwrap();
    assert_eq!(hooks()[0]["language"].as_str(), Some("python"));
    assert!(text.lines().any(|line| line == "locked = true"));
    assert!(text.contains("requires = [\"maturin==") && text.contains("bindings = \"bin\""));
    assert!(root().join("Cargo.lock").is_file());
}

#[test]
fn templates_are_found_by_content_in_yaml_json_and_template_files() {
    let folder = Folder::new("hooks-content");
    let text = "Resources:\n  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
                Version: '2012-10-17'\n        Statement:\n          - { Effect: Allow, Action: sqs:SendMesage, Resource: '*' }\n";
    let json = r#"{"Resources": {"Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument":
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMesage", "Resource": "*"}]}}}}}"#;
    for (name, text) in [
        ("app.yaml", text),
        ("app.YML", text),
        ("app.template", text),
        ("app.json", json),
    ] {
        folder.write(name, text);
        let ran = commit(&folder, &[], &[name]);
        assert!(ran.stdout.starts_with(name), "{}", ran.stdout);
        assert!(ran.stdout.contains("unknown-action"), "{}", ran.stdout);
        assert_eq!(ran.status, Some(1), "{name}");
    }
}

#[test]
fn a_commit_without_files_of_ours_is_silent() {
    let folder = Folder::new("hooks-nothing");
    folder.write("package.json", r#"{"name": "shop", "version": "1.0.0"}"#);
    folder.write("deploy/app.yaml", "kind: Role\nrules: [{ verbs: [get] }]\n");
    folder.write("deploy/broken.yaml", "a: {{ .Values.a }}\nb: [\n");
    // It is not part of the commit.
    folder.write("deploy/policy.json", TYPO);
    let files = ["package.json", "deploy/app.yaml", "deploy/broken.yaml"];
    let ran = commit(&folder, &[], &files);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    assert_eq!(ran.status, Some(0));
}

#[test]
fn a_broken_template_of_the_commit_is_a_problem_and_one_beside_it_is_not() {
    let folder = Folder::new("hooks-broken");
    let broken = "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n   Properties: [\n";
    folder.write("infra/broken.yaml", broken);
    folder.write("infra/values.json", r#"{"name": "x"}"#);
    let ran = commit(&folder, &[], &["infra/broken.yaml"]);
    assert!(
        ran.stdout.starts_with("infra/broken.yaml:"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(2));
    let beside = commit(&folder, &[], &["infra/values.json"]);
    assert_eq!((beside.status, beside.stdout.as_str()), (Some(0), ""));
}

#[test]
fn a_staged_role_is_checked_with_what_it_breaks() {
    let folder = Folder::new("hooks-subset");
    copy(
        &folder,
        "orders",
        &root().join("policies-samples/systems/orders"),
    );
    let ran = commit(&folder, &[], &["orders/role-policy.json"]);
    assert!(
        ran.stdout.contains("poll-sources/actions-not-granted"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(1));
}

#[test]
fn each_batch_of_a_long_list_of_files_reads_what_belongs_with_it() {
    let folder = Folder::new("hooks-batches");
    copy(
        &folder,
        "orders",
        &root().join("policies-samples/systems/orders"),
    );
    let of = |files: &[&str]| {
        let ran = commit(&folder, &["--format", "json"], files);
        let mut rules = ran.errors();
        rules.sort();
        rules
    };
    let files = [
        "orders/role-policy.json",
        "orders/event-source-mappings.json",
    ];
    let together = of(&files);
    assert!(!together.is_empty());
    for file in files {
        let alone = of(&[file]);
        let poll = "poll-sources/actions-not-granted".to_owned();
        assert!(alone.contains(&poll), "{file}: {alone:?}");
        assert!(alone.iter().all(|rule| together.contains(rule)));
    }
}

#[test]
fn the_baseline_and_suppressions_of_the_repository_apply_to_a_commit() {
    let folder = Folder::new("hooks-baseline");
    folder.write("old/policy.json", TYPO);
    folder.write(
        "lint-lambda.toml",
        "paths = [\"old\", \"new\"]\nbaseline = \"baseline.json\"\n",
    );
    folder.write("new/empty.json", "{}");
    let written = folder.run(&["--write-baseline", "baseline.json", "old"]);
    assert_eq!(written.status, Some(0), "{}", written.stdout);
    let old = commit(&folder, &[], &["old/policy.json", "baseline.json"]);
    assert_eq!(old.status, Some(0), "{}", old.stdout);
    assert!(!old.stdout.contains("error"), "{}", old.stdout);
    let statement =
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sqs:PurgeQeue";
    let rest = "\n    Resource: '*'\n";
    folder.write("new/policy.yaml", format!("{statement}{rest}"));
    assert_eq!(commit(&folder, &[], &["new/policy.yaml"]).status, Some(1));
    let comment = " # lint-lambda: ignore[policy-document/unknown-action] the API of a partner";
    folder.write("new/policy.yaml", format!("{statement}{comment}{rest}"));
    let suppressed = commit(&folder, &[], &["new/policy.yaml"]);
    assert_eq!(suppressed.status, Some(0), "{}", suppressed.stdout);
}

#[test]
fn a_file_that_was_renamed_is_read_by_its_new_name_only() {
    let folder = Folder::new("hooks-renamed");
    folder.write("new.json", TYPO);
    let ran = commit(&folder, &[], &["new.json"]);
    assert!(ran.stdout.starts_with("new.json:"), "{}", ran.stdout);
    // A file that is gone is told, so that a wrong path is not green.
    let gone = commit(&folder, &[], &["old.json"]);
    assert!(gone.stdout.contains("no such file"), "{}", gone.stdout);
    assert_eq!(gone.status, Some(2));
}

/// Copies the files of a folder.
fn copy(folder: &Folder, name: &str, from: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        folder.write(&format!("{name}/{file}"), std::fs::read(&path).unwrap());
    }
}
