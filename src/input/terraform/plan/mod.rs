//! Plans and states of Terraform, and of OpenTofu, as JSON.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format>

mod body;
mod configuration;
mod lookup;
mod meaning;
mod path;
mod planned;
mod providers;
mod reference;
mod resolver;
mod roles;
mod state;
mod written;

use std::sync::Arc;

use super::instance::Instance;
use crate::catalogue::Catalogue;
use crate::syntax::Node;
use resolver::Resolver;

pub(in crate::input) use providers::GivenPlace;
pub(in crate::input) use written::WrittenPlaces;

/// Whether a document is a plan or state that is read.
pub(in crate::input) fn is_plan_or_state(root: &Node) -> bool {
    let is_shown = |name: &str| root.at(&[name, "root_module"]).is_some_and(Node::is_object);
    is_shown("planned_values") || is_shown("values") || state::is_stored(root)
}

/// The instances of a plan or state, which is at a path, with the places at which configuration beside it writes
/// them.
pub(super) fn instances(
    (root, path): (&Node, &str),
    given: &GivenPlace,
    written: Option<&dyn WrittenPlaces>,
    catalogue: &Catalogue,
) -> Vec<Instance> {
    let instances = read(root, path, given, catalogue);
    match written {
        Some(written) => {
            let each = instances.into_iter();
            each.map(|instance| written::placed(instance, written))
                .collect()
        }
        None => instances,
    }
}

fn read(root: &Node, path: &str, given: &GivenPlace, catalogue: &Catalogue) -> Vec<Instance> {
    let id: Arc<str> = format!("terraform:{path}").into();
    if root.get("planned_values").is_some() {
        return Resolver::of_plan(root, (id, given), catalogue).instances();
    }
    if state::is_stored(root) {
        let state = state::shown(root);
        return Resolver::of_state(&state, (id, given), catalogue).instances();
    }
    Resolver::of_state(root, (id, given), catalogue).instances()
}
