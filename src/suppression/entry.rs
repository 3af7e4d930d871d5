//! What was written to suppress findings.

use std::fmt;
use std::sync::Arc;

use super::date::Date;
use crate::diagnostics::Suppressor;
use crate::source::Span;

/// The name of a rule, of a pack, or a prefix that ends in `*`, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenRule {
    /// The name.
    pub(crate) name: String,
    /// Where it was written.
    pub(crate) span: Span,
}

/// Something that suppresses findings.
#[derive(Clone, Debug)]
pub(super) struct Suppression {
    /// How it was written.
    pub(super) by: Suppressor,
    /// The rules whose findings it suppresses.
    pub(super) rules: Vec<WrittenRule>,
    /// Which of their findings.
    pub(super) covers: Cover,
    /// Why.
    pub(super) reason: Option<String>,
    /// The last day on which it has an effect.
    pub(super) until: Option<Date>,
    /// Where it was written.
    pub(super) span: Span,
}

/// Which findings are meant.
#[derive(Clone, Debug)]
pub(super) enum Cover {
    /// Those that begin in one of these places, and those about functions that are declared in one.
    Places(Vec<Span>),
    /// Those that an entry of the configuration describes.
    Anywhere(Arc<Anywhere>),
}

/// Which files are meant, by the names under which they were read.
#[derive(Clone)]
pub(crate) struct PathPattern(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl PathPattern {
    /// The files for whose names a test holds.
    pub(crate) fn new(test: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        PathPattern(Arc::new(test))
    }

    /// Whether a file is meant.
    pub(super) fn matches(&self, path: &str) -> bool {
        (self.0)(path)
    }
}

impl fmt::Debug for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PathPattern")
    }
}

/// Which findings an entry is about.
#[derive(Clone, Debug)]
pub(super) struct Anywhere {
    pub(super) paths: Option<PathPattern>,
    pub(super) resource: Option<String>,
    pub(super) actions: Vec<String>,
}

/// A mistake in what was written.
#[derive(Clone, Debug)]
pub(super) struct Malformed {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) suppressions: Vec<Suppression>,
    pub(super) malformed: Vec<Malformed>,
}

impl Written {
    /// Adds a mistake.
    pub(super) fn wrong(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.malformed.push(Malformed {
            span,
            message: message.into(),
            help: Some(help.into()).filter(|help: &String| !help.is_empty()),
        });
    }
}
