//! `Fn::ForEach`: each turn of a loop as a resource, property or condition of its own.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use std::cell::Cell;

use super::resolve::Resolver;
use super::stack_context::StackContext;
use crate::catalogue::Catalogue;
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node, Text};

const PREFIX: &str = "Fn::ForEach::";

/// How deep values are unrolled.
const MAX_DEPTH: usize = 128;

/// How much loops make of a template, in bytes of texts and in values; what exceeds that stays
/// a loop.
const MOST_WORK: usize = 16 << 20;

/// What a value counts beside its text.
const VALUE: usize = 16;

/// The template with every loop whose values are known written out, and the first loop that makes
/// too much.
pub(super) fn unrolled(
    template: &Node,
    context: &StackContext,
    catalogue: &Catalogue,
) -> (Node, Option<Span>) {
    if !has_loop(template) {
        return (template.clone(), None);
    }
    let unroller = Unroller {
        resolver: Resolver::new(template, context, catalogue),
        left: Cell::new(MOST_WORK),
        cut: Cell::new(None),
    };
    let root = unroller.node(template, 0);
    (root, unroller.cut.get())
}

fn has_loop(template: &Node) -> bool {
    template
        .walk()
        .any(|node| node.members().iter().any(is_loop))
}

/// Whether a member is a loop.
pub(super) fn is_loop(member: &Member) -> bool {
    member.key.text.starts_with(PREFIX)
}

struct Unroller<'t> {
    resolver: Resolver<'t>,
    left: Cell<usize>,
    /// The first loop that made more than was left.
    cut: Cell<Option<Span>>,
}

impl Unroller<'_> {
    fn node(&self, node: &Node, depth: usize) -> Node {
        if depth > MAX_DEPTH {
            return node.clone();
        }
        let kind = match &node.kind {
            Kind::Array(items) => {
                let items = items.iter().map(|item| self.node(item, depth + 1));
                Kind::Array(items.collect::<Vec<Node>>().into())
            }
            Kind::Object(members) => {
                let members = members.iter().flat_map(|member| self.member(member, depth));
                Kind::Object(members.collect::<Vec<Member>>().into())
            }
            _ => return node.clone(),
        };
        Node::new(kind, node.span)
    }

    /// A member; of a loop, those of all its turns.
    fn member(&self, member: &Member, depth: usize) -> Vec<Member> {
        if let Some(turns) = self.turns(member, depth) {
            return turns;
        }
        vec![Member {
            key: member.key.clone(),
            value: self.node(&member.value, depth + 1),
        }]
    }

    /// The members that a loop makes; nothing where it is not a loop, or its values are not known.
    fn turns(&self, member: &Member, depth: usize) -> Option<Vec<Member>> {
        let [name, collection, body] = member.value.items() else {
            return None;
        };
        let name = name
            .as_str()
            .filter(|_| is_loop(member) && depth <= MAX_DEPTH)?;
        let place = member.key.span;
        let collection = self.resolver.value(collection)?;
        let values = collection.items().iter();
        let values: Option<Vec<Text>> = values.map(|v| Some(v.as_text()?.filled())).collect();
        let mut made = Vec::new();
        for value in values.filter(|_| collection.is_array())? {
            let value = value.as_str()?;
            for member in body.members() {
                let turn = Turn { name, value };
                let Some(value) = self.turned(&turn, &member.value, depth + 1) else {
                    self.cut.set(self.cut.get().or(Some(place)));
                    return None;
                };
                let turned = Member {
                    key: turn.key(&member.key),
                    value,
                };
                made.extend(self.member(&turned, depth + 1));
            }
        }
        Some(made)
    }

    /// A part of the body with a value in the place of the loop's name; nothing where that is too
    /// much.
    fn turned(&self, turn: &Turn<'_>, node: &Node, depth: usize) -> Option<Node> {
        let text = node.as_str().map_or(0, |text| turn.most(text));
        let left = self.left.get().checked_sub(VALUE + text)?;
        self.left.set(left);
        if depth > MAX_DEPTH {
            return None;
        }
        let kind = match &node.kind {
            Kind::Text(text) => Kind::Text(turn.text(text.as_str()?).into()),
            Kind::Array(items) => {
                let items = items.iter().map(|item| self.turned(turn, item, depth + 1));
                Kind::Array(items.collect::<Option<Vec<Node>>>()?.into())
            }
            Kind::Object(members) => match &**members {
                [only] if &*only.key.text == "Ref" && only.value.as_str() == Some(turn.name) => {
                    Kind::Text(turn.value.into())
                }
                _ => {
                    let members = members.iter().map(|member| {
                        let value = self.turned(turn, &member.value, depth + 1)?;
                        Some(Member {
                            key: turn.key(&member.key),
                            value,
                        })
                    });
                    Kind::Object(members.collect::<Option<Vec<Member>>>()?.into())
                }
            },
            other => other.clone(),
        };
        Some(Node::new(kind, node.span))
    }
}

/// One value of a loop, and the name that stands for it.
struct Turn<'l> {
    name: &'l str,
    value: &'l str,
}

impl Turn<'_> {
    fn key(&self, key: &Key) -> Key {
        Key {
            text: self.text(&key.text).into(),
            span: key.span,
        }
    }

    /// How long a text can become.
    fn most(&self, written: &str) -> usize {
        let places = written.matches(self.name).count();
        written.len() + places * self.value.len()
    }

    /// `&{Name}` is the value without what a logical id cannot have.
    fn text(&self, written: &str) -> String {
        if !written.contains(self.name) {
            return written.to_owned();
        }
        let plain: String = self
            .value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        written
            .replace(&format!("${{{}}}", self.name), self.value)
            .replace(&format!("&{{{}}}", self.name), &plain)
    }
}
