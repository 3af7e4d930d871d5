//! Text from files is hostile: it must not contain sequences that control the terminal.

use std::borrow::Cow;

/// Whether a character could control a terminal or reorder text.
fn is_unsafe(c: char) -> bool {
    let steers = c.is_control() && c != '\n' && c != '\t' && c != '\r';
    let reorders = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    );
    steers || reorders
}

/// The text on one line, with unsafe characters written as escapes.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_unsafe(c) || matches!(c, '\n' | '\r' | '\t');
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        if bad(c) {
            cleaned.extend(c.escape_default());
        } else {
            cleaned.push(c);
        }
    }
    Cow::Owned(cleaned)
}

/// JSON with unsafe characters, which stand in its texts only, as escapes.
#[must_use]
pub fn in_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_unsafe) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if is_unsafe(c) {
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// The text with each unsafe character replaced by others of the same length in bytes, so that
/// places stay right.
///
/// A carriage return is a part of the end of a line, or else it would write over the line.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| is_unsafe(c) || c == '\r') {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let is_alone = c == '\r' && letters.peek() != Some(&'\n');
        match (is_unsafe(c) || is_alone, c.len_utf8()) {
            (false, _) => masked.push(c),
            (true, 3) => masked.push('\u{fffd}'),
            (true, len) => masked.extend(std::iter::repeat_n('?', len)),
        }
    }
    Cow::Owned(masked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\\nc");
        assert_eq!(clean("s3:Get*"), "s3:Get*");
        assert!(!clean("a\u{202e}b").contains('\u{202e}'));
    }

    #[test]
    fn masking_keeps_lengths() {
        let text = "a\u{1b}\u{85}\u{202e}é\n";
        let masked = masked(text);
        assert_eq!(masked, "a???\u{fffd}é\n");
        assert_eq!(masked.len(), text.len());
        assert_eq!(super::masked("a\rb\r\nc\r"), "a?b\r\nc?");
    }
}
