//! YAML text to nodes.
//!
//! granit-parser splits the text into events; this module makes nodes of them that keep the exact
//! place of every key and value, duplicates included. Plain texts mean what they mean in YAML 1.1,
//! as in AWS CloudFormation: `yes` is true and `0123` a number. What a local tag such as `!Sub`
//! means is up to the caller.

mod anchors;
mod comments;
mod error;
mod events;
mod merge;
mod reader;
mod scalar;
mod value;

pub use comments::comments;

use super::{Documents, Node};
use crate::source::{FileId, Span};

/// A local tag and the value that it stands before.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'t> {
    /// Its name without the exclamation mark: `Sub` for `!Sub`.
    pub name: &'t str,
    /// Where it was written, the exclamation mark included.
    pub span: Span,
}

/// What a value under a local tag means; a scalar is passed on as a text.
pub type Tags<'h> = &'h dyn Fn(Tag<'_>, Node) -> Node;

/// Takes each value as if it had no tag, except that a scalar stays a text.
#[must_use]
pub fn without_tags(_: Tag<'_>, value: Node) -> Node {
    value
}

/// Reads all documents of a text up to the first mistake; documents that hold nothing are left out.
#[must_use]
pub fn read(file: FileId, text: &str, tags: Tags<'_>) -> Documents {
    let mut documents = Documents::default();
    let mut reader = reader::Reader::new(file, text, tags);
    loop {
        match reader.next_document() {
            Ok(Some(root)) => documents.roots.push(root),
            Ok(None) => return documents,
            Err(error) => {
                documents.errors.push(*error);
                return documents;
            }
        }
    }
}

/// Whether a plain scalar stands for its own characters.
#[must_use]
pub fn is_text(text: &str) -> bool {
    matches!(scalar::resolve(text), super::Kind::Text(_))
}

#[cfg(test)]
mod tests;
