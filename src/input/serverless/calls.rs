//! Calls of intrinsic functions, and texts as far as they are known.

use super::evaluate::text_of;
use super::names::upper_first;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// A call of an intrinsic function.
pub(super) fn call(name: &str, value: Node) -> Node {
    let span = value.span;
    Node::object([(name, value)], span)
}

/// The call that gives an attribute of a resource.
pub(super) fn attribute(resource: &str, name: &str, span: Span) -> Node {
    let parts = [resource, name].map(|part| Node::text(part, span));
    call("Fn::GetAtt", Node::array(parts.to_vec(), span))
}

/// Whether a value is a call of an intrinsic function.
pub(super) fn is_call(node: &Node) -> bool {
    match node.members() {
        [only] => only.key.text.starts_with("Fn::") || &*only.key.text == "Ref",
        _ => false,
    }
}

/// A text as far as it is known, also one in which references stand.
pub(super) fn shown(node: Option<&Node>) -> String {
    let text = node.and_then(|node| text_of(node.get("Fn::Sub").unwrap_or(node)));
    text.map_or_else(String::new, |text| text.with_holes_as(""))
}

/// A text with a capital letter at its beginning, of what is known of it.
pub(super) fn capital(node: Option<&Node>) -> Text {
    let text = node.and_then(text_of);
    text.map_or_else(
        || Text::from(""),
        |text| Text::from(upper_first(&text.with_holes_as(""))),
    )
}
