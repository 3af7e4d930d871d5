//! Configuration as a tree of what is written, without its meaning.

use std::sync::Arc;

use super::{Block, Body, Expression, ExpressionKind, Part};
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};

/// A body as a tree: attributes and blocks are members, in the order in which they are written; a value that is
/// computed is null.
#[must_use]
pub fn outline(body: &Body) -> Node {
    let attributes = body.attributes.iter().map(|attribute| {
        member(
            &attribute.name,
            attribute.name_span,
            value(&attribute.value),
        )
    });
    let blocks = body.blocks.iter().map(block);
    let mut members: Vec<Member> = attributes.chain(blocks).collect();
    members.sort_by_key(|member| member.key.span.start);
    Node::new(Kind::Object(members.into()), body.span)
}

/// A block, with what it is called as the names of members in each other.
fn block(block: &Block) -> Member {
    let inner = block.labels.iter().rev();
    let value = inner.fold(outline(&block.body), |value, label| {
        let only = member(&label.text, label.span, value);
        Node::new(Kind::Object(vec![only].into()), block.span)
    });
    member(&block.kind, block.kind_span, value)
}

fn member(name: &Arc<str>, span: Span, value: Node) -> Member {
    let key = Key {
        text: Arc::clone(name),
        span,
    };
    Member { key, value }
}

fn value(expression: &Expression) -> Node {
    let kind = match &expression.kind {
        ExpressionKind::Literal(kind) => kind.clone(),
        ExpressionKind::List(items) => {
            Kind::Array(items.iter().map(value).collect::<Vec<Node>>().into())
        }
        ExpressionKind::Object(members) => {
            let members = members.iter().map(|(key, inner)| {
                let name: Arc<str> = key.as_str().unwrap_or("").into();
                member(&name, key.span, value(inner))
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        // What is encoded is written as it is.
        ExpressionKind::Call { arguments, .. } if arguments.len() == 1 => {
            return arguments.first().map_or_else(Node::default, value);
        }
        ExpressionKind::Template(parts) => match parts.as_slice() {
            [Part::Known(text, _)] => Kind::Text(Arc::clone(text).into()),
            _ => Kind::Null,
        },
        _ => Kind::Null,
    };
    Node::new(kind, expression.span)
}
