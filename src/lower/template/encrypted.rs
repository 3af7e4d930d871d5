//! Resources that a key of the template encrypts.

use std::collections::HashMap;

use super::{Resource, roles};
use crate::document::{Node, Text};

/// The key of each resource that is encrypted with one of the template, by the ARN of the resource.
pub(super) struct Encrypted<'r> {
    keys: HashMap<&'r Text, &'r Resource>,
}

impl<'r> Encrypted<'r> {
    pub(super) fn of(resources: &'r [Resource]) -> Self {
        let keys = resources.iter().filter(|key| key.is("AWS::KMS::Key"));
        // A key goes by its id and by its ARN.
        let named: HashMap<&Text, &Resource> = keys
            .flat_map(|key| {
                [key.reference(), key.arn()]
                    .into_iter()
                    .flatten()
                    .zip([key, key])
            })
            .collect();
        let encrypted = resources.iter().filter_map(|resource| {
            let key = resource.node.get("key")?.as_text()?;
            Some((resource.arn()?, *named.get(key)?))
        });
        Encrypted {
            keys: encrypted.collect(),
        }
    }

    /// The key of a resource: its ARN, and its policy if there is one. Nothing where not all of the
    /// policy is known.
    pub(super) fn by(&self, resource: &Text) -> Option<Node> {
        let key = self.keys.get(resource)?;
        let span = key.node.span;
        let arn = Node::text(key.arn()?.clone(), span);
        let policy = key.node.get("policy");
        if policy.is_some_and(|policy| !roles::is_known(policy)) {
            return None;
        }
        let members = [("key", Some(arn)), ("keyPolicy", policy.cloned())];
        let members = members
            .into_iter()
            .filter_map(|(name, node)| Some((name, node?)));
        Some(Node::object(members, span))
    }
}
