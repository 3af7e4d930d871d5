//! What stands around the statements of an inventory: their documents, and the others of the same roles.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::Inventory;
use crate::source::{FileId, Span};
use crate::syntax::{Node, item_at};

/// The documents of an inventory, and those that belong to the same role.
#[derive(Debug)]
pub(super) struct Surroundings {
    documents: HashMap<FileId, Vec<Node>>,
    /// The policies of each role, by the place of each of them.
    roles_of: HashMap<Span, Vec<Arc<[Node]>>>,
}

impl Surroundings {
    /// Looks at all documents and roles once.
    pub(super) fn of(inventory: &Inventory) -> Self {
        let mut documents: HashMap<FileId, Vec<Node>> = HashMap::new();
        for document in inventory.documents() {
            let of_file = documents.entry(document.span.file).or_default();
            of_file.push(document.clone());
        }
        let of_functions = inventory.functions().filter_map(|f| f.role());
        let roles = of_functions.chain(inventory.roles());
        let mut roles_of: HashMap<Span, Vec<Arc<[Node]>>> = HashMap::new();
        let mut seen = HashSet::new();
        for role in roles.filter(|role| seen.insert((role.node.address(), role.node.span))) {
            let documents = role.policies().documents.into_iter();
            let policies: Arc<[Node]> = documents.map(|(_, document)| document.clone()).collect();
            let places: HashSet<Span> = policies.iter().map(|document| document.span).collect();
            for place in places {
                roles_of
                    .entry(place)
                    .or_default()
                    .push(Arc::clone(&policies));
            }
        }
        Surroundings {
            documents,
            roles_of,
        }
    }

    /// The document and the statement that a place lies in.
    pub(super) fn statement_at(&self, place: Span) -> Option<(&Node, &Node)> {
        let documents = self.documents.get(&place.file)?;
        let in_document = |document| Some((document, holding(statements(document), place)?));
        // What is generated for a resource stands where the whole of it does.
        let within = |document: &&Node| document.span.contains(place);
        let others = || documents.iter().filter(within).find_map(in_document);
        holding(documents, place)
            .and_then(in_document)
            .or_else(others)
    }

    /// The policies of each role that has a document.
    pub(super) fn policies_beside(&self, document: &Node) -> &[Arc<[Node]>] {
        self.roles_of.get(&document.span).map_or(&[], Vec::as_slice)
    }
}

/// The one of some nodes that a place lies in.
fn holding(nodes: &[Node], place: Span) -> Option<&Node> {
    nodes.get(item_at(nodes, place)?)
}

/// The statements of a document.
pub(super) fn statements(document: &Node) -> &[Node] {
    document.get("Statement").map_or(&[], Node::each)
}
