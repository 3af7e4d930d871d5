//! The resources of the templates, so that what is written beside one is about what it declares.

use std::collections::BTreeMap;

use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Node;

/// A resource of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'n> {
    /// Its logical ID, or that of the loop's body.
    pub(super) id: &'n str,
    /// Where it is declared, with its name.
    pub(super) span: Span,
    /// What is declared.
    pub(super) node: &'n Node,
}

/// Whether a document is a template.
pub(super) fn is_template(root: &Node) -> bool {
    root.get("Resources").is_some_and(Node::is_object)
}

/// The resources of a template, with those that loops declare.
pub(super) fn of(root: &Node) -> Vec<Resource<'_>> {
    let mut found = Vec::new();
    if let Some(resources) = root.get("Resources") {
        collect(resources, &mut found);
    }
    found
}

fn collect<'n>(resources: &'n Node, found: &mut Vec<Resource<'n>>) {
    for member in resources.members() {
        let (key, node) = (&member.key, &member.value);
        if node.is_object() {
            let span = Span::new(key.span.file, key.span.start, node.span.end);
            let id = &*key.text;
            found.push(Resource { id, span, node });
        }
        for item in node.items() {
            collect(item, found);
        }
    }
}

/// The names of resources by where they are declared.
#[derive(Debug, Default)]
pub(super) struct Names<'n> {
    of_file: BTreeMap<FileId, Vec<(Span, &'n str)>>,
}

impl<'n> Names<'n> {
    /// Those of all templates.
    pub(super) fn of(sources: &SourceMap, documents: &'n [Node]) -> Self {
        let mut names = Names::default();
        for resource in documents.iter().flat_map(of) {
            let place = sources.resolve(resource.span);
            let of_file = names.of_file.entry(place.file).or_default();
            of_file.push((place, resource.id));
        }
        for of_file in names.of_file.values_mut() {
            of_file.sort_by_key(|(place, _)| place.start);
        }
        names
    }

    /// The name of the resource in which a place lies.
    pub(super) fn at(&self, place: Span) -> Option<&'n str> {
        let of_file = self.of_file.get(&place.file)?;
        let after = of_file.partition_point(|(span, _)| span.start <= place.start);
        let (span, name) = of_file.get(after.checked_sub(1)?)?;
        (place.start < span.end).then_some(*name)
    }
}
