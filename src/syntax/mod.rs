//! Syntax: trees with the location of every node, and selecting and decoding parts of them.
//!
//! Owns [`Node`], the readers of JSON and YAML that make it, JSONPath selectors, decoding with problems instead of
//! errors, compiled text patterns and spelling suggestions. It must not depend on AWS.

mod char_set;
mod decode;
mod documents;
mod embed;
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

pub use char_set::CharSet;
pub use decode::Fields;
pub use documents::{Documents, MAX_DEPTH, SyntaxError};
pub use embed::{Embedded, embed, piece_span};
pub use hole::{Accepts, Form, FormPart, Hole};
pub use node::{Key, Kind, Member, Node};
pub use partial_json::read_partial_json;
pub use pattern::{Occurrence, TextPattern, Words};
pub use pointer::{key_span, pointer, value_at};
pub use query::{Selector, SelectorError, Step};
pub use spelling::{distance, distance_within, nearest};
pub use template::{Names, Template};
pub use text::{Piece, Text};
pub use text_form::TextForm;
pub use write::Style;
