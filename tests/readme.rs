//! What the README shows is what the program says.

use std::fs;

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

#[test]
fn the_output_shown_is_the_program_s() {
    let readme = readme();
    let shown: Vec<&str> = blocks(&readme, "text");
    assert!(!shown.is_empty());
    let said = run(&["policies-samples/systems/orders"]).stdout;
    for block in shown {
        for part in block.split("\n…\n") {
            assert!(
                said.contains(part.trim_matches('\n')),
                "the README shows:\n{part}"
            );
        }
    }
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
