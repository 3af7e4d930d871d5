//! Syntax: trees with the location of every node, and selecting and decoding parts of them.
//!
//! Owns [`Node`], the readers of JSON, YAML and TOML that make it, the reader of HCL, JSONPath selectors, decoding with problems instead of
//! errors, compiled text patterns and spelling suggestions. It must not depend on AWS.

mod captures;
mod char_set;
mod comment;
mod decode;
mod documents;
mod embed;
pub mod hcl;
mod hole;
pub mod json;
mod node;
mod offsets;
mod partial_json;
mod pattern;
mod pointer;
mod query;
mod queryable;
mod spelling;
mod template;
#[cfg(test)]
mod test_rng;
mod text;
mod text_form;
pub mod toml;
mod write;
pub mod yaml;

pub use captures::{GoPattern, Group};
pub use char_set::CharSet;
pub use comment::Comment;
pub use decode::Fields;
pub use documents::{Documents, MAX_DEPTH, SyntaxError};
pub use embed::{Embedded, embed, piece_span};
pub use hole::{Accepts, Form, FormPart, Hole};
pub use node::{Key, Kind, Member, Members, Node};
pub use partial_json::{marked_json, read_partial_json};
pub use pattern::{Occurrence, TextPattern, Words, compiled_patterns};
pub use pointer::{item_at, key_span, pointer, value_at};
pub use query::{Selector, SelectorError, Step};
pub use spelling::{distance, distance_within, nearest};
pub use template::{Names, Template};
pub use text::{Piece, Text};
pub use text_form::TextForm;
pub use write::Style;
