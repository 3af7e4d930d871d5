//! Stacks that grant something to functions and roles of other stacks, which they name.

use std::collections::HashMap;

use super::stack::Stack;
use crate::catalogue::{Catalogue, Grantee};
use crate::input::infra::types;
use crate::model::FunctionName;
use crate::syntax::{Node, Text};

/// A function or role, by its name.
type Name = (Grantee, String);

/// Which stacks grant something to what which others make. Where several make something of a name,
/// as those of several stages do, it is not known which of them is meant.
pub(super) fn edges(stacks: &[Stack<'_>]) -> Vec<(usize, usize)> {
    if stacks.len() < 2 {
        return Vec::new();
    }
    let mut makers: HashMap<Name, Vec<usize>> = HashMap::new();
    for (index, stack) in stacks.iter().enumerate() {
        for name in each(stack, made) {
            makers.entry(name).or_default().push(index);
        }
    }
    let mut edges = Vec::new();
    for (index, stack) in stacks.iter().enumerate() {
        for name in each(stack, granted_to) {
            if let Some([maker]) = makers.get(&name).map(Vec::as_slice) {
                edges.push((index, *maker));
            }
        }
    }
    edges
}

fn each(stack: &Stack<'_>, names: fn(&Catalogue, &str, &Node) -> Vec<Name>) -> Vec<Name> {
    let resources = stack.root.get("Resources").map_or(&[][..], Node::members);
    let named = resources.iter().filter_map(|member| {
        let type_name = member.value.str("Type")?;
        let properties = member.value.get("Properties")?;
        Some(names(stack.catalogue, type_name, properties))
    });
    named.flatten().collect()
}

/// The name of the function or role that a resource makes.
fn made(_: &Catalogue, type_name: &str, properties: &Node) -> Vec<Name> {
    let (what, property) = match type_name {
        types::FUNCTION => (Grantee::Function, "FunctionName"),
        types::ROLE => (Grantee::Role, "RoleName"),
        _ => return Vec::new(),
    };
    let name = properties.str(property).map(|name| (what, name.to_owned()));
    name.into_iter().collect()
}

/// The names of what a resource grants something to.
fn granted_to(catalogue: &Catalogue, type_name: &str, properties: &Node) -> Vec<Name> {
    let shape = catalogue.template_resource(type_name);
    let Some(grants) = shape.and_then(|shape| shape.grants.as_ref()) else {
        return Vec::new();
    };
    let listed = properties.get(&grants.property).map_or(&[][..], Node::each);
    let names = listed.iter().filter_map(Node::as_str);
    let names = names.map(|name| match grants.to {
        Grantee::Function => FunctionName::parse(&Text::from(name)).name.to_string(),
        Grantee::Role => name.to_owned(),
    });
    names.map(|name| (grants.to, name)).collect()
}
