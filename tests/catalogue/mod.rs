//! The catalogue's tables: that they have what the files have, and that misspelt names are recognized.

mod managed;
mod packages;
mod source;
mod typos;

use std::env;
use std::fs;
use std::path::Path;

use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::source::SourceMap;

use crate::program::root;

#[test]
#[ignore = "rewrites actions.json and managed-policies.json from the packages in the folder UPDATE_CATALOGUE"]
fn refresh_the_catalogue() {
    let folder = env::var("UPDATE_CATALOGUE").unwrap();
    let packages = Path::new(&folder);
    let write = |name, text| fs::write(root().join("rules/catalogue").join(name), text).unwrap();
    write("actions.json", packages::actions(packages));
    let policies = packages::managed_policies(packages);
    write("managed-policies.json", policies);
}

#[test]
fn the_tables_have_what_the_files_have() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let (table, file) = (&catalogue.actions.table, source::read("actions.json"));
    assert_eq!(table.source(), source::text(&file["source"]));
    assert_eq!(table.date(), source::text(&file["date"]));
    for service in source::items(&file["services"]) {
        let prefix = source::text(&service["prefix"]);
        for entry in source::items(&service["actions"]) {
            let name = format!("{prefix}:{}", source::text(&entry["name"]));
            let action = table.action(&name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(action.full_name(), name);
            assert_eq!(action.level(), source::text(&entry["level"]), "{name}");
            let needs: Vec<String> = action.needs().collect();
            let known = |needed: &String| table.action(needed).map(|action| action.full_name());
            let expected = source::texts(&entry["needs"]);
            let expected: Vec<String> = expected.iter().filter_map(known).collect();
            assert_eq!(needs, expected, "{name}");
        }
    }
    let file = source::read("managed-policies.json");
    assert_eq!(catalogue.managed.source(), source::text(&file["source"]));
    for entry in source::items(&file["policies"]) {
        let path = source::text(&entry["path"]);
        let policy = catalogue
            .managed
            .policy(&format!("arn:aws:iam::aws:policy/{path}"));
        let policy = policy.unwrap_or_else(|| panic!("{path}"));
        assert_eq!(policy.version, source::text(&entry["version"]), "{path}");
        assert_eq!(policy.document, entry["document"].to_string(), "{path}");
    }
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
    for mistaken in source::items(&amendments["mistakenPrefixes"]) {
        let meant = source::texts(&mistaken["meant"]);
        for prefix in meant.iter().chain([&source::text(&mistaken["written"])]) {
            assert!(table.service(prefix).is_some(), "{prefix} is no service");
        }
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
    let mut arns = poll
        .chain(features)
        .flat_map(|needs| &needs.managed_policies);
    let unknown = arns.find(|arn| catalogue.managed.policy(arn).is_none());
    assert_eq!(unknown, None);
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
