//! The samples: each bad one fires its rule, each good one holds, and both read as a user sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use serde_json::{Value, json};

use crate::bless;
use crate::program::{root, run};

#[test]
fn every_rule_is_proved_by_its_samples() {
    let checked = run(&["rules", "check"]);
    assert_eq!(checked.status, Some(0), "{}", checked.stdout);
    assert!(
        checked.stdout.ends_with(", 0 failed\n"),
        "{}",
        checked.stdout
    );
}

#[test]
fn the_pack_of_a_user_is_proved_by_its_samples() {
    let pack = "policies-samples/own/payments.json";
    let checked = run(&["rules", "check", pack, "--samples", "policies-samples/own"]);
    assert_eq!(checked.stdout, "1 rule, 2 samples, 0 failed\n");
    let bad = "policies-samples/own/payments/secret-not-granted/bad.json";
    let linted = run(&["--format", "plain", "--rules", pack, bad]);
    bless::snapshot("rules/own-pack", &linted.stdout);
}

/// The folders of samples as `pack/rule`, those of systems left out.
fn rules_with_samples() -> Vec<String> {
    let mut rules = Vec::new();
    for pack in fs::read_dir(root().join("policies-samples")).unwrap() {
        let pack = pack.unwrap();
        let pack_name = pack.file_name().into_string().unwrap();
        if ["_parity", "own", "systems", "templates"].contains(&&*pack_name)
            || !pack.path().is_dir()
        {
            continue;
        }
        for rule in fs::read_dir(pack.path()).unwrap() {
            let rule = rule.unwrap().file_name().into_string().unwrap();
            rules.push(format!("{pack_name}/{rule}"));
        }
    }
    rules.sort();
    rules
}

fn samples(rule: &str, prefix: &str) -> Vec<String> {
    let folder = root().join("policies-samples").join(rule);
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    names
        .into_iter()
        .map(|name| format!("policies-samples/{rule}/{name}"))
        .collect()
}

#[test]
fn bad_samples_read_as_they_should() {
    let mut reports = BTreeMap::new();
    for sample in rules_with_samples()
        .iter()
        .flat_map(|rule| samples(rule, "bad"))
    {
        let name = sample.trim_start_matches("policies-samples/");
        let name = name.trim_end_matches(".json").to_owned();
        reports.insert(name, run(&["--format", "plain", &sample]).stdout);
    }
    bless::snapshots("samples", &reports);
}

#[test]
fn good_samples_have_no_error() {
    for rule in rules_with_samples() {
        for sample in samples(&rule, "good") {
            let ran = run(&["--format", "plain", &sample]);
            assert!(!ran.stdout.contains(": error["), "{}", ran.stdout);
            assert!(!ran.stdout.contains(": problem:"), "{}", ran.stdout);
            assert_eq!(ran.status, Some(0), "{sample}");
        }
    }
}

#[test]
fn the_small_system_is_reported_in_every_format() {
    let help = run(&["--help"]).stdout;
    let (_, values) = help.split_once("--format").unwrap();
    let (_, values) = values.split_once("[possible values: ").unwrap();
    let (values, _) = values.split_once(']').unwrap();
    let mut reports = BTreeMap::new();
    for format in values.split(", ") {
        let ran = run(&["policies-samples/systems/orders", "--format", format]);
        assert_eq!(ran.status, Some(1));
        reports.insert(format!("orders-{format}"), ran.stdout);
    }
    assert!(reports.len() >= 3, "{values}");
    bless::snapshots("systems", &reports);
}

#[test]
fn every_file_of_rules_is_part_of_the_program() {
    let listed = run(&["rules", "list"]).stdout;
    for entry in fs::read_dir(root().join("rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(pack) = name.strip_suffix(".json").filter(|name| *name != "schema") else {
            continue;
        };
        assert!(listed.contains(&format!(" {pack}/")), "{name} is not read");
    }
}

/// A name that is like none that the program knows.
const UNKNOWN: &str = "a-name-that-nothing-has";

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

/// The names of members that the schema of packs lists for what it has at a place.
fn listed(schema: &Value, place: &str) -> BTreeSet<String> {
    let object = schema.pointer(place).unwrap();
    assert_eq!(object["additionalProperties"], false, "{place}");
    let members = object["properties"].as_object().unwrap();
    members.keys().cloned().collect()
}

/// The names that the program says there are, where it reads a pack with an unknown one.
fn told(pack: &Value) -> BTreeSet<String> {
    let text = pack.to_string();
    let mut packs = Packs::default();
    let file = SourceMap::default().add("pack.json", &text).unwrap();
    packs.add(file, &text);
    let problem = packs.problems.iter().find(|p| p.message.contains(UNKNOWN));
    let help = problem.unwrap().help.as_deref().unwrap();
    match help.split_once(": ") {
        Some((_, names)) => names.split(", ").map(str::to_owned).collect(),
        None => BTreeSet::new(),
    }
}

#[test]
fn the_schema_lists_what_the_program_reads_in_a_pack() {
    let schema = read("rules/schema.json");
    let of_rule = |rule: Value| told(&json!({ "pack": "house", "title": "x", "rules": [rule] }));
    let unknown = json!({ UNKNOWN: {} });
    assert_eq!(told(&unknown), listed(&schema, ""));
    assert_eq!(of_rule(unknown.clone()), listed(&schema, "/$defs/rule"));
    let requirements = of_rule(json!({ "require": unknown }));
    assert_eq!(requirements, listed(&schema, "/$defs/requirement"));
    for name in requirements {
        assert_eq!(
            of_rule(json!({ "require": { &name: unknown } })),
            listed(&schema, &format!("/$defs/requirement/properties/{name}")),
            "{name}"
        );
    }
    let grants = json!({ "require": { "roleAllows": { "grants": [unknown] } } });
    assert_eq!(of_rule(grants), listed(&schema, "/$defs/grant"));
}

#[test]
fn the_schema_lists_what_the_packs_require() {
    let schema = read("rules/schema.json");
    let known = &schema["$defs"]["requirement"]["properties"];
    let mut seen = 0;
    for entry in fs::read_dir(root().join("rules")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        if !file.ends_with(".json") || file == "schema.json" {
            continue;
        }
        for rule in read(&format!("rules/{file}"))["rules"].as_array().unwrap() {
            for (name, members) in rule["require"].as_object().unwrap() {
                let form = known
                    .get(name)
                    .unwrap_or_else(|| panic!("{name} of {file}"));
                let members = members.as_object().unwrap();
                let listed = form["properties"].as_object().unwrap();
                let other = members.keys().find(|member| !listed.contains_key(*member));
                assert_eq!(other, None, "{name} of {file}");
                let needed = form["required"].as_array().unwrap();
                let has = |member: &Value| members.contains_key(member.as_str().unwrap());
                assert!(needed.iter().all(has), "{name} of {file}");
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "{seen}");
}
