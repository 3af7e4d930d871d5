//! What the README shows is what the program says.

use std::fs;

use crate::bless;
use crate::program::{root, run};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The blocks of a language, in order.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// A part of an output as the README shows it, as it reads now: the first finding of the same rule; the
/// last line, if it is the summary; `…` for what is left out.
fn part_now(shown: &str, output: &str) -> String {
    let mut parts = output.trim_end().split("\n\n");
    let now = match shown.split_once("]: ") {
        Some((head, _)) => parts.find(|part| part.starts_with(&format!("{head}]: "))),
        None if shown == "…" => Some(shown),
        None => parts.last(),
    };
    now.unwrap_or_else(|| panic!("the README shows:\n{shown}"))
        .to_owned()
}

#[test]
fn the_output_shown_is_the_program_s() {
    let output = run(&["policies-samples/systems/orders"]).stdout;
    bless::edited("README.md", |readme| {
        let (before, rest) = readme.split_once("```text\n").unwrap();
        let (shown, after) = rest.split_once("\n```").unwrap();
        let parts = shown.split("\n\n").map(|part| part_now(part, &output));
        let now = parts.collect::<Vec<String>>().join("\n\n");
        format!("{before}```text\n{now}\n```{after}")
    });
}

#[test]
fn the_commands_shown_work() {
    let readme = readme();
    let mut tried = 0;
    for line in blocks(&readme, "sh").iter().flat_map(|block| block.lines()) {
        let line = line.split(" #").next().unwrap().trim();
        let Some(arguments) = line.strip_prefix("lint-lambda ") else {
            continue;
        };
        if arguments.contains("<") || arguments.contains("function/") {
            continue;
        }
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let ran = run(&arguments);
        assert_ne!(ran.status, Some(2), "{line}: {}", ran.stdout);
        tried += 1;
    }
    assert!(tried >= 3, "{tried}");
}

#[test]
fn the_test_command_shown_is_that_of_the_checks() {
    let command = "cargo test --locked";
    let script = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(
        blocks(&readme(), "sh")
            .iter()
            .any(|block| block.lines().any(|line| line == command))
    );
    assert!(
        script
            .lines()
            .any(|line| line.trim() == format!("run {command}"))
    );
}
