//! Triggers that resources make, as the catalogue spells them.

use super::resource::Resource;
use super::resource_index::ResourceIndex;
use crate::catalogue::{PushSource, TriggerExtractor};
use crate::input::emitter::{Emitter, TriggerSource};
use crate::input::facts::DeclaredTrigger;
use crate::input::scope::Scope;
use crate::source::Span;
use crate::syntax::{Node, Selector};

/// Emits the triggers that resources make, and what else resources say of triggers.
pub(super) fn emit(
    resources: &[Resource],
    index: &ResourceIndex<'_>,
    origin: Span,
    scope: &Scope,
    emitter: &mut Emitter<'_>,
) {
    let catalogue = index.catalogue();
    for resource in resources {
        let is_own = |extractor: &&TriggerExtractor| extractor.reads_type(&resource.type_name);
        let mut root = None;
        let declared = DeclaredTrigger {
            condition: resource.condition.clone(),
        };
        for source in &catalogue.push {
            let mut configured = None;
            for extractor in source.cloudformation_resources.iter().filter(is_own) {
                let from = TriggerSource {
                    root: root.get_or_insert_with(|| resource.to_node()),
                    origin,
                    scope,
                    declared: Some(&declared),
                    configured: Some(
                        configured.get_or_insert_with(|| with_named(resource, source, index)),
                    ),
                };
                emitter.triggers(source, extractor, from);
            }
            for extractor in source
                .related_cloudformation_resources
                .iter()
                .filter(is_own)
            {
                let from = TriggerSource {
                    root: root.get_or_insert_with(|| resource.to_node()),
                    origin,
                    scope,
                    declared: None,
                    configured: None,
                };
                emitter.companions(source, extractor, from);
            }
        }
    }
}

/// The properties of a resource, with what the deployment says of the resources and keys that they
/// name, as far as the role of the source needs it.
fn with_named(resource: &Resource, source: &PushSource, index: &ResourceIndex<'_>) -> Node {
    let properties = &resource.properties;
    let Some(role) = &source.role else {
        return properties.clone();
    };
    let named = |path: &Selector| {
        let node = path.first(properties)?;
        Some((node.as_text()?, node.span))
    };
    let key = |(arn, span)| {
        let key = index.encryption_of(arn).or_else(|| index.key(arn))?;
        Some(key.with("arn", Node::text(arn.clone(), span)))
    };
    let other = |(arn, _)| index.properties(arn).cloned();
    let keys = role.keys.iter();
    let keys = keys.map(|(name, path)| (name, named(path).and_then(key)));
    let others = role.resources.iter();
    let others = others.map(|(name, path)| (name, named(path).and_then(other)));
    let known = keys
        .chain(others)
        .filter_map(|(name, node)| Some((name, node?)));
    known.fold(properties.clone(), |all, (name, node)| all.with(name, node))
}
