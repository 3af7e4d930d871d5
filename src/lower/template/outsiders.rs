//! What may be granted elsewhere: a nested stack that is not at hand, a module or a custom resource
//! can give more to the functions and roles that it is told of.

use std::collections::HashMap;

use super::pieces::{Place, places};
use crate::catalogue::Catalogue;
use crate::document::{Member, Node};

const CUSTOM: &str = "AWS::CloudFormation::CustomResource";

/// The names that such resources of a template are told, and why more may be granted to what they
/// name. `is_read` tells the nested stacks whose templates are at hand.
pub(super) fn told(
    template: &Node,
    catalogue: &Catalogue,
    is_read: &dyn Fn(&str) -> bool,
) -> HashMap<String, String> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let mut told = HashMap::new();
    let can_grant = some_can_grant(template, catalogue);
    for member in resources {
        let is_harmless = || !can_grant && is_handled_here(template, member);
        if is_read(&member.key.text) || !is_outside(member, catalogue) || is_harmless() {
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

/// Whether a function of the template itself handles a custom resource.
fn is_handled_here(template: &Node, member: &Member) -> bool {
    let token = member.value.at(&["Properties", "ServiceToken"]);
    let mut handlers = token.into_iter().flat_map(names);
    handlers.any(|name| {
        let kind = template.at(&["Resources", &name, "Type"]);
        let kind = kind.and_then(Node::as_str);
        kind.is_some_and(|kind| kind.ends_with("::Function"))
    })
}

/// Whether some statement or managed policy of a template lets somebody change the policies of
/// functions or roles.
fn some_can_grant(template: &Node, catalogue: &Catalogue) -> bool {
    let Some(custom) = catalogue.template_resource(CUSTOM) else {
        return true;
    };
    let [changes, managed] = &custom.granting;
    let changes: Vec<String> = changes.iter().map(|action| action.to_lowercase()).collect();
    let changes = |action: &str| {
        let action = action.to_lowercase();
        let (start, _) = action.split_once(['*', '?']).unwrap_or((&action, ""));
        let is_open = start.len() < action.len();
        let mut changes = changes.iter();
        changes.any(|change| *change == action || is_open && change.starts_with(start))
    };
    let is_managed = |text: &str| {
        let name = text.rsplit('/').next().unwrap_or(text);
        managed.iter().any(|managed| managed == name)
    };
    let mut open = vec![template];
    while let Some(node) = open.pop() {
        let actions = node.get("Action").map_or(&[][..], Node::each);
        if actions.iter().filter_map(Node::as_str).any(changes) {
            return true;
        }
        if node.as_str().is_some_and(is_managed) {
            return true;
        }
        open.extend(node.items());
        open.extend(node.members().iter().map(|member| &member.value));
    }
    false
}

fn is_outside(member: &Member, catalogue: &Catalogue) -> bool {
    const STACKS: [&str; 3] = [
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::StackSet",
        "AWS::Serverless::Application",
    ];
    let kind = member.value.str("Type").unwrap_or("");
    let is_custom = kind.starts_with("Custom::") || kind == CUSTOM;
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
