//! CloudFormation templates, as resources with everything resolved.
//!
//! Owns intrinsic functions, parameters, conditions, nested stacks and the transform of SAM. It must
//! not know which permission a resource needs.

mod attributes;
mod branches;
mod cloud_assembly;
mod comparisons;
mod conditions;
mod cross_stack;
mod embedded_json;
mod evaluation;
mod expression;
mod external_grants;
mod intrinsics;
mod loops;
mod misspelt;
mod parameter;
mod partial_string;
mod references;
mod relative_path;
mod resolve;
mod resource;
mod rules;
mod sam;
mod stack;
mod stack_context;
mod stacks;
mod tags;
mod template_types;
mod view;
mod wrong_references;

use super::scope::Scope;
use crate::syntax::Node;

pub(crate) use branches::Branch;
pub(super) use resolve::resolved_alone;
pub(super) use stacks::{StackGroup, Stacks};
pub(super) use tags::long_form;
pub(crate) use tags::{only_if, short_form};
pub(crate) use view::{Links, TemplateView};

/// A template as it was read.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) root: Node,
    pub(super) scope: Scope,
    /// The path of its file.
    pub(super) path: String,
}
