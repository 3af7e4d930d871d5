//! Bodies of resources as values: attributes by name, and nested blocks as lists of objects.

use std::sync::Arc;

use super::evaluated::evaluated;
use super::evaluation::{Evaluate, Scope};
use super::loops;
use crate::syntax::hcl::{Block, Body};
use crate::syntax::{Hole, Key, Kind, Member, Node, Text};

/// Arguments and blocks that Terraform keeps for itself.
///
/// <https://developer.hashicorp.com/terraform/language/meta-arguments>
const META: [&str; 8] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
    "timeouts",
];

/// The value of a body.
pub(super) fn body<'c>(evaluator: &dyn Evaluate<'c>, body: &'c Body, scope: &Scope<'c>) -> Node {
    let own = |name: &str| !META.contains(&name);
    let attributes = body.attributes.iter();
    let attributes = attributes.filter(|attribute| own(&attribute.name));
    let mut members: Vec<Member> = attributes
        .map(|attribute| Member {
            key: Key {
                text: Arc::clone(&attribute.name),
                span: attribute.name_span,
            },
            value: evaluated(evaluator, &attribute.value, scope),
        })
        .collect();
    for block in body.blocks.iter().filter(|block| own(&block.kind)) {
        match (&*block.kind, block.labels.first()) {
            ("dynamic", Some(label)) => {
                let made = dynamic(evaluator, block, &label.text, scope);
                add(&mut members, &label.text, block, made);
            }
            _ => {
                let made = vec![self::body(evaluator, &block.body, scope)];
                add(&mut members, &block.kind, block, made);
            }
        }
    }
    Node::new(Kind::Object(members.into()), body.span)
}

/// Adds blocks to those of their name.
fn add(members: &mut Vec<Member>, name: &Arc<str>, block: &Block, made: Vec<Node>) {
    let mut known = members.iter_mut();
    match known.find(|member| member.key.text == *name) {
        Some(member) => {
            let all = member.value.items().iter().cloned().chain(made);
            member.value = Node::array(all.collect(), member.value.span);
        }
        None => members.push(Member {
            key: Key {
                text: Arc::clone(name),
                span: block.kind_span,
            },
            value: Node::array(made, block.span),
        }),
    }
}

/// <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>
fn dynamic<'c>(
    evaluator: &dyn Evaluate<'c>,
    block: &'c Block,
    label: &Arc<str>,
    scope: &Scope<'c>,
) -> Vec<Node> {
    let Some(content) = block.body.blocks_of("content").next() else {
        return Vec::new();
    };
    let Some(collection) = block.body.attribute("for_each") else {
        return Vec::new();
    };
    let iterator = block.body.attribute("iterator");
    let iterator = iterator.and_then(|name| name.names()?.first().map(|name| Arc::from(*name)));
    let iterator: Arc<str> = iterator.unwrap_or_else(|| Arc::clone(label));
    let values = evaluated(evaluator, collection, scope);
    let some = |hole: Option<&Hole>| {
        let hole = hole.cloned().unwrap_or_else(|| Hole::anything(label));
        Node::text(Text::hole(hole.varying()), block.span)
    };
    let Some(entries) = loops::entries(&values) else {
        let is_none = matches!(values.kind, Kind::Null);
        let open = (!is_none).then(|| some(values.as_hole()));
        return open.into_iter().collect();
    };
    let is_set = values.is_array();
    let made = entries.into_iter().map(|(key, value)| {
        let is_several = super::steps::several(&value).is_some() || key.as_hole().is_some();
        if is_several && !is_set || super::steps::several(&value).is_some() {
            return some(value.as_hole());
        }
        let bound = Node::object([("key", key), ("value", value)], collection.span);
        body(evaluator, &content.body, &scope.with(&iterator, bound))
    });
    made.collect()
}
