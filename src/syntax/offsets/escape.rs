//! Escape sequences in double quotes: JSON's, and those that YAML adds.

use super::line_break;
use crate::syntax::json;

/// What an escape sequence is, with its length in bytes.
pub(super) enum Escape {
    /// A character.
    Char(usize, char),
    /// The end of a line that goes on after the next line's indentation.
    LineEnd(usize),
}

/// The escape sequence that a text begins with; nothing where there is none.
pub(super) fn escape(rest: &str) -> Option<Escape> {
    let after = rest.strip_prefix('\\')?;
    if let Some(len) = line_break(after) {
        return Some(Escape::LineEnd(1 + len));
    }
    let simple = |c| Some(Escape::Char(2, c));
    match after.chars().next()? {
        '0' => simple('\0'),
        'a' => simple('\u{7}'),
        'e' => simple('\u{1b}'),
        'v' => simple('\u{b}'),
        '\t' => simple('\t'),
        ' ' => simple(' '),
        'N' => simple('\u{85}'),
        '_' => simple('\u{a0}'),
        'L' => simple('\u{2028}'),
        'P' => simple('\u{2029}'),
        'x' => by_number(after, 2),
        'U' => by_number(after, 8),
        _ => json::escape(rest).ok().map(|(len, c)| Escape::Char(len, c)),
    }
}

fn by_number(after: &str, digits: usize) -> Option<Escape> {
    let digits = after.get(1..=digits)?;
    let all_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| all_hex)?;
    char::from_u32(number).map(|c| Escape::Char(2 + digits.len(), c))
}

/// Offset of the first backslash that begins no escape sequence.
pub(in crate::syntax) fn first_wrong(inside: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = inside.get(at..)?;
        at += rest.find('\\')?;
        match escape(inside.get(at..)?) {
            Some(Escape::Char(len, _) | Escape::LineEnd(len)) => at += len,
            None => return Some(at),
        }
    }
}
