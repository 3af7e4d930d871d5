//! The schemas of rule packs and of the catalogue: they describe every member, fit every file, and
//! list what the program reads.

use std::collections::BTreeSet;
use std::fs;

use lint_lambda::unstable::catalogue::{Catalogue, GivenFile};
use lint_lambda::unstable::source::SourceMap;
use serde_json::{Value, json};

use crate::output::Schema;
use crate::program::root;

/// A name that is unlike any that the program knows.
const UNKNOWN: &str = "a-name-that-nothing-has";

/// The files that the schema of the catalogue is for. The others are made from packages, or hold
/// templates.
const CATALOGUE: [&str; 10] = [
    "amendments.json",
    "answers.json",
    "deliveries.json",
    "callers.json",
    "event-sources.json",
    "features.json",
    "principals.json",
    "resources.json",
    "symptoms.json",
    "terraform.json",
];

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

/// The schema of the catalogue, with the grant that it shares with the schema of packs.
fn catalogue_schema() -> Value {
    let packs = read("rules/schema.json");
    let text = fs::read_to_string(root().join("rules/catalogue/schema.json")).unwrap();
    let text = text.replace("../schema.json#/$defs/grant", "#/$defs/grant");
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    schema["$defs"]["grant"] = packs["$defs"]["grant"].clone();
    schema
}

#[test]
fn every_file_of_the_catalogue_fits_its_schema() {
    let schema = Schema::part(catalogue_schema(), "");
    for name in CATALOGUE {
        let file = read(&format!("rules/catalogue/{name}"));
        assert_eq!(file["$schema"], "schema.json", "{name}");
        schema.fits(&file, name);
    }
}

#[test]
fn every_pack_fits_its_schema() {
    let schema = Schema::published("rules", "");
    for entry in fs::read_dir(root().join("rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".json") && name != "schema.json" {
            schema.fits(&read(&format!("rules/{name}")), &name);
        }
    }
}

#[test]
fn every_member_is_described() {
    for path in ["rules/schema.json", "rules/catalogue/schema.json"] {
        let mut missing = Vec::new();
        undescribed(&read(path), path, &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }
}

/// Collects the properties without a description.
fn undescribed(schema: &Value, at: &str, missing: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        let text = property["description"].as_str().unwrap_or("");
        // A line of text, not a word: the name says as much.
        if !text.contains(' ') || !text.ends_with('.') {
            missing.push(at.clone());
        }
        undescribed(property, &at, missing);
    }
    for (name, form) in schema["$defs"].as_object().into_iter().flatten() {
        undescribed(form, &format!("{at}/{name}"), missing);
    }
}

/// The members that the program says there are, where it reads a file with an unknown one.
fn read_members(name: &str, content: &Value) -> BTreeSet<String> {
    let given = GivenFile {
        path: name.to_owned(),
        bytes: content.to_string().into_bytes(),
    };
    let mut sources = SourceMap::default();
    let (_, problems) = Catalogue::with(&mut sources, vec![given]);
    let problem = problems.iter().find(|p| p.message.contains(UNKNOWN));
    let problem = problem.unwrap_or_else(|| panic!("{content}: {problems:?}"));
    let (_, names) = problem.help.as_deref().unwrap().split_once(": ").unwrap();
    names.split(", ").map(str::to_owned).collect()
}

fn listed(schema: &Value, definition: &str) -> BTreeSet<String> {
    let members = schema["$defs"][definition]["properties"].as_object();
    members.unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_lists_what_the_program_reads_in_the_catalogue() {
    let schema = catalogue_schema();
    let unknown = || json!({ UNKNOWN: {} });
    let in_list = |list: &str, member: &str| json!({ list: [{ member: [unknown()] }] });
    let sources = "event-sources.json";
    let symptoms = "symptoms.json";
    let output = json!({ "command": "x", UNKNOWN: 1 });
    let embedded =
        json!({ "push": [{ "cliOutputs": [{ "command": "x", "embeddedJson": unknown() }] }] });
    let inline = json!({ "resources": [{ "inlinePolicies": unknown() }] });
    let terraform = "terraform.json";
    let types = |own: Value| json!({ "terraformResources": [own] });
    let variant = json!({ "resources": [{ "variant": unknown() }] });
    for (definition, file, content) in [
        ("pushSource", sources, json!({ "push": [unknown()] })),
        (
            "sourceRole",
            sources,
            json!({ "push": [{ "role": unknown() }] }),
        ),
        ("grant", sources, in_list("push", "grants")),
        ("extraction", sources, in_list("push", "bundleTriggers")),
        (
            "cliOutput",
            sources,
            json!({ "push": [{ "cliOutputs": [output] }] }),
        ),
        (
            "cloudFormationResource",
            sources,
            in_list("push", "cloudFormationResources"),
        ),
        ("embeddedJson", sources, embedded),
        ("pollSource", sources, json!({ "poll": [unknown()] })),
        (
            "feature",
            "features.json",
            json!({ "features": [unknown()] }),
        ),
        (
            "featureExtraction",
            "features.json",
            in_list("features", "extract"),
        ),
        ("target", "features.json", json!({ "targets": [unknown()] })),
        ("caller", "callers.json", json!({ "callers": [unknown()] })),
        (
            "resourceAnswer",
            "answers.json",
            json!({ "resourceAnswers": [unknown()] }),
        ),
        (
            "delivery",
            "deliveries.json",
            json!({ "deliveries": [unknown()] }),
        ),
        (
            "otherAnswer",
            "answers.json",
            json!({ "otherAnswers": [unknown()] }),
        ),
        (
            "requiredPolicy",
            "callers.json",
            json!({ "resourcePolicyRequired": [unknown()] }),
        ),
        (
            "principalSuffix",
            "principals.json",
            json!({ "principalSuffixes": [unknown()] }),
        ),
        (
            "principalRegions",
            "principals.json",
            json!({ "principalRegions": unknown() }),
        ),
        (
            "servicePrincipal",
            "principals.json",
            json!({ "servicePrincipals": [unknown()] }),
        ),
        (
            "resourceType",
            "resources.json",
            json!({ "resources": [unknown()] }),
        ),
        ("resourceVariant", "resources.json", variant),
        ("inlinePolicies", "resources.json", inline),
        (
            "apiCall",
            "amendments.json",
            json!({ "apiCalls": [unknown()] }),
        ),
        (
            "prefixAlias",
            "amendments.json",
            json!({ "prefixAliases": [unknown()] }),
        ),
        (
            "mistakenPrefix",
            "amendments.json",
            json!({ "mistakenPrefixes": [unknown()] }),
        ),
        ("terraformType", terraform, types(unknown())),
        (
            "terraformPart",
            terraform,
            types(json!({ "parts": [unknown()] })),
        ),
        (
            "terraformExtension",
            terraform,
            types(json!({ "extends": unknown() })),
        ),
        (
            "terraformMappingObject",
            terraform,
            types(json!({ "ref": unknown() })),
        ),
        ("symptom", symptoms, json!({ "symptoms": [unknown()] })),
        (
            "silentFailure",
            symptoms,
            json!({ "silentFailures": [unknown()] }),
        ),
        ("cause", symptoms, json!({ "otherCauses": [unknown()] })),
        (
            "metricPattern",
            symptoms,
            json!({ "metricPatterns": [unknown()] }),
        ),
        (
            "metricCondition",
            symptoms,
            in_list("metricPatterns", "when"),
        ),
        (
            "servicePrincipalSuffix",
            symptoms,
            json!({ "servicePrincipalSuffixes": [unknown()] }),
        ),
        ("operation", symptoms, json!({ "operations": [unknown()] })),
        (
            "callerPattern",
            symptoms,
            json!({ "sessionNames": [unknown()] }),
        ),
    ] {
        let read = read_members(file, &content);
        assert_eq!(read, listed(&schema, definition), "{definition}");
    }
}
