//! What every language of infrastructure shares: resources with everything resolved, as facts.
//!
//! Owns what AWS makes of the resources together: roles with all that is attached to them, functions
//! with their configuration, function policies, and triggers. It must not know in which language a
//! resource is declared.

pub(super) mod arn_formats;
mod configuration;
mod deliveries;
mod functions;
mod log_groups;
mod names;
mod namesakes;
mod permissions;
mod resource;
mod resource_index;
mod resource_policies;
mod roles;
mod triggers;
pub(super) mod types;

use super::emitter::Emitter;
use super::facts::push;
use super::scope::Scope;
use crate::catalogue::Catalogue;
use crate::model::{LoneType, shape};
use crate::source::Span;
use crate::syntax::Node;
use functions::Functions;
use log_groups::LogGroups;
use permissions::FunctionPolicies;
use resource_index::ResourceIndex;

pub(super) use resource::{Generated, Resource};

/// All that is deployed together.
#[derive(Debug)]
pub(super) struct Deployment {
    pub(super) resources: Vec<Resource>,
    /// What can add resources, policies or permissions that are not declared here.
    pub(super) adds_more: Option<String>,
    /// The names of properties that belong to no resource and are ignored, at their places.
    pub(super) ignored: Vec<Node>,
    /// References that give something else than their property takes.
    pub(super) references: Vec<Node>,
}

/// Emits the facts of a deployment, which is written at `origin`.
pub(super) fn emit(
    deployment: &Deployment,
    origin: Span,
    scope: &Scope,
    catalogue: &Catalogue,
    emitter: &mut Emitter<'_>,
) {
    let resources = &namesakes::apart(&deployment.resources, emitter.problems);
    let adds_more = deployment.adds_more.as_deref();
    roles::emit(resources, adds_more, catalogue, emitter, scope);
    let declared = permissions::declared(resources);
    emitter.facts.permissions.extend(declared);
    let functions = Functions::of(resources);
    // A function policy that may have more statements is as good as none.
    let policies = match adds_more {
        Some(more) => FunctionPolicies::none(functions.list.len(), more, resources, catalogue),
        None => permissions::policies(resources, &functions, catalogue),
    };
    let index = ResourceIndex::of(resources, catalogue);
    let log_groups = LogGroups::of(resources, catalogue, adds_more.is_some());
    functions::emit(
        resources,
        &functions,
        (&index, &log_groups),
        &policies.unknown,
        emitter,
        scope,
    );
    if adds_more.is_none() {
        let policies = resource_policies::policies(resources, catalogue);
        emitter.facts.resource_policies.extend(policies);
    }
    roles::emit_unattached(resources, catalogue, emitter);
    let others = resources.iter().filter(|r| !r.is(types::FUNCTION));
    let ignored = others.flat_map(|resource| &resource.generated.ignored);
    let ignored = ignored.chain(&deployment.ignored).cloned();
    emitter.facts.ignored.extend(ignored);
    for document in &policies.of_others {
        emitter.regular(document, LoneType::Function);
    }
    let references = deployment.references.iter().cloned();
    emitter.facts.references.extend(references);
    for policy in policies.known {
        if let Some(policy) = permissions::read(policy, emitter) {
            push(&mut emitter.facts.function_policies, policy, scope);
        }
    }
    for provider in resources.iter().filter(|r| r.is(types::CAPACITY_PROVIDER)) {
        let shaped = shape::project(&provider.properties, shape::CAPACITY_PROVIDER);
        push(&mut emitter.facts.capacity_providers, shaped, scope);
    }
    deliveries::emit(resources, &index, scope, emitter);
    triggers::emit(resources, &index, origin, scope, emitter);
}
