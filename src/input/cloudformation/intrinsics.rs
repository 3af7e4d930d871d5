//! Intrinsic functions one by one.

use super::attributes;
use super::conditions::condition;
use super::evaluation::Resolve;
use super::partial_string::{self, Place, joined, places, text_of, with_references_open};
use super::stack_context::item_of;
use crate::syntax::{Hole, Kind, Node, Text};

/// How long a text can be: that of a whole template.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const LONGEST_TEXT: usize = 1 << 20;

/// How many pieces of a text that is not wholly known are kept apart.
const MOST_PIECES: usize = 1_000;

pub(super) fn substituted(resolver: &dyn Resolve, given: &Node, depth: usize) -> Option<Text> {
    let (text, names) = match given.items() {
        [text, names] => (text, resolver.resolve(names, depth)),
        _ => (given, None),
    };
    let parts = places(text.as_str()?).into_iter().map(|place| match place {
        Place::Verbatim(known) => Text::from(known),
        Place::Literal(literal) => Text::from(format!("${{{literal}}}")),
        Place::Name(name) => {
            let own = names
                .as_ref()
                .and_then(|names| names.get(name))
                .and_then(text_of);
            own.or_else(|| sub_name(resolver, name, depth))
                .unwrap_or_else(|| resolver.evaluation().open(name))
        }
    });
    put_together(resolver, "", &parts.collect::<Vec<Text>>())
}

/// Texts with a delimiter between each two; nothing where that is too long to be a text of a
/// template.
pub(super) fn put_together(
    resolver: &dyn Resolve,
    delimiter: &str,
    texts: &[Text],
) -> Option<Text> {
    let length = texts.iter().map(|text| text.len() + delimiter.len()).sum();
    let holes = texts.iter().filter(|text| text.as_str().is_none());
    let pieces: usize = holes.map(|text| text.pieces().len()).sum();
    let fits =
        length <= LONGEST_TEXT && pieces <= MOST_PIECES && resolver.evaluation().spend(length);
    fits.then(|| with_references_open(joined(delimiter, texts)))
}

fn sub_name(resolver: &dyn Resolve, name: &str, depth: usize) -> Option<Text> {
    match name.split_once('.') {
        // The transform of SAM takes `${Function.Alias}` for the alias.
        Some(_) if resolver.evaluation().resources.contains_key(name) => {
            attributes::referred(resolver, name, depth)
        }
        Some((resource, name)) => attributes::attribute(resolver, resource, name, depth),
        None => attributes::referred(resolver, name, depth),
    }
}

pub(super) fn join(resolver: &dyn Resolve, given: &Node, depth: usize) -> Option<Text> {
    let [delimiter, list] = given.items() else {
        return None;
    };
    let list = resolver.resolve(list, depth)?;
    if let Some(hole) = empty_by_default(&list) {
        let id = format!("{} joined", hole.id);
        return Some(Text::hole(Hole {
            id: id.into(),
            ..hole.clone()
        }));
    }
    let texts: Option<Vec<Text>> = list.items().iter().map(text_of).collect();
    put_together(
        resolver,
        delimiter.as_str()?,
        &texts.filter(|_| list.is_array())?,
    )
}

pub(super) fn selected(
    resolver: &dyn Resolve,
    node: &Node,
    given: &Node,
    depth: usize,
) -> Option<Node> {
    let nothing = || Some(resolver.evaluation().unknown(node, "Fn::Select"));
    let [index, list] = given.items() else {
        return nothing();
    };
    let index = resolver.resolve(index, depth).as_ref().and_then(text_of);
    let index = index.and_then(|text| text.as_str()?.parse::<usize>().ok());
    let list = resolver.resolve(list, depth);
    if let (Some(index), Some(hole)) = (index, list.as_ref().and_then(empty_by_default)) {
        let id = item_of(&hole.id, index).into();
        return Some(Node::text(
            Text::hole(Hole { id, ..hole.clone() }),
            node.span,
        ));
    }
    let item = index
        .zip(list.as_ref())
        .and_then(|(index, list)| list.items().get(index));
    item.cloned().map_or_else(nothing, Some)
}

/// The hole for a list that is empty where nobody gives it.
fn empty_by_default(list: &Node) -> Option<&Hole> {
    let hole = list.as_hole();
    hole.filter(|hole| hole.likely.as_deref() == Some(""))
}

pub(super) fn split(
    resolver: &dyn Resolve,
    node: &Node,
    given: &Node,
    depth: usize,
) -> Option<Node> {
    let [delimiter, text] = given.items() else {
        return Some(resolver.evaluation().unknown(node, "Fn::Split"));
    };
    let text = resolver.resolve(text, depth).as_ref().and_then(text_of);
    let parts = text.and_then(|text| partial_string::split(delimiter.as_str()?, &text));
    Some(match parts {
        Some(parts) => {
            let parts = parts.into_iter().map(|part| Node::text(part, node.span));
            Node::array(parts.collect(), node.span)
        }
        // It has at least one part.
        None => {
            let part = resolver.evaluation().unknown(node, "Fn::Split");
            Node::array(vec![part], node.span)
        }
    })
}

pub(super) fn chosen(
    resolver: &dyn Resolve,
    node: &Node,
    given: &Node,
    depth: usize,
) -> Option<Node> {
    let [name, yes, no] = given.items() else {
        return Some(resolver.evaluation().unknown(node, "Fn::If"));
    };
    match name.as_str().and_then(|name| condition(resolver, name)) {
        Some(true) => resolver.resolve(yes, depth),
        Some(false) => resolver.resolve(no, depth),
        None => Some(resolver.evaluation().unknown(node, "Fn::If")),
    }
}

/// A managed policy by its name alone: the AWS-managed one that is called so.
pub(super) fn managed_policy(resolver: &dyn Resolve, node: &Node, name: &Node) -> Node {
    let name = name.as_str().unwrap_or("");
    let sam = resolver.evaluation().catalogue.sam();
    let folders = sam.and_then(|sam| sam.get("managedPolicyFolders"));
    let folders = folders.map_or(&[][..], Node::items).iter();
    let mut arns = folders
        .filter_map(Node::as_str)
        .map(|folder| format!("arn:aws:iam::aws:policy/{folder}{name}"));
    let arn = arns.find(|arn| {
        resolver
            .evaluation()
            .catalogue
            .managed
            .policy(arn)
            .is_some()
    });
    // The same policy is in every partition.
    let anywhere = arn.and_then(|arn| {
        let (_, tail) = arn.split_once("arn:aws:")?;
        let partition = resolver.evaluation().context.pseudo("AWS::Partition")?;
        Some(joined(
            ":",
            &[Text::from("arn"), partition, Text::from(tail)],
        ))
    });
    Node::text(anywhere.unwrap_or_else(|| Text::from(name)), node.span)
}

/// What another stack exports under a name.
pub(super) fn imported(resolver: &dyn Resolve, name: &Node, depth: usize) -> Option<Text> {
    let name = resolver.resolve(name, depth)?;
    let name = name.as_text()?;
    let parent = &resolver.evaluation().context.parent;
    let known = name.as_str().and_then(|name| parent.exports.get(name));
    // Whoever imports it under this name gets the same.
    let hole = || Hole::anything(&format!("Fn::ImportValue {name}"));
    Some(match (known, name.as_str()) {
        (Some(known), _) => known.clone(),
        (None, Some(_)) => Text::hole(hole()),
        (None, None) => Text::hole(hole().of(&parent.stack)),
    })
}

pub(super) fn length(resolver: &dyn Resolve, node: &Node, list: &Node, depth: usize) -> Node {
    match resolver.resolve(list, depth) {
        Some(list) if list.is_array() && !may_be_longer(&list) => {
            let length = list.items().len().to_string();
            Node::new(Kind::Number(length.into()), node.span)
        }
        _ => resolver.evaluation().unknown(node, "Fn::Length"),
    }
}

/// Whether a list stands for one that has at least this one item.
fn may_be_longer(list: &Node) -> bool {
    let [item] = list.items() else {
        return false;
    };
    item.as_hole().is_some_and(|hole| hole.likely.is_none())
}

/// What a mapping gives. What it gives for a key that is only probable is only probable.
pub(super) fn found(
    resolver: &dyn Resolve,
    node: &Node,
    given: &Node,
    depth: usize,
) -> Option<Node> {
    let keys = given.items().iter().take(3);
    let keys = keys.map(|key| resolver.resolve(key, depth).as_ref().and_then(text_of));
    let keys: Vec<Text> = keys.collect::<Option<_>>().unwrap_or_default();
    let default = given.items().get(3);
    let default = default.and_then(|more| more.get("DefaultValue"));
    if let Some(common) = common_value(resolver, &keys, depth).filter(|_| default.is_none()) {
        return Some(Node::text(common, node.span));
    }
    let names: Vec<Text> = keys.iter().map(Text::filled).collect();
    let names: Option<Vec<&str>> = names.iter().map(Text::as_str).collect();
    let called = keys.iter().map(ToString::to_string);
    let called = format!("Fn::FindInMap {}", called.collect::<Vec<_>>().join("."));
    let Some([map, first, second]) = names.as_deref() else {
        return Some(Node::text(resolver.evaluation().open(&called), node.span));
    };
    let found = resolver
        .evaluation()
        .template
        .at(&["Mappings", map, first, second]);
    let Some(value) = found.or(default) else {
        return Some(Node::text(resolver.evaluation().open(&called), node.span));
    };
    let value = resolver.resolve(value, depth)?;
    let is_sure = keys.iter().all(|key| key.as_str().is_some());
    Some(match is_sure {
        true => value,
        false => probable(resolver, &called, value),
    })
}

/// The text that a mapping gives whichever key an open one stands for: the same for all, or the same but
/// for the key itself in it, as in `states.REGION.amazonaws.com`.
fn common_value(resolver: &dyn Resolve, keys: &[Text], depth: usize) -> Option<Text> {
    let [map, first, second] = keys else {
        return None;
    };
    let (open, inner) = match (first.as_str(), second.as_str()) {
        (None, Some(second)) => (first, Some(second)),
        (Some(_), None) => (second, None),
        _ => return None,
    };
    let mapping = resolver
        .evaluation()
        .template
        .at(&["Mappings", map.as_str()?])?;
    let rows = match inner {
        Some(_) => mapping,
        None => mapping.get(first.as_str()?)?,
    };
    let cells = rows.members().iter().filter_map(|row| {
        let value = match inner {
            Some(inner) => row.value.get(inner)?,
            None => &row.value,
        };
        Some((&*row.key.text, value))
    });
    let resolved = cells.map(|(key, value)| {
        let value = resolver.resolve(value, depth)?;
        Some((key, text_of(&value)?.as_str()?.to_owned()))
    });
    let cells: Vec<(&str, String)> = resolved.collect::<Option<_>>()?;
    let (key, value) = cells.first()?;
    if cells.iter().all(|(_, other)| other == value) {
        return Some(Text::from(value.as_str()));
    }
    let parts: Vec<&str> = value.split(key).collect();
    let of_key = |(key, value): &(&str, String)| parts.join(key) == *value;
    (!key.is_empty() && cells.iter().all(of_key)).then(|| {
        let parts: Vec<Text> = parts.iter().map(|part| Text::from(*part)).collect();
        joined_by(open, &parts)
    })
}

/// Texts with another text between each two.
fn joined_by(between: &Text, texts: &[Text]) -> Text {
    let pieces = texts.iter().enumerate().flat_map(|(index, text)| {
        let first = (index > 0).then(|| between.pieces());
        first.into_iter().flatten().chain(text.pieces())
    });
    Text::of(pieces)
}

/// A value that is only probable: holes that probably have its texts.
fn probable(resolver: &dyn Resolve, called: &str, value: Node) -> Node {
    let span = value.span;
    if value.is_array() {
        let items = value.items().iter().enumerate();
        let items = items
            .map(|(index, item)| probable(resolver, &format!("{called}[{index}]"), item.clone()));
        return Node::array(items.collect(), span);
    }
    let stack = &resolver.evaluation().context.parent.stack;
    let hole = Hole::anything(called).of(stack);
    match text_of(&value).as_ref().map(Text::filled) {
        Some(Text::Known(known)) => Node::text(Text::hole(hole.likely(&known)), span),
        Some(Text::Partial(_)) => Node::text(Text::hole(hole), span),
        None => value,
    }
}
