//! Policies that were read: each once, however many rules and functions ask about it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::policy::{PolicyDocument, Version};
use super::statement::Statement;
use crate::source::Span;
use crate::syntax::Node;

/// The address of what a node shares with its copies, and the place of the node.
type Key = (usize, Span);

/// Each value with the node that it was read from, whose address no other can have meanwhile.
type Known<T> = RwLock<HashMap<Key, (Node, Arc<T>)>>;

/// Policy documents and statements that were read.
#[derive(Debug, Default)]
pub struct ReadPolicies {
    documents: Known<PolicyDocument>,
    trust_policies: Known<PolicyDocument>,
    statements: Known<Statement>,
}

impl ReadPolicies {
    /// Reads a document, unless it was read before.
    pub fn document(&self, node: &Node) -> Arc<PolicyDocument> {
        known(&self.documents, node, || {
            let document = PolicyDocument::read(node);
            self.keep_statements(node, &document);
            document.into()
        })
    }

    /// The same as the trust policy of a role.
    pub fn trust_policy(&self, node: &Node) -> Arc<PolicyDocument> {
        known(&self.trust_policies, node, || {
            let document = self.document(node);
            PolicyDocument::clone(&document).as_trust_policy().into()
        })
    }

    /// Reads a statement by itself, in the current version of the language, unless it was read before.
    pub fn statement(&self, node: &Node) -> Arc<Statement> {
        known(&self.statements, node, || {
            PolicyDocument::read_statement(node).into()
        })
    }

    /// The statements of a document of the current version are what they are by themselves.
    fn keep_statements(&self, node: &Node, document: &PolicyDocument) {
        let is_current = document.version == Version::V2012;
        let nodes = node.get("Statement").filter(|_| is_current);
        let nodes = nodes.map_or(&[][..], Node::each).iter();
        let known = self.statements.write();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        for (node, statement) in nodes.zip(&document.statements) {
            if let Some(key) = key(node) {
                let read = || (node.clone(), Arc::clone(statement));
                known.entry(key).or_insert_with(read);
            }
        }
    }
}

fn known<T>(values: &Known<T>, node: &Node, read: impl FnOnce() -> Arc<T>) -> Arc<T> {
    let Some(key) = key(node) else {
        return read();
    };
    let known = values.read().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, value)) = known.get(&key) {
        return Arc::clone(value);
    }
    drop(known);
    let value = read();
    let mut known = values.write().unwrap_or_else(PoisonError::into_inner);
    let (_, value) = known.entry(key).or_insert_with(|| (node.clone(), value));
    Arc::clone(value)
}

fn key(node: &Node) -> Option<Key> {
    Some((node.address()?, node.span))
}
