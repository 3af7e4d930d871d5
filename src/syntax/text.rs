//! Text that may be known only in part before the deployment.

use std::fmt;
use std::sync::Arc;

use super::hole::{Accepts, Hole};

/// A text, with holes where something is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// Every character is known.
    Known(Arc<str>),
    /// Some pieces are holes.
    Partial(Arc<[Piece]>),
}

/// A piece of a text with holes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Known characters.
    Known(Arc<str>),
    /// A hole.
    Hole(Hole),
}

impl Text {
    /// The text of pieces: known neighbours are joined, and without a hole it is a known text.
    #[must_use]
    pub fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Known(last)), Piece::Known(next)) => {
                    *last = format!("{last}{next}").into();
                }
                (_, Piece::Known(next)) if next.is_empty() => {}
                (_, piece) => joined.push(piece),
            }
        }
        match joined.as_slice() {
            [] => Text::Known(Arc::from("")),
            [Piece::Known(only)] => Text::Known(Arc::clone(only)),
            _ => Text::Partial(joined.into()),
        }
    }

    /// A text that is one hole.
    #[must_use]
    pub fn hole(hole: Hole) -> Self {
        Text::Partial(Arc::from([Piece::Hole(hole)]))
    }

    /// The characters, where all are known.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Text::Known(text) => Some(text),
            Text::Partial(_) => None,
        }
    }

    /// How many bytes the text takes, with the names of its holes.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Text::Known(text) => text.len(),
            Text::Partial(pieces) => {
                let each = pieces.iter().map(|piece| match piece {
                    Piece::Known(text) => text.len(),
                    Piece::Hole(hole) => hole.id.len(),
                });
                each.sum()
            }
        }
    }

    /// The same text as one segment of an ARN, in which no hole can hold `:` or `/`.
    #[must_use]
    pub fn as_segment(self) -> Self {
        let accepts = match &self {
            Text::Known(_) => return self,
            Text::Partial(pieces) if pieces.len() == 1 => Accepts::Segment,
            Text::Partial(_) => Accepts::Part,
        };
        self.narrowed(accepts)
    }

    /// The same text with every hole that can hold anything as a part of a segment: an ARN whose
    /// separators are all written.
    #[must_use]
    pub fn with_parts(self) -> Self {
        self.narrowed(Accepts::Part)
    }

    /// The same text as an ARN. Where some separators of it are written, all of them are.
    #[must_use]
    pub fn as_arn(self) -> Self {
        match &self {
            Text::Partial(pieces) if pieces.len() == 1 => self,
            _ => self.with_parts(),
        }
    }

    /// The same text with holes that take less.
    fn narrowed(self, accepts: Accepts) -> Self {
        let Text::Partial(pieces) = &self else {
            return self;
        };
        let pieces = pieces.iter().map(|piece| match piece {
            Piece::Hole(hole) if hole.accepts == Accepts::Anything => Piece::Hole(Hole {
                accepts,
                ..hole.clone()
            }),
            other => other.clone(),
        });
        Text::of(pieces.collect::<Vec<Piece>>())
    }

    /// Whether it has neither characters nor holes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_str() == Some("")
    }

    /// The pieces, in order.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        match self {
            Text::Known(text) => vec![Piece::Known(Arc::clone(text))],
            Text::Partial(pieces) => pieces.to_vec(),
        }
    }

    /// The known characters before the first hole.
    #[must_use]
    pub fn known_start(&self) -> &str {
        match self {
            Text::Known(text) => text,
            Text::Partial(pieces) => match pieces.first() {
                Some(Piece::Known(text)) => text,
                _ => "",
            },
        }
    }

    /// The holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        let pieces = match self {
            Text::Known(_) => &[][..],
            Text::Partial(pieces) => pieces,
        };
        pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Known(_) => None,
        })
    }

    /// The first hole.
    #[must_use]
    pub fn first_hole(&self) -> Option<&Hole> {
        self.holes().next()
    }

    /// Whether a hole has a likely text.
    #[must_use]
    pub fn has_likely(&self) -> bool {
        let Text::Partial(pieces) = self else {
            return false;
        };
        let mut pieces = pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Hole(hole) if hole.likely.is_some()))
    }

    /// The text with every hole filled in that has a likely text.
    #[must_use]
    pub fn filled(&self) -> Self {
        match self {
            Text::Known(_) => self.clone(),
            Text::Partial(pieces) => Text::of(pieces.iter().map(|piece| match piece {
                Piece::Hole(Hole {
                    likely: Some(likely),
                    ..
                }) => Piece::Known(Arc::clone(likely)),
                other => other.clone(),
            })),
        }
    }

    /// The text with the same characters in the place of every hole.
    #[must_use]
    pub fn with_holes_as(&self, filler: &str) -> String {
        let pieces = self.pieces();
        let shown = pieces.iter().map(|piece| match piece {
            Piece::Known(text) => &**text,
            Piece::Hole(_) => filler,
        });
        shown.collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::Known(text.into())
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Text::Known(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Known(text.into())
    }
}

/// Shows holes as `<id>`.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Known(text) => f.write_str(text),
            Text::Partial(pieces) => pieces.iter().try_for_each(|piece| match piece {
                Piece::Known(text) => f.write_str(text),
                Piece::Hole(hole) => write!(f, "<{}>", hole.id),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pieces_are_joined() {
        let text = Text::of([Piece::Known("a".into()), Piece::Known("b".into())]);
        assert_eq!(text.as_str(), Some("ab"));
    }

    #[test]
    fn a_likely_text_fills_its_hole() {
        let text = Text::of([
            Piece::Known("arn:".into()),
            Piece::Hole(Hole::segment("partition").likely("aws")),
        ]);
        assert_eq!(text.to_string(), "arn:<partition>");
        assert_eq!(text.as_str(), None);
        assert_eq!(text.filled().as_str(), Some("arn:aws"));
    }
}
