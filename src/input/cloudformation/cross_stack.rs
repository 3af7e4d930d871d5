//! Stacks that grant something to functions and roles of other stacks, which they name.

use std::collections::HashMap;

use super::Stack;
use crate::model::FunctionName;
use crate::syntax::{Node, Text};

/// A kind of thing and its name.
type Name = (&'static str, String);

const FUNCTION: &str = "function";
const ROLE: &str = "role";

/// Which stacks grant something to what which others make. Where several make something of a name,
/// as those of several stages do, it is not told which of them is meant.
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

fn each(stack: &Stack<'_>, names: fn(&str, &Node) -> Vec<Name>) -> Vec<Name> {
    let resources = stack.root.get("Resources").map_or(&[][..], Node::members);
    let named = resources.iter().filter_map(|member| {
        let kind = member.value.str("Type")?;
        Some(names(kind, member.value.get("Properties")?))
    });
    named.flatten().collect()
}

/// The name of what a resource makes.
fn made(kind: &str, properties: &Node) -> Vec<Name> {
    let (what, member) = match kind {
        "AWS::Lambda::Function" => (FUNCTION, "FunctionName"),
        "AWS::IAM::Role" => (ROLE, "RoleName"),
        _ => return Vec::new(),
    };
    let name = properties.str(member).map(|name| (what, name.to_owned()));
    name.into_iter().collect()
}

/// The names of what a resource grants something to.
fn granted_to(kind: &str, properties: &Node) -> Vec<Name> {
    let (what, member) = match kind {
        "AWS::Lambda::Permission" => (FUNCTION, "FunctionName"),
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => (ROLE, "Roles"),
        "AWS::IAM::RolePolicy" => (ROLE, "RoleName"),
        _ => return Vec::new(),
    };
    let listed = properties.get(member).map_or(&[][..], Node::each);
    let names = listed
        .iter()
        .filter_map(Node::as_str)
        .map(|name| match what {
            FUNCTION => FunctionName::parse(&Text::from(name)).name.to_string(),
            _ => name.to_owned(),
        });
    names.map(|name| (what, name)).collect()
}
