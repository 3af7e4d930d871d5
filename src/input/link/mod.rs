//! Joining: which role, policy, mapping and trigger belongs to which function.
//!
//! Documents are joined by ARN and name; a document that names nothing belongs to the nearest
//! function or role, if it is the only one there.

mod deliveries;
mod function_builder;
mod functions;
mod hints;
mod log_groups;
mod managed_policies;
mod nearest;
mod other_roles;
mod resources;
mod role_builder;
mod roles;
mod shared;
mod triggers;

use super::facts::{Facts, LoneDocument, OrganizationPolicyFact};
use super::hints::Hints;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::iam::{PolicyDocument, PolicyType};
use crate::model::members::{
    CAPACITY_PROVIDERS, DELIVERIES, DOCUMENTS, IGNORED, INPUTS, PACKAGES, PERMISSIONS, REFERENCES,
    RESOURCES, TYPE,
};
use crate::model::{Inventory, Organization, shape};
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
    facts.add_managed_policies(&hints.managed_policies);
    let mut functions = FunctionBuilders::of(&facts);
    functions.assign_function_policies(&mut facts);
    functions.assign_hints(hints, catalogue, problems);
    functions.assign_triggers(&facts, catalogue);
    functions.assign_mappings(&facts, catalogue);
    log_groups::assign(&mut functions, &facts);
    functions.assign_nameless_policies(&mut facts);
    let mut roles = Roles::of(&mut facts, catalogue, sources, problems);
    roles.attach(&mut functions, &mut facts, catalogue);
    roles.attach_to_triggers(&mut functions);
    let resource_policies = resources::policies(&mut facts, catalogue);
    let resources = facts.resources.iter();
    let resources = resources.map(|resource| resources::node(&resource.fact));
    let packages = facts.packages.iter();
    let packages = packages.map(|listing| shape::project(listing, shape::PACKAGE));
    let lone = facts.lone_policies.iter().map(|lone| typed(&lone.fact));
    let functions = functions.finish();
    let providers = roles.with_operators(&facts.capacity_providers);
    let members = [
        (CAPACITY_PROVIDERS, providers),
        (DELIVERIES, deliveries::nodes(&facts, &functions)),
        ("Functions", functions),
        ("Roles", roles.finish()),
        ("Policies", lone.collect()),
        (RESOURCES, resources.collect()),
        (DOCUMENTS, facts.documents.iter().map(typed).collect()),
        (PACKAGES, packages.collect()),
        (PERMISSIONS, facts.permissions),
        (INPUTS, facts.inputs),
        (IGNORED, facts.ignored),
        (REFERENCES, facts.references),
    ];
    let members = members.map(|(name, items)| (name, Node::array(items, NOWHERE)));
    Inventory {
        root: Node::object(members, NOWHERE),
        organization: organization(hints, &facts.organization),
        asked: hints.about_a_function().collect(),
        resource_policies,
    }
}

/// The policies of the organization: those of flags, by level, and those of documents, which do not say
/// where they are attached and count as one more level.
fn organization(hints: &Hints, facts: &[OrganizationPolicyFact]) -> Organization {
    let mut organization = hints.organization.clone();
    let of = |of_type| {
        let own = facts.iter().filter(move |fact| fact.of_type == of_type);
        let read = own.map(|fact| (fact.name.clone(), PolicyDocument::read(&fact.document)));
        read.collect::<Vec<(String, PolicyDocument)>>()
    };
    let (service, resource) = (
        of(PolicyType::ServiceControl),
        of(PolicyType::ResourceControl),
    );
    if !service.is_empty() {
        organization.add_service_control(service);
    }
    if !resource.is_empty() {
        organization.add_resource_control(resource);
    }
    organization
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
