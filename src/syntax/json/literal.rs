//! The inside of a JSON text literal: escapes and what they stand for.

/// A step through the inside of a literal.
pub(super) enum Step<'t> {
    /// Characters that stand for themselves.
    Verbatim(&'t str),
    /// An escape sequence: its length in bytes, and its character.
    Escape(usize, char),
}

/// A mistake in a literal: its offset from the inside's start, its length, and what it is.
pub(super) struct BadLiteral {
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) message: &'static str,
}

/// Walks the inside of a literal, the quotes not included.
pub(super) fn steps(inside: &str) -> impl Iterator<Item = Result<Step<'_>, BadLiteral>> + use<'_> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = inside.get(at..).filter(|rest| !rest.is_empty())?;
        let step = step(rest, at);
        at = match &step {
            Ok(Step::Verbatim(text)) => at + text.len(),
            Ok(Step::Escape(len, _)) => at + len,
            Err(_) => inside.len(),
        };
        Some(step)
    })
}

fn step(rest: &str, at: usize) -> Result<Step<'_>, BadLiteral> {
    let verbatim = rest.find('\\').unwrap_or(rest.len());
    match rest.get(..verbatim) {
        Some(text) if !text.is_empty() => Ok(Step::Verbatim(text)),
        _ => escape(rest)
            .map(|(len, c)| Step::Escape(len, c))
            .map_err(|(len, message)| BadLiteral { at, len, message }),
    }
}

/// A text as JSON writes it, with its quotes.
#[must_use]
pub fn written(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        control if control < ' ' => format!("\\u{:04x}", u32::from(control)),
        other => other.to_string(),
    });
    format!("\"{}\"", letters.collect::<String>())
}

/// The escape sequence that a text begins with: its length in bytes, and its character.
pub(in crate::syntax) fn escape(rest: &str) -> Result<(usize, char), (usize, &'static str)> {
    let simple = |c| Ok((2, c));
    match rest.as_bytes().get(1) {
        Some(b'"') => simple('"'),
        Some(b'\\') => simple('\\'),
        Some(b'/') => simple('/'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => unicode(rest),
        Some(_) => {
            let len = rest.chars().take(2).map(char::len_utf8).sum();
            Err((len, "invalid JSON escape sequence"))
        }
        None => Err((1, "incomplete escape sequence")),
    }
}

fn unicode(rest: &str) -> Result<(usize, char), (usize, &'static str)> {
    let first = hex(rest).ok_or((2, "`\\u` needs four hexadecimal digits"))?;
    if let Some(c) = char::from_u32(first) {
        return Ok((6, c));
    }
    let second = rest.get(6..).filter(|next| next.starts_with("\\u"));
    let pair = second.and_then(hex).and_then(|second| {
        let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
        char::decode_utf16(units).next()?.ok()
    });
    pair.map(|c| (12, c))
        .ok_or((6, "unpaired surrogate in an escape sequence"))
}

fn hex(escape: &str) -> Option<u32> {
    let digits = escape.get(2..6)?;
    let all_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    all_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}
