//! JSON in a text that is known only in part.

use super::{Key, Kind, Member, Node, Piece, Text, json};
use crate::source::{FileId, Span};

/// The first of the characters that represent holes; Unicode leaves them to private use.
const FIRST: u32 = 0xF_0000;

/// How many such characters there are.
const COUNT: u32 = 0xFFFD;

/// The document that a text holds; all of it has one place. Nothing if the text is not JSON; a hole outside of a
/// string is a value.
///
/// Each hole is parsed as a character for private use, which is exchanged for the hole again afterwards.
#[must_use]
pub fn read_partial_json(text: &Text, span: Span) -> Option<Node> {
    let pieces = text.pieces();
    let root = marked(&pieces, &mut |_| ())?;
    Some(with_holes(&root, &pieces, Some(span)))
}

/// The document that pieces hold together, with the places of its parts in the text that is made of them, in
/// which each hole is one character; `next` is told how long each piece is in it. Nothing where
/// [`read_partial_json`] gives nothing.
#[must_use]
pub fn marked_json(pieces: &[Piece], next: &mut dyn FnMut(usize)) -> Option<Node> {
    let root = marked(pieces, next)?;
    Some(with_holes(&root, pieces, None))
}

/// The document of pieces, with a character for private use in the place of each hole.
fn marked(pieces: &[Piece], next: &mut dyn FnMut(usize)) -> Option<Node> {
    let mut written = String::new();
    let mut is_quoted = false;
    for (index, piece) in (0_u32..).zip(pieces) {
        let before = written.len();
        match piece {
            Piece::Known(known) if known.chars().any(|c| hole_of(c).is_some()) => return None,
            Piece::Known(known) => {
                is_quoted = ends_quoted(known, is_quoted);
                written.push_str(known);
            }
            Piece::Hole(_) if is_quoted => written.push(mark(index)?),
            // A value that is not known at all.
            Piece::Hole(_) => {
                written.push('"');
                written.push(mark(index)?);
                written.push('"');
            }
        }
        next(written.len() - before);
    }
    let mut documents = json::read(FileId::NOWHERE, &written);
    let is_one = documents.errors.is_empty() && documents.roots.len() == 1;
    is_one.then(|| documents.roots.remove(0))
}

/// Whether a string is open at the end of a text.
fn ends_quoted(text: &str, mut is_quoted: bool) -> bool {
    let mut is_escaped = false;
    for letter in text.chars() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
    }
    is_quoted
}

fn mark(index: u32) -> Option<char> {
    (index < COUNT).then(|| char::from_u32(FIRST + index))?
}

fn hole_of(c: char) -> Option<usize> {
    let index = u32::from(c).checked_sub(FIRST)?;
    usize::try_from(index).ok().filter(|_| index < COUNT)
}

/// A value with the holes that its characters for private use represent, all of it at one place if that is given.
fn with_holes(node: &Node, pieces: &[Piece], span: Option<Span>) -> Node {
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
                    span: span.unwrap_or(member.key.span),
                },
                value: with_holes(&member.value, pieces, span),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        other => other.clone(),
    };
    Node::new(kind, span.unwrap_or(node.span))
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
    fn a_hole_can_be_a_value() {
        let text = Text::of([
            Piece::Known("{\"a\": ".into()),
            Piece::Hole(Hole::anything("One")),
            Piece::Known("}".into()),
        ]);
        let root = read_partial_json(&text, Span::new(FileId::NOWHERE, 0, 0)).unwrap();
        assert!(root.get("a").unwrap().as_hole().is_some());
        // Where no value can stand, it is no JSON.
        let text = Text::of([
            Piece::Known("{".into()),
            Piece::Hole(Hole::anything("One")),
            Piece::Known("}".into()),
        ]);
        let nowhere = Span::new(FileId::NOWHERE, 0, 0);
        assert_eq!(read_partial_json(&text, nowhere), None);
    }
}
