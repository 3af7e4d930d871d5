//! Text inside text: documents that are written as a text of another document.

use std::ops::Range;

use super::{Documents, Node, json, offsets};
use crate::source::{FileId, OffsetMap, SourceMap, Span};

/// A document that was read out of a text node.
#[derive(Debug)]
pub struct Embedded {
    /// The documents in the text; their places lead back to the outer file.
    pub documents: Documents,
    /// The decoded text.
    pub file: FileId,
}

/// Reads the JSON that a text node holds, plain or percent-encoded as the IAM API returns it.
///
/// Nothing for a node that is not a fully known text.
pub fn embed(sources: &mut SourceMap, node: &Node) -> Option<Embedded> {
    let text = node.as_str()?;
    // A text that is not written character by character has the place of the whole.
    let offsets = offsets_of(sources, node)
        .unwrap_or_else(|| OffsetMap::whole(bound(text.len()), node.span.start, node.span.end));
    let outer = sources.embed(node.span.file, offsets, text).ok()?;
    let (file, text) = match percent_decoded(text) {
        None => (outer, text.to_owned()),
        Some((decoded, offsets)) => (sources.embed(outer, offsets, &decoded).ok()?, decoded),
    };
    let documents = json::read(file, &text);
    Some(Embedded { documents, file })
}

/// Where a piece of a text node is written; `range` counts bytes of the decoded text.
#[must_use]
pub fn piece_span(sources: &SourceMap, node: &Node, range: Range<usize>) -> Span {
    let Some(offsets) = offsets_of(sources, node) else {
        return node.span;
    };
    let (start, end) = offsets.written(bound(range.start), bound(range.end));
    let piece = Span::new(node.span.file, start, end);
    if node.span.contains(piece) {
        piece
    } else {
        node.span
    }
}

fn offsets_of(sources: &SourceMap, node: &Node) -> Option<OffsetMap> {
    offsets::of(sources.slice(node.span), node.as_str()?, node.span.start)
}

fn bound(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The decoded form of a text that begins with an encoded `{`.
fn percent_decoded(text: &str) -> Option<(String, OffsetMap)> {
    let lower = text.get(..3)?.to_ascii_lowercase();
    if lower != "%7b" && !lower.starts_with("%0a") && lower != "%20" {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut offsets = OffsetMap::default();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let escaped = (*byte == b'%')
            .then(|| u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok())
            .flatten();
        let len = if escaped.is_some() { 3 } else { 1 };
        bytes.push(escaped.unwrap_or(*byte));
        offsets.push(1, u32::try_from(at).ok()?, len);
        at += len as usize;
    }
    Some((String::from_utf8(bytes).ok()?, offsets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outer(text: &str) -> (SourceMap, Node) {
        let mut sources = SourceMap::default();
        let file = sources.add("get-policy.json", text).unwrap();
        let root = json::read(file, text).roots.remove(0);
        (sources, root)
    }

    #[test]
    fn places_in_embedded_json_are_exact() {
        let (mut sources, root) = outer(r#"{"Policy": "{\"Action\":\"s3:\u0047et\"}"}"#);
        let embedded = embed(&mut sources, root.get("Policy").unwrap()).unwrap();
        let inner = &embedded.documents.roots[0];
        let action = inner.get("Action").unwrap();
        assert_eq!(action.as_str(), Some("s3:Get"));
        assert_eq!(
            sources.slice(sources.resolve(action.span)),
            r#"\"s3:\u0047et\""#
        );
        let piece = piece_span(&sources, action, 3..4);
        assert_eq!(sources.slice(sources.resolve(piece)), r"\u0047");
    }

    #[test]
    fn percent_encoded_json_is_read() {
        let (mut sources, root) = outer(r#"{"D": "%7B%22Action%22%3A%22s3%3AGet%22%7D"}"#);
        let embedded = embed(&mut sources, root.get("D").unwrap()).unwrap();
        let action = embedded.documents.roots[0].get("Action").unwrap();
        assert_eq!(action.as_str(), Some("s3:Get"));
        assert_eq!(
            sources.slice(sources.resolve(action.span)),
            "%22s3%3AGet%22"
        );
    }
}
