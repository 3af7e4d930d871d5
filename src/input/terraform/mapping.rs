//! The values of properties, from the attributes of a block.

use crate::catalogue::Mapping;
use crate::source::Span;
use crate::syntax::{Accepts, Hole, Key, Kind, Member, Names, Node, Piece, Text};

/// What a value depends on beside the attributes.
pub(super) trait Context {
    /// An attribute of the resource, also one that the provider computes.
    fn attribute(&self, name: &str) -> Node;
    /// Where the resource is deployed: the text of a name such as `AWS::Region`.
    fn place(&self, name: &str) -> Option<Text>;
    /// Something that is not known of the resource.
    fn open(&self, name: &str) -> Text;
    /// What the provider adds to the prefix of a name.
    fn generated(&self) -> Hole;
    /// Whether AWS has a managed policy with that ARN.
    fn is_managed_policy(&self, arn: &str) -> bool;
}

/// Reads the JSON that a text holds.
pub(super) type ReadJson<'r> = dyn FnMut(&Node) -> Option<Node> + 'r;

/// The value that a mapping gives for a block; nothing where it is not set.
pub(super) fn value(
    mapping: &Mapping,
    at: &Node,
    context: &dyn Context,
    read: &mut ReadJson<'_>,
) -> Option<Node> {
    match mapping {
        Mapping::Path(path) => find(at, path, context),
        Mapping::Object { from, members } => object(from, members, at, context, read),
        Mapping::Each {
            path,
            value: inner,
            key,
        } => {
            let list = find(at, path, context)?;
            each(&list, inner, key.as_deref(), context, read)
        }
        Mapping::List(all) => {
            let items = all.iter().filter_map(|each| value(each, at, context, read));
            let items: Vec<Node> = items.filter(has_content).collect();
            let span = items.first()?.span;
            Some(Node::array(items, span))
        }
        Mapping::First(all) => all.iter().find_map(|each| value(each, at, context, read)),
        Mapping::Json(path) => {
            let written = find(at, path, context)?;
            match written.as_text() {
                Some(_) => Some(read(&written).unwrap_or(written)),
                None => Some(written),
            }
        }
        Mapping::Constant(node) => Some(Node::new(node.kind.clone(), at.span)),
        Mapping::Value { path, map } => {
            let written = find(at, path, context)?;
            let other = written.scalar().and_then(|text| map.get(&text));
            Some(match other {
                Some(other) => Node::new(other.kind.clone(), written.span),
                None => written,
            })
        }
        other => text(other, at, context, read),
    }
}

/// The values that are texts.
fn text(
    mapping: &Mapping,
    at: &Node,
    context: &dyn Context,
    read: &mut ReadJson<'_>,
) -> Option<Node> {
    let mut of = |mapping: &Mapping| value(mapping, at, context, read);
    match mapping {
        Mapping::Name { name, prefix } => find(at, name, context).or_else(|| {
            let prefix = find(at, prefix, context).filter(|_| !prefix.is_empty())?;
            let end = Piece::Hole(context.generated());
            let pieces = text_of(&prefix)?.pieces().into_iter().chain([end]);
            Some(Node::text(Text::of(pieces), prefix.span))
        }),
        Mapping::Join { separator, of: all } => {
            let (first, others) = all.split_first()?;
            let first = of(first)?;
            let others: Vec<Node> = others.iter().filter_map(of).collect();
            put_together(&first, &others, separator)
        }
        Mapping::Capture {
            name,
            format,
            of: from,
        } => {
            let from = of(from)?;
            let captured = format.capture(from.as_text()?)?.remove(name)?;
            Some(Node::text(captured, from.span))
        }
        Mapping::Matching { format, of: from } => {
            let from = of(from)?;
            format.capture(from.as_text()?).map(|_| from)
        }
        Mapping::Prefixed { prefix, of: from } => {
            let from = of(from)?;
            let text = prefixed(prefix, text_of(&from)?, context);
            Some(Node::text(text, from.span))
        }
        Mapping::Attribute(name) => Some(context.attribute(name)),
        Mapping::Place(name) => Some(Node::text(context.place(name)?, at.span)),
        Mapping::Unknown(name) => Some(Node::text(context.open(name), at.span)),
        Mapping::ManagedPolicy { name, arns } => {
            let written = find(at, name, context)?;
            let Some(known) = written.as_str() else {
                return Some(Node::text(context.open("arn"), written.span));
            };
            let arns = arns.iter().map(|arn| {
                let places = arn
                    .names()
                    .filter_map(|place| Some((place.to_owned(), context.place(place)?)));
                let mut names: Names = places.collect();
                names.insert("name".to_owned(), Text::from(known));
                arn.fill(&names)
            });
            let mut arns = arns.filter(|arn| context.is_managed_policy(&arn.with_holes_as("-")));
            Some(Node::text(arns.next()?, written.span))
        }
        _ => None,
    }
}

/// The value at a path of attributes; of several blocks, it is that of the first one. What is not known
/// of an object is not known of what is in it.
pub(super) fn find(at: &Node, path: &[String], context: &dyn Context) -> Option<Node> {
    let mut node = at;
    for name in path {
        node = first_block(node)?;
        if node.as_hole().is_some() {
            return Some(single(node));
        }
        node = match node.get(name).filter(|value| !value.is_null()) {
            Some(value) => value,
            None if is_open(node) => {
                return Some(Node::text(context.open(&path.join(".")), node.span));
            }
            None => return None,
        };
    }
    // The provider takes an empty text for none.
    let is_set = !node.is_null() && node.as_str() != Some("");
    is_set.then(|| node.clone())
}

/// Whether an object may have other members.
pub(super) fn is_open(node: &Node) -> bool {
    node.members().iter().any(|member| member.key.is_open())
}

fn first_block(node: &Node) -> Option<&Node> {
    match node.is_array() {
        true => node.items().first(),
        false => Some(node),
    }
}

/// One of many values that are not known.
fn single(node: &Node) -> Node {
    match node.as_hole() {
        Some(hole) if hole.varies => {
            let hole = Hole {
                varies: false,
                ..hole.clone()
            };
            Node::text(Text::hole(hole), node.span)
        }
        _ => node.clone(),
    }
}

/// The values of the elements of a list, or an object of them by the attribute that names each.
fn each(
    list: &Node,
    inner: &Mapping,
    by: Option<&str>,
    context: &dyn Context,
    read: &mut ReadJson<'_>,
) -> Option<Node> {
    if list.as_hole().is_some() {
        return Some(list.clone());
    }
    let mut items = Vec::new();
    let mut members = Vec::new();
    for item in list.each() {
        let made = match item.as_hole() {
            Some(_) => Some(item.clone()),
            None => value(inner, item, context, read),
        };
        let Some(made) = made.filter(has_content) else {
            continue;
        };
        match by {
            Some(by) => {
                let named = item.get(by).unwrap_or(item);
                let name = named.as_text().map_or_else(String::new, Text::to_string);
                members.push(Member {
                    key: key(&name, named.span),
                    value: made,
                });
            }
            None => items.push(made),
        }
    }
    Some(match by {
        Some(_) => Node::new(Kind::Object(members.into()), list.span),
        None => Node::array(items, list.span),
    })
}

fn object(
    from: &[String],
    members: &[(String, Mapping)],
    at: &Node,
    context: &dyn Context,
    read: &mut ReadJson<'_>,
) -> Option<Node> {
    let found = find(at, from, context)?;
    let block = first_block(&found)?;
    if block.as_hole().is_some() {
        return Some(single(block));
    }
    let members = members.iter().filter_map(|(name, mapping)| {
        let value = value(mapping, block, context, read)?;
        Some(Member {
            key: key(name, value.span),
            value,
        })
    });
    let members: Vec<Member> = members.collect();
    let object = Node::new(Kind::Object(members.into()), block.span);
    // A block that is written is there, even if nothing is set in it.
    (!from.is_empty() || has_content(&object)).then_some(object)
}

fn key(name: &str, span: Span) -> Key {
    Key {
        text: name.into(),
        span,
    }
}

/// Whether a value is more than an object without members, as an empty block is.
fn has_content(node: &Node) -> bool {
    !node.is_object() || !node.members().is_empty()
}

/// Two lists as one; what is not known of one of them stays as an element.
pub(super) fn joined(one: &Node, other: &Node) -> Node {
    let items = one.each().iter().chain(other.each()).cloned();
    Node::array(items.collect(), one.span)
}

/// The text that a scalar stands for.
pub(super) fn text_of(node: &Node) -> Option<Text> {
    match node.as_text() {
        Some(text) => Some(text.clone()),
        None => node.scalar().map(Text::from),
    }
}

/// Texts with a separator between each two. One of which nothing is known may not be set, so that the
/// separator counts as a part of it.
fn put_together(first: &Node, others: &[Node], separator: &str) -> Option<Node> {
    let mut pieces = text_of(first)?.pieces();
    for other in others {
        let is_open = |hole: &Hole| hole.accepts == Accepts::Anything;
        if !other.as_hole().is_some_and(is_open) {
            pieces.push(Piece::Known(separator.into()));
        }
        pieces.extend(text_of(other)?.pieces());
    }
    Some(Node::text(Text::of(pieces), first.span))
}

/// A text with a prefix, where it does not begin with it. Whether it does may not be known.
fn prefixed(prefix: &str, text: Text, context: &dyn Context) -> Text {
    let pieces = text.pieces();
    let before = match pieces.first() {
        Some(Piece::Known(known)) if known.starts_with(prefix) => return text,
        Some(Piece::Known(_)) | None => Piece::Known(prefix.into()),
        Some(Piece::Hole(hole)) if !prefix.chars().all(|c| hole.accepts.char(c)) => {
            Piece::Known(prefix.into())
        }
        Some(Piece::Hole(hole)) => match context.open(&format!("{}{prefix}", hole.id)) {
            Text::Known(known) => Piece::Known(known),
            Text::Partial(open) => open.first().cloned().unwrap_or(Piece::Known("".into())),
        },
    };
    Text::of([before].into_iter().chain(pieces))
}
