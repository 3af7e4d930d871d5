//! The inventory: functions, each joined with its role, policies, mappings and triggers.
//!
//! Owns the inventory, which is a document in the shapes of AWS's own APIs, and views over it.
//! Members in PascalCase are AWS's, members in camelCase are ours. A missing member is
//! unknown; an empty list or `null` means that there is none. It must not depend on an input dialect or
//! make decisions.

mod function;
mod inventory;
pub(crate) mod members;
mod organization;
mod policy_bundle;
mod resource_policies;
mod role;
pub(crate) mod shape;
mod trigger;
mod wrong_reference;

pub use function::{Function, FunctionName, unknown_because};
pub use inventory::{Inventory, LonePolicy, LoneType, MissingInput};
pub use organization::{Level, Organization, OrganizationPolicy};
pub use policy_bundle::{BundledPolicy, PolicyBundle};
pub use resource_policies::ResourcePolicies;
pub use role::{Role, RolePolicies};
pub use shape::{Shape, check, inventory_shape, selects_in_functions, unlisted};
pub use trigger::{Mapping, Trigger};
pub use wrong_reference::{Write, WrongReference};
