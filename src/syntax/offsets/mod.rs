//! From the characters of a text to where they are written, in every style of JSON and YAML.
//!
//! A style is known by how it begins: `"`, `'`, `|`, `>`, or anything else for a plain text.
//! A JSON text is one in double quotes, and YAML's double quotes know all of its escapes.

mod block;
mod escape;
mod flow;

pub(super) use escape::first_wrong as first_wrong_escape;

use crate::source::OffsetMap;

/// How a decoded text maps to the file; `written` is its slice of the file and begins at `start`.
///
/// Gives nothing for a text that was not decoded from what is written.
#[must_use]
pub(super) fn of(written: &str, decoded: &str, start: u32) -> Option<OffsetMap> {
    let mut trace = Trace::new(decoded, start);
    match written.chars().next() {
        Some('"') => trace.quoted(written, flow::Style::Double)?,
        Some('\'') => trace.quoted(written, flow::Style::Single)?,
        Some('|') => block::follow(&mut trace, written, block::Style::Literal)?,
        Some('>') => block::follow(&mut trace, written, block::Style::Folded)?,
        _ => flow::follow(&mut trace, written, flow::Style::Plain)?,
    }
    trace.finish()
}

/// Follows what is written and the decoded text side by side; a step that does not fit ends it.
struct Trace<'d> {
    map: OffsetMap,
    /// The part of the decoded text that is not reached yet.
    rest: &'d str,
    at: u32,
}

impl<'d> Trace<'d> {
    fn new(decoded: &'d str, start: u32) -> Self {
        Trace {
            map: OffsetMap::default(),
            rest: decoded,
            at: start,
        }
    }

    /// Characters that stand for themselves.
    fn verbatim(&mut self, written: &str) -> Option<()> {
        self.step(written, written.len())
    }

    /// Written bytes that stand for something else, or for nothing.
    fn step(&mut self, decoded: &str, written_len: usize) -> Option<()> {
        self.rest = self.rest.strip_prefix(decoded)?;
        let written_len = u32::try_from(written_len).ok()?;
        if !decoded.is_empty() {
            let decoded_len = u32::try_from(decoded.len()).ok()?;
            self.map.push(decoded_len, self.at, written_len);
        }
        self.at += written_len;
        Some(())
    }

    fn quoted(&mut self, written: &str, style: flow::Style) -> Option<()> {
        let mut inside = written.chars();
        let closed = inside.next() == inside.next_back();
        self.at += 1;
        closed.then(|| flow::follow(self, inside.as_str(), style))?
    }

    fn finish(self) -> Option<OffsetMap> {
        self.rest.is_empty().then_some(self.map)
    }
}

/// The length of the line break that a text begins with.
fn line_break(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
