//! The policies of the resources of a deployment: those that are their own, and those that other
//! resources attach.

use std::collections::HashMap;

use super::resource::Resource;
use crate::catalogue::Catalogue;
use crate::input::facts::ResourcePolicyFact;
use crate::input::policy;
use crate::syntax::{Node, Text};

/// The resources of which all policies are known.
pub(super) fn policies(resources: &[Resource], catalogue: &Catalogue) -> Vec<ResourcePolicyFact> {
    let attached = attached(resources, catalogue);
    let known = resources.iter().filter_map(|resource| {
        let arn = resource.arn.as_ref()?;
        let shape = catalogue.template_resource(&resource.type_name);
        let has_own = shape
            .is_some_and(|shape| shape.policy_property.is_some() && shape.policy_targets.is_none());
        let own = resource.resource_policy(shape).filter(|_| has_own);
        let names = [Some(arn), Some(&resource.reference)].into_iter().flatten();
        let mut others: Vec<&Node> = names
            .filter_map(|name| attached.get(name))
            .flatten()
            .copied()
            .collect();
        // A topic goes by its ARN only, and would count twice.
        others.dedup_by_key(|node| node.span);
        let documents: Vec<Node> = own.into_iter().chain(others).cloned().collect();
        let is_listed = has_own || !documents.is_empty();
        let is_known = documents.iter().all(Node::is_object);
        (is_listed && is_known).then(|| ResourcePolicyFact {
            arn: arn.clone(),
            logical_id: Some(resource.logical_id.clone()),
            documents: documents.iter().map(policy::regular).collect(),
        })
    });
    known.collect()
}

/// The policies that resources attach to others, by what names these.
fn attached<'r>(
    resources: &'r [Resource],
    catalogue: &Catalogue,
) -> HashMap<&'r Text, Vec<&'r Node>> {
    let mut attached: HashMap<&Text, Vec<&Node>> = HashMap::new();
    for resource in resources {
        let shape = catalogue.template_resource(&resource.type_name);
        let targets = shape.and_then(|shape| shape.policy_targets.as_deref());
        let named = targets.and_then(|property| resource.property(property));
        let Some(document) = resource.resource_policy(shape) else {
            continue;
        };
        for name in named
            .map_or(&[][..], Node::each)
            .iter()
            .filter_map(Node::as_text)
        {
            attached.entry(name).or_default().push(document);
        }
    }
    attached
}
