//! What jsonpath-rust asks of a tree that it shall search.
//!
//! The conversions are for the literals and function results inside filters; nodes made by them
//! are compared and dropped, so their place does not matter.

use std::sync::Arc;

use jsonpath_rust::query::queryable::Queryable;

use super::{Kind, Node, Text};
use crate::source::{FileId, Span};

fn nowhere(kind: Kind) -> Node {
    Node::new(kind, Span::new(FileId::NOWHERE, 0, 0))
}

impl Default for Node {
    fn default() -> Self {
        nowhere(Kind::Null)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        nowhere(Kind::Text(Text::from(text)))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        nowhere(Kind::Text(Text::from(text)))
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        nowhere(Kind::Bool(value))
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Self {
        nowhere(Kind::Number(value.to_string().into()))
    }
}

impl From<f64> for Node {
    fn from(value: f64) -> Self {
        nowhere(Kind::Number(value.to_string().into()))
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        nowhere(Kind::Array(Arc::new(items)))
    }
}

impl Queryable for Node {
    fn get(&self, key: &str) -> Option<&Self> {
        Node::get(self, key)
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        match &self.kind {
            Kind::Object(members) => Some(
                members
                    .iter()
                    .map(|member| (&*member.key.text, &member.value))
                    .collect(),
            ),
            _ => None,
        }
    }

    fn as_str(&self) -> Option<&str> {
        Node::as_str(self)
    }

    fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            Kind::Number(written) => written.parse().ok(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match &self.kind {
            Kind::Number(written) => written.parse().ok(),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        Node::as_bool(self)
    }

    fn null() -> Self {
        Node::default()
    }
}
