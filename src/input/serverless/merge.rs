//! Merging of objects.

use crate::syntax::{Key, Kind, Member, Node};

/// How lists of both objects are merged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lists<'l> {
    /// Those with these names are appended, others are replaced.
    Appended(&'l [&'l str]),
    /// Element by element, as the framework merges `resources`.
    ByIndex,
}

/// How deep objects are merged.
const MAX_DEPTH: usize = 64;

/// An object with the members of another one, which count before its own.
pub(super) fn merged(own: &Node, other: &Node, lists: Lists<'_>) -> Node {
    at("", own, other, lists, MAX_DEPTH)
}

fn at(name: &str, own: &Node, other: &Node, lists: Lists<'_>, depth: usize) -> Node {
    if depth == 0 {
        return other.clone();
    }
    match (&own.kind, &other.kind) {
        (Kind::Object(members), Kind::Object(more)) => {
            let mut all: Vec<Member> = members.to_vec();
            for member in more.iter() {
                let known = all.iter_mut().find(|m| m.key.text == member.key.text);
                match known {
                    Some(known) => {
                        let name = &*member.key.text;
                        let value = at(name, &known.value, &member.value, lists, depth - 1);
                        // What is written by hand is where the resource stands.
                        let by_hand = matches!(lists, Lists::ByIndex);
                        known.value = value;
                        if by_hand {
                            known.key = member.key.clone();
                        }
                    }
                    None => all.push(member.clone()),
                }
            }
            let span = match lists {
                Lists::Appended(_) => own.span,
                Lists::ByIndex => other.span,
            };
            Node::new(Kind::Object(all.into()), span)
        }
        (Kind::Array(items), Kind::Array(more)) => match lists {
            Lists::Appended(names) if names.contains(&name) => {
                let new = more.iter().filter(|item| !items.contains(item));
                let all = items.iter().chain(new).cloned().collect();
                Node::array(all, own.span)
            }
            Lists::Appended(_) => other.clone(),
            Lists::ByIndex => {
                let both = more.iter().enumerate().map(|(index, item)| {
                    let own = items.get(index);
                    own.map_or_else(|| item.clone(), |own| at("", own, item, lists, depth - 1))
                });
                let rest = items.iter().skip(more.len()).cloned();
                Node::array(both.chain(rest).collect(), other.span)
            }
        },
        _ => other.clone(),
    }
}

/// A member with a key at a place.
pub(super) fn member(name: &str, value: Node) -> Member {
    let key = Key {
        text: name.into(),
        span: value.span,
    };
    Member { key, value }
}

/// Adds a resource to others, or to the one of its name.
pub(super) fn add(resources: &mut Vec<Member>, new: Member, appended: &[&str]) {
    let known = resources
        .iter_mut()
        .find(|known| known.key.text == new.key.text);
    match known {
        Some(known) => {
            known.value = merged(&known.value, &new.value, Lists::Appended(appended));
        }
        None => resources.push(new),
    }
}
