//! Changes of texts, which keep every byte that they do not name.

use super::{FileId, Span};

/// A range of a text and what to write in its place; an empty range is an insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in a file as it was read.
    pub span: Span,
    /// What is written there.
    pub text: String,
}

impl Edit {
    /// Writes a text before an offset of a file.
    #[must_use]
    pub fn insert(file: FileId, at: u32, text: impl Into<String>) -> Self {
        Edit {
            span: Span::new(file, at, at),
            text: text.into(),
        }
    }
}

/// The edits in the order of the files and texts, with insertions at one offset made one, in the order
/// in which they were given; nothing where two of them overlap.
#[must_use]
pub fn merged(mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start, edit.span.end));
    let mut all: Vec<Edit> = Vec::new();
    for edit in edits {
        match all.last_mut() {
            Some(last) if *last == edit && !edit.span.range().is_empty() => {}
            Some(last) if last.span == edit.span && edit.span.range().is_empty() => {
                last.text.push_str(&edit.text);
            }
            Some(last) if last.span.file == edit.span.file && last.span.end > edit.span.start => {
                return None;
            }
            _ => all.push(edit),
        }
    }
    Some(all)
}

/// A text with edits made in it; nothing where two of them overlap or one is outside of the text.
#[must_use]
pub fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    for edit in merged(edits.to_vec())? {
        let range = edit.span.range();
        written.push_str(text.get(at..range.start)?);
        written.push_str(&edit.text);
        at = range.end;
    }
    written.push_str(text.get(at..)?);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit {
            span: Span::new(FileId::NOWHERE, start, end),
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_count_the_offsets_of_the_text_that_was_read() {
        let edits = [edit(4, 4, "!"), edit(0, 1, "AA"), edit(4, 4, "?")];
        assert_eq!(edited("abcd", &edits).as_deref(), Some("AAbcd!?"));
        assert_eq!(edited("abcd", &[]).as_deref(), Some("abcd"));
    }

    #[test]
    fn edits_that_overlap_are_refused() {
        assert_eq!(edited("abcd", &[edit(0, 2, "x"), edit(1, 3, "y")]), None);
        assert_eq!(edited("abcd", &[edit(3, 9, "x")]), None);
        // One and the same replacement is made once.
        let same = [edit(0, 2, "x"), edit(0, 2, "x")];
        assert_eq!(edited("abcd", &same).as_deref(), Some("xcd"));
    }
}
