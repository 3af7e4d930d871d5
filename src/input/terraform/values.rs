//! Values of variables in a file, such as `prod.tfvars`, as flags give them.

use super::pieces::Pieces;
use crate::source::{FileId, Span};
use crate::syntax::hcl::{self, Expression, ExpressionKind, Part, UnaryOperator};
use crate::syntax::{Key, Kind, Member, Node, SyntaxError};

/// The names and values of a file; lists and objects are JSON. What is computed is left out: Terraform refuses it.
pub(in crate::input) fn of_file(
    file: FileId,
    text: &str,
) -> (Vec<(String, String, Span)>, Option<SyntaxError>) {
    let parsed = hcl::body(file, text);
    let attributes = parsed
        .content
        .map(|body| body.attributes)
        .unwrap_or_default();
    let values = attributes.iter().filter_map(|attribute| {
        let value = literal(&attribute.value)?;
        let text = match value.scalar() {
            Some(text) => text,
            None => json(&value)?,
        };
        Some((attribute.name.to_string(), text, attribute.value.span))
    });
    (values.collect(), parsed.error)
}

fn json(value: &Node) -> Option<String> {
    let mut pieces = Pieces::default();
    pieces.value(value).then(|| pieces.text().to_string())
}

/// The value of an expression that is written out.
fn literal(expression: &Expression) -> Option<Node> {
    let kind = match &expression.kind {
        ExpressionKind::Literal(kind) => kind.clone(),
        ExpressionKind::Template(parts) => {
            let texts = parts.iter().map(|part| match part {
                Part::Known(text, _) => Some(&**text),
                _ => None,
            });
            Kind::Text(texts.collect::<Option<String>>()?.into())
        }
        ExpressionKind::List(items) => {
            let items = items.iter().map(literal);
            Kind::Array(items.collect::<Option<Vec<Node>>>()?.into())
        }
        ExpressionKind::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let key = Key {
                    text: literal(key)?.scalar()?.into(),
                    span: key.span,
                };
                let value = literal(value)?;
                Some(Member { key, value })
            });
            Kind::Object(members.collect::<Option<Vec<Member>>>()?.into())
        }
        ExpressionKind::Unary(UnaryOperator::Minus, value) => {
            let number = literal(value)?.scalar()?;
            Kind::Number(format!("-{number}").into())
        }
        _ => return None,
    };
    Some(Node::new(kind, expression.span))
}
