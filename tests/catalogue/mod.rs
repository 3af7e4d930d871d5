//! The catalogue's tables: that they are what their readable forms say, and that names are told.

mod managed;
mod packages;
mod source;
mod typos;

use std::env;
use std::fs;
use std::path::Path;

use lint_lambda::catalogue::{Catalogue, pack_actions, pack_policies};
use lint_lambda::source::SourceMap;

use crate::program::root;

/// With `UPDATE_CATALOGUE` in the environment the tables are written anew; where it names a folder
/// of unpacked packages, the readable files are made of them first.
const UPDATE: &str = "UPDATE_CATALOGUE";

#[test]
fn the_tables_are_made_of_the_readable_files() {
    let update = env::var(UPDATE).ok();
    if let Some(folder) = update
        .as_deref()
        .filter(|folder| Path::new(folder).is_dir())
    {
        let packages = Path::new(folder);
        write("actions.json", packages::actions(packages).as_bytes());
        write(
            "managed-policies.json",
            packages::managed_policies(packages).as_bytes(),
        );
    }
    let actions = pack_actions(&source::actions()).unwrap();
    let (from, date, policies) = source::managed_policies();
    let policies = pack_policies(&from, &date, &policies).unwrap();
    for (name, bytes) in [("actions.bin", actions), ("managed-policies.bin", policies)] {
        if update.is_some() {
            write(name, &bytes);
        }
        let same = fs::read(root().join("rules/catalogue").join(name)).unwrap() == bytes;
        assert!(
            same,
            "{name} differs from what it is made of: run the tests with {UPDATE}=1"
        );
    }
}

fn write(name: &str, bytes: &[u8]) {
    fs::write(root().join("rules/catalogue").join(name), bytes).unwrap();
}

#[test]
fn the_amendments_speak_of_what_there_is() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let table = &catalogue.actions.table;
    let amendments = source::read("amendments.json");
    for api in source::items(&amendments["apiCalls"]) {
        let name = source::text(&api["call"]);
        assert!(table.action(&name).is_none(), "{name} is an action");
        for action in source::texts(&api["actions"]) {
            assert!(
                table.action(&action).is_some(),
                "{name} needs {action}, which is none"
            );
        }
    }
    for prefix in source::items(&amendments["prefixAliases"]) {
        let (written, meant) = (
            source::text(&prefix["alias"]),
            source::text(&prefix["prefix"]),
        );
        assert!(table.service(&written).is_none(), "{written} is a service");
        assert!(table.service(&meant).is_some(), "{meant} is no service");
    }
}

#[test]
fn the_catalogue_asks_for_actions_that_exist() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let actions: Vec<&String> = catalogue
        .grants()
        .flat_map(|grant| &grant.actions)
        .collect();
    assert!(!actions.is_empty());
    for action in actions {
        assert!(catalogue.actions.table.action(action).is_some(), "{action}");
    }
}

#[test]
fn the_managed_policies_of_the_catalogue_exist() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let poll = catalogue.poll.iter().map(|source| &source.needs);
    let features = catalogue.features.iter().map(|feature| &feature.needs);
    let paths = poll
        .chain(features)
        .flat_map(|needs| &needs.managed_policies);
    for path in paths {
        let arn = format!("arn:aws:iam::aws:policy/{path}");
        assert!(catalogue.managed.policy(&arn).is_some(), "{path}");
    }
}

/// What SAM attaches by itself must be there, or every role would lack it.
#[test]
fn the_managed_policies_of_sam_exist() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let sam = source::read("sam.json");
    let always =
        source::items(&sam["function"]["managedPolicies"]).map(|p| source::text(&p["path"]));
    let events = sam["events"].as_object().unwrap().values();
    let of_events = events.flat_map(|event| source::texts(&event["managedPolicies"]));
    let paths: Vec<String> = always.chain(of_events).collect();
    assert!(paths.len() > 7);
    for path in paths {
        let arn = format!("arn:aws:iam::aws:policy/{path}");
        assert!(catalogue.managed.policy(&arn).is_some(), "{path}");
    }
}
