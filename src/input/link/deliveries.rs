//! What is sent to queues and topics from which functions get events.

use std::collections::{HashMap, HashSet};

use crate::input::facts::{DeliveryFact, Facts};
use crate::model::Function;
use crate::model::members::{ENCRYPTION, KEY, SENDER, SERVICE};
use crate::syntax::{Node, Text};

/// The deliveries to encrypted queues and topics from which a function gets events, itself or through
/// others.
pub(super) fn nodes(facts: &Facts, functions: &[Node]) -> Vec<Node> {
    let deliveries = || facts.deliveries.iter().map(|delivery| &delivery.fact);
    if deliveries().next().is_none() {
        return Vec::new();
    }
    let mut senders: HashMap<&Text, Vec<&Text>> = HashMap::new();
    for delivery in deliveries() {
        let from = senders.entry(&delivery.to).or_default();
        from.extend(&delivery.from);
    }
    let mut read = sources(functions);
    let mut open: Vec<&Text> = read.iter().copied().collect();
    while let Some(to) = open.pop() {
        let from = senders.remove(to).unwrap_or_default();
        open.extend(from.into_iter().filter(|from| read.insert(*from)));
    }
    let to_functions = deliveries().filter(|delivery| read.contains(&delivery.to));
    to_functions.filter_map(node).collect()
}

/// The ARNs of what invokes functions and of what Lambda reads for them.
fn sources(functions: &[Node]) -> HashSet<&Text> {
    let functions = functions.iter().map(Function::new);
    let arns = functions.flat_map(|function| {
        let invoking = function
            .triggers()
            .filter_map(|trigger| trigger.source_arn());
        let mappings = function.mappings();
        let polled = mappings.filter_map(|mapping| mapping.node.get("EventSourceArn")?.as_text());
        invoking.chain(polled).collect::<Vec<&Text>>()
    });
    arns.collect()
}

fn node(delivery: &DeliveryFact) -> Option<Node> {
    let text = |text: &str| Node::text(text, delivery.span);
    let encryption = delivery.encryption.clone()?;
    let key = encryption.get(KEY)?.clone();
    Some(Node::object(
        [
            (SENDER, text(&delivery.sender)),
            (SERVICE, text(&delivery.service)),
            ("Arn", Node::text(delivery.to.clone(), delivery.span)),
            (KEY, key),
            (ENCRYPTION, encryption),
        ],
        delivery.span,
    ))
}
