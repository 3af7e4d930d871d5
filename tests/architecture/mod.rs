//! The walls between the rooms, and what every file keeps to.

mod circles;
mod code;
mod facts;
mod style;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::program::root;
use code::{SourceFile, absolute, files, paths, uses};

/// Each room with the rooms that it may import.
const WALLS: &[(&str, &[&str])] = &[
    (EVERYWHERE, &[]),
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
    ("settings", &["diagnostics", "source", "syntax"]),
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
        "suppression",
        &[
            "analysis",
            "diagnostics",
            "lint",
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
    (
        "fix",
        &[
            "analysis",
            "catalogue",
            "diagnostics",
            "input",
            "lint",
            "rules",
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
            "fix",
            "iam",
            "input",
            "lint",
            "model",
            "report",
            "requirement",
            "rules",
            "settings",
            "simulate",
            "source",
            "suppression",
            "syntax",
        ],
    ),
];

/// The room that every other one may import, without a word in its row.
const EVERYWHERE: &str = "work";

/// Each outside package with the rooms that may know it.
const PACKAGES: &[(&str, &[&str])] = &[
    ("base64", &["input", "report"]),
    ("granit-parser", &["syntax"]),
    ("hcl-edit", &["syntax"]),
    ("jiff", &["iam", "input", "suppression"]),
    ("flate2", &["catalogue"]),
    ("jmespath", &["report"]),
    ("jsonpath-rust", &["syntax"]),
    ("regex", &["syntax"]),
    ("regex-automata", &["syntax"]),
    ("md5", &["input"]),
    ("sha1", &["input"]),
    ("sha2", &["input", "lint", "report"]),
    ("strsim", &["syntax"]),
    ("toml", &["syntax"]),
    ("rayon", &["work"]),
    ("serde_json", &["catalogue", "report"]),
    ("zip", &["cli"]),
    ("maud", &["report"]),
    ("miette", &["report"]),
    ("percent-encoding", &["report"]),
    ("quick-xml", &["report"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("glob", &["cli"]),
    ("ignore", &["cli"]),
];

/// The paths that a file names, from the crate's root or a package on.
fn named(file: &SourceFile) -> BTreeSet<Vec<String>> {
    let uses = uses(file);
    let written = paths(file).into_iter();
    let written = written.filter(|path| !uses.contains_key(&path[0]));
    let written =
        written.map(|path| absolute(file, &path.iter().map(String::as_str).collect::<Vec<_>>()));
    uses.values().cloned().chain(written).collect()
}

/// The packages of a section of the manifest.
fn dependencies(section: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, section) = manifest.split_once(&format!("\n[{section}]\n")).unwrap();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn imports_point_down() {
    let walls: BTreeMap<&str, &[&str]> = WALLS.iter().copied().collect();
    for file in files() {
        let (name, room) = (&file.name, file.room());
        if matches!(room, "lib" | "main") {
            continue;
        }
        let allowed = walls
            .get(room)
            .unwrap_or_else(|| panic!("{room} has no walls"));
        for path in named(file).iter().filter(|path| path[0] == "crate") {
            let other = &*path[1];
            let fine = [room, EVERYWHERE].contains(&other) || allowed.contains(&other);
            assert!(fine, "{name} imports `{other}`, which `{room}` may not");
        }
    }
}

#[test]
fn every_room_has_its_walls() {
    let rooms: BTreeSet<&str> = files().iter().map(SourceFile::room).collect();
    let walled = WALLS.iter().map(|(room, _)| *room);
    let walled: BTreeSet<&str> = walled.chain(["lib", "main"]).collect();
    assert_eq!(rooms, walled);
}

/// The rows of the page's table whose head begins with a word: what is in backquotes in the first and
/// the last cell.
fn table(head: &str) -> Vec<(BTreeSet<String>, BTreeSet<String>)> {
    let page = root().join("book/src/contributing/architecture.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(&format!("| {head} |")).unwrap();
    let rows = rest
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let quoted = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let cells = rows.map(|row| row.trim_matches('|').split('|').collect::<Vec<&str>>());
    cells
        .map(|cells| (quoted(cells[0]), quoted(cells.last().unwrap())))
        .collect()
}

#[test]
fn the_page_shows_these_walls_and_packages() {
    let shown: BTreeMap<String, BTreeSet<String>> = table("Room")
        .into_iter()
        .map(|(room, imports)| (room.first().unwrap().clone(), imports))
        .collect();
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let walls = WALLS.iter();
    let walls = walls.map(|(room, imports)| ((*room).to_owned(), owned(imports)));
    assert_eq!(shown, walls.collect::<BTreeMap<_, _>>());
    for &(package, homes) in PACKAGES {
        let rows = table("Package");
        let row = rows.iter().find(|(packages, _)| packages.contains(package));
        let (_, rooms) = row.unwrap_or_else(|| panic!("the page lacks {package}"));
        assert_eq!(*rooms, owned(homes), "{package}");
    }
}

#[test]
fn each_package_has_one_room_and_its_reason() {
    let explained =
        fs::read_to_string(root().join("book/src/contributing/dependencies.md")).unwrap();
    let packages = dependencies("dependencies");
    for name in packages.iter().chain(&dependencies("dev-dependencies")) {
        let line = format!("| `{name}` | ");
        assert!(
            explained.contains(&line),
            "dependencies.md says nothing of {name}"
        );
    }
    let listed = PACKAGES.iter().map(|(name, _)| (*name).to_owned());
    assert_eq!(listed.collect::<BTreeSet<String>>(), packages);
    for &(name, homes) in PACKAGES {
        let package = name.replace('-', "_");
        let mut used = false;
        for file in files() {
            let child = [&file.module[..], std::slice::from_ref(&package)].concat();
            let is_child = files().iter().any(|other| other.module == child);
            if is_child || named(file).iter().all(|path| path[0] != package) {
                continue;
            }
            assert!(homes.contains(&file.room()), "{} uses {package}", file.name);
            used = true;
        }
        assert!(used, "{package} is not used");
    }
}

#[test]
fn the_rules_room_names_no_service() {
    for file in files().iter().filter(|file| file.room() == "rules") {
        for word in ["sqs", "ec2:", "lambda:", "s3:", "amazonaws", "aws:"] {
            assert!(!file.code.contains(word), "{} names `{word}`", file.name);
        }
    }
}
