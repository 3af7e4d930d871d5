//! What expressions name: resources, data sources, local values, variables and modules.

use std::collections::BTreeSet;

use crate::syntax::hcl::{Block, Expression, ExpressionKind, Part, Step};

/// What a block names, with all blocks in it.
pub(super) fn of_block(block: &Block) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![block];
    while let Some(block) = open.pop() {
        for attribute in &block.body.attributes {
            collect(&attribute.value, &mut names);
        }
        open.extend(&block.body.blocks);
    }
    names
}

/// What an expression names.
pub(super) fn of_expression(expression: &Expression) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(expression, &mut names);
    names
}

fn collect(expression: &Expression, names: &mut BTreeSet<String>) {
    let mut open = vec![expression];
    while let Some(expression) = open.pop() {
        if let ExpressionKind::Traversal(start, steps) = &expression.kind {
            names.extend(name(start, steps));
        }
        inner(expression, &mut open);
    }
}

/// The name of what steps begin with.
fn name(start: &Expression, steps: &[Step]) -> Option<String> {
    let ExpressionKind::Name(first) = &start.kind else {
        return None;
    };
    let mut attributes = steps.iter().map_while(|step| match step {
        Step::Attribute(name, _) => Some(name),
        _ => None,
    });
    let second = attributes.next()?;
    Some(match &**first {
        "data" => format!("data.{second}.{}", attributes.next()?),
        first => format!("{first}.{second}"),
    })
}

/// The expressions in an expression.
fn inner<'e>(expression: &'e Expression, open: &mut Vec<&'e Expression>) {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Name(_) => {}
        ExpressionKind::Template(parts) => of_parts(parts, open),
        ExpressionKind::List(items) => open.extend(items),
        ExpressionKind::Object(members) => {
            for (key, value) in members {
                open.extend([key, value]);
            }
        }
        ExpressionKind::Traversal(start, steps) => {
            open.push(start);
            let indices = steps.iter().filter_map(|step| match step {
                Step::Index(index) => Some(index),
                _ => None,
            });
            open.extend(indices);
        }
        ExpressionKind::Conditional(branches) => open.extend(branches.iter()),
        ExpressionKind::Call { arguments, .. } => open.extend(arguments),
        ExpressionKind::Unary(_, value) => open.push(value),
        ExpressionKind::Binary(_, values) => open.extend(values.iter()),
        ExpressionKind::For(inner) => {
            open.extend([&inner.collection, &inner.value]);
            open.extend(&inner.key);
            open.extend(&inner.condition);
        }
    }
}

fn of_parts<'e>(parts: &'e [Part], open: &mut Vec<&'e Expression>) {
    for part in parts {
        match part {
            Part::Known(..) => {}
            Part::Value(value) => open.push(value),
            Part::If(condition, then, otherwise) => {
                open.push(condition);
                of_parts(then, open);
                of_parts(otherwise, open);
            }
            Part::For {
                collection, parts, ..
            } => {
                open.push(collection);
                of_parts(parts, open);
            }
        }
    }
}
