//! Fixes as data, which a report can print in the required format.

use super::{PolicyKind, Written};
use crate::source::{Edit, Span};

/// One change that fixes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Add statements to a document.
    Allow(Box<Allow>),
    /// Replace the text at a location.
    Replace {
        /// The text or the call of a function that is there now.
        span: Span,
        /// The text that belongs there, without quotes, or the call as it is written there.
        text: String,
    },
}

/// Statements to add to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The document.
    pub policy: PolicyKind,
    /// Name of the role or function that the document belongs to.
    pub owner: Option<String>,
    /// Where a template declares the owner, so that the change is one of the template.
    pub declared: Option<Span>,
    /// Whether what is declared there only makes the owner, and takes no statements for it.
    pub is_generated: bool,
    /// Whether the owner is declared in configuration of Terraform: the texts are templates of its language.
    pub is_configuration: bool,
    /// The documents of that kind which the owner has, where they are written.
    pub documents: Vec<Span>,
    /// What is needed of a statement that a resource of its own adds to a function policy.
    pub permission: Option<NewPermission>,
    /// The statement in whose place they go, where that is to be limited.
    pub narrows: Option<Narrowing>,
    /// The statements.
    pub statements: Vec<NewStatement>,
}

/// A statement that gets conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Narrowing {
    /// The statement, or the resource of a template that makes it.
    pub statement: Span,
    /// Whether nothing but these conditions is right.
    pub is_certain: bool,
    /// Whether it has no conditions yet.
    pub is_free: bool,
}

/// A permission for a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPermission {
    /// The qualifier of the function policy, where it is not that of the function itself.
    pub qualifier: Option<Written>,
    /// The ARN that is invoked.
    pub function: Written,
    /// The kind of the source, as in `sns`.
    pub source: String,
    /// Where the trigger is written.
    pub trigger: Option<Span>,
    /// Whether AWS checks the permission when the trigger is made.
    pub is_first: bool,
    /// The template's condition under which it is needed.
    pub condition: Option<String>,
}

/// A fix as edits of the files that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The changes of the texts, in order; none overlaps another. They were checked. None where a person has to
    /// fill something in, or it is not certain that nothing else becomes worse.
    pub edits: Vec<Edit>,
    /// What goes in, to be shown.
    pub shown: Vec<Shown>,
}

/// Lines that go into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where they go.
    pub span: Span,
    /// Whether they follow the line of that place, and are not written into it.
    pub is_below: bool,
    /// The lines, without their indentation.
    pub lines: Vec<String>,
}

impl Allow {
    /// Statements to add to a document of which nothing else is known.
    #[must_use]
    pub fn new(policy: PolicyKind, statements: Vec<NewStatement>) -> Self {
        Allow {
            policy,
            owner: None,
            declared: None,
            is_generated: false,
            is_configuration: false,
            documents: Vec::new(),
            permission: None,
            narrows: None,
            statements,
        }
    }

    /// Names the role or function that the document belongs to.
    #[must_use]
    pub fn owner(mut self, owner: Option<String>) -> Self {
        self.owner = owner;
        self
    }

    /// Says where a template declares the owner.
    #[must_use]
    pub fn declared(mut self, declared: Option<Span>) -> Self {
        self.declared = declared;
        self
    }

    /// Says that what is declared only makes the owner, and takes no statements for it.
    #[must_use]
    pub fn generated(mut self, is_generated: bool) -> Self {
        self.is_generated = is_generated;
        self
    }

    /// Says where the documents are written.
    #[must_use]
    pub fn documents(mut self, documents: impl IntoIterator<Item = Span>) -> Self {
        self.documents = documents.into_iter().collect();
        self
    }
}

impl From<Allow> for Fix {
    fn from(allow: Allow) -> Self {
        Fix::Allow(Box::new(allow))
    }
}

/// A statement that allows something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewStatement {
    /// Name of the statement.
    pub sid: Option<String>,
    /// Kind (`Service`, `AWS`) and name of the principal, in policies that have one; the name `*`
    /// stands for everybody.
    pub principal: Option<(String, Written)>,
    /// Actions.
    pub actions: Vec<String>,
    /// Resources.
    pub resources: Vec<Written>,
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
    pub value: Written,
}

impl ConditionTest {
    /// A test of an ARN, in which a wildcard may stand.
    #[must_use]
    pub fn arn_like(key: &str, value: Written) -> Self {
        ConditionTest {
            operator: "ArnLike".to_owned(),
            key: key.to_owned(),
            value,
        }
    }

    /// A test of a text.
    #[must_use]
    pub fn string_equals(key: &str, value: Written) -> Self {
        ConditionTest {
            operator: "StringEquals".to_owned(),
            key: key.to_owned(),
            value,
        }
    }
}
