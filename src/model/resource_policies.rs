//! The policies of resources such as queues, topics and keys, by the ARN of the resource.

use std::collections::HashMap;

use crate::syntax::{Node, Text};

/// What the input says of resources and of their own policies.
#[derive(Clone, Debug, Default)]
pub struct ResourcePolicies {
    by_arn: HashMap<Text, Vec<Node>>,
    arns: HashMap<String, Text>,
}

impl ResourcePolicies {
    /// Whether no policy of a resource is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_arn.is_empty()
    }

    /// Adds a resource of which all policies are known; none where it has only the one that AWS gives
    /// it, by which the account decides.
    pub fn add(&mut self, arn: Text, policies: Vec<Node>) {
        self.by_arn.entry(arn).or_default().extend(policies);
    }

    /// Names a resource, as a template does by its logical id.
    pub fn name(&mut self, logical_id: &str, arn: Text) {
        self.arns.insert(logical_id.to_owned(), arn);
    }

    /// The policies of a resource; `None` where they are unknown.
    #[must_use]
    pub fn of(&self, arn: &Text) -> Option<&[Node]> {
        self.by_arn.get(arn).map(Vec::as_slice)
    }

    /// The logical id of the only resource of a service of which the policies are known, by the prefix
    /// of the service.
    #[must_use]
    pub fn only_of(&self, service: &str) -> Option<&str> {
        let is_of = |arn: &Text| {
            let written = arn.with_holes_as("");
            written.split(':').nth(2) == Some(service) && self.by_arn.contains_key(arn)
        };
        let mut known = self.arns.iter().filter(|(_, arn)| is_of(arn));
        let (id, _) = known.next().filter(|_| known.next().is_none())?;
        Some(id)
    }

    /// The ARN of the resource of a template with that logical id.
    #[must_use]
    pub fn arn_of(&self, logical_id: &str) -> Option<&Text> {
        self.arns.get(logical_id)
    }
}
