//! Strings of which parts are unknown: filled in, joined and split.

use crate::syntax::{Accepts, Hole, Kind, Node, Piece, Text};

/// A place in a text of `Fn::Sub`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'t> {
    /// Characters that stand for themselves.
    Verbatim(&'t str),
    /// `${Name}` or `${Resource.Attribute}`.
    Name(&'t str),
    /// `${!Literal}`, which stands for `${Literal}`.
    Literal(&'t str),
}

/// The places of a text of `Fn::Sub`.
pub(super) fn places(text: &str) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("${") {
        let Some((inside, after)) = tail.split_once('}') else {
            break;
        };
        places.push(Place::Verbatim(before));
        places.push(match inside.strip_prefix('!') {
            Some(literal) => Place::Literal(literal),
            None => Place::Name(inside.trim()),
        });
        rest = after;
    }
    places.push(Place::Verbatim(rest));
    places
}

/// The text that a scalar stands for.
pub(super) fn text_of(node: &Node) -> Option<Text> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Number(number) => Some(Text::from(&**number)),
        Kind::Bool(value) => Some(Text::from(value.to_string())),
        _ => None,
    }
}

/// The texts with a delimiter between each two.
pub(super) fn joined(delimiter: &str, texts: &[Text]) -> Text {
    let between = Piece::Known(delimiter.into());
    let pieces = texts.iter().enumerate().flat_map(|(index, text)| {
        let first = (index > 0).then(|| between.clone());
        first.into_iter().chain(text.pieces())
    });
    Text::of(pieces)
}

/// A text in which a hole stands for each dynamic reference: those are filled in when the stack is
/// made.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub(super) fn with_references_open(text: Text) -> Text {
    const START: &str = "{{resolve:";
    let is_known = |piece: &Piece| matches!(piece, Piece::Known(known) if known.contains(START));
    let mut rest = text.pieces();
    if !rest.iter().any(is_known) {
        return text;
    }
    let mut pieces = Vec::new();
    // A reference that is not closed yet.
    let mut open: Option<Vec<Piece>> = None;
    rest.reverse();
    while let Some(piece) = rest.pop() {
        let mark = if open.is_some() { "}}" } else { START };
        let cut = match &piece {
            Piece::Known(known) => known.split_once(mark),
            Piece::Hole(_) => None,
        };
        match (cut, open.take()) {
            (None, None) => pieces.push(piece),
            (None, Some(mut seen)) => {
                seen.push(piece);
                open = Some(seen);
            }
            (Some((before, tail)), None) => {
                pieces.push(Piece::Known(before.into()));
                rest.push(Piece::Known(tail.into()));
                open = Some(vec![Piece::Known(START.into())]);
            }
            (Some((inside, tail)), Some(mut seen)) => {
                rest.push(Piece::Known(tail.into()));
                seen.push(Piece::Known(format!("{inside}}}}}").into()));
                let whole = Text::of(seen).to_string();
                pieces.push(Piece::Hole(Hole::anything(&whole)));
            }
        }
    }
    // What is never closed is not a reference.
    pieces.extend(open.into_iter().flatten());
    Text::of(pieces)
}

/// The parts of a text between delimiters; nothing where an unknown piece may hold one.
pub(super) fn split(delimiter: &str, text: &Text) -> Option<Vec<Text>> {
    let may_hold = |hole: &Hole| match hole.accepts {
        Accepts::Anything => true,
        Accepts::Word => delimiter.chars().all(|c| hole.accepts.char(c)),
        Accepts::Part | Accepts::Segment | Accepts::Own => !delimiter.contains([':', '/']),
    };
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) if may_hold(&hole) => return None,
            Piece::Hole(_) => parts.last_mut()?.push(piece),
            Piece::Known(known) => {
                for (index, part) in known.split(delimiter).enumerate() {
                    if index > 0 {
                        parts.push(Vec::new());
                    }
                    parts.last_mut()?.push(Piece::Known(part.into()));
                }
            }
        }
    }
    Some(parts.into_iter().map(Text::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_sub_are_found() {
        let found = places("a${B}c${!d}${E.Arn}$f${");
        let wanted = [
            Place::Verbatim("a"),
            Place::Name("B"),
            Place::Verbatim("c"),
            Place::Literal("d"),
            Place::Verbatim(""),
            Place::Name("E.Arn"),
            Place::Verbatim("$f${"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn dynamic_references_are_open() {
        let text = Text::of([
            Piece::Known("arn:{{resolve:ssm:/".into()),
            Piece::Hole(Hole::segment("Stage")),
            Piece::Known("/q}}:{{resolve:ssm:x}}".into()),
        ]);
        let shown = with_references_open(text).to_string();
        let wanted = "arn:<{{resolve:ssm:/<Stage>/q}}>:<{{resolve:ssm:x}}>";
        assert_eq!(shown, wanted);
        let plain = Text::from("{{resolve");
        assert_eq!(with_references_open(plain.clone()), plain);
    }

    #[test]
    fn an_arn_with_holes_is_split_at_its_colons() {
        let arn = Text::of([
            Piece::Known("arn:aws:sqs:".into()),
            Piece::Hole(Hole::segment("AWS::Region")),
            Piece::Known(":1:orders".into()),
        ]);
        let parts = split(":", &arn).unwrap();
        assert_eq!(parts.len(), 6);
        assert_eq!(parts[3].to_string(), "<AWS::Region>");
        assert_eq!(joined(":", &parts), arn);
        assert_eq!(split("-", &arn), None);
        assert_eq!(split(":", &Text::hole(Hole::anything("x"))), None);
    }
}
