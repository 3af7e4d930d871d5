//! Functions of objects. A member whose name is not known can replace those before it.

use std::sync::Arc;

use super::calling::{Answer, Call, Function, at_least, between, exactly};
use super::values::{elements, is_open, is_untyped, members, varies};
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("keys", 1, keys),
    exactly("values", 1, values),
    at_least("merge", 0, merge),
    between("lookup", 2, 3, lookup),
    exactly("zipmap", 2, zipmap),
    exactly("transpose", 1, transpose),
    at_least("map", 0, map),
];

/// An object that grows, in which later members replace earlier ones.
struct Growing<'g> {
    call: &'g Call<'g>,
    members: Vec<Member>,
    index: std::collections::HashMap<Arc<str>, usize>,
    open: Vec<Member>,
}

impl<'g> Growing<'g> {
    fn new(call: &'g Call<'_>) -> Self {
        Growing {
            call,
            members: Vec::new(),
            index: std::collections::HashMap::new(),
            open: Vec::new(),
        }
    }

    fn put(&mut self, member: Member) {
        if member.key.is_open() {
            return self.put_open(member);
        }
        let known = self.index.get(&member.key.text);
        match known.and_then(|index| self.members.get_mut(*index)) {
            Some(earlier) => *earlier = member,
            None => {
                self.index
                    .insert(Arc::clone(&member.key.text), self.members.len());
                self.members.push(member);
            }
        }
    }

    /// A member that can have the name of an earlier one.
    fn put_open(&mut self, member: Member) {
        for earlier in &mut self.members {
            let part = format!("[\"{}\"]", earlier.key.text);
            earlier.value = self.call.part(&part);
        }
        self.open.push(member);
    }

    fn put_all(&mut self, object: &Node) {
        let (open, known): (Vec<&Member>, Vec<&Member>) = object
            .members()
            .iter()
            .partition(|member| member.key.is_open());
        open.into_iter()
            .for_each(|member| self.put_open(member.clone()));
        known
            .into_iter()
            .for_each(|member| self.put(member.clone()));
    }

    fn node(mut self) -> Node {
        self.members.append(&mut self.open);
        let origin = self.call.arguments.iter().find(|node| node.is_object());
        let span = origin.map_or(self.call.span, |node| node.span);
        Node::new(Kind::Object(self.members.into()), span)
    }
}

/// The members of an unknown object.
fn open_member(hole: &Node, span: Span) -> Member {
    let id = hole
        .as_hole()
        .map(|hole| Arc::clone(&hole.id))
        .unwrap_or_default();
    let key = Key {
        text: format!("<{id}>").into(),
        span,
    };
    Member {
        key,
        value: elements(hole),
    }
}

fn keys(call: &Call<'_>) -> Answer {
    parts_of(call, |member| {
        Node::text(Arc::clone(&member.key.text), member.key.span)
    })
}

fn values(call: &Call<'_>) -> Answer {
    parts_of(call, |member| member.value.clone())
}

/// A part of each member, in the order of their names.
fn parts_of(call: &Call<'_>, part: fn(&Member) -> Node) -> Answer {
    let object = call.at(0);
    if object.as_hole().is_some() {
        return Ok(call.list_node(vec![call.varying()]));
    }
    if !object.is_object() {
        return call.mismatch(0, "an object");
    }
    let (known, open) = members(&object);
    // A name that is not known can stand before and after each other one.
    let between = || (!open.is_empty()).then(|| call.varying());
    let parts = known
        .values()
        .flat_map(|member| between().into_iter().chain([part(member)]));
    let parts = parts.chain(between());
    Ok(Node::array(parts.collect(), object.span))
}

fn merge(call: &Call<'_>) -> Answer {
    let mut merged = Growing::new(call);
    for (index, argument) in call.arguments.iter().enumerate() {
        match &argument.kind {
            Kind::Null => {}
            Kind::Object(_) => merged.put_all(argument),
            Kind::Text(_) if is_untyped(argument) => {
                merged.put_open(open_member(argument, call.span));
            }
            _ => return call.mismatch(index, "an object"),
        }
        call.check_items(merged.members.len() + merged.open.len())?;
    }
    Ok(merged.node())
}

fn lookup(call: &Call<'_>) -> Answer {
    let object = call.at(0);
    let (Some(key), true) = (call.known(1)?, object.is_object()) else {
        return match object.is_object() || object.as_hole().is_some() {
            true => Ok(call.unknown()),
            false => call.mismatch(0, "an object"),
        };
    };
    let (known, open) = members(&object);
    match known.get(key.as_str()) {
        Some(member) => Ok(member.value.clone()),
        None if !open.is_empty() => Ok(call.unknown()),
        None => match call.arguments.get(2) {
            Some(default) => Ok(default.clone()),
            None => call.fault(format!(
                "the object of `lookup` does not have the member `{key}`"
            )),
        },
    }
}

fn zipmap(call: &Call<'_>) -> Answer {
    let (keys, values) = (call.list(0)?, call.list(1)?);
    let (Some(keys), Some(values)) = (keys, values) else {
        return Ok(Node::new(
            Kind::Object(vec![open_member(&call.unknown(), call.span)].into()),
            call.span,
        ));
    };
    let is_open = is_open(&keys) || is_open(&values);
    if !is_open && keys.len() != values.len() {
        return call.fault("`zipmap` takes as many keys as values");
    }
    let mut zipped = Growing::new(call);
    let pairs = keys.iter().zip(&values);
    for (key, value) in pairs.take_while(|(key, value)| !varies(key) && !varies(value)) {
        let Some(name) = call.text_of(key)? else {
            return call.fault("`zipmap` takes keys that are strings, but one is null");
        };
        let key = Key {
            text: name.to_string().into(),
            span: key.span,
        };
        zipped.put(Member {
            key,
            value: value.clone(),
        });
    }
    if is_open {
        zipped.put_open(open_member(&call.unknown(), call.span));
    }
    Ok(zipped.node())
}

fn transpose(call: &Call<'_>) -> Answer {
    let object = call.at(0);
    let (known, open) = members(&object);
    let is_known = open.is_empty() && super::values::is_known(&object) && object.is_object();
    if !is_known {
        return match object.is_object() || object.as_hole().is_some() {
            true => Ok(Node::new(
                Kind::Object(vec![open_member(&call.unknown(), call.span)].into()),
                call.span,
            )),
            false => call.mismatch(0, "an object"),
        };
    }
    let mut lists: std::collections::BTreeMap<String, Vec<Node>> =
        std::collections::BTreeMap::new();
    for (name, member) in known {
        for item in member.value.items() {
            let key = item.scalar().unwrap_or_default();
            let name = Node::text(Arc::clone(&name), item.span);
            lists.entry(key).or_default().push(name);
        }
    }
    let members = lists.into_iter().map(|(name, items)| Member {
        key: Key {
            text: name.into(),
            span: object.span,
        },
        value: Node::array(items, object.span),
    });
    Ok(Node::new(
        Kind::Object(members.collect::<Vec<Member>>().into()),
        object.span,
    ))
}

// Terraform had it up to version 0.11.
fn map(call: &Call<'_>) -> Answer {
    let mut grown = Growing::new(call);
    for pair in call.arguments.chunks(2) {
        let [key, value] = pair else {
            return call.fault("`map` takes a value for each key");
        };
        let text = call.text_of(key)?.unwrap_or_else(|| Text::from(""));
        grown.put(Member {
            key: Key {
                text: text.to_string().into(),
                span: key.span,
            },
            value: value.clone(),
        });
    }
    Ok(grown.node())
}
