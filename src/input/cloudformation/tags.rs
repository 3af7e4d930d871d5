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

/// What a call of a function is short for: its tag and what stands after it; nothing for another value.
pub(crate) fn short_form(node: &Node) -> Option<(String, Node)> {
    let [call] = node.members() else {
        return None;
    };
    let (name, given) = (&*call.key.text, &call.value);
    // Two tags in a row are refused.
    if short_form(given).is_some() {
        return None;
    }
    let given = match (name, given.items()) {
        ("Fn::GetAtt", [resource, attribute]) => {
            let text = format!("{}.{}", resource.as_str()?, attribute.as_str()?);
            Node::text(text, given.span)
        }
        _ => given.clone(),
    };
    match name {
        "Ref" => Some((name.to_owned(), given)),
        _ => Some((name.strip_prefix("Fn::")?.to_owned(), given)),
    }
}

/// A value that is there on a condition alone.
pub(crate) fn only_if(condition: &str, value: Node) -> Node {
    let span = value.span;
    let text = |text: &str| Node::text(text, span);
    let nothing = Node::object([("Ref", text("AWS::NoValue"))], span);
    let parts = vec![text(condition), value, nothing];
    Node::object([("Fn::If", Node::array(parts, span))], span)
}
