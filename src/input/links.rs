//! What refers to what in a template or module, and how things are named in it.

use std::collections::BTreeSet;

use crate::syntax::Text;

/// What refers to what in a template or module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// Resources, each with one that must be there before it.
    pub(crate) edges: BTreeSet<(String, String)>,
    /// Names that nothing declares.
    pub(crate) dangling: BTreeSet<String>,
}

/// An expression of a template or module.
#[derive(Debug)]
pub(crate) struct Expression {
    /// What it stands for.
    pub(crate) text: Text,
    /// The expression, as between `${` and `}`.
    pub(crate) reference: String,
}
