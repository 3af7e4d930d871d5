//! What may be granted elsewhere: a nested stack whose template was not read, a module or a custom
//! resource can grant more to the functions and roles whose names it is given.

use std::collections::HashMap;

use super::partial_string::{Place, places};
use super::template_types::{
    CUSTOM, CUSTOM_RESOURCE, MODULE, SERVERLESS_APPLICATION, STACK, STACK_SET,
};
use crate::catalogue::Catalogue;
use crate::input::infra::types;
use crate::syntax::{Member, Node};

/// The names that such resources of a template are given, and why more may be granted to what they
/// name. `is_read` knows the nested stacks whose templates were read.
pub(super) fn of(
    template: &Node,
    catalogue: &Catalogue,
    is_read: &dyn Fn(&str) -> bool,
) -> HashMap<String, String> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let mut grants = HashMap::new();
    let can_grant = some_can_grant(template, catalogue);
    for member in resources {
        let is_harmless = || !can_grant && is_handled_here(template, member);
        if is_read(&member.key.text) || !is_outside(member, catalogue) || is_harmless() {
            continue;
        }
        for name in names(&member.value) {
            let why = format!("what `{}` does with it", member.key.text);
            grants.entry(name).or_insert(why);
        }
    }
    // Whoever knows an alias or version knows its function.
    for member in resources {
        if let Some(why) = grants.get(&*member.key.text).cloned() {
            let qualified = [types::ALIAS, types::VERSION];
            let qualifies = member
                .value
                .str("Type")
                .is_some_and(|name| qualified.contains(&name));
            let function = member.value.at(&["Properties", "FunctionName"]);
            for name in function.filter(|_| qualifies).into_iter().flat_map(names) {
                grants.entry(name).or_insert_with(|| why.clone());
            }
        }
    }
    grants
}

/// Whether a function of the template handles a custom resource, with a role of the template.
fn is_handled_here(template: &Node, member: &Member) -> bool {
    let token = member.value.at(&["Properties", "ServiceToken"]);
    let mut handlers = token.into_iter().flat_map(names);
    handlers.any(|name| {
        let role = template.at(&["Resources", &name, "Properties", "Role"]);
        let mut roles = role.into_iter().flat_map(names);
        roles.any(|role| {
            let kind = template.at(&["Resources", &role, "Type"]);
            kind.and_then(Node::as_str) == Some(types::ROLE)
        })
    })
}

/// Whether some statement or managed policy of a template lets somebody change the policies of
/// functions or roles, or is not known to let nobody.
fn some_can_grant(template: &Node, catalogue: &Catalogue) -> bool {
    let Some(custom) = catalogue.template_resource(CUSTOM_RESOURCE) else {
        return true;
    };
    let [changes, managed] = &custom.granting;
    let changes: Vec<String> = changes.iter().map(|action| action.to_lowercase()).collect();
    let is_managed = |text: &str| {
        let name = text.rsplit('/').next().unwrap_or(text);
        managed.iter().any(|managed| managed == name)
    };
    template.walk().any(|node| {
        may_allow(node, &changes)
            || attaches_unknown(node, template)
            || node.as_str().is_some_and(is_managed)
    })
}

/// Whether a node is a statement that allows one of these actions, in lower case, or may.
fn may_allow(node: &Node, changes: &[String]) -> bool {
    let may_change = |action: &Node| {
        action.as_str().is_none_or(|action| {
            let action = action.to_lowercase();
            let (start, _) = action.split_once(['*', '?']).unwrap_or((&action, ""));
            let is_open = start.len() < action.len();
            let mut changes = changes.iter();
            changes.any(|change| *change == action || is_open && change.starts_with(start))
        })
    };
    let actions = node.get("Action").map_or(&[][..], Node::each);
    let is_statement = node.get("Effect").is_some();
    is_statement && actions.iter().any(may_change) || node.get("NotAction").is_some()
}

/// Whether a role has a managed policy that another template or a parameter names.
fn attaches_unknown(role: &Node, template: &Node) -> bool {
    let arns = role.get("ManagedPolicyArns").map_or(&[][..], Node::each);
    arns.iter().any(|arn| {
        let mut names = names(arn).into_iter();
        let is_here =
            |name: &str| name.starts_with("AWS::") || template.at(&["Resources", name]).is_some();
        arn.get("Fn::ImportValue").is_some() || names.any(|name| !is_here(&name))
    })
}

fn is_outside(member: &Member, catalogue: &Catalogue) -> bool {
    const STACKS: [&str; 3] = [STACK, STACK_SET, SERVERLESS_APPLICATION];
    let kind = member.value.str("Type").unwrap_or("");
    let is_custom = kind.starts_with(CUSTOM) || kind == CUSTOM_RESOURCE;
    let is_known = || {
        let mut sources = catalogue.push.iter();
        sources.any(|source| {
            source
                .cloudformation_resources
                .iter()
                .any(|extractor| extractor.reads_type(kind))
        })
    };
    STACKS.contains(&kind) || kind.ends_with(MODULE) || (is_custom && !is_known())
}

/// The names that a part of a template refers to; that of the function that handles a custom resource
/// is left out.
pub(super) fn names(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    let given =
        |member: &Member| !["ServiceToken", "DependsOn", "Metadata"].contains(&&*member.key.text);
    for node in node.walk_where(given) {
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
    }
    names
}
