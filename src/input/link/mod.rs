//! Joining: which role, policy, mapping and trigger belongs to which function.
//!
//! Documents are joined by ARN and name; a document that names nothing belongs to the nearest
//! function or role, if it is the only one there.

mod function_builder;
mod function_builders;
mod managed;
mod role;
mod triggers;

use super::facts::{Facts, LoneDocument};
use super::hints::Hints;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::model::{Inventory, LoneType};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Node;
use function_builders::FunctionBuilders;
use role::Roles;

/// Joins all facts into one inventory.
pub(crate) fn link(
    mut facts: Facts,
    hints: &Hints,
    catalogue: &Catalogue,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Inventory {
    let mut drafts = FunctionBuilders::of(&facts);
    drafts.take_function_policies(&mut facts);
    drafts.take_hints(hints, catalogue, problems);
    drafts.take_triggers(&facts, catalogue);
    drafts.take_mappings(&facts, catalogue);
    drafts.take_nameless_policies(&mut facts);
    let mut roles = Roles::of(&mut facts, catalogue, sources, problems);
    roles.join(&mut drafts, &mut facts);
    roles.lend(&mut drafts);
    let resources = facts.resources.iter().map(|r| resource(&r.fact)).collect();
    let lone = facts.lone_policies.iter().map(|lone| typed(&lone.fact));
    let members = [
        ("Functions", drafts.finish()),
        ("Roles", roles.finish()),
        ("Policies", lone.collect()),
        ("Resources", resources),
        ("documents", facts.documents.iter().map(typed).collect()),
        ("Packages", facts.packages),
        ("inputs", facts.inputs),
    ];
    let span = Span::new(FileId::NOWHERE, 0, 0);
    let members = members.map(|(name, items)| (name, Node::array(items, span)));
    Inventory {
        root: Node::object(members, span),
        organization: hints.organization.clone(),
    }
}

fn typed(lone: &LoneDocument) -> Node {
    let span = lone.document.span;
    Node::object(
        [
            ("type", Node::text(lone.of_type.as_str(), span)),
            ("PolicyDocument", lone.document.clone()),
        ],
        span,
    )
}

fn resource(attributes: &Node) -> Node {
    let arn = attributes
        .get("QueueArn")
        .or_else(|| attributes.get("TopicArn"))
        .cloned()
        .unwrap_or_default();
    Node::object(
        [("Arn", arn), ("Attributes", attributes.clone())],
        attributes.span,
    )
}

/// Takes the lone policies of a type that belong somewhere, as `belongs` tells by their scope.
fn take_lone(
    facts: &mut Facts,
    of_type: LoneType,
    mut belongs: impl FnMut(&super::Scope, &Node) -> bool,
) {
    facts
        .lone_policies
        .retain(|lone| lone.fact.of_type != of_type || !belongs(&lone.scope, &lone.fact.document));
}
