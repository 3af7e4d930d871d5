//! Steps from a value into it.

use super::fault::{Evaluated, Fault};
use crate::source::Span;
use crate::syntax::{Hole, Kind, Node, Text};

/// How long the name of something that is not known can get.
const LONGEST_NAME: usize = 200;

/// The attribute of a value.
pub(super) fn attribute(value: &Node, name: &str, span: Span) -> Evaluated<Node> {
    if let Some(hole) = value.as_hole() {
        return Ok(inside(hole, &format!(".{name}"), span));
    }
    if let Some(known) = value.get(name) {
        return Ok(placed(known, span));
    }
    match open_member(value) {
        Some(open) => Ok(open.map_or_else(
            || Node::text(Text::hole(Hole::anything(name)), span),
            |hole| inside(hole, &format!(".{name}"), span),
        )),
        None => Err(Fault::of_terraform()),
    }
}

/// The element or member that an index names.
pub(super) fn index(value: &Node, index: &Node, span: Span) -> Evaluated<Node> {
    let written = index.scalar();
    let name = match (&written, index.as_text()) {
        (Some(known), _) => known.clone(),
        (None, Some(text)) => text.to_string(),
        (None, None) => return Err(Fault::of_terraform()),
    };
    if let Some(hole) = value.as_hole() {
        return Ok(inside(hole, &format!("[{name}]"), span));
    }
    let unknown = |id: &str| Node::text(Text::hole(Hole::anything(id)), span);
    match (&value.kind, written) {
        (Kind::Array(_) | Kind::Object(_), None) => Ok(unknown(&format!("element {name}"))),
        (Kind::Array(items), Some(known)) => {
            let at: usize = known.parse().map_err(|_| Fault::of_terraform())?;
            let before = items.get(..=at.min(items.len().saturating_sub(1)));
            let before = before.unwrap_or(&[]).iter();
            if let Some(open) = before.filter_map(several).next() {
                return Ok(inside(open, &format!("[{name}]"), span));
            }
            let item = items.get(at).ok_or_else(Fault::of_terraform)?;
            Ok(placed(item, span))
        }
        (Kind::Object(_), Some(known)) => attribute(value, &known, span),
        _ => Err(Fault::of_terraform()),
    }
}

/// The hole of an element that stands for several.
pub(super) fn several(item: &Node) -> Option<&Hole> {
    item.as_hole().filter(|hole| hole.varies)
}

/// What the open member of an object is called, if it may have members that are not known.
fn open_member(value: &Node) -> Option<Option<&Hole>> {
    let mut members = value.members().iter();
    let open = members.find(|member| member.key.is_open())?;
    Some(open.value.as_hole())
}

/// Something inside of what is not known: the same wherever it is asked for.
fn inside(hole: &Hole, step: &str, span: Span) -> Node {
    let id = match hole.id.len() + step.len() > LONGEST_NAME {
        true => hole.id.to_string(),
        false => format!("{}{step}", hole.id),
    };
    let inner = Hole::anything(&id);
    let inner = match &hole.of {
        Some(of) => inner.of(of),
        None => inner,
    };
    // Of several it is not known which.
    let inner = if hole.varies { inner.varying() } else { inner };
    Node::text(Text::hole(inner), span)
}

/// A value that is used at a place: texts lie there, lists and objects where they are written.
pub(super) fn placed(value: &Node, span: Span) -> Node {
    match &value.kind {
        Kind::Array(_) | Kind::Object(_) => value.clone(),
        kind => Node::new(kind.clone(), span),
    }
}
