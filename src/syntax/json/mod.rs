//! JSON text to nodes.
//!
//! A reader of our own because every key and value keeps its exact place and duplicate keys
//! survive; serde_json is its oracle in the tests. A file may hold several documents one after
//! the other, as JSON Lines and as the output of several commands in one file.

mod literal;
mod reader;

pub(super) use literal::escape;
pub use literal::written;

pub use super::{Documents, SyntaxError};
use crate::source::FileId;

/// How many mistakes of one text are reported.
const MAX_ERRORS: usize = 20;

/// Reads all documents of a text; a byte-order mark before the first one is skipped.
///
/// Reading goes on after a mistake only where each document has a line of its own.
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
