//! Bodies of AWS-managed policies.

use std::collections::BTreeMap;

use crate::document::{Fields, Node};
use crate::finding::Problem;

/// AWS-managed policies whose body is known, found by the end of their ARN.
#[derive(Debug, Default)]
pub struct ManagedPolicies {
    bodies: BTreeMap<String, Node>,
}

impl ManagedPolicies {
    pub(super) fn add(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "a managed policy", problems) else {
            return;
        };
        let path = fields.text("path").map(str::to_owned);
        let document = fields.required("document").cloned();
        fields.optional_text("version");
        fields.finish();
        if let (Some(path), Some(document)) = (path, document) {
            self.bodies.insert(path, document);
        }
    }

    /// The document of an AWS-managed policy, in any partition.
    #[must_use]
    pub fn document(&self, arn: &str) -> Option<&Node> {
        let (_, path) = arn.split_once(":iam::aws:policy/")?;
        self.bodies.get(path)
    }
}
