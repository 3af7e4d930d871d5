//! Terraform and OpenTofu: configuration as resources of the types that CloudFormation gives them.
//!
//! Owns the evaluation of expressions, modules and repeated blocks, and what a resource or data source is in terms of
//! CloudFormation. It must not know which permission a resource needs.

mod beside;
mod blocks;
mod calls;
mod configuration;
mod declaration;
mod evaluated;
mod evaluation;
mod evaluator;
mod expansion;
mod extensions;
mod fault;
mod file_paths;
mod functions;
mod instance;
mod loops;
mod mapping;
mod mentions;
mod module;
mod names;
mod operators;
mod paths;
mod pieces;
mod places;
mod plan;
mod policy_document;
mod providers;
mod references;
mod resources;
mod steps;
mod template_data;
mod templates;
#[cfg(test)]
mod tests;
mod texts;
mod type_constraints;
mod uncertain;
mod values;
mod variables;
mod view;
#[cfg(test)]
mod whole_modules;

use crate::catalogue::Catalogue;
use crate::input::infra::{Deployment, Resource, types};
use crate::source::SourceMap;
use crate::syntax::Node;

pub(super) use beside::Beside;
pub(crate) use configuration::is_configuration;
pub(super) use configuration::{Configuration, Given, RootModule};
pub(crate) use mentions::{Mention, has_ending, mentions};
pub(super) use plan::{GivenPlace, WrittenPlaces, is_plan_or_state};
pub(super) use values::of_file;
pub(crate) use view::{Declared, ModuleView, Repeats, type_of};

/// The property with the name of a role.
const ROLE_NAME: &str = "RoleName";

/// The folder of a file, as root modules are known by it.
pub(super) fn folder_of(path: &str) -> String {
    file_paths::folder(&file_paths::normal(path)).to_owned()
}

/// What a root module deploys, as resources with everything resolved.
pub(super) fn deployment(
    root: &RootModule,
    sources: &mut SourceMap,
    catalogue: &Catalogue,
) -> Deployment {
    let resources = resources::resources(&root.instances, sources, catalogue);
    of_resources(uncertain::apart(resources, &root.uncertain, catalogue))
}

/// What a plan or state declares, which is at a path; findings have the places at which configuration beside it
/// writes something, where these are known.
pub(super) fn planned(
    document: (&Node, &str),
    given: &GivenPlace,
    written: Option<&dyn WrittenPlaces>,
    sources: &mut SourceMap,
    catalogue: &Catalogue,
) -> Deployment {
    let instances = plan::instances(document, given, written, catalogue);
    of_resources(resources::resources(&instances, sources, catalogue))
}

fn of_resources(mut resources: Vec<Resource>) -> Deployment {
    // A name that an expression gives, and that is not known, can be one that the provider makes up.
    let roles = resources
        .iter_mut()
        .filter(|resource| resource.is(types::ROLE));
    for role in roles.filter(|role| role.property(ROLE_NAME).is_none()) {
        let name = Node::text(role.reference.clone(), role.name_span);
        role.properties = role.properties.with(ROLE_NAME, name);
    }
    Deployment {
        resources,
        adds_more: None,
        ignored: Vec::new(),
        references: Vec::new(),
    }
}
