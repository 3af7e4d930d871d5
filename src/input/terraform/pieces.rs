//! Texts that are put together, each part at its place.

use crate::source::{FileId, OffsetMap, Span};
use crate::syntax::{Key, Kind, Member, Node, Piece, Text, marked_json};

/// How long a text can get.
const LONGEST_TEXT: usize = 1 << 20;

/// The parts of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<(Piece, Span)>,
    length: usize,
}

impl Pieces {
    /// Adds known characters; returns whether the text is still short enough.
    pub(super) fn known(&mut self, text: &str, span: Span) -> bool {
        self.push(Piece::Known(text.into()), span)
    }

    /// Adds a value: what is neither a text nor a number is written as JSON.
    pub(super) fn value(&mut self, value: &Node) -> bool {
        match &value.kind {
            Kind::Text(text) => { text.pieces() }
                .into_iter()
                .all(|piece| self.push(piece, value.span)),
            Kind::Null => true,
            Kind::Array(_) | Kind::Object(_) => self.json(value),
            _ => self.known(&value.scalar().unwrap_or_default(), value.span),
        }
    }

    fn push(&mut self, piece: Piece, span: Span) -> bool {
        self.length += match &piece {
            Piece::Known(text) => text.len(),
            Piece::Hole(_) => 1,
        };
        self.pieces.push((piece, span));
        self.length <= LONGEST_TEXT
    }

    /// The same text as `jsonencode` gives.
    fn json(&mut self, value: &Node) -> bool {
        let span = value.span;
        let quoted = |text: &str| {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            let escaped = escaped.replace('\n', "\\n").replace('\r', "\\r");
            escaped.replace('\t', "\\t")
        };
        match &value.kind {
            Kind::Null => self.known("null", span),
            Kind::Text(text) => {
                let inner = { text.pieces() }.into_iter().all(|piece| match piece {
                    Piece::Known(known) => self.known(&quoted(&known), span),
                    hole @ Piece::Hole(_) => self.push(hole, span),
                });
                // The quotes go around what was added last.
                let added = text.pieces().len();
                let at = self.pieces.len().saturating_sub(added);
                let quote = || (Piece::Known("\"".into()), span);
                self.pieces.insert(at, quote());
                self.pieces.push(quote());
                inner
            }
            Kind::Array(items) => {
                let mut fits = self.known("[", span);
                for (index, item) in items.iter().enumerate() {
                    fits = fits && (index == 0 || self.known(",", span)) && self.json(item);
                }
                fits && self.known("]", span)
            }
            Kind::Object(members) => {
                let mut fits = self.known("{", span);
                for (index, member) in members.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "," };
                    let key = format!("{separator}\"{}\":", quoted(&member.key.text));
                    fits = fits && self.known(&key, member.key.span) && self.json(&member.value);
                }
                fits && self.known("}", span)
            }
            _ => self.known(&value.scalar().unwrap_or_default(), span),
        }
    }

    /// How many bytes it is long.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The text.
    pub(super) fn text(self) -> Text {
        Text::of(self.pieces.into_iter().map(|(piece, _)| piece))
    }

    /// The text as a value; JSON is the value that it stands for, with the places of all parts of it.
    pub(super) fn node(self, span: Span) -> Node {
        if let Some(document) = self.document() {
            return document;
        }
        Node::text(self.text(), span)
    }

    /// The document that the text holds, if it is an object or list in JSON.
    fn document(&self) -> Option<Node> {
        let first = self.pieces.iter().find_map(|(piece, _)| match piece {
            Piece::Known(text) => text.trim_start().chars().next(),
            Piece::Hole(_) => Some('<'),
        });
        first.filter(|first| matches!(first, '{' | '['))?;
        let pieces: Vec<Piece> = self.pieces.iter().map(|(piece, _)| piece.clone()).collect();
        let mut offsets = Offsets::default();
        let document = marked_json(&pieces, &mut |length| offsets.next(length, &self.pieces))?;
        let is_container = document.is_object() || document.is_array();
        is_container.then(|| offsets.placed(&document))
    }
}

/// Where the characters of a text are written, for texts of several files.
#[derive(Debug, Default)]
struct Offsets {
    /// The end of each piece in the text, and its place.
    ends: Vec<(u32, Span)>,
    length: u32,
}

impl Offsets {
    /// Notes down how long the next piece is in the text.
    fn next(&mut self, length: usize, pieces: &[(Piece, Span)]) {
        self.length += u32::try_from(length).unwrap_or(u32::MAX);
        if let Some((_, span)) = pieces.get(self.ends.len()) {
            self.ends.push((self.length, *span));
        }
    }

    fn placed(&self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Array(items) => {
                let items = items.iter().map(|item| self.placed(item));
                Kind::Array(items.collect::<Vec<Node>>().into())
            }
            Kind::Object(members) => {
                let members = members.iter().map(|member| Member {
                    key: Key {
                        text: member.key.text.clone(),
                        span: self.place(member.key.span),
                    },
                    value: self.placed(&member.value),
                });
                Kind::Object(members.collect::<Vec<Member>>().into())
            }
            other => other.clone(),
        };
        Node::new(kind, self.place(node.span))
    }

    /// The place of a part of the text: from where it begins, as far as it is in one file.
    fn place(&self, span: Span) -> Span {
        let Some((file, start, _)) = self.at(span.start) else {
            return span;
        };
        match self.at(span.end.saturating_sub(1).max(span.start)) {
            Some((same, _, end)) if same == file && end >= start => Span::new(file, start, end),
            _ => Span::new(file, start, start),
        }
    }

    /// The place of a character: its file, where it begins and where it ends.
    fn at(&self, offset: u32) -> Option<(FileId, u32, u32)> {
        let index = self.ends.partition_point(|(end, _)| *end <= offset);
        let (end, span) = self.ends.get(index)?;
        let before = index.checked_sub(1).and_then(|index| self.ends.get(index));
        let start = before.map_or(0, |(end, _)| *end);
        let mut map = OffsetMap::default();
        map.push(end - start, span.start, span.end - span.start);
        let (from, to) = map.written(offset - start, offset - start + 1);
        Some((span.file, from, to))
    }
}
