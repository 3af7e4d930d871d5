//! Text that may be known only in part before the deployment.

use std::fmt;
use std::sync::Arc;

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

/// Something that is not known. Holes with one identity hold the same text.
#[derive(Clone, Debug)]
pub struct Hole {
    /// What the hole is, such as `AWS::AccountId`; also shown to people.
    pub id: Arc<str>,
    /// Whose hole it is, where others may use its id for something else.
    pub of: Option<Arc<str>>,
    /// Which texts can be in it.
    pub accepts: Accepts,
    /// The text that is probably in it.
    pub likely: Option<Arc<str>>,
    /// What its template writes for it between `${` and `}`.
    pub written: Option<Arc<str>>,
    /// The type of the resource that it was made up for, such as `AWS::SQS::Queue`.
    pub kind: Option<Arc<str>>,
}

/// Which texts a hole can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accepts {
    /// Any text, also none.
    Anything,
    /// Any text without `:` and `/`, also none, as a part of a name in an ARN.
    Part,
    /// At least one character, none of them `:` or `/`, as a name or id in an ARN.
    Segment,
    /// The same, and made up for one thing: no other hole of this kind holds the same, nor a part
    /// of it.
    Own,
    /// The same, with a dash in it, as in the names that CloudFormation makes up.
    Dashed,
}

impl Accepts {
    /// Whether the hole's text may have this character.
    #[must_use]
    pub fn char(self, c: char) -> bool {
        match self {
            Accepts::Anything => true,
            _ => c != ':' && c != '/',
        }
    }

    /// Whether the hole's text may be empty.
    #[must_use]
    pub fn empty(self) -> bool {
        matches!(self, Accepts::Anything | Accepts::Part)
    }
}

impl PartialEq for Hole {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.of == other.of
    }
}

impl Eq for Hole {}

impl std::hash::Hash for Hole {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.of.hash(state);
    }
}

impl Hole {
    /// A hole that takes one segment of an ARN.
    #[must_use]
    pub fn segment(id: &str) -> Self {
        Hole {
            id: id.into(),
            of: None,
            accepts: Accepts::Segment,
            likely: None,
            written: None,
            kind: None,
        }
    }

    /// A hole for the name or id that is made up for one thing.
    #[must_use]
    pub fn own(id: &str) -> Self {
        Hole {
            accepts: Accepts::Own,
            ..Hole::segment(id)
        }
    }

    /// The same hole with what its template writes for it.
    #[must_use]
    pub fn written(mut self, name: &str) -> Self {
        self.written = Some(name.into());
        self
    }

    /// The same hole with the type of the resource that it was made up for.
    #[must_use]
    pub fn of_kind(mut self, kind: &str) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// The same hole with a dash in its text.
    #[must_use]
    pub fn dashed(mut self) -> Self {
        self.accepts = Accepts::Dashed;
        self
    }

    /// Whether it was made up for one thing.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self.accepts, Accepts::Own | Accepts::Dashed)
    }

    /// Whether both surely hold different texts.
    #[must_use]
    pub fn differs(&self, other: &Hole) -> bool {
        self.is_own() && other.is_own() && self != other
    }

    /// A hole that takes anything.
    #[must_use]
    pub fn anything(id: &str) -> Self {
        Hole {
            id: id.into(),
            of: None,
            accepts: Accepts::Anything,
            likely: None,
            written: None,
            kind: None,
        }
    }

    /// The same hole, distinct from those of others with its id.
    #[must_use]
    pub fn of(mut self, whose: &Arc<str>) -> Self {
        self.of = Some(Arc::clone(whose));
        self
    }

    /// The same hole with a text that is probably in it.
    #[must_use]
    pub fn likely(mut self, text: &str) -> Self {
        self.likely = Some(text.into());
        self
    }
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
