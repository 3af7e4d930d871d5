//! The pages for contributors: what they show, name and promise is so, and what they say is followed.

use std::collections::BTreeSet;
use std::fs;

use lint_lambda::unstable::catalogue::{Catalogue, GivenFile};
use lint_lambda::unstable::source::SourceMap;
use serde_json::{Value, json};

use crate::bless;
use crate::program::{Folder, root, run};

const PAGES: &str = "book/src/contributing";
const SOURCES: &str = "rules/catalogue/event-sources.json";

fn page(name: &str) -> String {
    fs::read_to_string(root().join(PAGES).join(name)).unwrap()
}

fn pages() -> Vec<String> {
    let entries = fs::read_dir(root().join(PAGES)).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The object or list that begins in a line, as far as its indentation tells, which is taken away.
fn block(text: &str, start: usize) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip(start).peekable();
    let depth = indent(lines.peek().unwrap());
    let mut own = String::new();
    for (number, line) in lines.enumerate() {
        own += line.get(depth..).unwrap();
        own += "\n";
        if number > 0 && indent(line) <= depth {
            break;
        }
    }
    own.trim_end().trim_end_matches(',').to_owned() + "\n"
}

/// What a marker such as `rules/trust.json lambda-not-trusted` stands for: a file, the entry of that id
/// or name in it, or the first element of a list of that entry.
fn shown(marker: &str) -> String {
    let line = |text: &str, wanted: &[String]| {
        let found = text
            .lines()
            .position(|line| wanted.contains(&line.trim().to_owned()));
        found.unwrap_or_else(|| panic!("{marker} is not there"))
    };
    let mut words = marker.split(' ');
    let text = fs::read_to_string(root().join(words.next().unwrap())).unwrap();
    let Some(id) = words.next() else {
        return text;
    };
    let heads = ["id", "name"].map(|member| format!("\"{member}\": \"{id}\","));
    let entry = block(&text, line(&text, &heads) - 1);
    match words.next() {
        Some(list) => block(&entry, line(&entry, &[format!("\"{list}\": [")]) + 1),
        None => entry,
    }
}

/// The markers of the parts of a page that show something of the repository.
fn markers(page: &str) -> Vec<&str> {
    let begun = page.split("<!-- ").skip(1);
    begun
        .filter_map(|rest| rest.split_once(": begin -->").map(|(marker, _)| marker))
        .collect()
}

#[test]
fn pages_show_what_is_in_the_repository() {
    for name in pages() {
        for marker in markers(&page(&name)) {
            let content = format!("\n```json\n{}```\n", shown(marker));
            bless::part(&format!("{PAGES}/{name}"), marker, &content);
        }
    }
}

/// What stands in backquotes and looks like a file or folder of the repository.
#[test]
fn the_files_that_pages_name_exist() {
    let mut named = 0;
    let mut texts: Vec<(String, String)> = pages()
        .into_iter()
        .map(|name| (name.clone(), page(&name)))
        .collect();
    let root_page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    texts.push(("CONTRIBUTING.md".to_owned(), root_page));
    for (name, page) in texts {
        let prose = page.split("```").step_by(2);
        let quoted = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
        let roots = [
            "src/",
            "tests/",
            "rules/",
            "book/",
            "policies-samples/",
            "benches/",
            "fuzz/",
            ".ci/",
        ];
        for path in quoted.filter(|text| roots.iter().any(|root| text.starts_with(root))) {
            let is_form = path.contains(char::is_uppercase) || path.contains(['*', ' ']);
            let path = match is_form {
                // Of a form such as `src/report/NAME.rs` the folder is there.
                true => {
                    path.split(char::is_uppercase)
                        .next()
                        .unwrap()
                        .rsplit_once('/')
                        .unwrap()
                        .0
                }
                false => path,
            };
            assert!(root().join(path).exists(), "{name} names {path}");
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn the_commands_of_the_pages_work() {
    let mut tried = 0;
    for name in pages() {
        for line in page(&name).lines() {
            let Some(arguments) = line.trim().strip_prefix("lint-lambda ") else {
                continue;
            };
            let arguments: Vec<&str> = arguments.split_whitespace().collect();
            let ran = run(&arguments);
            assert_eq!(ran.status, Some(0), "{name}: {line}: {}", ran.stdout);
            tried += 1;
        }
    }
    assert!(tried >= 2, "{tried}");
}

/// The samples of a rule, as `ID`, in a folder of their own.
fn copy_samples(folder: &Folder, rule: &str, id: &str) {
    for verdict in ["bad", "good"] {
        let path = format!("policies-samples/{rule}/{verdict}{id}.json");
        folder.write(&path, fs::read(root().join(&path)).unwrap());
    }
}

/// Follows the page: without its entry the rule fails on the samples, with it the samples prove it.
fn add_source(list: &str, id: &str, rule: &str) {
    let marker = format!("{SOURCES} {id}");
    assert!(markers(&page("new-event-source.md")).contains(&&*marker));
    let shown = shown(&marker);
    let folder = Folder::new(&format!("new-source-{id}"));
    copy_samples(&folder, rule, &format!("-{id}"));
    let mut facts: Value =
        serde_json::from_str(&fs::read_to_string(root().join(SOURCES)).unwrap()).unwrap();
    let check = [
        "rules",
        "check",
        rule,
        "--samples",
        "policies-samples",
        "--catalogue",
        "facts",
    ];
    let entries = facts[list].as_array_mut().unwrap();
    entries.retain(|entry| entry["id"] != id);
    folder.write("facts/event-sources.json", facts.to_string());
    assert_eq!(
        folder.run(&check).status,
        Some(1),
        "{id} is known without its entry"
    );
    let entries = facts[list].as_array_mut().unwrap();
    entries.push(serde_json::from_str(&shown).unwrap());
    folder.write("facts/event-sources.json", facts.to_string());
    let proved = folder.run(&check);
    assert_eq!(
        proved.stdout, "1 rule, 2 samples, 0 failed\n",
        "{}",
        proved.stderr
    );
}

#[test]
fn a_source_is_added_as_the_page_says() {
    add_source("push", "sns", "push-sources/invoke-not-granted");
    add_source("poll", "sqs", "poll-sources/actions-not-granted");
}

#[test]
fn a_rule_is_added_as_the_page_says() {
    let page = page("new-rule.md");
    let markers = markers(&page);
    let marker = markers
        .iter()
        .find(|marker| marker.starts_with("rules/"))
        .unwrap();
    let (file, name) = marker.split_once(' ').unwrap();
    let pack = file.trim_start_matches("rules/").trim_end_matches(".json");
    let rule: Value = serde_json::from_str(&shown(marker)).unwrap();
    let folder = Folder::new("new-rule");
    copy_samples(&folder, &format!("{pack}/{name}"), "");
    let own = json!({ "pack": pack, "title": "The pack of the page", "rules": [rule] });
    folder.write("pack.json", own.to_string());
    let check = [
        "rules",
        "check",
        "pack.json",
        "--samples",
        "policies-samples",
    ];
    assert_eq!(folder.run(&check).stdout, "1 rule, 2 samples, 0 failed\n");
}

/// A name that is like none that the program knows.
const UNKNOWN: &str = "a-name-that-nothing-has";

/// Where an object of the catalogue lies: its file, the list of its entry, and the path in the entry.
type Place = (&'static str, &'static str, &'static str);

/// What the program says of an entry of the catalogue that has an object at a place.
fn told_of((file, list, path): Place, own: Value) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("rules/catalogue").join(file)).unwrap();
    let facts: Value = serde_json::from_str(&text).unwrap();
    let mut entry = facts[list][0].clone();
    match path.rsplit_once('/') {
        None if path.is_empty() => entry = own,
        Some((member, "0")) => entry[member] = json!([own]),
        Some((outer, member)) => entry.pointer_mut(&format!("/{outer}")).unwrap()[member] = own,
        None => entry[path] = own,
    }
    let bytes = json!({ list: [entry] }).to_string().into_bytes();
    let given = GivenFile {
        path: file.to_owned(),
        bytes,
    };
    let (_, problems) = Catalogue::with(&mut SourceMap::default(), vec![given]);
    let each = problems.into_iter();
    each.map(|problem| (problem.message, problem.help.unwrap_or_default()))
        .collect()
}

/// The members that an object at a place can have, and those that it must have; `written` are members to
/// begin with.
fn members(place: Place, written: &BTreeSet<String>) -> [BTreeSet<String>; 2] {
    let mut own = json!({ UNKNOWN: {} });
    written.iter().for_each(|name| own[name] = json!(""));
    let told = told_of(place, own);
    let found = told.iter().find(|(message, _)| message.contains(UNKNOWN));
    let (message, help) = found.unwrap();
    let (_, what) = message.split_once("` in ").unwrap();
    let (_, known) = help.split_once(": ").unwrap();
    let needs = format!("{what} is missing the member `");
    let told = told_of(place, json!({}));
    let needed = told
        .iter()
        .filter_map(|(message, _)| message.strip_prefix(&needs));
    [
        known.split(", ").map(str::to_owned).collect(),
        needed
            .map(|name| name.trim_end_matches('`').to_owned())
            .collect(),
    ]
}

/// The members that the page lists under a heading, and those that it calls required.
fn listed(page: &str, heading: &str) -> [BTreeSet<String>; 2] {
    let (_, rest) = page
        .split_once(&format!("{heading}\n"))
        .unwrap_or_else(|| panic!("the page lacks {heading}"));
    let (_, table) = rest.split_once("| Member").unwrap();
    let (rows, rest) = table.split_once("\n\n").unwrap();
    let quoted = |text: &str| -> BTreeSet<String> {
        text.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let names = rows
        .lines()
        .skip(2)
        .flat_map(|row| quoted(row.split('|').nth(1).unwrap()));
    let (_, required) = rest.split_once("Required: ").unwrap();
    [
        names.collect(),
        quoted(required.split_once(".\n").unwrap().0),
    ]
}

#[test]
fn the_page_of_sources_lists_every_member() {
    const SOURCES: &str = "event-sources.json";
    const FEATURES: &str = "features.json";
    let page = page("new-event-source.md");
    let common = listed(&page, "## Facts");
    let places: [(&str, Place); 9] = [
        ("## A push source", (SOURCES, "push", "")),
        ("### Roles", (SOURCES, "push", "role")),
        ("### CLI outputs", (SOURCES, "push", "cliOutputs/0")),
        ("### Extractions", (SOURCES, "push", "bundleTriggers/0")),
        (
            "### Embedded JSON",
            (SOURCES, "push", "cliOutputs/0/embeddedJson"),
        ),
        ("## A poll source", (SOURCES, "poll", "")),
        ("## Grants", (SOURCES, "poll", "grants/0")),
        ("## A setting", (FEATURES, "features", "")),
        (
            "### Variables of a setting",
            (FEATURES, "features", "extract/0"),
        ),
    ];
    for (heading, place) in places {
        let [mut names, required] = listed(&page, heading);
        let known = members(place, &required);
        if place.2.is_empty() {
            names.extend(common[0].iter().cloned());
        }
        assert_eq!([names, required], known, "{heading}");
    }
}
