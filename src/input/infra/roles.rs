//! Roles, each with the policies that other resources attach to it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html>

use std::collections::{HashMap, HashSet};

use super::names::may_equal;
use super::resource::Resource;
use super::types;
use crate::catalogue::{Catalogue, Grantee};
use crate::input::emitter::Emitter;
use crate::input::facts::{
    AttachedPolicy, Boundary, InlinePolicy, ManagedDocument, RoleFact, RoleOrigin, push,
};
use crate::input::policy;
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// Emits the roles and the managed policies. `adds_more` is what may attach policies to any role
/// that are not declared here.
pub(super) fn emit(
    resources: &[Resource],
    adds_more: Option<&str>,
    catalogue: &Catalogue,
    emitter: &mut Emitter<'_>,
    scope: &Scope,
) {
    let attachments = Attachments::of(resources, catalogue);
    for role in resources.iter().filter(|resource| resource.is(types::ROLE)) {
        let fact = role_fact(role, &attachments, adds_more, emitter);
        push(&mut emitter.facts.roles, fact, scope);
    }
    let managed = resources.iter().filter(|r| r.is(types::MANAGED_POLICY));
    for policy in managed {
        let written = policy.property("PolicyDocument");
        if let Some(document) = written.filter(|document| document.is_object()) {
            // What a transform writes by itself is not the user's to correct.
            let document = match policy.generated.document {
                true => policy::regular(document),
                false => emitter.policy_document(document, LoneType::Identity),
            };
            let fact = ManagedDocument {
                arn: Some(policy.reference.clone()),
                document,
                is_alone: false,
            };
            push(&mut emitter.facts.managed_documents, fact, scope);
        }
    }
}

/// Emits the documents of policies that belong to no role here: those of other roles, of users and
/// groups, and of resources.
pub(super) fn emit_unattached(
    resources: &[Resource],
    catalogue: &Catalogue,
    emitter: &mut Emitter<'_>,
) {
    let roles = resources.iter().filter(|r| r.is(types::ROLE));
    let roles: HashSet<&Text> = roles.map(|role| &role.reference).collect();
    // What a transform writes by itself is not the user's to correct.
    for policy in resources.iter().filter(|policy| !policy.generated.document) {
        let shape = catalogue.template_resource(&policy.type_name);
        let identity = shape.and_then(|shape| shape.identity_policy_property.as_deref());
        let is_attached = || roles_of(policy, catalogue).any(|name| roles.contains(name));
        let (of_type, document) = match identity {
            Some(_) if is_attached() => continue,
            Some(property) => (LoneType::Identity, policy.property(property)),
            None => (LoneType::Resource, policy.resource_policy(shape)),
        };
        if let Some(document) = document.filter(|document| document.is_object()) {
            emitter.regular(document, of_type);
        }
    }
}

/// Policies by the names of the roles that they attach themselves to.
struct Attachments<'r> {
    by_role: HashMap<Text, Vec<&'r Resource>>,
    /// Names that are no role's here and may turn out to be one, with the policy that has them.
    open: Vec<(&'r Text, &'r Resource)>,
}

impl<'r> Attachments<'r> {
    fn of(resources: &'r [Resource], catalogue: &Catalogue) -> Self {
        let mut by_role: HashMap<Text, Vec<&Resource>> = HashMap::new();
        let mut open = Vec::new();
        let roles = resources.iter().filter(|resource| resource.is(types::ROLE));
        // A parameter is presumed to have its default.
        let declared: HashSet<Text> = roles.map(|role| role.reference.filled()).collect();
        for policy in resources {
            for name in roles_of(policy, catalogue) {
                let presumed = name.filled();
                let is_declared = declared.contains(&presumed);
                by_role.entry(presumed).or_default().push(policy);
                if !is_declared {
                    open.push((name, policy));
                }
            }
        }
        Attachments { by_role, open }
    }

    /// Why a role may have more policies: some policy names a role that is not known.
    fn unknown(&self, role: &Text) -> Option<String> {
        let mut open = self.open.iter();
        let (_, policy) = open.find(|(name, _)| may_equal(name, role))?;
        Some(format!("which role `{}` applies to", policy.logical_id))
    }
}

/// The names of the roles that a policy attaches itself to.
fn roles_of<'r>(policy: &'r Resource, catalogue: &Catalogue) -> impl Iterator<Item = &'r Text> {
    let shape = catalogue.template_resource(&policy.type_name);
    let grants = shape.and_then(|shape| shape.grants.as_ref());
    let grants = grants.filter(|grants| grants.to == Grantee::Role);
    let listed = grants.and_then(|grants| policy.property(&grants.property));
    let listed = listed.map_or(&[][..], Node::each);
    listed.iter().filter_map(Node::as_text)
}

fn role_fact(
    role: &Resource,
    attachments: &Attachments<'_>,
    adds_more: Option<&str>,
    emitter: &mut Emitter<'_>,
) -> RoleFact {
    let attached = attachments.by_role.get(&role.reference.filled());
    let attached = attached.map_or(&[][..], Vec::as_slice);
    let unknown = adds_more.or(role.external_grant.as_deref());
    let unknown = unknown.map(str::to_owned);
    // A name that is given beforehand is none that CloudFormation makes up.
    let is_named = role.property("RoleName").is_some();
    let by_name = || attachments.unknown(&role.reference).filter(|_| is_named);
    let unknown = unknown.or_else(by_name);
    let trust = role.property("AssumeRolePolicyDocument");
    let trust = trust.filter(|trust| trust.is_object() || trust.as_text().is_some());
    let trust = trust.map(|trust| emitter.policy_document(trust, LoneType::Trust));
    let boundary = role.property("PermissionsBoundary");
    RoleFact {
        name: Some(role.reference.clone()),
        arn: role.arn.clone(),
        logical_id: Some(role.logical_id.clone()),
        trust,
        inline: Some(inline(role, attached, emitter)),
        attached: Some(managed(role, attached)),
        boundary: boundary.map(|arn| Boundary {
            arn: Some(arn.clone()),
            document: None,
            span: arn.span,
        }),
        unknown_policies: unknown,
        origin: RoleOrigin {
            function: role.generated.function.clone(),
            named_by: role.generated.named_by.clone(),
        },
        details: Node::object([], role.span),
    }
}

/// The policies in a role, and those that other resources put into it.
fn inline(role: &Resource, attached: &[&Resource], emitter: &mut Emitter<'_>) -> Vec<InlinePolicy> {
    let own = role.property("Policies").map_or(&[][..], Node::each);
    let generated = &role.generated.inline_documents;
    let own = own.iter().enumerate();
    let own = own.map(|(index, policy)| (policy, generated.contains(&index)));
    let others = attached
        .iter()
        .filter(|policy| !policy.is(types::MANAGED_POLICY))
        .map(|policy| (&policy.properties, policy.generated.document));
    let mut policies = Vec::new();
    for (policy, is_generated) in own.chain(others) {
        let (known, others) = known_part(policy);
        policies.extend(known.map(|document| InlinePolicy {
            name: policy.get("PolicyName").and_then(Node::as_text).cloned(),
            document: Some(match is_generated {
                true => policy::regular(&document),
                false => emitter.policy_document(&document, LoneType::Identity),
            }),
            span: policy.span,
        }));
        policies.extend(others.then(|| unknown(policy, policy.span)));
    }
    policies
}

/// The statements of a policy that are known, as a document, and whether there are others.
fn known_part(policy: &Node) -> (Option<Node>, bool) {
    let document = policy
        .get("PolicyDocument")
        .filter(|document| document.is_object() || document.as_text().is_some());
    let Some(document) = document else {
        return (None, true);
    };
    let statements = document.get("Statement").map_or(&[][..], Node::each);
    let others = statements.iter().any(|node| node.as_hole().is_some());
    (policy::known_part(document), others)
}

/// A policy that stands for statements which are not known.
fn unknown(policy: &Node, span: Span) -> InlinePolicy {
    let name = policy.str("PolicyName").unwrap_or("a policy");
    InlinePolicy {
        name: Some(Text::from(name)),
        document: None,
        span,
    }
}

/// The managed policies that a role names, and those that name the role.
fn managed(role: &Resource, attached: &[&Resource]) -> Vec<AttachedPolicy> {
    let own = role
        .property("ManagedPolicyArns")
        .map_or(&[][..], Node::each);
    let naming = attached
        .iter()
        .filter(|policy| policy.is(types::MANAGED_POLICY))
        .map(|policy| Node::text(policy.reference.clone(), policy.name_span));
    let mut seen = HashSet::new();
    let arns = own.iter().cloned().chain(naming);
    arns.filter(|arn| {
        let text = arn.as_text();
        text.is_none_or(|text| seen.insert(text.clone()))
    })
    .map(|arn| AttachedPolicy {
        name: None,
        document: None,
        span: arn.span,
        arn: Some(arn),
    })
    .collect()
}
