//! Triggers that resources make, as the catalogue spells them.

use super::resource::Resource;
use crate::catalogue::{Catalogue, TriggerExtractor};
use crate::input::emitter::{Emitter, TriggerSource};
use crate::input::facts::DeclaredTrigger;
use crate::input::scope::Scope;
use crate::source::Span;

/// Emits the triggers that resources make, and what else resources say of triggers.
pub(super) fn emit(
    resources: &[Resource],
    origin: Span,
    scope: &Scope,
    catalogue: &Catalogue,
    emitter: &mut Emitter<'_>,
) {
    for resource in resources {
        let is_own = |extractor: &&TriggerExtractor| extractor.reads_type(&resource.type_name);
        let mut root = None;
        let declared = DeclaredTrigger {
            condition: resource.condition.clone(),
        };
        for source in &catalogue.push {
            for extractor in source.cloudformation_resources.iter().filter(is_own) {
                let from = TriggerSource {
                    root: root.get_or_insert_with(|| resource.to_node()),
                    origin,
                    scope,
                    declared: Some(&declared),
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
                };
                emitter.companions(source, extractor, from);
            }
        }
    }
}
