//! JSON in a text that is known only in part.

use super::{Key, Kind, Member, Node, Piece, Text, json};
use crate::source::{FileId, Span};

/// The first of the characters that represent holes; Unicode leaves them to private use.
const FIRST: u32 = 0xF_0000;

/// How many such characters there are.
const COUNT: u32 = 0xFFFD;

/// The document that a text holds; all of it has one place. Nothing if the text is not JSON, or a hole is
/// anywhere but in a string of it.
///
/// Each hole is parsed as a character for private use, which is exchanged for the hole again afterwards.
#[must_use]
pub fn read_partial_json(text: &Text, span: Span) -> Option<Node> {
    let pieces = text.pieces();
    let mut written = String::new();
    for (index, piece) in (0_u32..).zip(&pieces) {
        match piece {
            Piece::Known(known) if known.chars().any(|c| hole_of(c).is_some()) => return None,
            Piece::Known(known) => written.push_str(known),
            Piece::Hole(_) => written.push(mark(index)?),
        }
    }
    let documents = json::read(FileId::NOWHERE, &written);
    let [root] = documents.roots.as_slice() else {
        return None;
    };
    documents
        .errors
        .is_empty()
        .then(|| with_holes(root, &pieces, span))
}

fn mark(index: u32) -> Option<char> {
    (index < COUNT).then(|| char::from_u32(FIRST + index))?
}

fn hole_of(c: char) -> Option<usize> {
    let index = u32::from(c).checked_sub(FIRST)?;
    usize::try_from(index).ok().filter(|_| index < COUNT)
}

/// A value with the holes that its characters for private use represent.
fn with_holes(node: &Node, pieces: &[Piece], span: Span) -> Node {
    let kind = match &node.kind {
        Kind::Text(text) => Kind::Text(restored(text.as_str().unwrap_or(""), pieces)),
        Kind::Array(items) => {
            let items = items.iter().map(|item| with_holes(item, pieces, span));
            Kind::Array(items.collect::<Vec<Node>>().into())
        }
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                key: Key {
                    text: restored(&member.key.text, pieces).to_string().into(),
                    span,
                },
                value: with_holes(&member.value, pieces, span),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        other => other.clone(),
    };
    Node::new(kind, span)
}

fn restored(text: &str, pieces: &[Piece]) -> Text {
    let parts = text.split_inclusive(|c| hole_of(c).is_some());
    let restored = parts.flat_map(|part| {
        let last = part.chars().next_back().and_then(hole_of);
        let hole = last.and_then(|index| pieces.get(index).cloned());
        let known = part.trim_end_matches(|c| hole_of(c).is_some());
        [Some(Piece::Known(known.into())), hole]
    });
    Text::of(restored.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Hole;

    #[test]
    fn holes_stay_in_the_texts_that_they_are_in() {
        let text = Text::of([
            Piece::Known("{\"a\": [\"x-".into()),
            Piece::Hole(Hole::segment("One")),
            Piece::Known("-y\", \"".into()),
            Piece::Hole(Hole::segment("Two")),
            Piece::Known("\"]}".into()),
        ]);
        let span = Span::new(FileId::NOWHERE, 3, 9);
        let root = read_partial_json(&text, span).unwrap();
        let texts = root.get("a").unwrap().items().iter();
        let shown: Vec<String> = texts.map(|t| t.as_text().unwrap().to_string()).collect();
        assert_eq!(shown, ["x-<One>-y", "<Two>"]);
        assert!(root.walk().all(|node| node.span == span));
    }

    #[test]
    fn a_hole_that_may_be_anything_gives_nothing() {
        let text = Text::of([
            Piece::Known("{\"a\": ".into()),
            Piece::Hole(Hole::anything("One")),
            Piece::Known("}".into()),
        ]);
        assert_eq!(
            read_partial_json(&text, Span::new(FileId::NOWHERE, 0, 0)),
            None
        );
    }
}
