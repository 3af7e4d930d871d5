//! Joining: which role, policy, mapping and trigger belongs to which function.
//!
//! Documents are joined by ARN and name; a document that names nothing belongs to the nearest
//! function or role, if it is the only one there.

mod function_builder;
mod functions;
mod hints;
mod managed_policies;
mod other_roles;
mod role_builder;
mod roles;
mod shared;
mod triggers;

use super::facts::{Facts, LoneDocument, ResourcePolicyFact, arn_of};
use super::hints::Hints;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::model::members::{DOCUMENTS, IGNORED, INPUTS, PACKAGES, RESOURCES, TYPE};
use crate::model::{Inventory, ResourcePolicies, shape};
use crate::source::SourceMap;
use crate::syntax::Node;
use functions::FunctionBuilders;
use roles::Roles;
use shared::NOWHERE;

/// Joins all facts into one inventory.
pub(crate) fn link(
    mut facts: Facts,
    hints: &Hints,
    catalogue: &Catalogue,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Inventory {
    let mut functions = FunctionBuilders::of(&facts);
    functions.assign_function_policies(&mut facts);
    functions.assign_hints(hints, catalogue, problems);
    functions.assign_triggers(&facts, catalogue);
    functions.assign_mappings(&facts, catalogue);
    functions.assign_nameless_policies(&mut facts);
    let mut roles = Roles::of(&mut facts, catalogue, sources, problems);
    roles.attach(&mut functions, &mut facts, catalogue);
    roles.attach_to_triggers(&mut functions);
    let resources = facts.resources.iter().map(|r| resource(&r.fact)).collect();
    let packages = facts.packages.iter();
    let packages = packages.map(|listing| shape::project(listing, shape::PACKAGE));
    let lone = facts.lone_policies.iter().map(|lone| typed(&lone.fact));
    let members = [
        ("Functions", functions.finish()),
        ("Roles", roles.finish()),
        ("Policies", lone.collect()),
        (RESOURCES, resources),
        (DOCUMENTS, facts.documents.iter().map(typed).collect()),
        (PACKAGES, packages.collect()),
        (INPUTS, facts.inputs),
        (IGNORED, facts.ignored),
    ];
    let members = members.map(|(name, items)| (name, Node::array(items, NOWHERE)));
    Inventory {
        root: Node::object(members, NOWHERE),
        organization: hints.organization.clone(),
        resource_policies: resource_policies(facts.resource_policies),
    }
}

/// The policies of resources, by ARN and by logical id.
fn resource_policies(facts: Vec<ResourcePolicyFact>) -> ResourcePolicies {
    let mut policies = ResourcePolicies::default();
    for fact in facts {
        policies.name(&fact.logical_id, fact.arn.clone());
        policies.add(fact.arn, fact.documents);
    }
    policies
}

fn typed(lone: &LoneDocument) -> Node {
    let span = lone.document.span;
    Node::object(
        [
            (TYPE, Node::text(lone.of_type.as_str(), span)),
            ("PolicyDocument", lone.document.clone()),
        ],
        span,
    )
}

fn resource(attributes: &Node) -> Node {
    let arn = arn_of(attributes).cloned().unwrap_or_default();
    Node::object(
        [("Arn", arn), ("Attributes", attributes.clone())],
        attributes.span,
    )
}
