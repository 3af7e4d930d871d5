//! What to write, as data that a report can print in the form that the reader needs.

use super::PolicyKind;
use crate::source::Span;

/// One change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Add statements to a document.
    Allow {
        /// The document.
        policy: PolicyKind,
        /// Name of the role or function that the document belongs to.
        owner: Option<String>,
        /// The qualifier of the function policy, where it is not that of the function itself.
        qualifier: Option<String>,
        /// Whether a template declares the owner, so that the change is one of the template.
        declared: bool,
        /// The template's condition under which it is needed.
        condition: Option<String>,
        /// The statements.
        statements: Vec<NewStatement>,
    },
    /// Write something else at a place.
    Replace {
        /// The text that is there now.
        span: Span,
        /// The text that belongs there, without quotes.
        text: String,
    },
}

impl Fix {
    /// Statements to add to a document that no template declares.
    #[must_use]
    pub fn allow(policy: PolicyKind, statements: Vec<NewStatement>) -> Self {
        Fix::Allow {
            policy,
            owner: None,
            qualifier: None,
            declared: false,
            condition: None,
            statements,
        }
    }
}

/// A statement that allows something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewStatement {
    /// Name of the statement.
    pub sid: Option<String>,
    /// Kind (`Service`, `AWS`) and name of the principal, in policies that have one; the name `*`
    /// stands for everybody.
    pub principal: Option<(String, String)>,
    /// Actions.
    pub actions: Vec<String>,
    /// Resources.
    pub resources: Vec<String>,
    /// Conditions.
    pub conditions: Vec<ConditionTest>,
}

/// One condition of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionTest {
    /// Operator, such as `ArnLike`.
    pub operator: String,
    /// Key, such as `aws:SourceArn`.
    pub key: String,
    /// The value that the key must have.
    pub value: String,
}
