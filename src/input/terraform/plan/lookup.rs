//! Looking up what an expression refers to.

use std::sync::Arc;

use super::configuration::ModulePath;
use super::meaning::Referred;
use super::roles::AttributeRoles;
use crate::syntax::Node;

/// What knows the instances of a plan, and the variables and outputs of its modules.
pub(super) trait References<'p> {
    /// What the references of an expression give; of those that lead through variables and outputs, what is at
    /// their end.
    fn values(&self, expression: &Node, from: &Place<'_>) -> Vec<Value>;
    /// What the attributes of types hold.
    fn roles(&self) -> &AttributeRoles<'p>;
    /// What distinguishes its unknown values from those of other plans.
    fn root(&self) -> &Arc<str>;
}

/// Where an expression is evaluated.
pub(super) struct Place<'m> {
    pub(super) module: &'m ModulePath,
    /// The key of the instance that it is of.
    pub(super) key: &'m str,
    /// Whether it must be an ARN.
    pub(super) takes_arn: bool,
}

/// What a reference gives.
pub(super) enum Value {
    /// A value, which may be known in part.
    Of {
        node: Node,
        /// Whether Terraform knows it only after the deployment.
        open: bool,
        /// Whether more usually follows it where it is referred to.
        completed: bool,
    },
    /// A text that is known where the expression is evaluated, but not here.
    Known,
    /// Anything.
    Unclear,
}

impl Value {
    /// The value, where it is one.
    pub(super) fn referred(&self) -> Option<Referred<'_>> {
        match self {
            Value::Of {
                node, completed, ..
            } => Some(Referred {
                node,
                completed: *completed,
            }),
            _ => None,
        }
    }

    /// A value that Terraform knows.
    pub(super) fn known(node: &Node) -> Self {
        let node = node.clone();
        Value::Of {
            node,
            open: false,
            completed: false,
        }
    }

    /// A value that Terraform knows after the deployment.
    pub(super) fn open(node: Node) -> Self {
        Value::Of {
            node,
            open: true,
            completed: false,
        }
    }
}
