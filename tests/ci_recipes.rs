//! The GitHub Action and the recipes of the book: their scripts run in bash, where there is one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::program::{Folder, root};
use yaml_rust2::{Yaml, YamlLoader};

const TYPO: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sqs:SendMesage", "Resource": "arn:aws:sqs:eu-west-1:123456789012:orders"}]}"#;
const PROGRAM: &str = env!("CARGO_BIN_EXE_lint-lambda");

fn yaml(text: &str) -> Yaml {
    YamlLoader::load_from_str(text).unwrap().remove(0)
}

fn action() -> Yaml {
    yaml(&std::fs::read_to_string(root().join("action.yml")).unwrap())
}

fn steps(action: &Yaml) -> &[Yaml] {
    action["runs"]["steps"].as_vec().unwrap()
}

/// The step of the action with a name.
fn step<'a>(action: &'a Yaml, name: &str) -> &'a Yaml {
    let mut steps = steps(action).iter();
    steps
        .find(|step| step["name"].as_str() == Some(name))
        .unwrap()
}

/// What a script in bash gave: the exit status, and what it printed.
fn bash(
    folder: &Path,
    options: &[&str],
    script: &str,
    env: &BTreeMap<&str, String>,
) -> Option<(i32, String)> {
    let program = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{program}:{}", std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.args(options).args(["-c", script]);
    command.current_dir(folder).env_clear();
    // Without bash there is nothing to run.
    let output = command.env("PATH", path).envs(env).output().ok()?;
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    Some((output.status.code().unwrap(), text))
}

/// What a run of the step that checks gave.
struct Checked {
    status: i32,
    text: String,
    outputs: String,
    folder: Folder,
}

impl Checked {
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

/// Runs the step of the action that checks, with some inputs.
fn checked(name: &str, inputs: &[(&str, &str)], files: &[(&str, &str)]) -> Option<Checked> {
    let action = action();
    let step = step(&action, "Check permissions");
    let folder = Folder::new(&format!("action-{name}"));
    for (name, text) in files {
        folder.write(&format!("repository/{name}"), text);
    }
    let mut env = BTreeMap::new();
    for (variable, value) in step["env"].as_hash().unwrap() {
        let value = value.as_str().unwrap();
        let input = value.strip_prefix("${{ inputs.").unwrap();
        let input = input.strip_suffix(" }}").unwrap();
        let default = action["inputs"][input]["default"].as_str().unwrap();
        let given = inputs.iter().find(|(name, _)| *name == input);
        let value = given.map_or(default, |(_, value)| value);
        env.insert(variable.as_str().unwrap(), value.to_owned());
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    env.insert("RUNNER_TEMP", path(""));
    env.insert("GITHUB_OUTPUT", path("outputs"));
    env.insert("GITHUB_STEP_SUMMARY", path("summary.md"));
    let options = ["--noprofile", "--norc", "-e", "-o", "pipefail"];
    let script = step["run"].as_str().unwrap();
    let (status, text) = bash(&folder.path().join("repository"), &options, script, &env)?;
    let outputs = std::fs::read_to_string(path("outputs")).unwrap_or_default();
    Some(Checked {
        status,
        text,
        outputs,
        folder,
    })
}

#[test]
fn the_action_annotates_reports_and_keeps_the_status() {
    let files = [("infra/policy.json", TYPO)];
    let inputs = [("version", "installed"), ("paths", "infra\n")];
    let Some(checked) = checked("findings", &inputs, &files) else {
        return;
    };
    assert_eq!(checked.status, 0, "{}", checked.text);
    let shown = checked.text.lines().any(|line| {
        line.starts_with("::error ")
            && line.contains("file=infra/policy.json")
            && line.contains("unknown-action")
    });
    assert!(shown, "{}", checked.text);
    assert!(
        checked.outputs.contains("status=1\n"),
        "{}",
        checked.outputs
    );
    assert!(checked.outputs.contains("lint-lambda.sarif\n"));
    assert!(checked.read("lint-lambda.sarif").contains("\"2.1.0\""));
    assert!(checked.read("summary.md").contains("unknown-action"));
    let action = action();
    let last = step(&action, "Exit status")["run"].as_str().unwrap();
    let env = BTreeMap::from([("STATUS", "1".to_owned())]);
    let ended = bash(checked.folder.path(), &["-e"], last, &env);
    assert_eq!(ended.map(|(status, _)| status), Some(1));
}

#[test]
fn the_inputs_of_the_action_are_never_commands() {
    let files = [("infra folder/policy.json", TYPO)];
    let hostile = "$(touch hacked)\n`touch hacked`\n'; touch hacked; '\ninfra folder";
    let inputs = [
        ("version", "installed"),
        ("paths", hostile),
        ("args", "--select=policy-document\n--quiet"),
        ("fail-on", "never"),
    ];
    let Some(checked) = checked("hostile", &inputs, &files) else {
        return;
    };
    assert!(!checked.folder.path().join("repository/hacked").exists());
    assert!(checked.text.contains("unknown-action"), "{}", checked.text);
    // The paths that do not exist are problems.
    assert!(
        checked.outputs.contains("status=2\n"),
        "{}",
        checked.outputs
    );
    for step in steps(&action()) {
        let script = step["run"].as_str().unwrap_or("");
        assert!(!script.contains("${{"), "{script}");
    }
}

#[test]
fn the_action_fails_with_a_wrong_version_a_wrong_flag_and_without_paths() {
    for (name, input) in [
        ("version", ("version", "latest")),
        ("flag", ("fail-on", "everything")),
        ("paths", ("paths", "")),
    ] {
        let inputs = [input, ("version", "installed"), ("paths", ".")];
        let Some(checked) = checked(name, &inputs, &[("a.json", "{}")]) else {
            return;
        };
        let is_red = checked.status == 2 || checked.outputs.contains("status=2");
        assert!(is_red, "{name}: {}{}", checked.text, checked.outputs);
    }
}

#[test]
fn the_action_accepts_a_baseline() {
    let files = [("infra/policy.json", TYPO)];
    let inputs = [
        ("version", "installed"),
        ("paths", "infra"),
        ("args", "--write-baseline=baseline.json"),
    ];
    let Some(written) = checked("baseline", &inputs, &files) else {
        return;
    };
    let baseline = written.read("repository/baseline.json");
    let files = [
        ("infra/policy.json", TYPO),
        ("baseline.json", baseline.as_str()),
    ];
    let inputs = [
        ("version", "installed"),
        ("paths", "infra"),
        ("baseline", "baseline.json"),
    ];
    let accepted = checked("baseline", &inputs, &files).unwrap();
    assert!(accepted.outputs.contains("status=0\n"), "{}", accepted.text);
}

#[test]
fn the_cached_program_is_named_after_what_it_is_built_from() {
    let action = action();
    let step = step(&action, "Find the version");
    let folder = Folder::new("action-hash");
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "build.rs",
        "src/a b.rs",
        "rules/a.json",
    ] {
        folder.write(name, name);
    }
    let hash = || {
        let output = folder.path().join("outputs");
        let _absent = std::fs::remove_file(&output);
        let path = folder.path().display().to_string();
        let env = BTreeMap::from([
            ("GITHUB_ACTION_PATH", path),
            ("GITHUB_OUTPUT", output.display().to_string()),
            ("RUNNER_OS", "Linux".to_owned()),
            ("RUNNER_ARCH", "X64".to_owned()),
            ("ImageOS", "ubuntu24".to_owned()),
        ]);
        let script = step["run"].as_str().unwrap();
        let (status, text) = bash(folder.path(), &["-e", "-o", "pipefail"], script, &env)?;
        assert_eq!(status, 0, "{text}");
        std::fs::read_to_string(output).ok()
    };
    let Some(first) = hash() else { return };
    let digits = first
        .trim()
        .strip_prefix("key=lint-lambda-Linux-ubuntu24-X64-");
    let digits = digits.unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    assert_eq!(hash().as_ref(), Some(&first));
    folder.write("src/a b.rs", "changed");
    assert_ne!(hash(), Some(first));
}

#[test]
fn actions_are_pinned_to_commits_with_their_version() {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let page = std::fs::read_to_string(root().join("book/src/guide/ci.md")).unwrap();
    let uses = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split_once("uses: "));
        lines.map(|(_, used)| used.to_owned()).collect()
    };
    let all = [uses(&text), uses(&page)].concat();
    assert!(all.len() > 4);
    for used in all {
        if used == "OWNER/lint-lambda@REVISION" {
            continue;
        }
        let (_, pin) = used.split_once('@').unwrap();
        let (commit, version) = pin.split_once(" # v").unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{used}");
    }
}

/// The first block of the page in a language that begins with some text.
fn recipe(language: &str, beginning: &str) -> String {
    let page = std::fs::read_to_string(root().join("book/src/guide/ci.md")).unwrap();
    let fence = format!("```{language}\n");
    let blocks = page.split(&fence).skip(1);
    let mut blocks = blocks.map(|rest| rest.split("\n```").next().unwrap().to_owned());
    blocks.find(|block| block.contains(beginning)).unwrap()
}

/// Runs the commands of a recipe in a repository with the program where the recipe installs it; the statuses.
fn run_commands(name: &str, commands: &[String], text: &str) -> Option<(Vec<i32>, Folder)> {
    let folder = Folder::new(name);
    folder.write("infra/policy.json", text);
    let mut statuses = Vec::new();
    for command in commands {
        if let Some(install) = command.strip_prefix("cargo install ") {
            assert!(install.contains("--locked") && install.contains("--rev REVISION"));
            let (_, place) = install.split_once("--root ").unwrap();
            let bin = folder.path().join(place).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::copy(PROGRAM, bin.join("lint-lambda")).unwrap();
            continue;
        }
        let (status, _) = bash(folder.path(), &["-e"], command, &BTreeMap::new())?;
        statuses.push(status);
    }
    Some((statuses, folder))
}

#[test]
fn the_recipe_for_gitlab_writes_the_reports_that_it_uploads() {
    let job = yaml(&recipe("yaml", "codequality"));
    let job = &job["lint-lambda"];
    let commands: Vec<String> = job["script"]
        .as_vec()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(job["artifacts"]["when"].as_str(), Some("always"));
    for (name, text, expected) in [
        ("bad", TYPO, 1),
        ("good", &*TYPO.replace("Mesage", "Message"), 0),
    ] {
        let Some((statuses, folder)) = run_commands(&format!("gitlab-{name}"), &commands, text)
        else {
            return;
        };
        assert_eq!(statuses, [expected]);
        for report in ["codequality", "junit"] {
            let path = job["artifacts"]["reports"][report].as_str().unwrap();
            assert!(folder.path().join(path).is_file(), "{path}");
        }
    }
}

#[test]
fn the_recipe_for_jenkins_writes_the_reports_that_it_records() {
    let text = recipe("groovy", "pipeline");
    let lines = text.lines().filter_map(|line| {
        let command = line.trim().strip_prefix("sh '")?;
        Some(command.strip_suffix('\'').unwrap().to_owned())
    });
    let commands: Vec<String> = lines.collect();
    let Some((statuses, folder)) = run_commands("jenkins", &commands, TYPO) else {
        return;
    };
    assert_eq!(statuses, [1]);
    let named = text.split('\'').filter(|word| {
        let is_report = word.ends_with(".xml") || word.ends_with(".sarif");
        is_report && !word.contains(' ')
    });
    let named: Vec<&str> = named.collect();
    assert_eq!(named.len(), 2);
    for report in named {
        assert!(folder.path().join(report).is_file(), "{report}");
    }
}

#[test]
fn the_recipe_for_github_uses_inputs_that_the_action_has() {
    let workflow = yaml(&recipe("yaml", "OWNER/lint-lambda@REVISION"));
    let action = action();
    let steps = workflow["jobs"]["lint-lambda"]["steps"].as_vec().unwrap();
    let used = steps
        .iter()
        .find(|step| step["uses"].as_str() == Some("OWNER/lint-lambda@REVISION"));
    for (input, _) in used.unwrap()["with"].as_hash().unwrap() {
        let input = input.as_str().unwrap();
        assert!(!action["inputs"][input].is_badvalue(), "{input}");
    }
    let page = std::fs::read_to_string(root().join("book/src/guide/ci.md")).unwrap();
    for (input, _) in action["inputs"].as_hash().unwrap() {
        let row = format!("| `{}` |", input.as_str().unwrap());
        assert!(page.contains(&row), "{row}");
    }
}
