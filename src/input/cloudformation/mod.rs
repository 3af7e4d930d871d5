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
mod search;
mod stack;
mod stack_context;
mod stacks;
mod tags;
mod template_types;
mod view;
mod wrong_references;

use std::collections::{BTreeMap, HashMap};

use super::infra::Generated;
use super::scope::Scope;
use crate::syntax::Node;

pub(crate) use branches::Branch;
pub(super) use relative_path::beside;
pub(super) use resolve::resolved_alone;
pub(super) use stacks::{StackGroup, Stacks};
pub(super) use tags::long_form;
pub(crate) use tags::{only_if, short_form};
pub(crate) use view::TemplateView;

/// A template as it was read.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) root: Node,
    pub(super) scope: Scope,
    /// The path of its file.
    pub(super) path: String,
    /// Values for parameters and pseudo parameters, unless the user gives others.
    pub(super) values: BTreeMap<String, String>,
    /// What another tool knows of the resources that it made, by their logical ids.
    pub(super) generated: HashMap<String, Generated>,
    /// Whether another tool adds resources that other ones refer to.
    pub(super) declares_more: bool,
    pub(super) places: Places,
}

/// Where the parts of a template are written, as routes of names from the root of its document.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The object of all resources.
    pub(crate) resources: Vec<String>,
    /// The objects with the statements of roles that another tool makes, by logical id: each has a list in the
    /// member that comes last.
    pub(crate) statements: BTreeMap<String, Vec<String>>,
}

impl Default for Places {
    fn default() -> Self {
        Places {
            resources: vec!["Resources".to_owned()],
            statements: BTreeMap::new(),
        }
    }
}

impl Template {
    /// A template as somebody wrote it.
    pub(super) fn written(root: Node, scope: Scope, path: String) -> Self {
        Template {
            root,
            scope,
            path,
            values: BTreeMap::new(),
            generated: HashMap::new(),
            declares_more: false,
            places: Places::default(),
        }
    }
}
