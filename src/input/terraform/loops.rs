//! `for` expressions.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/for>

use std::sync::Arc;

use super::evaluation::{Evaluate, Scope};
use super::fault::{Evaluated, Fault};
use super::operators;
use super::steps::several;
use crate::syntax::hcl::{Expression, ForExpression};
use crate::syntax::{Hole, Key, Kind, Member, Node, Text};

/// The key and value of each element; nothing for a value that is not a collection, or not known.
pub(super) fn entries(collection: &Node) -> Option<Vec<(Node, Node)>> {
    match &collection.kind {
        Kind::Array(items) => {
            let is_open = |index: usize| items.iter().take(index + 1).any(|i| several(i).is_some());
            let items = items.iter().enumerate();
            let entries = items.map(|(index, item)| {
                let key = match is_open(index) {
                    true => Node::text(Text::hole(Hole::anything("index")), item.span),
                    false => Node::new(Kind::Number(index.to_string().into()), item.span),
                };
                (key, item.clone())
            });
            Some(entries.collect())
        }
        Kind::Object(members) => {
            let entries = members.iter().map(|member| {
                let key = match member.key.is_open() {
                    true => Text::hole(Hole::anything(member.key.text.trim_matches(['<', '>']))),
                    false => Text::from(Arc::clone(&member.key.text)),
                };
                (Node::text(key, member.key.span), member.value.clone())
            });
            Some(entries.collect())
        }
        _ => None,
    }
}

/// The scope inside of a loop, with the names for key and value bound.
pub(super) fn bound<'c>(
    scope: &Scope<'c>,
    (key_name, value_name): (Option<&Arc<str>>, &Arc<str>),
    (key, value): (Node, Node),
) -> Scope<'c> {
    let scope = match key_name {
        Some(name) => scope.with(name, key),
        None => scope.clone(),
    };
    scope.with(value_name, value)
}

/// The value of a `for` expression.
pub(super) fn value<'c>(
    evaluator: &dyn Evaluate<'c>,
    written: &'c ForExpression,
    expression: &'c Expression,
    scope: &Scope<'c>,
) -> Evaluated<Node> {
    let collection = evaluator.value(&written.collection, scope)?;
    if matches!(collection.kind, Kind::Null) {
        return Err(Fault::of_terraform());
    }
    let Some(entries) = entries(&collection) else {
        return Ok(evaluator.evaluation().open(expression, scope));
    };
    let names = (written.key_name.as_ref(), &written.value_name);
    let mut made = Made {
        items: Vec::new(),
        members: Vec::new(),
    };
    for entry in entries {
        let is_several = several(&entry.1).is_some() || is_open_key(&entry.0);
        let inner = bound(scope, names, entry);
        let taken = match &written.condition {
            Some(condition) => operators::truth(&evaluator.value(condition, &inner)?),
            None => Some(true),
        };
        if taken == Some(false) {
            continue;
        }
        let is_certain = taken == Some(true) && !is_several;
        let value = evaluator.value(&written.value, &inner)?;
        match &written.key {
            None if is_certain => made.items.push(value),
            // Whether it is there, or how often, is not known.
            None => made.items.push(some(evaluator, &written.value, &inner)),
            Some(key) => {
                let key = evaluator.value(key, &inner)?;
                let is_certain = is_certain && key.scalar().is_some();
                made.member(&key, value, (is_certain, written.is_grouping), expression);
            }
        }
    }
    let span = expression.span;
    Ok(match written.key {
        None => Node::array(made.items, span),
        Some(_) => Node::new(Kind::Object(made.members.into()), span),
    })
}

fn is_open_key(key: &Node) -> bool {
    key.as_hole().is_some()
}

/// An element that stands for any number of elements.
fn some<'c>(evaluator: &dyn Evaluate<'c>, value: &'c Expression, scope: &Scope<'c>) -> Node {
    let open = evaluator.evaluation().open(value, scope);
    match open.as_hole() {
        Some(hole) => Node::text(Text::hole(hole.clone().varying()), value.span),
        None => open,
    }
}

/// What a loop makes.
struct Made {
    items: Vec<Node>,
    members: Vec<Member>,
}

impl Made {
    fn member(
        &mut self,
        key: &Node,
        value: Node,
        (is_certain, is_grouping): (bool, bool),
        expression: &Expression,
    ) {
        let name = match (key.scalar().filter(|_| is_certain), key.as_text()) {
            (Some(name), _) => name,
            (None, text) => {
                let shown = text.map(ToString::to_string).or_else(|| key.scalar());
                let shown = shown.unwrap_or_else(|| "key".to_owned());
                format!("<{}>", shown.trim_matches(['<', '>']))
            }
        };
        let mut known = self.members.iter_mut();
        let known = known.find(|member| *member.key.text == *name);
        match (known, is_grouping) {
            (Some(member), true) => {
                let items = member.value.items().iter().cloned().chain([value]);
                member.value = Node::array(items.collect(), expression.span);
            }
            (Some(member), false) => member.value = value,
            (None, _) => {
                let value = match is_grouping {
                    true => Node::array(vec![value], expression.span),
                    false => value,
                };
                let key = Key {
                    text: name.into(),
                    span: key.span,
                };
                self.members.push(Member { key, value });
            }
        }
    }
}
