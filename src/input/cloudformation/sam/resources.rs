//! The resources that the transform makes, and the calls that it writes in them.

use crate::input::infra::Generated;
use crate::source::Span;
use crate::syntax::{Key, Member, Node};

/// A resource that the transform makes or leaves as it is.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) member: Member,
    pub(super) generated: Generated,
}

impl From<Member> for Made {
    fn from(member: Member) -> Self {
        Made {
            member,
            generated: Generated::default(),
        }
    }
}

impl Made {
    /// Adds an attribute of the resource.
    pub(super) fn set(&mut self, attribute: &str, value: &Node) {
        self.member.value = self.member.value.with(attribute, value.clone());
    }
}

/// A resource that is made here.
pub(super) fn resource(
    name: &str,
    type_name: &str,
    properties: Vec<(&str, Node)>,
    span: Span,
) -> Made {
    let value = Node::object(
        [
            ("Type", Node::text(type_name, span)),
            ("Properties", Node::object(properties, span)),
        ],
        span,
    );
    Made::from(Member {
        key: Key {
            text: name.into(),
            span,
        },
        value,
    })
}

/// A call of an intrinsic function.
pub(super) fn call(name: &str, value: Node) -> Node {
    let span = value.span;
    Node::object([(name, value)], span)
}

pub(super) fn reference(name: &str, span: Span) -> Node {
    call("Ref", Node::text(name, span))
}

pub(super) fn attribute(resource: &str, name: &str, span: Span) -> Node {
    let parts = [resource, name].map(|part| Node::text(part, span));
    call("Fn::GetAtt", Node::array(parts.to_vec(), span))
}

/// A name without what a logical id cannot have.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether a condition leaves a property out.
pub(super) fn may_be_none(written: &Node) -> bool {
    let branches = written.get("Fn::If").map_or(&[][..], Node::items);
    branches.iter().skip(1).any(is_no_value)
}

/// Whether a value is left out.
pub(super) fn is_no_value(node: &Node) -> bool {
    node.str("Ref") == Some("AWS::NoValue")
}
