//! Policy documents: made regular, and classified by what they contain.

use std::sync::Arc;

use crate::model::LoneType;
use crate::syntax::{Kind, Member, Node, Text};

/// The versions of the policy language.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
pub(super) const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

/// Whether an object is a policy document.
pub(super) fn is_document(node: &Node) -> bool {
    node.get("Statement").is_some_and(|statement| {
        statement.each().iter().any(is_statement)
            || statement.items().is_empty() && node.get("Version").is_some()
            || has_version(node)
    })
}

/// Whether a value is a policy document, or a text that was meant to be one.
pub(super) fn is_told(node: &Node) -> bool {
    match node.as_text() {
        Some(Text::Known(text)) => text.trim_start().starts_with('{') && text.contains("Statement"),
        Some(_) => true,
        None => is_document(node),
    }
}

/// Whether an object has the version of a policy document.
pub(super) fn has_version(node: &Node) -> bool {
    let version = node.str("Version");
    version.is_some_and(|version| VERSIONS.contains(&version))
}

fn is_statement(node: &Node) -> bool {
    const ELEMENTS: [&str; 5] = ["Effect", "Action", "NotAction", "Resource", "Principal"];
    ELEMENTS.iter().any(|element| node.get(element).is_some())
}

/// What the content of a document makes it: without a principal it is attached to whoever acts,
/// with one it belongs to what its actions work on.
pub(super) fn lone_type(document: &Node) -> LoneType {
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    if !statements.iter().any(names_principal) {
        return LoneType::Identity;
    }
    let services = services(document);
    match services.first().map(String::as_str) {
        Some("sts") if !names_resources_for_identities(statements) => LoneType::Trust,
        _ if services.iter().any(|s| s == "lambda") && names_functions(document) => {
            LoneType::Function
        }
        _ => LoneType::Resource,
    }
}

fn names_principal(statement: &Node) -> bool {
    statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some()
}

/// The services of the actions of the statements that name a principal.
pub(super) fn services(document: &Node) -> Vec<String> {
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    let actions = statements
        .iter()
        .filter(|statement| names_principal(statement))
        .flat_map(|statement| statement.get("Action").map_or(&[][..], Node::each));
    let services = actions
        .filter_map(Node::as_str)
        .filter_map(|action| action.split_once(':'));
    services
        .map(|(service, _)| service.to_ascii_lowercase())
        .collect()
}

/// The entries of `Resource` in all statements.
pub(super) fn resources(document: &Node) -> impl Iterator<Item = &Node> {
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    let resources = statements
        .iter()
        .filter_map(|statement| statement.get("Resource"));
    resources.flat_map(Node::each)
}

/// Whether statements name resources for everybody or for AWS identities alone: policies of VPC endpoints
/// and of organizations do, while IAM refuses a trust policy with a resource.
fn names_resources_for_identities(statements: &[Node]) -> bool {
    let is_identity = |kind: &str| kind == "AWS";
    let for_identities = |statement: &Node| {
        let principal = statement.get("Principal");
        let kinds = principal.map_or(&[][..], Node::members);
        kinds.iter().all(|member| is_identity(&member.key.text))
    };
    let mut named = statements.iter().filter(|s| s.get("Resource").is_some());
    named.any(for_identities)
}

/// Whether the statements are about functions: those of a function policy name the function, others
/// such as the policy of a VPC endpoint need not.
fn names_functions(document: &Node) -> bool {
    let mut texts = resources(document).filter_map(Node::as_str).peekable();
    texts.peek().is_none() || texts.any(|text| text.contains(":function:"))
}

/// Whether the policy that an answer holds by itself is that of something else than a function.
pub(super) fn is_of_other_resource(document: &Node) -> bool {
    let mut texts = resources(document).filter_map(Node::as_str);
    lone_type(document) == LoneType::Resource && !texts.any(|text| text.contains(":function:"))
}

/// The document with lists wherever IAM takes one text without brackets.
pub(super) fn regular(document: &Node) -> Node {
    each_member(document, |member| match &*member.key.text {
        "Statement" => list(&member.value, regular_statement),
        _ => member.value.clone(),
    })
}

fn regular_statement(statement: &Node) -> Node {
    each_member(statement, |member| match &*member.key.text {
        "Action" | "NotAction" | "Resource" | "NotResource" => list(&member.value, Node::clone),
        "Principal" | "NotPrincipal" => {
            each_member(&member.value, |kind| list(&kind.value, Node::clone))
        }
        "Condition" => each_member(&member.value, |operator| {
            each_member(&operator.value, |key| list(&key.value, Node::clone))
        }),
        _ => member.value.clone(),
    })
}

fn list(node: &Node, item: impl Fn(&Node) -> Node) -> Node {
    let items = node.each().iter().map(item).collect();
    Node {
        kind: Kind::Array(Arc::new(items)),
        ..node.clone()
    }
}

/// An object with each value replaced; another kind of value as it is.
fn each_member(node: &Node, value: impl Fn(&Member) -> Node) -> Node {
    let Kind::Object(members) = &node.kind else {
        return node.clone();
    };
    let members: Vec<Member> = members
        .iter()
        .map(|member| Member {
            key: member.key.clone(),
            value: value(member),
        })
        .collect();
    Node {
        kind: Kind::Object(members.into()),
        ..node.clone()
    }
}

/// The document without the statements that are not known; nothing where no statement is known.
pub(super) fn known_part(document: &Node) -> Option<Node> {
    let Some(written) = document.get("Statement") else {
        return Some(document.clone());
    };
    let statements = written.each();
    let known = statements.iter().filter(|node| node.as_hole().is_none());
    let known: Vec<Node> = known.cloned().collect();
    if known.len() == statements.len() {
        return Some(document.clone());
    }
    let known = Some(known).filter(|known| !known.is_empty())?;
    Some(document.with("Statement", Node::array(known, written.span)))
}
