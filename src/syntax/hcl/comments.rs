//! The comments of a text of HCL.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/configuration#comments>

use crate::source::{FileId, Span};
use crate::syntax::Comment;

/// The comments of a text that begin with `#` or `//`: neither in quotes nor in a heredoc.
#[must_use]
pub fn comments(file: FileId, text: &str) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut heredoc: Option<String> = None;
    let mut is_in_block = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        let Scanned {
            comment,
            opens,
            is_in_block: still,
        } = scanned(line, is_in_block);
        is_in_block = still;
        heredoc = opens;
        if let Some((mark, length)) = comment {
            let offset = |within: usize| u32::try_from(start + within).unwrap_or(u32::MAX);
            let written = line.get(mark + length..).unwrap_or("");
            // From the last character of the mark on.
            let span = Span::new(file, offset(mark + length - 1), offset(line.len()));
            let before = line.get(..mark).unwrap_or("");
            comments.push(Comment::new(written.to_owned(), span, before));
        }
    }
    comments
}

/// What is found in a line.
struct Scanned {
    /// Where a comment begins, and how long its mark is.
    comment: Option<(usize, usize)>,
    /// The word that ends a heredoc which begins here.
    opens: Option<String>,
    is_in_block: bool,
}

fn scanned(line: &str, mut is_in_block: bool) -> Scanned {
    let mut scanned = Scanned {
        comment: None,
        opens: None,
        is_in_block,
    };
    let mut is_quoted = false;
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let at = line.len() - rest.len();
        let mut taken = first.len_utf8();
        if is_in_block {
            if rest.starts_with("*/") {
                is_in_block = false;
                taken = 2;
            }
        } else if is_quoted {
            match first {
                '\\' => taken += rest.chars().nth(1).map_or(0, char::len_utf8),
                '"' => is_quoted = false,
                _ => {}
            }
        } else if first == '"' {
            is_quoted = true;
        } else if first == '#' || rest.starts_with("//") {
            scanned.comment = Some((at, if first == '#' { 1 } else { 2 }));
            break;
        } else if rest.starts_with("/*") {
            is_in_block = true;
            taken = 2;
        } else if let Some(word) = rest.strip_prefix("<<") {
            let word = word.trim_start_matches('-').trim();
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            if !word.is_empty() && word.chars().all(is_word) {
                scanned.opens = Some(word.to_owned());
            }
            taken = 2;
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    scanned.is_in_block = is_in_block;
    scanned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_found_outside_of_texts() {
        let text = "# one\na = \"# no\" // two\nb = <<-EOF\n  # no\n  EOF\n/* # no\n// no */ c = 1 # three\n";
        let found = comments(FileId::NOWHERE, text);
        let shown: Vec<(&str, bool)> = found
            .iter()
            .map(|comment| (comment.text.as_str(), comment.is_alone))
            .collect();
        assert_eq!(shown, [(" one", true), (" two", false), (" three", false)]);
        assert_eq!(text.get(found[1].span.range()).unwrap(), "/ two");
    }
}
