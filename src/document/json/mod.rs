//! JSON text to nodes.
//!
//! A reader of our own because every key and value keeps its exact place and duplicate keys
//! survive; serde_json is its oracle in the tests. A file may hold several documents one after
//! the other, as JSON Lines and as the output of several commands in one file.

mod error;
mod literal;
mod reader;

pub use error::SyntaxError;
pub use literal::offsets;

use super::Node;
use crate::source::FileId;

/// How deep lists and objects may be nested.
pub const MAX_DEPTH: usize = 128;

/// How many mistakes of one text are told.
const MAX_ERRORS: usize = 20;

/// What a text holds: its documents, and the mistakes in it.
///
/// Reading goes on behind a mistake only where each document has a line of its own.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents, in order.
    pub roots: Vec<Node>,
    /// The mistakes, in order.
    pub errors: Vec<SyntaxError>,
}

/// Reads all documents of a text; a byte-order mark before the first one is skipped.
#[must_use]
pub fn read(file: FileId, text: &str) -> Documents {
    let mut documents = Documents::default();
    let mut reader = reader::Reader::new(file, text);
    loop {
        match reader.next_document() {
            Ok(Some(root)) => documents.roots.push(root),
            Ok(None) => return documents,
            Err(error) => {
                documents.errors.push(*error);
                let enough = documents.errors.len() >= MAX_ERRORS;
                if enough || !reader.skip_line() {
                    return documents;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
