//! Text: every byte that was read, and its location.
//!
//! Owns the texts, their names, and the mapping from an offset to a line and a column, also for
//! text that is embedded in other text (a policy that is JSON inside a JSON string). It must not
//! depend on a file format: the decoder of embedded text provides the mapping to the outer text.

mod decode;
mod edit;
mod lines;
mod map;
mod offsets;
mod span;

pub use decode::{Undecodable, decode};
pub use edit::{Edit, edited, merged};
pub use map::{Location, SourceFile, SourceMap, TooLarge};
pub use offsets::OffsetMap;
pub use span::{FileId, Span};
