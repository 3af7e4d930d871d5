//! What may be granted elsewhere: a nested stack that is not at hand, a module or a custom resource
//! can give more to the functions and roles that it is told of.

use std::collections::HashMap;

use super::pieces::{Place, places};
use crate::catalogue::Catalogue;
use crate::document::{Member, Node};

/// The names that such resources of a template are told, and why more may be granted to what they
/// name. `is_read` tells the nested stacks whose templates are at hand.
pub(super) fn told(
    template: &Node,
    catalogue: &Catalogue,
    is_read: &dyn Fn(&str) -> bool,
) -> HashMap<String, String> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let mut told = HashMap::new();
    for member in resources {
        if is_read(&member.key.text) || !is_outside(member, catalogue) {
            continue;
        }
        for name in names(&member.value) {
            let why = format!("what `{}` does with it", member.key.text);
            told.entry(name).or_insert(why);
        }
    }
    // Whoever knows an alias or version knows its function.
    for member in resources {
        if let Some(why) = told.get(&*member.key.text).cloned() {
            let of = ["AWS::Lambda::Alias", "AWS::Lambda::Version"];
            let qualifies = member
                .value
                .str("Type")
                .is_some_and(|kind| of.contains(&kind));
            let function = member.value.at(&["Properties", "FunctionName"]);
            for name in function.filter(|_| qualifies).into_iter().flat_map(names) {
                told.entry(name).or_insert_with(|| why.clone());
            }
        }
    }
    told
}

fn is_outside(member: &Member, catalogue: &Catalogue) -> bool {
    const STACKS: [&str; 3] = [
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::StackSet",
        "AWS::Serverless::Application",
    ];
    let kind = member.value.str("Type").unwrap_or("");
    let is_custom = kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource";
    let is_known = || {
        let mut sources = catalogue.push.iter();
        sources.any(|source| source.templates.iter().any(|told| told.is_of(kind)))
    };
    STACKS.contains(&kind) || kind.ends_with("::MODULE") || (is_custom && !is_known())
}

/// The names that a part of a template refers to; that of the function behind a custom resource is
/// left out.
pub(super) fn names(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Some(name) = node.str("Ref") {
            names.push(name.to_owned());
        }
        if let Some(given) = node.get("Fn::GetAtt") {
            let first = given.as_str().or_else(|| given.items().first()?.as_str());
            let name = first.and_then(|text| text.split('.').next());
            names.extend(name.map(str::to_owned));
        }
        if let Some(given) = node.get("Fn::Sub") {
            let text = given.as_str().or_else(|| given.items().first()?.as_str());
            let places = places(text.unwrap_or(""));
            names.extend(places.into_iter().filter_map(|place| match place {
                Place::Name(name) => Some(name.split('.').next().unwrap_or(name).to_owned()),
                _ => None,
            }));
        }
        open.extend(node.items());
        let members = node.members().iter();
        let told = members.filter(|member| {
            !["ServiceToken", "DependsOn", "Metadata"].contains(&&*member.key.text)
        });
        open.extend(told.map(|member| &member.value));
    }
    names
}
