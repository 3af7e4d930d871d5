//! What is wrong with the input itself.

use super::Label;
use crate::source::Span;

/// Something that the user must correct: a file, a pack or a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

/// Where a problem lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a text that was read; with a word about the place.
    Text(Label),
    /// A path, if there is no text to point to.
    Path(String),
}

impl Problem {
    /// A problem at a place in a text.
    #[must_use]
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Problem {
            message: message.into(),
            place: Place::Text(Label {
                span,
                text: String::new(),
            }),
            related: Vec::new(),
            help: None,
        }
    }

    /// A problem with a path as a whole.
    #[must_use]
    pub fn of_path(path: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            message: message.into(),
            place: Place::Path(path.into()),
            related: Vec::new(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            text: text.into(),
        });
        self
    }
}
