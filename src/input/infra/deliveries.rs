//! What resources send to queues and topics.

use super::resource::Resource;
use super::resource_index::ResourceIndex;
use crate::input::emitter::Emitter;
use crate::input::facts::{DeliveryFact, push};
use crate::input::scope::Scope;

/// Emits the deliveries of a deployment's resources.
pub(super) fn emit(
    resources: &[Resource],
    index: &ResourceIndex<'_>,
    scope: &Scope,
    emitter: &mut Emitter<'_>,
) {
    let catalogue = index.catalogue();
    for resource in resources {
        let own = catalogue.deliveries.iter();
        for delivery in own.filter(|delivery| delivery.is_of(&resource.type_name)) {
            let from = delivery.from(&resource.properties);
            let from = from.or_else(|| resource.arn.clone());
            for written in delivery.to(&resource.properties) {
                let Some(to) = written.as_text() else {
                    continue;
                };
                let fact = DeliveryFact {
                    sender: delivery.sender.clone(),
                    service: delivery.service.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    encryption: index.encryption_of(to),
                    span: written.span,
                };
                push(&mut emitter.facts.deliveries, fact, scope);
            }
        }
    }
}
