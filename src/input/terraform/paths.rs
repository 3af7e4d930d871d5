//! The paths of resources each of which is a segment, as in an API.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::input::infra::Resource;
use crate::input::infra::arn_formats::MAX_DEPTH;
use crate::syntax::{Hole, Kind, Member, Node, Piece, Text};

/// A hole that stands for the path of a resource, and that path.
type Known = HashMap<Hole, Text>;

/// Gives the resources their paths. `roots` are what the first segments are below, with its path; `open` is the hole that
/// expressions have for the path of each resource.
pub(super) fn set(
    resources: &mut [Resource],
    roots: &HashMap<Text, Text>,
    open: &[Option<Hole>],
    catalogue: &Catalogue,
) {
    let by_reference = resources.iter().enumerate();
    let by_reference: HashMap<Text, usize> = by_reference
        .filter(|(_, resource)| part(resource, catalogue).is_some())
        .map(|(index, resource)| (resource.reference.clone(), index))
        .collect();
    let paths = Paths {
        resources,
        by_reference,
        roots,
        open,
        catalogue,
    };
    let all: Vec<Option<Text>> = (0..paths.resources.len())
        .map(|index| paths.of(index, 0))
        .collect();
    let mut known = Known::new();
    for ((resource, path), open) in resources.iter_mut().zip(all).zip(open) {
        known.extend(open.clone().zip(path.clone()));
        resource.path = path;
    }
    if !known.is_empty() {
        for resource in resources {
            resource.properties = filled(&resource.properties, &known);
        }
    }
}

/// The property with the segment of a resource.
fn part<'c>(resource: &Resource, catalogue: &'c Catalogue) -> Option<&'c str> {
    let shape = catalogue.template_resource(&resource.type_name)?;
    shape.path.as_ref()?.part.as_deref()
}

struct Paths<'r> {
    resources: &'r [Resource],
    by_reference: HashMap<Text, usize>,
    roots: &'r HashMap<Text, Text>,
    open: &'r [Option<Hole>],
    catalogue: &'r Catalogue,
}

impl Paths<'_> {
    /// The path that a resource is in or makes. Where what is before it is not known, all that is known of
    /// it is that it is the same wherever it is asked for.
    fn of(&self, index: usize, depth: usize) -> Option<Text> {
        let resource = self.resources.get(index)?;
        let shape = self.catalogue.template_resource(&resource.type_name)?;
        let form = shape.path.as_ref()?;
        if depth > MAX_DEPTH {
            return None;
        }
        let parent = resource.text(&form.parent);
        let root = parent.and_then(|parent| self.roots.get(parent));
        let before = match parent.and_then(|parent| self.by_reference.get(parent)) {
            Some(index) => self.of(*index, depth + 1)?,
            None if root.is_some() => root?.clone(),
            None => {
                let own = self.open.get(index)?.clone()?;
                return Some(Text::of([Piece::Known("/".into()), Piece::Hole(own)]));
            }
        };
        let Some(part) = &form.part else {
            return Some(match before.as_str() {
                Some("") => Text::from("/"),
                _ => before,
            });
        };
        let part = resource.text(part)?.pieces();
        let between = Piece::Known(Arc::from("/"));
        let pieces = before.pieces().into_iter().chain([between]).chain(part);
        Some(Text::of(pieces))
    }
}

/// A value with the paths that are known.
fn filled(node: &Node, known: &Known) -> Node {
    let has_any = |text: &Text| text.holes().any(|hole| known.contains_key(hole));
    if !node.walk().filter_map(Node::as_text).any(has_any) {
        return node.clone();
    }
    let kind = match &node.kind {
        Kind::Text(text) => {
            let pieces = text.pieces().into_iter().flat_map(|piece| match &piece {
                Piece::Hole(hole) => known.get(hole).map_or(vec![piece], Text::pieces),
                Piece::Known(_) => vec![piece],
            });
            Kind::Text(Text::of(pieces))
        }
        Kind::Array(items) => {
            let items = items.iter().map(|item| filled(item, known));
            Kind::Array(items.collect::<Vec<Node>>().into())
        }
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                key: member.key.clone(),
                value: filled(&member.value, known),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        other => other.clone(),
    };
    Node::new(kind, node.span)
}
