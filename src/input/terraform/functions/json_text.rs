//! A value as the JSON that `jsonencode` writes.

use std::fmt::Write as _;
use std::sync::Arc;

use super::decimal::Decimal;
use super::identity;
use super::values::{is_open, is_untyped, members};
use crate::source::{FileId, Span};
use crate::syntax::{Accepts, Hole, Kind, Node, Piece, Text};

/// The JSON of a value, with holes where something is not known; `None` where it is longer than `most` bytes.
pub(in crate::input::terraform) fn json_text(
    node: &Node,
    most: usize,
    root: &Arc<str>,
) -> Option<Text> {
    let mut writer = Writer {
        pieces: Vec::new(),
        last: String::new(),
        left: most,
        root,
    };
    writer.node(node)?;
    writer.end_piece();
    Some(Text::of(writer.pieces))
}

/// A text as JSON writes it, without quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\u{8}' => written.push_str("\\b"),
            '\u{c}' => written.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(written, "\\u{:04x}", u32::from(c));
            }
            c => written.push(c),
        }
    }
    written
}

struct Writer<'w> {
    pieces: Vec<Piece>,
    last: String,
    left: usize,
    root: &'w Arc<str>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) -> Option<()> {
        self.left = self.left.checked_sub(text.len())?;
        self.last.push_str(text);
        Some(())
    }

    fn end_piece(&mut self) {
        let last = std::mem::take(&mut self.last);
        self.pieces.push(Piece::Known(last.into()));
    }

    fn put_hole(&mut self, hole: Hole) -> Option<()> {
        self.left = self.left.checked_sub(hole.id.len())?;
        self.end_piece();
        self.pieces.push(Piece::Hole(hole));
        Some(())
    }

    /// What a part is that is not known.
    fn unknown(&mut self, part: &Node) -> Option<()> {
        let part = std::slice::from_ref(part);
        self.put_hole(identity::derived(
            "jsonencode",
            part,
            Accepts::Anything,
            self.root,
        ))
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        match &node.kind {
            Kind::Null => self.put("null"),
            Kind::Bool(value) => self.put(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.put(&Decimal::shown(number)),
            Kind::Text(_) if is_untyped(node) => self.unknown(node),
            Kind::Text(text) => self.text(text),
            Kind::Array(items) => self.list(items),
            Kind::Object(_) => self.object(node),
        }
    }

    fn text(&mut self, text: &Text) -> Option<()> {
        self.put("\"")?;
        for piece in text.pieces() {
            match piece {
                Piece::Known(text) => self.put(&escaped(&text))?,
                // What can be in a name needs no escape.
                Piece::Hole(hole) if hole.accepts != Accepts::Anything => self.put_hole(hole)?,
                Piece::Hole(hole) => {
                    let part = Node::text(Text::hole(hole), Span::new(FileId::NOWHERE, 0, 0));
                    let part = std::slice::from_ref(&part);
                    let hole = identity::derived("escaped", part, Accepts::Anything, self.root);
                    self.put_hole(hole)?;
                }
            }
        }
        self.put("\"")
    }

    fn list(&mut self, items: &[Node]) -> Option<()> {
        self.put("[")?;
        for (index, item) in items.iter().enumerate() {
            // The commas around an unknown number of elements are not known either.
            if is_open(items) {
                let all = Node::array(items.to_vec(), item.span);
                self.unknown(&all)?;
                break;
            }
            if index > 0 {
                self.put(",")?;
            }
            self.node(item)?;
        }
        self.put("]")
    }

    fn object(&mut self, node: &Node) -> Option<()> {
        let (known, open) = members(node);
        if !open.is_empty() {
            return self.unknown(node);
        }
        self.put("{")?;
        for (index, (name, member)) in known.iter().enumerate() {
            if index > 0 {
                self.put(",")?;
            }
            self.put(&format!("\"{}\":", escaped(name)))?;
            self.node(&member.value)?;
        }
        self.put("}")
    }
}
