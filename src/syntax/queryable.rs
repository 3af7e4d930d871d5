//! What jsonpath-rust needs to search a tree.
//!
//! The conversions are for the literals inside filters. Nodes made of them are compared and dropped, so
//! their place does not matter.

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

/// Literals of filters as nodes.
macro_rules! from_literal {
    ($($literal:ty => $kind:expr),+) => {
        $(impl From<$literal> for Node {
            fn from(literal: $literal) -> Self {
                nowhere($kind(literal))
            }
        })+
    };
}

from_literal! {
    &str => |text| Kind::Text(Text::from(text)),
    String => |text| Kind::Text(Text::from(text)),
    bool => Kind::Bool,
    i64 => |number: i64| Kind::Number(number.to_string().into()),
    f64 => |number: f64| Kind::Number(number.to_string().into()),
    Vec<Node> => |items| Kind::Array(Arc::new(items))
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
            Kind::Object(members) => {
                let members = members.iter();
                Some(members.map(|m| (&*m.key.text, &m.value)).collect())
            }
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
