//! Expressions that begin with a reference to a resource, and the same with another reference.

use super::partial_string::{Place, places};
use super::resolve::is_intrinsic;
use crate::model::Write;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};

/// The reference with which an expression begins.
#[derive(Debug)]
pub(super) struct Leading<'n> {
    /// The call, or the text of `Fn::Sub`.
    pub(super) node: &'n Node,
    /// What it names: a resource, or one with an attribute after a dot.
    pub(super) name: String,
    /// Whether it is a call by itself, which says whether it asks for an attribute.
    pub(super) is_call: bool,
    /// Whether there is more in the expression.
    pub(super) has_more: bool,
    /// Whether that goes on with a part of its own, as after the name of a bucket.
    pub(super) is_whole: bool,
}

/// The reference with which an expression begins; nothing where it begins with anything else.
pub(super) fn leading(node: &Node) -> Option<Leading<'_>> {
    let [call] = node.members() else {
        return None;
    };
    let given = &call.value;
    match &*call.key.text {
        "Ref" => Some(by_call(node, given.as_str()?.to_owned())),
        "Fn::GetAtt" => Some(by_call(node, attribute_of(given)?)),
        "Fn::Sub" => {
            let (text, own) = parts_of_sub(given);
            let (name, rest) = first_name(text.as_str()?)?;
            if let Some(own) = own.and_then(|own| own.get(name)) {
                return Some(leading(own)?.before(rest));
            }
            let alone = Leading {
                is_call: false,
                ..by_call(text, name.to_owned())
            };
            Some(alone.before(rest))
        }
        "Fn::Join" => {
            let [delimiter, list] = given.items() else {
                return None;
            };
            let (first, rest) = list.items().split_first()?;
            let leading = leading(first)?;
            let Some(next) = rest.first() else {
                return Some(leading);
            };
            // What is not a text goes on in a way that is not known.
            let next = format!("{}{}", delimiter.as_str()?, next.as_str().unwrap_or("?"));
            Some(leading.before(&next))
        }
        _ => None,
    }
}

impl Leading<'_> {
    /// The same before a text.
    fn before(self, rest: &str) -> Self {
        Leading {
            has_more: self.has_more || !rest.is_empty(),
            is_whole: self.is_whole && (rest.is_empty() || rest.starts_with(['/', ':', '*'])),
            ..self
        }
    }
}

/// The same expression with another reference in the place of the first.
pub(super) fn with_leading(node: &Node, resource: &str, write: &Write) -> Option<Node> {
    let [call] = node.members() else {
        return None;
    };
    let given = &call.value;
    let inner = match &*call.key.text {
        "Ref" | "Fn::GetAtt" => return Some(reference(node, resource, write)),
        "Fn::Sub" => {
            let (text, own) = parts_of_sub(given);
            let (name, rest) = first_name(text.as_str()?)?;
            match own.and_then(|own| Some((own, own.get(name)?))) {
                Some((own, value)) => {
                    let value = with_leading(value, resource, write)?;
                    let own = with_member(own, name, value);
                    Node::array(vec![text.clone(), own], given.span)
                }
                None => {
                    let text = Node::text(write.in_text(resource) + rest, text.span);
                    match own {
                        Some(own) => Node::array(vec![text, own.clone()], given.span),
                        None => text,
                    }
                }
            }
        }
        "Fn::Join" => {
            let [delimiter, list] = given.items() else {
                return None;
            };
            let (first, rest) = list.items().split_first()?;
            let mut items = vec![with_leading(first, resource, write)?];
            items.extend(rest.iter().cloned());
            let list = Node::array(items, list.span);
            Node::array(vec![delimiter.clone(), list], given.span)
        }
        _ => return None,
    };
    Some(with_member(node, &call.key.text, inner))
}

/// An object with another value for a member, in its place.
pub(super) fn with_member(object: &Node, name: &str, value: Node) -> Node {
    let members = object.members().iter().map(|member| Member {
        key: member.key.clone(),
        value: match &*member.key.text == name {
            true => value.clone(),
            false => member.value.clone(),
        },
    });
    Node::new(
        Kind::Object(members.collect::<Vec<Member>>().into()),
        object.span,
    )
}

/// The name of the member whose value is written at a place, or has it as an element or as what a call gives.
pub(super) fn member_at(root: &Node, place: &Node) -> Option<String> {
    let mut node = root;
    let mut name = None;
    while node.span != place.span {
        let around = |span: Span| span.contains(place.span);
        let is_before = |span: Span| span.start <= place.span.start;
        let members = node.members();
        let at = members.partition_point(|member| is_before(member.value.span));
        let near = at.checked_sub(1).and_then(|at| members.get(at));
        let near = near.filter(|member| around(member.value.span));
        // What an alias repeats stands elsewhere.
        let member = near.or_else(|| members.iter().rev().find(|m| around(m.value.span)));
        let Some(member) = member else {
            let items = node.items();
            let at = items.partition_point(|item| is_before(item.span));
            let near = at.checked_sub(1).and_then(|at| items.get(at));
            let near = near.filter(|item| around(item.span));
            node = near.or_else(|| items.iter().find(|item| around(item.span)))?;
            continue;
        };
        if !is_intrinsic(&member.key.text) {
            name = Some(member.key.text.to_string());
        } else if members.len() > 1 {
            return None;
        }
        node = &member.value;
    }
    name
}

fn by_call(node: &Node, name: String) -> Leading<'_> {
    Leading {
        node,
        name,
        is_call: true,
        has_more: false,
        is_whole: true,
    }
}

/// What `Fn::GetAtt` asks for, with a dot between resource and attribute.
fn attribute_of(given: &Node) -> Option<String> {
    match given.items() {
        [resource, attribute] => Some(format!("{}.{}", resource.as_str()?, attribute.as_str()?)),
        _ => given.as_str().map(str::to_owned),
    }
}

/// The text of `Fn::Sub`, and its own names.
fn parts_of_sub(given: &Node) -> (&Node, Option<&Node>) {
    match given.items() {
        [text, own] => (text, Some(own)),
        _ => (given, None),
    }
}

/// The name with which a text of `Fn::Sub` begins, and what follows.
fn first_name(text: &str) -> Option<(&str, &str)> {
    let name = match places(text).as_slice() {
        [Place::Verbatim(""), Place::Name(name), ..] => *name,
        _ => return None,
    };
    let (_, rest) = text.split_once('}')?;
    Some((name, rest))
}

/// The call in the place of another.
fn reference(node: &Node, resource: &str, write: &Write) -> Node {
    let span = node.span;
    let text = |text: &str| Node::text(text, span);
    let (name, value) = match write {
        Write::Attribute(attribute) => {
            let parts = vec![text(resource), text(attribute)];
            ("Fn::GetAtt", Node::array(parts, span))
        }
        Write::Reference => ("Ref", text(resource)),
        Write::Text(whole) => ("Fn::Sub", text(whole)),
    };
    let key = Key {
        text: name.into(),
        span,
    };
    Node::new(Kind::Object(vec![Member { key, value }].into()), span)
}
