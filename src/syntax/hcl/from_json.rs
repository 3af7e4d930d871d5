//! The JSON form of HCL.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/json>

use super::{Attribute, Block, Body, Expression, ExpressionKind, Label, Part, read};
use crate::source::Span;
use crate::syntax::{Kind, Member, Node};

/// Kinds of blocks at the top of a file, with the number of their labels.
const BLOCKS: [(&str, usize); 12] = [
    ("check", 1),
    ("data", 2),
    ("ephemeral", 2),
    ("import", 0),
    ("locals", 0),
    ("module", 1),
    ("moved", 0),
    ("output", 1),
    ("provider", 1),
    ("removed", 0),
    ("resource", 2),
    ("variable", 1),
];

/// The content of a file in JSON form. Blocks inside of blocks are attributes there: only the schema of a
/// provider knows which are which.
#[must_use]
pub fn body_of_json(root: &Node) -> Body {
    let mut body = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span: root.span,
    };
    for part in root.each() {
        for member in part.members().iter().filter(|member| !is_comment(member)) {
            let labels = BLOCKS.iter().find(|(kind, _)| *kind == &*member.key.text);
            let labels = labels.map_or(0, |(_, labels)| *labels);
            blocks(member, &member.value, &[], labels, &mut body.blocks);
        }
    }
    body
}

/// The parts of a text that stands in the JSON form: it is a template.
#[must_use]
fn template_of_json(text: &str, span: Span) -> Vec<Part> {
    if !text.contains(['$', '%']) {
        return vec![Part::Known(text.into(), span)];
    }
    match read::template(span.file, text).content {
        Some(mut parts) => {
            parts.iter_mut().for_each(|part| place_part(part, span));
            parts
        }
        None => vec![Part::Known(text.into(), span)],
    }
}

fn is_comment(member: &Member) -> bool {
    &*member.key.text == "//"
}

/// The blocks of a kind, whose labels are the names of nested members.
fn blocks(kind: &Member, value: &Node, labels: &[Label], left: usize, found: &mut Vec<Block>) {
    for node in value.each() {
        if left == 0 {
            found.push(Block {
                kind: kind.key.text.clone(),
                kind_span: kind.key.span,
                labels: labels.to_vec(),
                body: attributes(node),
                span: node.span,
            });
            continue;
        }
        for member in node.members().iter().filter(|member| !is_comment(member)) {
            let label = Label {
                text: member.key.text.clone(),
                span: member.key.span,
            };
            let labels: Vec<Label> = labels.iter().cloned().chain([label]).collect();
            blocks(kind, &member.value, &labels, left - 1, found);
        }
    }
}

/// An object whose members are attributes, as in a file of values.
#[must_use]
pub fn attributes_of_json(node: &Node) -> Body {
    attributes(node)
}

fn attributes(node: &Node) -> Body {
    let members = node.members().iter().filter(|member| !is_comment(member));
    let attributes = members.map(|member| Attribute {
        name: member.key.text.clone(),
        name_span: member.key.span,
        value: expression(&member.value),
    });
    Body {
        attributes: attributes.collect(),
        blocks: Vec::new(),
        span: node.span,
    }
}

fn expression(node: &Node) -> Expression {
    let kind = match &node.kind {
        Kind::Text(text) => {
            let parts = template_of_json(text.as_str().unwrap_or(""), node.span);
            match parts.as_slice() {
                [Part::Known(known, _)] => {
                    ExpressionKind::Literal(Kind::Text(known.clone().into()))
                }
                _ => ExpressionKind::Template(parts),
            }
        }
        Kind::Array(items) => ExpressionKind::List(items.iter().map(expression).collect()),
        Kind::Object(members) => {
            let members = members.iter().map(|member| {
                let key = Node::text(member.key.text.clone(), member.key.span);
                (expression(&key), expression(&member.value))
            });
            ExpressionKind::Object(members.collect())
        }
        other => ExpressionKind::Literal(other.clone()),
    };
    Expression {
        kind,
        span: node.span,
    }
}

/// Gives a part the place of the text that it stands in: offsets in a decoded text are none of the file.
fn place_part(part: &mut Part, span: Span) {
    match part {
        Part::Known(_, place) => *place = span,
        Part::Value(value) => place(value, span),
        Part::If(condition, then, otherwise) => {
            place(condition, span);
            let parts = then.iter_mut().chain(otherwise);
            parts.for_each(|part| place_part(part, span));
        }
        Part::For {
            collection, parts, ..
        } => {
            place(collection, span);
            parts.iter_mut().for_each(|part| place_part(part, span));
        }
    }
}

/// Gives an expression and everything in it a place.
fn place(expression: &mut Expression, span: Span) {
    use super::Step;
    expression.span = span;
    let all = |list: &mut Vec<Expression>| list.iter_mut().for_each(|each| place(each, span));
    match &mut expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Name(_) => {}
        ExpressionKind::Template(parts) => {
            parts.iter_mut().for_each(|part| place_part(part, span));
        }
        ExpressionKind::List(items) => all(items),
        ExpressionKind::Object(members) => {
            for (key, value) in members {
                place(key, span);
                place(value, span);
            }
        }
        ExpressionKind::Traversal(start, steps) => {
            place(start, span);
            for step in steps {
                match step {
                    Step::Index(index) => place(index, span),
                    Step::Attribute(_, at) => *at = span,
                    _ => {}
                }
            }
        }
        ExpressionKind::Conditional(branches) => {
            branches.iter_mut().for_each(|each| place(each, span));
        }
        ExpressionKind::Call {
            arguments,
            name_span,
            ..
        } => {
            *name_span = span;
            all(arguments);
        }
        ExpressionKind::Unary(_, value) => place(value, span),
        ExpressionKind::Binary(_, values) => values.iter_mut().for_each(|each| place(each, span)),
        ExpressionKind::For(inner) => {
            place(&mut inner.collection, span);
            place(&mut inner.value, span);
            let others = inner.key.iter_mut().chain(&mut inner.condition);
            others.for_each(|each| place(each, span));
        }
    }
}
