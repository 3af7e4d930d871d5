//! Which document grants what to whom.

use crate::source::Span;

/// What the documents of one function grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// What the function is called.
    pub function: String,
    /// One row for each statement.
    pub rows: Vec<Row>,
    /// What the settings need of the execution role, each once.
    pub needs: Vec<NeedRow>,
    /// What was not provided.
    pub absent: Vec<String>,
}

/// Something that the execution role is needed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// What it is called, as in "SQS queue `orders`".
    pub name: String,
    /// The actions that all policies together do not allow.
    pub refused: Vec<String>,
    /// Why it is unknown whether the others are allowed, where it is.
    pub open: Option<String>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The kind of document, as in "function policy".
    pub document: &'static str,
    /// The name of the document, and of the statement.
    pub name: String,
    /// Whether it denies.
    pub denies: bool,
    /// The principals.
    pub who: Vec<String>,
    /// What they are allowed to do.
    pub actions: Vec<String>,
    /// What is wrong with actions that no service is known to have: nobody is allowed to do what does not exist.
    pub unknown: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
    /// Condition keys that it tests.
    pub conditions: Vec<String>,
    /// Its purpose, if the settings show it.
    pub purposes: Vec<String>,
    /// Its location.
    pub span: Span,
}
