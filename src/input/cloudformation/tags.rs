//! The tags of CloudFormation in YAML: `!Sub x` is short for `{"Fn::Sub": x}`.

use crate::source::Span;
use crate::syntax::yaml::Tag;
use crate::syntax::{Key, Kind, Member, Node};

/// The object that a tag is short for.
pub(in crate::input) fn long_form(tag: Tag<'_>, value: Node) -> Node {
    let name = match tag.name {
        "Ref" | "Condition" => tag.name.to_owned(),
        other => format!("Fn::{other}"),
    };
    let value = match tag.name {
        "GetAtt" => attribute(value),
        _ => value,
    };
    let span = Span {
        end: value.span.end.max(tag.span.end),
        ..tag.span
    };
    let key = Key {
        text: name.into(),
        span: tag.span,
    };
    Node::new(Kind::Object(vec![Member { key, value }].into()), span)
}

/// `Resource.Attribute` in the two parts that the long form has.
fn attribute(value: Node) -> Node {
    let Some((resource, name)) = value.as_str().and_then(|text| text.split_once('.')) else {
        return value;
    };
    let parts = [resource, name].map(|part| Node::text(part, value.span));
    Node::array(parts.to_vec(), value.span)
}
