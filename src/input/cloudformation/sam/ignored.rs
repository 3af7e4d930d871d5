//! Properties that the transform ignores because another one is set, as the data lists them by type.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>

use super::globals;
use super::resources::{is_no_value, may_be_none};
use crate::syntax::{Member, Node};

/// The names of the properties that a resource of this type, with all of its properties, has for
/// nothing.
pub(super) fn names<'s>(kind: &str, properties: &Node, sam: &'s Node) -> Vec<&'s str> {
    let of_type = sam.at(&["ignored", kind]);
    let causes = of_type.map_or(&[][..], Node::members).iter();
    let set = causes.filter(|cause| {
        let written = properties.get(&cause.key.text);
        written.is_some_and(|written| !is_no_value(written) && !may_be_none(written))
    });
    let names = set.flat_map(|cause| cause.value.items());
    names.filter_map(Node::as_str).collect()
}

/// What a resource says itself for nothing, at its place.
pub(super) fn own(kind: &str, resource: &Node, properties: &Node, sam: &Node) -> Vec<Node> {
    let written = resource.get("Properties");
    let written = written.map_or(&[][..], Node::members);
    at_names(written, &names(kind, properties, sam))
}

/// What `Globals` says for nothing: something that every resource of the type ignores.
pub(super) fn in_globals(template: &Node, kind: &str, sam: &Node) -> Vec<Node> {
    let section = kind.rsplit("::").next().unwrap_or(kind);
    let written = template.at(&["Globals", section]);
    let written = written.map_or(&[][..], Node::members);
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let of_type = resources
        .iter()
        .filter(|resource| resource.value.str("Type") == Some(kind));
    let each: Vec<Vec<&str>> = of_type
        .map(|resource| {
            let properties = globals::properties(template, section, &resource.value);
            names(kind, &properties, sam)
        })
        .collect();
    let Some((first, others)) = each.split_first() else {
        return Vec::new();
    };
    let everywhere = first.iter().copied();
    let everywhere = everywhere.filter(|name| others.iter().all(|names| names.contains(name)));
    at_names(written, &everywhere.collect::<Vec<&str>>())
}

/// The members of these names that say something, each as its name at its place.
fn at_names(members: &[Member], names: &[&str]) -> Vec<Node> {
    let says = |value: &Node| {
        let is_empty = value.is_array() && value.items().is_empty();
        !is_empty && !value.is_null() && !is_no_value(value)
    };
    let ignored = members
        .iter()
        .filter(|member| names.contains(&&*member.key.text) && says(&member.value));
    let nodes = ignored.map(|member| Node::text(&*member.key.text, member.key.span));
    nodes.collect()
}
