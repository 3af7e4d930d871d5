//! The files that people read, decoded, with the amendments taken in.

use std::collections::BTreeSet;
use std::fs;

use lint_lambda::catalogue::{
    ActionEntry, KeyEntry, PolicyEntry, ResourceEntry, ServiceEntry, ServiceList,
};
use serde_json::Value;

use crate::program::root;

/// The resource type of actions of which nothing is known but the name.
const ANY: &str = "any";

/// The resource type of actions that a statement grants for all resources or not at all.
const ALL: &str = "all";

pub(super) fn read(name: &str) -> Value {
    let path = root().join("rules/catalogue").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The policies of `managed-policies.json`, with their source and date.
pub(super) fn managed_policies() -> (String, String, Vec<PolicyEntry>) {
    let file = read("managed-policies.json");
    let policies = items(&file["policies"]).map(|policy| PolicyEntry {
        path: text(&policy["path"]),
        version: text(&policy["version"]),
        document: policy["document"].to_string(),
    });
    (
        text(&file["source"]),
        text(&file["date"]),
        policies.collect(),
    )
}

/// The list of `actions.json` with what `amendments.json` adds.
pub(super) fn actions() -> ServiceList {
    let file = read("actions.json");
    let mut list = ServiceList {
        source: text(&file["source"]),
        date: text(&file["date"]),
        keys: Vec::new(),
        services: items(&file["services"]).map(service).collect(),
    };
    let amendments = read("amendments.json");
    list.keys = items(&amendments["globalConditionKeys"]).map(key).collect();
    for more in items(&amendments["additionalActions"]) {
        texts(&more["actions"])
            .iter()
            .for_each(|name| add_action(&mut list, name));
    }
    for whole in items(&amendments["wildcardOnlyServices"]) {
        let prefix = text(&whole["service"]);
        let service = list
            .services
            .iter_mut()
            .find(|service| service.prefix == prefix);
        ask_for_all(service.unwrap());
    }
    for open in items(&amendments["unknownResourceTypes"]) {
        texts(&open["actions"])
            .iter()
            .for_each(|name| open_action(&mut list, name));
    }
    let names: BTreeSet<(String, String)> = items(&amendments["arnVariables"])
        .map(|name| (text(&name["service"]), text(&name["variable"])))
        .collect();
    for service in &mut list.services {
        let prefix = service.prefix.clone();
        split_forms(service);
        items(&amendments["arnFormats"])
            .filter(|shape| shape["service"] == prefix.as_str())
            .for_each(|shape| reshape(service, shape));
        for resource in &mut service.resources {
            resource.arn = template(&resource.arn, |hole| {
                names.contains(&(prefix.clone(), hole.to_owned()))
            });
        }
        service
            .actions
            .sort_by_key(|action| action.name.to_lowercase());
        if service
            .actions
            .iter()
            .any(|action| action.resources == [ANY])
        {
            service.resources.push(ResourceEntry {
                name: ANY.to_owned(),
                arn: "{Any+}".to_owned(),
                keys: Vec::new(),
            });
        }
    }
    list.services.sort_by(|a, b| a.prefix.cmp(&b.prefix));
    list
}

fn service(node: &Value) -> ServiceEntry {
    ServiceEntry {
        prefix: text(&node["prefix"]),
        actions: items(&node["actions"]).map(action).collect(),
        resources: items(&node["resources"])
            .map(|resource| ResourceEntry {
                name: text(&resource["name"]),
                arn: text(&resource["arn"]),
                keys: key_names(&resource["keys"]),
            })
            .collect(),
        keys: items(&node["keys"]).map(key).collect(),
    }
}

fn action(node: &Value) -> ActionEntry {
    let mut resources = texts(&node["resources"]);
    if resources == ["?"] {
        resources = vec![ANY.to_owned()];
    }
    ActionEntry {
        name: text(&node["name"]),
        level: text(&node["level"]),
        resources,
        keys: key_names(&node["keys"]),
        needs: texts(&node["needs"]),
    }
}

fn key(node: &Value) -> KeyEntry {
    KeyEntry {
        key: chosen_part(&text(&node["key"])),
        kind: text(&node["type"]),
    }
}

fn key_names(node: &Value) -> Vec<String> {
    texts(node).iter().map(|key| chosen_part(key)).collect()
}

/// A key with the part that anybody can choose written in one way: the package has
/// `${TagKey}`, `<key>` and `tag-key`.
fn chosen_part(key: &str) -> String {
    match key.split_once('/') {
        Some((start, "<key>" | "tag-key")) => format!("{start}/${{TagKey}}"),
        _ => key.to_owned(),
    }
}

/// Adds an action of which nothing but its name is known.
fn add_action(list: &mut ServiceList, name: &str) {
    let (prefix, name) = name.split_once(':').unwrap();
    let entry = ActionEntry {
        name: name.to_owned(),
        level: "level not known".to_owned(),
        resources: vec![ANY.to_owned()],
        ..ActionEntry::default()
    };
    match list
        .services
        .iter_mut()
        .find(|service| service.prefix == prefix)
    {
        Some(service) => {
            let known = service
                .actions
                .iter()
                .any(|a| a.name.eq_ignore_ascii_case(name));
            assert!(!known, "amendments.json: {prefix}:{name} is known by now");
            service.actions.push(entry);
        }
        None => list.services.push(ServiceEntry {
            prefix: prefix.to_owned(),
            actions: vec![entry],
            ..ServiceEntry::default()
        }),
    }
}

/// Makes actions that work on no type of resource work on `*` alone.
fn ask_for_all(service: &mut ServiceEntry) {
    service.resources.push(ResourceEntry {
        name: ALL.to_owned(),
        arn: "*".to_owned(),
        keys: Vec::new(),
    });
    for action in service
        .actions
        .iter_mut()
        .filter(|action| action.resources.is_empty())
    {
        action.resources = vec![ALL.to_owned()];
    }
}

/// Makes an action one that works on resources of which nothing is known.
fn open_action(list: &mut ServiceList, name: &str) {
    let (prefix, name) = name.split_once(':').unwrap();
    let service = list
        .services
        .iter_mut()
        .find(|service| service.prefix == prefix)
        .unwrap();
    let action = service
        .actions
        .iter_mut()
        .find(|action| action.name == name)
        .unwrap();
    action.resources = vec![ANY.to_owned()];
}

/// Gives a resource type the ARN that IAM compares; some actions keep the other one.
fn reshape(service: &mut ServiceEntry, shape: &Value) {
    let name = text(&shape["resourceType"]);
    let kept = texts(&shape["exceptActions"]);
    let arn = text(&shape["arn"]);
    if shape["additional"] == true {
        return add_form(service, &name, arn);
    }
    let position = service
        .resources
        .iter()
        .position(|r| r.name == name)
        .unwrap();
    let mut other = service.resources[position].clone();
    service.resources[position].arn = arn;
    if kept.is_empty() {
        return;
    }
    other.name = format!("{name} by name");
    for action in service
        .actions
        .iter_mut()
        .filter(|action| kept.contains(&action.name))
    {
        for resource in &mut action.resources {
            if resource.trim_end_matches('*') == name {
                *resource = resource.replacen(&name, &other.name, 1);
            }
        }
    }
    service.resources.push(other);
}

/// Gives a resource type another form of ARN beside the one that it has.
fn add_form(service: &mut ServiceEntry, name: &str, arn: String) {
    let mut other = service
        .resources
        .iter()
        .find(|r| r.name == name)
        .unwrap()
        .clone();
    let taken = service
        .resources
        .iter()
        .filter(|r| r.name.starts_with(&format!("{name} (")))
        .count();
    other.name = format!("{name} ({})", taken + 2);
    other.arn = arn;
    for action in &mut service.actions {
        if action
            .resources
            .iter()
            .any(|own| own.trim_end_matches('*') == name)
        {
            action.resources.push(other.name.clone());
        }
    }
    service.resources.push(other);
}

/// The package writes several forms of one type's ARN as one text.
fn split_forms(service: &mut ServiceEntry) {
    for resource in service.resources.clone() {
        let mut forms = resource.arn.split(", ");
        let first = forms.next().unwrap();
        let own = service
            .resources
            .iter_mut()
            .find(|own| own.name == resource.name)
            .unwrap();
        own.arn = first.to_owned();
        forms.for_each(|form| add_form(service, &resource.name, form.to_owned()));
    }
}

/// `${Name}` as `{Name}` where it takes one segment, otherwise as `{Name+}`.
fn template(arn: &str, is_segment: impl Fn(&str) -> bool) -> String {
    let mut parts = arn.split("${");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (hole, rest) = part.split_once('}').unwrap();
        let always = ["Partition", "Region", "Account"].contains(&hole);
        let anything = if always || is_segment(hole) { "" } else { "+" };
        out += &format!("{{{hole}{anything}}}{rest}");
    }
    out
}

pub(super) fn items(node: &Value) -> impl Iterator<Item = &Value> {
    node.as_array().into_iter().flatten()
}

pub(super) fn texts(node: &Value) -> Vec<String> {
    items(node).map(text).collect()
}

pub(super) fn text(node: &Value) -> String {
    node.as_str()
        .unwrap_or_else(|| panic!("{node} is no text"))
        .to_owned()
}
