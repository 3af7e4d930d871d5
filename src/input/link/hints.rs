//! What flags say of a function, in the form of the inventory.

use super::function_builder::FunctionBuilder;
use super::triggers::node;
use crate::catalogue::Catalogue;
use crate::input::hints::{Hint, Hints};
use crate::model::FunctionName;
use crate::model::members::EVENT_SOURCE;
use crate::syntax::{Hole, Names, Node, Text};

/// Adds what flags say to a function.
pub(super) fn add_hints(builder: &mut FunctionBuilder, hints: &Hints, catalogue: &Catalogue) {
    if let Some(span) = hints.vpc {
        let subnets = Node::array(vec![Node::text("subnet", span)], span);
        builder.configure("VpcConfig", Node::object([("SubnetIds", subnets)], span));
    }
    if let Some(span) = hints.tracing {
        let mode = Node::text("Active", span);
        builder.configure("TracingConfig", Node::object([("Mode", mode)], span));
    }
    if let Some((arn, span)) = &hints.dead_letter {
        let target = Node::text(arn.clone(), *span);
        builder.configure(
            "DeadLetterConfig",
            Node::object([("TargetArn", target)], *span),
        );
    }
    for hint in each_once(&hints.triggers) {
        if let Some(source) = catalogue.push_source(&hint.kind) {
            let mut names = Names::new();
            if let Some(arn) = &hint.arn {
                names.insert("sourceArn".to_owned(), arn.clone());
            }
            let written = Node::object([], hint.span);
            let trigger = node(&written, source, &builder.name, names);
            builder.triggers.push(trigger);
        }
    }
    for hint in each_once(&hints.event_sources) {
        if let Some(node) = hinted_mapping(hint, &builder.name, catalogue) {
            builder.mappings.nodes.push(node);
        }
    }
}

/// The sources that flags name, without those that an earlier flag names.
fn each_once(hints: &[Hint]) -> impl Iterator<Item = &Hint> {
    let is_new = |(index, hint): &(usize, &Hint)| {
        let mut earlier = hints.iter().take(*index);
        !earlier.any(|known| known.kind == hint.kind && known.arn == hint.arn)
    };
    let all = hints.iter().enumerate().filter(is_new);
    all.map(|(_, hint)| hint)
}

fn hinted_mapping(hint: &Hint, function: &FunctionName, catalogue: &Catalogue) -> Option<Node> {
    let source = catalogue.poll_source(&hint.kind)?;
    let arn = hint.arn.clone().or_else(|| {
        let form = source.arn.as_ref()?;
        Some(form.fill(&likely_place(&function.place())))
    });
    let kind = Node::text(hint.kind.as_str(), hint.span);
    let mapping = Node::object([(EVENT_SOURCE, kind)], hint.span);
    Some(match arn {
        Some(arn) => mapping.with("EventSourceArn", Node::text(arn, hint.span)),
        None => mapping,
    })
}

fn likely_place(place: &Names) -> Names {
    place
        .iter()
        .map(|(name, text)| match text.as_str() {
            Some(known) => (name.clone(), Text::hole(Hole::segment(name).likely(known))),
            None => (name.clone(), text.clone()),
        })
        .collect()
}
