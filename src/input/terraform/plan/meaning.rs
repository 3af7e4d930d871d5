//! What an attribute has that refers to a value: a plan lists references, and not what else an expression has.

use std::sync::Arc;

use super::path::Path;
use super::planned::Planned;
use super::roles::AttributeRole;
use crate::source::Span;
use crate::syntax::{Hole, Kind, Names, Node, Piece, Text};

/// A value that an attribute refers to.
pub(super) struct Referred<'v> {
    pub(super) node: &'v Node,
    /// Whether more usually follows it where it is referred to.
    pub(super) completed: bool,
}

/// What an attribute can have that refers to a value.
pub(super) struct Meaning<'m> {
    pub(super) planned: &'m Planned<'m>,
    pub(super) role: AttributeRole<'m>,
    pub(super) path: &'m Path<'m>,
    pub(super) root: &'m Arc<str>,
}

impl Meaning<'_> {
    /// The value of an attribute; `alone` is whether it refers to nothing else.
    pub(super) fn value(&self, referred: &Referred<'_>, alone: bool, span: Span) -> Option<Node> {
        let text = match &referred.node.kind {
            Kind::Object(_) | Kind::Array(_) => return alone.then(|| referred.node.clone()),
            Kind::Text(text) => text,
            _ => return None,
        };
        let text = match self.role {
            AttributeRole::Reference if referred.completed => self.with_rest(text),
            AttributeRole::Reference => Some(text.clone()).filter(|_| alone)?,
            AttributeRole::Form(form) => {
                let names = ["reference", "arn"].map(|name| (name.to_owned(), text.clone()));
                let names = Names::from(names);
                Some(form.fill(&names)).filter(|_| alone)?
            }
            AttributeRole::Composed => self.around(text),
            AttributeRole::Other => return None,
        };
        Some(Node::text(text, span))
    }

    /// What an element of a list can be that refers to a value and to nothing else.
    pub(super) fn elements(&self, referred: &Referred<'_>, span: Span) -> Option<Vec<Node>> {
        let with_more = self.value(referred, true, span)?;
        let plain = match (&self.role, referred.node.as_text()) {
            (AttributeRole::Composed, Some(text)) if !self.excludes() => {
                Some(Node::text(text.clone(), span))
            }
            _ => None,
        };
        Some(plain.into_iter().chain([with_more]).collect())
    }

    /// A text with what may be before and after it.
    fn around(&self, text: &Text) -> Text {
        let hole = |what: &str| Piece::Hole(self.part(what));
        let pieces = text.pieces();
        let is_arn = match pieces.first() {
            Some(Piece::Known(start)) => start.starts_with("arn:"),
            _ => false,
        };
        let start = (!is_arn).then(|| hole("the start"));
        Text::of(start.into_iter().chain(self.with_rest(text).pieces()))
    }

    /// A text with what may follow it.
    fn with_rest(&self, text: &Text) -> Text {
        let rest = Piece::Hole(self.part("the rest"));
        Text::of(text.pieces().into_iter().chain([rest]))
    }

    fn part(&self, what: &str) -> Hole {
        let shown = self.path.shown(self.planned.address);
        Hole::anything(&format!("{what} of {shown}")).of(self.root)
    }

    /// Whether a statement of a policy document grants less the more the attribute says, so that nothing
    /// may be presumed of it.
    fn excludes(&self) -> bool {
        let names = self.path.names();
        let blocks = self.planned.values.map(|values| self.path.blocks(values));
        let blocks = blocks.unwrap_or_default();
        let told = |name: &str| blocks.iter().find_map(|block| block.get(name));
        let denies = told("effect").is_some_and(|effect| effect.as_str() != Some("Allow"));
        let negates =
            told("test").is_some_and(|test| test.as_str().is_none_or(|test| test.contains("Not")));
        denies || negates || names.iter().any(|name| name.starts_with("not_"))
    }
}
