//! Reading the files that are packed.

use serde_json::Value;

use super::PackError;
use super::list::{
    ActionEntry, KeyEntry, PolicyEntry, PolicyList, ResourceEntry, ServiceEntry, ServiceList,
};

/// The resource type of actions of which nothing but the name is known.
pub(super) const ANY: &str = "any";

/// The document of a file.
pub(super) fn json(text: &str) -> Result<Value, PackError> {
    serde_json::from_str(text).map_err(|error| PackError(error.to_string()))
}

/// The services of `actions.json`.
pub(super) fn actions(text: &str) -> Result<ServiceList, PackError> {
    let file = json(text)?;
    Ok(ServiceList {
        source: string(&file, "source")?,
        date: string(&file, "date")?,
        keys: Vec::new(),
        services: each(&file, "services", service)?,
    })
}

/// The policies of `managed-policies.json`.
pub(super) fn policies(text: &str) -> Result<PolicyList, PackError> {
    let file = json(text)?;
    Ok(PolicyList {
        source: string(&file, "source")?,
        date: string(&file, "date")?,
        policies: each(&file, "policies", |node| {
            Ok(PolicyEntry {
                path: string(node, "path")?,
                version: string(node, "version")?,
                document: node["document"].to_string(),
            })
        })?,
    })
}

fn service(node: &Value) -> Result<ServiceEntry, PackError> {
    Ok(ServiceEntry {
        prefix: string(node, "prefix")?,
        actions: each(node, "actions", action)?,
        resources: each(node, "resources", |node| {
            Ok(ResourceEntry {
                name: string(node, "name")?,
                arn: string(node, "arn")?,
                keys: key_names(node)?,
            })
        })?,
        keys: each(node, "keys", key)?,
    })
}

fn action(node: &Value) -> Result<ActionEntry, PackError> {
    let mut resources = strings(node, "resources")?;
    if resources == ["?"] {
        resources = vec![ANY.to_owned()];
    }
    Ok(ActionEntry {
        name: string(node, "name")?,
        level: string(node, "level")?,
        resources,
        keys: key_names(node)?,
        needs: strings(node, "needs")?,
    })
}

/// A condition key with its type.
pub(super) fn key(node: &Value) -> Result<KeyEntry, PackError> {
    Ok(KeyEntry {
        key: with_tag_key(string(node, "key")?),
        kind: string(node, "type")?,
    })
}

fn key_names(node: &Value) -> Result<Vec<String>, PackError> {
    let keys = strings(node, "keys")?;
    Ok(keys.into_iter().map(with_tag_key).collect())
}

/// A key with the part that anybody can choose spelled in one way: the package has `${TagKey}`, `<key>`
/// and `tag-key`.
fn with_tag_key(key: String) -> String {
    match key.split_once('/') {
        Some((start, "<key>" | "tag-key")) => format!("{start}/${{TagKey}}"),
        _ => key,
    }
}

/// The text of a member.
pub(super) fn string(node: &Value, member: &str) -> Result<String, PackError> {
    let text = node[member].as_str().map(str::to_owned);
    text.ok_or_else(|| {
        PackError(format!(
            "an entry is missing `{member}`, which must be a string"
        ))
    })
}

/// The texts in a list, which is empty where it is left out.
pub(super) fn strings(node: &Value, member: &str) -> Result<Vec<String>, PackError> {
    each(node, member, |item| {
        let text = item.as_str().map(str::to_owned);
        text.ok_or_else(|| PackError(format!("`{member}` must be a list of strings")))
    })
}

/// What is made of each entry of a list, which is empty where it is left out.
pub(super) fn each<T>(
    node: &Value,
    member: &str,
    read: impl Fn(&Value) -> Result<T, PackError>,
) -> Result<Vec<T>, PackError> {
    let items = node[member].as_array().into_iter().flatten();
    items.map(read).collect()
}
