//! Roles of a template, each with the policies that other resources attach to it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html>

use super::Resource;
use crate::document::{Node, Text};
use crate::model::LoneType;
use crate::source::Span;

/// The roles that a template declares, and the managed policies, as answers of IAM. `more` is what
/// may give the roles policies that are not seen.
pub(super) fn roles(resources: &[Resource], more: Option<&str>) -> Vec<Node> {
    let roles = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::Role"));
    let mut answers: Vec<Node> = roles.map(|role| answer(role, resources, more)).collect();
    let managed = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::ManagedPolicy"));
    answers.extend(managed.filter_map(managed_policy));
    answers
}

fn answer(role: &Resource, resources: &[Resource], more: Option<&str>) -> Node {
    let span = role.node.span;
    let name = role
        .reference()
        .cloned()
        .unwrap_or_else(|| Text::from(role.logical_id()));
    let mut members = vec![
        ("RoleName", Node::text(name.clone(), span)),
        ("LogicalId", Node::text(role.logical_id(), span)),
        (
            "RolePolicyList",
            Node::array(inline(role, &name, resources, more), span),
        ),
        (
            "AttachedManagedPolicies",
            Node::array(attached(role, &name, resources), span),
        ),
    ];
    members.extend(role.node.get("Arn").map(|arn| ("Arn", arn.clone())));
    let trust = role
        .property("AssumeRolePolicyDocument")
        .filter(|trust| trust.is_object());
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
    const OF_RESOURCES: [&str; 4] = [
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::S3::BucketPolicy",
        "AWS::ECR::Repository",
    ];
    let roles: Vec<&Text> = resources
        .iter()
        .filter(|resource| resource.is("AWS::IAM::Role"))
        .filter_map(Resource::reference)
        .collect();
    let is_of_a_role = |policy: &Resource| {
        let listed = ["Roles", "RoleName"]
            .iter()
            .filter_map(|name| policy.property(name));
        listed
            .flat_map(Node::each)
            .filter_map(Node::as_text)
            .any(|name| roles.contains(&name))
    };
    let typed = resources.iter().filter_map(|policy| {
        let of_type = match policy.kind() {
            "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" if !is_of_a_role(policy) => {
                LoneType::Identity
            }
            "AWS::IAM::UserPolicy" | "AWS::IAM::GroupPolicy" => LoneType::Identity,
            kind if OF_RESOURCES.contains(&kind) => LoneType::Resource,
            _ => return None,
        };
        let document = policy
            .property("PolicyDocument")
            .or(policy.property("RepositoryPolicyText"))?;
        is_known(document).then(|| (of_type, document.clone()))
    });
    typed.collect()
}

/// The policies in a role, and those that other resources put into it. What is not known of one
/// is a policy without a document beside it.
fn inline(role: &Resource, name: &Text, resources: &[Resource], more: Option<&str>) -> Vec<Node> {
    let own = role
        .property("Policies")
        .map_or(&[][..], Node::each)
        .iter()
        .cloned();
    let list = resources.iter().filter(|policy| {
        let lists = |member: &str| {
            let roles = policy.property(member).map_or(&[][..], Node::each);
            roles.iter().any(|listed| listed.as_text() == Some(name))
        };
        policy.is("AWS::IAM::Policy") && lists("Roles")
            || policy.is("AWS::IAM::RolePolicy") && lists("RoleName")
    });
    let others = list.filter_map(|policy| policy.node.get("Properties").cloned());
    let more = more.map(|what| unknown(what, role.node.span));
    own.chain(others)
        .flat_map(|policy| known_part(&policy))
        .chain(more)
        .collect()
}

/// A policy with the statements that are known and, where some are not, a policy that stands for
/// them.
fn known_part(policy: &Node) -> Vec<Node> {
    let name = policy.str("PolicyName").unwrap_or("a policy");
    let Some(document) = policy
        .get("PolicyDocument")
        .filter(|document| document.is_object())
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
fn attached(role: &Resource, name: &Text, resources: &[Resource]) -> Vec<Node> {
    let own = role
        .property("ManagedPolicyArns")
        .map_or(&[][..], Node::each)
        .iter()
        .cloned();
    let naming = resources.iter().filter(|policy| {
        let roles = policy.property("Roles").map_or(&[][..], Node::each);
        policy.is("AWS::IAM::ManagedPolicy")
            && roles.iter().any(|listed| listed.as_text() == Some(name))
    });
    let others = naming.filter_map(|policy| policy.node.get("Ref").cloned());
    let mut arns: Vec<Node> = own.collect();
    for arn in others {
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    }
    arns.into_iter()
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
fn is_known(document: &Node) -> bool {
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    document.is_object() && statements.iter().all(Node::is_object)
}
