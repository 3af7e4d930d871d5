//! The changes that `amendments.json` makes to the list of actions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::PackError;
use super::list::{ActionEntry, ResourceEntry, ServiceEntry, ServiceList};
use super::read::{ANY, each, key, string, strings};

/// The resource type of actions that a statement grants for all resources or not at all.
const ALL: &str = "all";

/// Applies the amendments to the list, and turns all ARN formats into templates.
pub(super) fn amend(list: &mut ServiceList, amendments: &Value) -> Result<(), PackError> {
    list.keys = each(amendments, "globalConditionKeys", key)?;
    for name in action_names(amendments, "additionalActions")? {
        add_action(list, &name)?;
    }
    for prefix in each(amendments, "wildcardOnlyServices", |entry| {
        string(entry, "service")
    })? {
        require_all_resources(service_of(list, &prefix)?);
    }
    for name in action_names(amendments, "unknownResourceTypes")? {
        open_action(list, &name)?;
    }
    let segments = each(amendments, "arnVariables", |entry| {
        Ok((string(entry, "service")?, string(entry, "variable")?))
    })?;
    let segments = segments.into_iter().collect();
    let formats = each(amendments, "arnFormats", |entry| Ok(entry.clone()))?;
    for service in &mut list.services {
        correct_arns(service, &formats, &segments)?;
        let actions = &mut service.actions;
        actions.sort_by_key(|action| action.name.to_lowercase());
        if actions.iter().any(|action| action.resources == [ANY]) {
            service.resources.push(resource(ANY, "{Any+}"));
        }
    }
    list.services.sort_by(|a, b| a.prefix.cmp(&b.prefix));
    Ok(())
}

/// The names of actions in the entries of a member.
fn action_names(amendments: &Value, member: &str) -> Result<Vec<String>, PackError> {
    let lists = each(amendments, member, |entry| strings(entry, "actions"))?;
    Ok(lists.into_iter().flatten().collect())
}

fn service_of<'l>(
    list: &'l mut ServiceList,
    prefix: &str,
) -> Result<&'l mut ServiceEntry, PackError> {
    let mut services = list.services.iter_mut();
    let service = services.find(|service| service.prefix == prefix);
    service.ok_or_else(|| PackError(format!("unknown service `{prefix}`")))
}

fn parts(name: &str) -> Result<(&str, &str), PackError> {
    let parts = name.split_once(':');
    parts.ok_or_else(|| PackError(format!("`{name}` is not the name of an action")))
}

fn resource(name: &str, arn: &str) -> ResourceEntry {
    ResourceEntry {
        name: name.to_owned(),
        arn: arn.to_owned(),
        keys: Vec::new(),
    }
}

/// Adds an action of which nothing but its name is known.
fn add_action(list: &mut ServiceList, name: &str) -> Result<(), PackError> {
    let (prefix, own) = parts(name)?;
    if !list.services.iter().any(|service| service.prefix == prefix) {
        list.services.push(ServiceEntry {
            prefix: prefix.to_owned(),
            ..ServiceEntry::default()
        });
    }
    let actions = &mut service_of(list, prefix)?.actions;
    if actions.iter().any(|a| a.name.eq_ignore_ascii_case(own)) {
        return Err(PackError(format!(
            "`additionalActions` adds {name}, which the packages now contain"
        )));
    }
    actions.push(ActionEntry {
        name: own.to_owned(),
        level: "level not known".to_owned(),
        resources: vec![ANY.to_owned()],
        ..ActionEntry::default()
    });
    Ok(())
}

/// Makes actions that work on no type of resource require `*`.
fn require_all_resources(service: &mut ServiceEntry) {
    service.resources.push(resource(ALL, "*"));
    let actions = service.actions.iter_mut();
    for action in actions.filter(|action| action.resources.is_empty()) {
        action.resources = vec![ALL.to_owned()];
    }
}

/// Makes an action one that works on resources of which nothing is known.
fn open_action(list: &mut ServiceList, name: &str) -> Result<(), PackError> {
    let (prefix, own) = parts(name)?;
    let mut actions = service_of(list, prefix)?.actions.iter_mut();
    let action = actions.find(|action| action.name == own);
    let action = action.ok_or_else(|| PackError(format!("unknown action {name}")))?;
    action.resources = vec![ANY.to_owned()];
    Ok(())
}

/// Gives the resource types of a service the ARNs that IAM compares.
fn correct_arns(
    service: &mut ServiceEntry,
    formats: &[Value],
    segments: &BTreeSet<(String, String)>,
) -> Result<(), PackError> {
    split_formats(service)?;
    let prefix = service.prefix.clone();
    for format in formats.iter().filter(|format| format["service"] == *prefix) {
        replace_format(service, format)?;
    }
    for resource in &mut service.resources {
        let is_segment = |hole: &str| segments.contains(&(prefix.clone(), hole.to_owned()));
        resource.arn = template(&resource.arn, is_segment);
    }
    Ok(())
}

fn resource_of<'s>(
    service: &'s mut ServiceEntry,
    name: &str,
) -> Result<&'s mut ResourceEntry, PackError> {
    let prefix = &service.prefix;
    let mut resources = service.resources.iter_mut();
    let resource = resources.find(|resource| resource.name == name);
    resource.ok_or_else(|| PackError(format!("{prefix} has no resource type `{name}`")))
}

/// Gives a resource type the ARN that IAM compares; some actions keep the other one.
fn replace_format(service: &mut ServiceEntry, format: &Value) -> Result<(), PackError> {
    let name = string(format, "resourceType")?;
    let arn = string(format, "arn")?;
    let exceptions = strings(format, "exceptActions")?;
    if format["additional"] == true {
        return add_format(service, &name, &arn, &exceptions);
    }
    let own = resource_of(service, &name)?;
    let mut other = own.clone();
    own.arn = arn;
    if exceptions.is_empty() {
        return Ok(());
    }
    other.name = format!("{name} by name");
    let actions = service.actions.iter_mut();
    for action in actions.filter(|action| exceptions.contains(&action.name)) {
        for resource in &mut action.resources {
            if resource.trim_end_matches('*') == name {
                *resource = resource.replacen(&name, &other.name, 1);
            }
        }
    }
    service.resources.push(other);
    Ok(())
}

/// Gives a resource type another ARN format beside the one that it has; some actions do not take it.
fn add_format(
    service: &mut ServiceEntry,
    name: &str,
    arn: &str,
    exceptions: &[String],
) -> Result<(), PackError> {
    let mut other = resource_of(service, name)?.clone();
    let numbered = format!("{name} (");
    let resources = service.resources.iter();
    let taken = resources.filter(|r| r.name.starts_with(&numbered)).count();
    other.name = format!("{numbered}{})", taken + 2);
    other.arn = arn.to_owned();
    let actions = service.actions.iter_mut();
    for action in actions.filter(|action| !exceptions.contains(&action.name)) {
        let mut resources = action.resources.iter();
        if resources.any(|own| own.trim_end_matches('*') == name) {
            action.resources.push(other.name.clone());
        }
    }
    service.resources.push(other);
    Ok(())
}

/// The package writes several formats of one type's ARN as one text.
fn split_formats(service: &mut ServiceEntry) -> Result<(), PackError> {
    for resource in service.resources.clone() {
        let mut formats = resource.arn.split(", ");
        let first = formats.next().unwrap_or_default();
        resource_of(service, &resource.name)?.arn = first.to_owned();
        for format in formats {
            add_format(service, &resource.name, format, &[])?;
        }
    }
    Ok(())
}

/// `${Name}` as `{Name}` where it takes one segment, otherwise as `{Name+}`.
fn template(arn: &str, is_segment: impl Fn(&str) -> bool) -> String {
    let mut parts = arn.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hole, rest) = part.split_once('}').unwrap_or((part, ""));
        let always = ["Partition", "Region", "Account"].contains(&hole);
        let anything = if always || is_segment(hole) { "" } else { "+" };
        out += &format!("{{{hole}{anything}}}{rest}");
    }
    out
}
