//! What is not known of a text.

use std::sync::Arc;

use super::char_set::CharSet;

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
    /// Whether it stands for many texts, so that a policy has a wildcard for it.
    pub varies: bool,
    /// The form of what was made up, where it is known.
    pub form: Option<Arc<Form>>,
}

/// The parts of a text that is made up, in order.
pub type Form = Vec<FormPart>;

/// A part of a text that is made up.
#[derive(Clone, Debug)]
pub enum FormPart {
    /// The text of another hole, such as the name of a stack.
    Hole(Hole),
    /// A known text.
    Known(Arc<str>),
    /// The first characters of a known text: one at least.
    Start(Arc<str>),
    /// Characters of a set.
    Chars {
        /// The set.
        set: CharSet,
        /// How many there are at least.
        least: usize,
        /// How many there are at most, where that is known.
        most: Option<usize>,
        /// Whether they are drawn at random, so that a fixed text has them by coincidence alone.
        random: bool,
    },
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
    /// At least one character, each a letter, a digit or a dash, as in the name of a stack or Region.
    Word,
    /// At least one character, none of them `:` or `/`, made up for one thing: no other hole of this kind holds the same, nor a part
    /// of it.
    Own,
}

impl Accepts {
    /// Whether the hole's text may have this character.
    #[must_use]
    pub fn char(self, c: char) -> bool {
        match self {
            Accepts::Anything => true,
            Accepts::Word => c.is_ascii_alphanumeric() || c == '-',
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
    /// A hole that takes texts.
    fn new(id: &str, accepts: Accepts) -> Self {
        Hole {
            id: id.into(),
            of: None,
            accepts,
            likely: None,
            written: None,
            kind: None,
            varies: false,
            form: None,
        }
    }

    /// A hole that takes one segment of an ARN.
    #[must_use]
    pub fn segment(id: &str) -> Self {
        Hole::new(id, Accepts::Segment)
    }

    /// A hole that takes letters, digits and dashes.
    #[must_use]
    pub fn word(id: &str) -> Self {
        Hole::new(id, Accepts::Word)
    }

    /// A hole for the name or id that is made up for one thing.
    #[must_use]
    pub fn own(id: &str) -> Self {
        Hole::new(id, Accepts::Own)
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

    /// The same hole with the form of what was made up.
    #[must_use]
    pub fn formed(mut self, form: Form) -> Self {
        self.form = Some(Arc::new(form));
        self
    }

    /// Whether it was made up for one thing.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.accepts == Accepts::Own
    }

    /// Whether both surely hold different texts.
    #[must_use]
    pub fn differs(&self, other: &Hole) -> bool {
        self.is_own() && other.is_own() && self != other
    }

    /// A hole that takes anything.
    #[must_use]
    pub fn anything(id: &str) -> Self {
        Hole::new(id, Accepts::Anything)
    }

    /// The same hole, distinct from those of others with its id.
    #[must_use]
    pub fn of(mut self, whose: &Arc<str>) -> Self {
        self.of = Some(Arc::clone(whose));
        self
    }

    /// The same hole, which stands for many texts.
    #[must_use]
    pub fn varying(mut self) -> Self {
        self.varies = true;
        self
    }

    /// The same hole with a text that is probably in it.
    #[must_use]
    pub fn likely(mut self, text: &str) -> Self {
        self.likely = Some(text.into());
        self
    }
}
