//! The samples: each bad one fires its rule, each good one holds, and both read as a user sees them.

use std::fs;

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

/// The folders of samples as `pack/rule`, those of systems left out.
fn rules_with_samples() -> Vec<String> {
    let mut rules = Vec::new();
    for pack in fs::read_dir(root().join("policies-samples")).unwrap() {
        let pack = pack.unwrap();
        let pack_name = pack.file_name().into_string().unwrap();
        if pack_name == "systems" || !pack.path().is_dir() {
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
    for rule in rules_with_samples() {
        let said: String = samples(&rule, "bad")
            .iter()
            .map(|sample| run(&["--format", "plain", sample]).stdout + "\n")
            .collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(rule.replace('/', "-"), said);
        });
    }
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
fn the_small_system_is_drawn_for_a_person() {
    let drawn = run(&["policies-samples/systems/orders"]);
    assert_eq!(drawn.status, Some(1));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("system-orders-human", drawn.stdout);
    });
    let json = run(&["--format", "json", "policies-samples/systems/orders"]);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("system-orders-json", json.stdout);
    });
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
