//! Roles of a template, each with the policies that other resources attach to it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html>

use std::collections::{HashMap, HashSet};

use super::Resource;
use crate::model::LoneType;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// The roles that a template declares, and the managed policies, as answers of IAM. `more` is what
/// may give the roles policies that are not seen.
pub(super) fn roles(resources: &[Resource], more: Option<&str>) -> Vec<Node> {
    let naming = naming(resources);
    let roles = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::Role"));
    let open = for_any(resources);
    let more_of = |role: &Resource| {
        let is_named = role.property("RoleName").is_some();
        let open = open.as_deref().filter(|_| is_named);
        more.or(role.external_grant()).or(open).map(str::to_owned)
    };
    let mut answers: Vec<Node> = roles
        .map(|role| answer(role, &naming, more_of(role).as_deref()))
        .collect();
    let managed = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::ManagedPolicy"));
    answers.extend(managed.filter_map(managed_policy));
    answers
}

/// Policies by the names of the roles that they are for.
type Naming<'r> = HashMap<&'r Text, Vec<&'r Resource>>;

fn naming(resources: &[Resource]) -> Naming<'_> {
    let mut naming = Naming::new();
    for policy in resources {
        for name in roles_of(policy) {
            naming.entry(name).or_default().push(policy);
        }
    }
    naming
}

/// What a policy may give to any role whose name is not made up for it, where some policy names a
/// role that is not known.
fn for_any(resources: &[Resource]) -> Option<String> {
    let is_open = |name: &Text| name.holes().any(|hole| !hole.is_own());
    let policy = resources
        .iter()
        .find(|policy| roles_of(policy).any(is_open))?;
    Some(format!("which role `{}` is for", policy.logical_id()))
}

/// The names of the roles that a policy puts itself into.
fn roles_of(policy: &Resource) -> impl Iterator<Item = &Text> {
    let member = match policy.kind() {
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => "Roles",
        "AWS::IAM::RolePolicy" => "RoleName",
        _ => "",
    };
    let listed = policy.property(member).map_or(&[][..], Node::each);
    listed.iter().filter_map(Node::as_text)
}

fn answer(role: &Resource, naming: &Naming<'_>, more: Option<&str>) -> Node {
    let span = role.node.span;
    let name = role
        .reference()
        .cloned()
        .unwrap_or_else(|| Text::from(role.logical_id()));
    let policies = naming.get(&name).map_or(&[][..], Vec::as_slice);
    let mut members = vec![
        ("RoleName", Node::text(name.clone(), span)),
        ("LogicalId", Node::text(role.logical_id(), span)),
        (
            "RolePolicyList",
            Node::array(inline(role, policies, more), span),
        ),
        (
            "AttachedManagedPolicies",
            Node::array(attached(role, policies), span),
        ),
    ];
    members.extend(role.node.get("Arn").map(|arn| ("Arn", arn.clone())));
    let implied = ["impliedBy", "namedBy"].into_iter();
    members.extend(implied.filter_map(|name| Some((name, role.property(name)?.clone()))));
    let trust = role
        .property("AssumeRolePolicyDocument")
        .filter(|trust| trust.is_object() || trust.as_text().is_some());
    members.extend(trust.map(|trust| ("AssumeRolePolicyDocument", trust.clone())));
    if let Some(boundary) = role.property("PermissionsBoundary") {
        let boundary = Node::object(
            [("PermissionsBoundaryArn", boundary.clone())],
            boundary.span,
        );
        members.push(("PermissionsBoundary", boundary));
    }
    Node::object([("Role", Node::object(members, span))], span)
}

/// Policies that belong to no role of the template: those of other roles, of users and groups, and
/// of resources.
pub(super) fn loose(resources: &[Resource]) -> Vec<(LoneType, Node)> {
    let roles = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::Role"));
    let roles: HashSet<&Text> = roles.filter_map(Resource::reference).collect();
    let is_of_a_role = |policy: &Resource| roles_of(policy).any(|name| roles.contains(name));
    // What a transform writes by itself is not the user's to mend.
    let written = resources
        .iter()
        .filter(|policy| policy.property("implied").is_none());
    let typed = written.filter_map(|policy| {
        let (of_type, document) = match policy.kind() {
            "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" if is_of_a_role(policy) => return None,
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => (LoneType::Identity, policy.property("PolicyDocument")?),
            _ => (LoneType::Resource, policy.node.get("policy")?),
        };
        is_known(document).then(|| (of_type, document.clone()))
    });
    typed.collect()
}

/// The policies in a role, and those that other resources put into it. What is not known of one
/// is a policy without a document beside it.
fn inline(role: &Resource, policies: &[&Resource], more: Option<&str>) -> Vec<Node> {
    let own = role.property("Policies").map_or(&[][..], Node::each);
    let others = policies
        .iter()
        .filter(|policy| !policy.is("AWS::IAM::ManagedPolicy"))
        .filter_map(|policy| policy.node.get("Properties"));
    let more = more.map(|what| unknown(what, role.node.span).with("open", Node::from(true)));
    own.iter()
        .chain(others)
        .flat_map(known_part)
        .chain(more)
        .collect()
}

/// A policy with the statements that are known and, where some are not, a policy that stands for
/// them.
fn known_part(policy: &Node) -> Vec<Node> {
    let name = policy.str("PolicyName").unwrap_or("a policy");
    let Some(document) = policy
        .get("PolicyDocument")
        .filter(|document| document.is_object() || document.as_text().is_some())
    else {
        return vec![unknown(name, policy.span)];
    };
    let Some(written) = document.get("Statement") else {
        return vec![policy.clone()];
    };
    let (known, others): (Vec<Node>, Vec<Node>) =
        written.each().iter().cloned().partition(Node::is_object);
    if others.is_empty() {
        return vec![policy.clone()];
    }
    let document = document.with("Statement", Node::array(known, written.span));
    vec![
        policy.with("PolicyDocument", document),
        unknown(name, policy.span),
    ]
}

fn unknown(name: &str, span: Span) -> Node {
    Node::object([("PolicyName", Node::text(name, span))], span)
}

/// The managed policies that a role names, and those that name the role.
fn attached(role: &Resource, policies: &[&Resource]) -> Vec<Node> {
    let own = role
        .property("ManagedPolicyArns")
        .map_or(&[][..], Node::each);
    let naming = policies
        .iter()
        .filter(|policy| policy.is("AWS::IAM::ManagedPolicy"))
        .filter_map(|policy| policy.node.get("Ref"));
    let mut seen = HashSet::new();
    let arns = own.iter().chain(naming);
    arns.filter(|arn| arn.as_text().is_none_or(|text| seen.insert(text.clone())))
        .map(|arn| Node::object([("PolicyArn", arn.clone())], arn.span))
        .collect()
}

/// A managed policy as `GetPolicyVersion` tells it, with its ARN.
fn managed_policy(policy: &Resource) -> Option<Node> {
    let document = policy
        .property("PolicyDocument")
        .filter(|document| is_known(document))?;
    let span = policy.node.span;
    let version = Node::object([("Document", document.clone())], document.span);
    let arn = policy.node.get("Ref")?.clone();
    Some(Node::object(
        [("PolicyArn", arn), ("PolicyVersion", version)],
        span,
    ))
}

/// Whether every statement of a document is known.
pub(super) fn is_known(document: &Node) -> bool {
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    document.is_object() && statements.iter().all(Node::is_object)
}
