//! The comments of a YAML text.

use granit_parser::{Event, Parser};

use crate::source::{FileId, Span};
use crate::syntax::{Comment, MAX_DEPTH};

/// The comments of a text, up to its first mistake: a `#` in a text in quotes or in a block of lines begins none.
#[must_use]
pub fn comments(file: FileId, text: &str) -> Vec<Comment> {
    let options = granit_parser::options! {
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        max_buffered_comment_events: usize::MAX,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut comments = Vec::new();
    while let Some(Ok((event, at))) = parser.next_event() {
        let (Event::Comment(written, _), Some(range)) = (event, at.byte_range()) else {
            continue;
        };
        let before = text.get(..range.start).unwrap_or("");
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(file, offset(range.start), offset(range.end));
        comments.push(Comment::new(written.into_owned(), span, before));
    }
    comments.sort_by_key(|comment| comment.span.start);
    comments
}
