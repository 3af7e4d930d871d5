//! The events of functions, in their long forms.
//!
//! <https://www.serverless.com/framework/docs/providers/aws/guide/events>

use std::collections::HashMap;

use super::calls::is_call;
use super::fill::is_set;
use super::service::{Function, Service};
use crate::source::Span;
use crate::syntax::{Kind, Member, Node};

/// An event of a function.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Such as `sqs`.
    pub(super) kind: String,
    /// Its properties; those that a short form stands for have its place.
    pub(super) properties: Node,
    /// Its number among the events of the function, from one.
    pub(super) position: usize,
    /// Its number among those of its kind, from one.
    pub(super) index: usize,
    /// Where it is named.
    pub(super) span: Span,
}

impl Service<'_> {
    /// The events of a function, in their long forms.
    pub(super) fn events_of<'f>(
        &'f self,
        function: &'f Function,
    ) -> impl Iterator<Item = Event> + 'f {
        let written = function.node.get("events").map_or(&[][..], Node::items);
        let mut counts: HashMap<String, usize> = HashMap::new();
        let each = written.iter().enumerate().flat_map(|(at, node)| {
            let members = node.members().iter();
            members.map(move |member| (at + 1, member.clone()))
        });
        let each: Vec<Event> = each
            .flat_map(|(position, member)| self.long_forms(position, &member))
            .map(|mut event| {
                let count = counts.entry(event.kind.clone()).or_default();
                *count += 1;
                event.index = *count;
                event
            })
            .collect();
        each.into_iter()
    }

    /// The events that one stands for: a schedule can have several rates.
    fn long_forms(&self, position: usize, written: &Member) -> Vec<Event> {
        let kind = &*written.key.text;
        let entry = self.data.at(&["events", kind]);
        let value = &written.value;
        if !is_set(value) {
            return Vec::new();
        }
        let short = entry.and_then(|entry| entry.str("short"));
        let properties = match (short, &value.kind) {
            // A call can stand for the ARN as well.
            (Some(short), Kind::Text(_)) => Node::object([(short, value.clone())], value.span),
            (Some(short), Kind::Object(_)) if is_call(value) => {
                Node::object([(short, value.clone())], value.span)
            }
            (_, Kind::Object(_)) => value.clone(),
            _ => Node::object([("", value.clone())], value.span),
        };
        let each = entry.and_then(|entry| entry.str("each"));
        let several = each.and_then(|name| {
            let list = properties.get(name).filter(|list| list.is_array())?;
            Some((name, list.items()))
        });
        let of = |properties: Node| Event {
            kind: kind.to_owned(),
            properties,
            position,
            index: 0,
            span: written.key.span,
        };
        match several {
            Some((name, items)) => {
                let each = items
                    .iter()
                    .map(|item| of(properties.with(name, item.clone())));
                each.collect()
            }
            None => vec![of(properties)],
        }
    }

    /// Whether a function has an event of a kind.
    pub(super) fn has_event(&self, function: &Function, kind: &str) -> bool {
        self.events_of(function).any(|event| event.kind == kind)
    }
}
