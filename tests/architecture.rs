//! The walls between the rooms, and what every file keeps to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::root;

/// Each room with the rooms that it may import.
const WALLS: [(&str, &[&str]); 15] = [
    ("source", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["diagnostics", "source"]),
    ("iam", &["source", "syntax"]),
    ("catalogue", &["diagnostics", "source", "syntax"]),
    ("model", &["diagnostics", "iam", "source", "syntax"]),
    (
        "input",
        &[
            "catalogue",
            "diagnostics",
            "iam",
            "model",
            "source",
            "syntax",
        ],
    ),
    (
        "analysis",
        &[
            "catalogue",
            "diagnostics",
            "input",
            "model",
            "source",
            "syntax",
        ],
    ),
    (
        "requirement",
        &[
            "catalogue",
            "diagnostics",
            "iam",
            "model",
            "source",
            "syntax",
        ],
    ),
    (
        "rules",
        &["diagnostics", "model", "requirement", "source", "syntax"],
    ),
    (
        "lint",
        &[
            "analysis",
            "catalogue",
            "diagnostics",
            "model",
            "requirement",
            "rules",
            "source",
            "syntax",
        ],
    ),
    (
        "simulate",
        &[
            "catalogue",
            "diagnostics",
            "iam",
            "model",
            "source",
            "syntax",
        ],
    ),
    (
        "explain",
        &[
            "analysis",
            "catalogue",
            "diagnostics",
            "iam",
            "lint",
            "model",
            "requirement",
            "simulate",
            "source",
            "syntax",
        ],
    ),
    ("report", &["diagnostics", "source"]),
    (
        "cli",
        &[
            "analysis",
            "catalogue",
            "diagnostics",
            "explain",
            "iam",
            "input",
            "lint",
            "model",
            "report",
            "requirement",
            "rules",
            "simulate",
            "source",
            "syntax",
        ],
    ),
];

/// Each outside package with the rooms that may know it.
const PACKAGES: [(&str, &[&str]); 11] = [
    ("granit_parser", &["syntax"]),
    ("jiff", &["iam"]),
    ("flate2", &["catalogue"]),
    ("jsonpath_rust", &["syntax"]),
    ("regex", &["syntax"]),
    ("strsim", &["syntax"]),
    ("serde_json", &["catalogue", "report"]),
    ("zip", &["cli"]),
    ("miette", &["report"]),
    ("clap", &["cli"]),
    ("glob", &["cli"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Every file of the library: its path, its room, and its text without its tests.
fn rooms() -> Vec<(String, String, String)> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    let parts = paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let name = path
            .strip_prefix(&src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        let room = name
            .split('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
        (name, room, code)
    });
    let mut parts: Vec<_> = parts
        .filter(|(name, ..)| !name.ends_with("/tests.rs"))
        .collect();
    parts.sort();
    parts
}

/// The names that follow each `marker` in a text.
fn named_after<'t>(text: &'t str, marker: &str) -> Vec<&'t str> {
    text.split(marker)
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap()
        })
        .collect()
}

#[test]
fn imports_point_down() {
    let walls: BTreeMap<&str, &[&str]> = WALLS.into();
    for (name, room, code) in rooms() {
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let allowed = walls
            .get(room.as_str())
            .unwrap_or_else(|| panic!("{room} has no walls"));
        for other in named_after(&code, "crate::") {
            let fine = other == room || allowed.contains(&other);
            assert!(fine, "{name} imports `{other}`, which `{room}` may not");
        }
    }
}

#[test]
fn each_package_has_one_room() {
    for (name, room, code) in rooms() {
        for (package, homes) in PACKAGES {
            let used = code.contains(&format!("{package}::"));
            assert!(
                !used || homes.contains(&room.as_str()),
                "{name} uses {package}"
            );
        }
    }
}

#[test]
fn every_package_is_used_and_explained() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let explained =
        fs::read_to_string(root().join("book/src/contributing/dependencies.md")).unwrap();
    let code: String = rooms().into_iter().map(|(.., code)| code).collect();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
    let dependencies = dependencies.split("\n[profile").next().unwrap();
    for line in dependencies.lines().filter(|line| line.contains(" = ")) {
        let name = line.split(" = ").next().unwrap();
        assert!(
            explained.contains(name),
            "dependencies.md says nothing of {name}"
        );
        let dev = ["insta", "proptest"].contains(&name);
        let used = code.contains(&format!("{}::", name.replace('-', "_")));
        assert!(dev || used, "{name} is not used");
    }
}

#[test]
fn the_rules_room_names_no_service() {
    for (name, _, code) in rooms().into_iter().filter(|(_, room, _)| room == "rules") {
        for word in ["sqs", "ec2:", "lambda:", "s3:", "amazonaws", "aws:"] {
            assert!(!code.contains(word), "{name} names `{word}`");
        }
    }
}

#[test]
fn every_file_says_what_it_is_and_is_about_one_thing() {
    for (name, _, code) in rooms() {
        assert!(
            code.starts_with("//! "),
            "{name} does not begin with what it is"
        );
        let lines = code.lines().count();
        assert!(lines <= 480, "{name} has {lines} lines");
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    for (name, _, code) in rooms() {
        let mut begun: Option<(usize, String, usize)> = None;
        for (number, line) in code.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let is_head = line.trim_start().starts_with("fn ") || line.contains(" fn ");
            if is_head && !line.trim_start().starts_with("//") && !line.ends_with(';') {
                begun = Some((number, line.trim().to_owned(), indent));
            }
            if let Some((start, head, depth)) = &begun
                && line.trim() == "}"
                && indent == *depth
            {
                let length = number - start + 1;
                assert!(length <= 75, "{name}: `{head}` has {length} lines");
                begun = None;
            }
        }
    }
}
