//! Statements for the identity policies of a role.

use super::change::{Change, Path, added};
use super::statement::{Wording, statement};
use super::template::{Declared, NOWHERE, Target, object};
use crate::catalogue::{Grantee, InlinePolicies};
use crate::diagnostics::{Allow, NewStatement, PolicyKind};
use crate::input::only_if;
use crate::syntax::{Kind, Node};

/// The version of the policy language that new documents name.
const VERSION: &str = "2012-10-17";

/// Whether a policy is one of those of a role that say what it may do.
pub(super) fn is_of_role(policy: PolicyKind) -> bool {
    matches!(policy, PolicyKind::ExecutionRole | PolicyKind::CallerRole)
}

/// The ways to add statements to documents that are there already, the best first: those that grant
/// something similar, then the others.
pub(super) fn to_documents(
    documents: &[Node],
    allow: &Allow,
    wording: Wording<'_>,
) -> Vec<Vec<Change>> {
    let target = wording.target;
    let is_of_role = is_of_role(allow.policy);
    let paths = allow.documents.iter();
    let paths = paths.filter_map(|span| Path::to(documents, *span));
    let mut found: Vec<(usize, Path, &Node)> = paths
        .filter_map(|path| {
            let document = path.find(documents);
            let document = document.filter(|node| node.is_object() || node.is_array())?;
            // A list of statements stands for a role that another tool makes.
            let is_shared = target.is_some_and(|target| {
                is_of_role && document.is_object() && is_shared(target, document)
            });
            let score = similar(document, &allow.statements);
            (!is_shared).then_some((score, path, document))
        })
        .collect();
    found.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    let ways = found.into_iter().filter_map(|(_, path, document)| {
        let home = target.and_then(|target| target.resource_at(document.span));
        let new = statements(&allow.statements, wording, home.as_ref())?;
        Some(match document.get("Statement") {
            None if document.is_array() => append(path, new),
            Some(_) => append(path.key("Statement"), new),
            None => vec![Change::Insert {
                into: path,
                key: "Statement".to_owned(),
                value: Node::array(new, NOWHERE),
            }],
        })
    });
    ways.collect()
}

/// The way to add statements to a role that a template declares, or to what the role is made for, as a
/// policy of its own.
pub(super) fn to_owner(
    documents: &[Node],
    owner: &Declared<'_>,
    allow: &Allow,
    wording: Wording<'_>,
) -> Option<Vec<Change>> {
    let route = wording.target.and_then(|target| {
        let route = target.view.places.statements.get(owner.name)?;
        Some((target, route.split_last()?))
    });
    if let Some((target, (key, route))) = route {
        let new = statements(&allow.statements, wording, None)?;
        let whole = route
            .iter()
            .fold(target.root.clone(), |path, name| path.key(name));
        let list = whole.key(key);
        if list.find(documents).is_some_and(Node::is_array) {
            return Some(append(list, new));
        }
        let list = (key.as_str(), Node::array(new, NOWHERE));
        return added(documents, &target.root, route, list).map(|change| vec![change]);
    }
    let form = owner.shape?.inline_policies.as_ref()?;
    let new = statements(&allow.statements, wording, Some(owner))?;
    let properties = owner.node.get("Properties");
    let known = properties.and_then(|properties| properties.get(&form.property));
    let entry = entry(form, known, &allow.statements, new);
    let path = owner.path.key("Properties");
    let list = |entry| Node::array(vec![entry], NOWHERE);
    Some(vec![match (properties, known) {
        // What a function returns cannot be added to; a person can.
        (Some(_), Some(known)) if is_call(known) && !wording.is_draft => return None,
        (Some(_), Some(_)) => Change::Append {
            to: path.key(&form.property),
            items: vec![entry],
        },
        (Some(_), None) => Change::Insert {
            into: path,
            key: form.property.clone(),
            value: list(entry),
        },
        (None, _) => Change::Insert {
            into: owner.path.clone(),
            key: "Properties".to_owned(),
            value: object([(form.property.as_str(), list(entry))]),
        },
    }])
}

fn is_call(node: &Node) -> bool {
    match node.members() {
        [only] => only.key.text.starts_with("Fn::") || &*only.key.text == "Ref",
        _ => false,
    }
}

/// Statements for a resource. What refers to something that is made on a condition is there on the same.
fn statements(
    new: &[NewStatement],
    wording: Wording<'_>,
    home: Option<&Declared<'_>>,
) -> Option<Vec<Node>> {
    let made = new.iter().map(|new| {
        let node = statement(new, wording)?;
        let Some(target) = wording.target else {
            return Some(node);
        };
        let mut conditions = target.view.conditions_in(&node);
        let own = home.and_then(|home| target.view.condition(home.name));
        conditions.retain(|condition| Some(*condition) != own);
        let mut conditions = conditions.into_iter();
        match (conditions.next(), conditions.next()) {
            (None, _) => Some(node),
            (Some(condition), None) => Some(only_if(condition, node)),
            // It would need a condition that is both.
            _ => None,
        }
    });
    made.collect()
}

fn append(to: Path, items: Vec<Node>) -> Vec<Change> {
    vec![Change::Append { to, items }]
}

/// A policy for the list of a role's own.
fn entry(
    form: &InlinePolicies,
    known: Option<&Node>,
    new: &[NewStatement],
    nodes: Vec<Node>,
) -> Node {
    let statements = Node::array(nodes, NOWHERE);
    let Some(document) = &form.document else {
        return object([("Statement", statements)]);
    };
    let version = Node::text(VERSION, NOWHERE);
    let written = object([("Version", version), ("Statement", statements)]);
    let name = form.name.as_ref().map(|member| {
        let taken = known.map_or(&[][..], Node::each).iter();
        let taken: Vec<&str> = taken.filter_map(|entry| entry.str(member)).collect();
        (member.as_str(), Node::text(free_name(new, &taken), NOWHERE))
    });
    object(name.into_iter().chain([(document.as_str(), written)]))
}

/// A name for a policy that none of the others has.
fn free_name(new: &[NewStatement], taken: &[&str]) -> String {
    let actions = new.iter().flat_map(|new| &new.actions);
    let mut services = actions.filter_map(|action| action.split(':').next());
    let wanted = format!("allow-{}", services.next().unwrap_or("more"));
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    let mut names = std::iter::once(wanted.clone()).chain(numbered);
    let found = names.find(|name| !taken.contains(&name.as_str()));
    found.unwrap_or(wanted)
}

/// How much a document has in common with new statements: the actions of the same services.
fn similar(document: &Node, new: &[NewStatement]) -> usize {
    let service = |action: &str| {
        action
            .split_once(':')
            .map(|(service, _)| service.to_owned())
    };
    let wanted: Vec<String> = new
        .iter()
        .flat_map(|new| &new.actions)
        .filter_map(|a| service(a))
        .collect();
    let statements = document.get("Statement").unwrap_or(document).each();
    let actions = statements
        .iter()
        .filter_map(|statement| statement.get("Action"));
    let actions = actions.flat_map(Node::each).filter_map(Node::as_str);
    actions
        .filter_map(service)
        .filter(|service| wanted.contains(service))
        .count()
}

/// Whether a document is one of a resource that attaches it to several roles, users or groups: what is
/// added for one would be for all.
fn is_shared(target: &Target<'_>, document: &Node) -> bool {
    let Some(resource) = target.resource_at(document.span) else {
        return false;
    };
    let grants = resource.shape.and_then(|shape| shape.grants.as_ref());
    let Some(grants) = grants.filter(|grants| grants.to == Grantee::Role) else {
        // Of a managed policy that names no role it is not said who has it.
        return resource
            .shape
            .is_some_and(|shape| shape.inline_policies.is_none());
    };
    let properties = resource.node.get("Properties");
    let named = properties.and_then(|properties| properties.get(&grants.property));
    let is_one =
        named.is_some_and(|named| matches!(&named.kind, Kind::Array(items) if items.len() == 1));
    let others = ["Users", "Groups"];
    let has_others = others
        .iter()
        .any(|name| properties.is_some_and(|p| p.get(name).is_some()));
    !is_one || has_others
}
