//! What is connected with a function, as it can be drawn.

use crate::source::Span;

/// A function with everything that it is connected with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionGraph {
    /// What the function is called; may be empty.
    pub name: String,
    /// Where the code of a CDK app makes it.
    pub construct_path: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
    /// When the template makes it, where that depends on a condition.
    pub when: Option<String>,
    /// What it is connected with.
    pub edges: Vec<Edge>,
    /// The findings about the function that are about no edge, by their number in the report.
    pub findings: Vec<usize>,
    /// Checks of the function that could not be made and are about no edge.
    pub open: Vec<OpenCheck>,
    /// What else limits the execution role, as in "a permissions boundary".
    pub limits: Vec<String>,
    /// What was not provided.
    pub absent: Vec<OpenCheck>,
}

/// A connection of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// On which side of the function it is.
    pub side: Side,
    /// What is at the other end, as in "SNS topic".
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What decides about it, as in "function policy".
    pub decided_by: String,
    /// Whether it works.
    pub status: EdgeStatus,
    /// Whether it is only what a statement says, and not what something in the files needs.
    pub is_statement: bool,
    /// The actions that it is about.
    pub actions: Vec<String>,
    /// The resources that it is about.
    pub resources: Vec<String>,
    /// The statements that allow it, or deny it.
    pub granted_by: Vec<GrantedBy>,
    /// The findings about it, by their number in the report.
    pub findings: Vec<usize>,
    /// The suppressed findings about it, by their number in the report.
    pub suppressed: Vec<usize>,
    /// Checks that could not be made.
    pub open: Vec<OpenCheck>,
    /// On which condition the template makes it, or why it is idle.
    pub note: Option<String>,
}

/// The sides of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Who invokes it.
    Invokes,
    /// What Lambda reads for it.
    Feeds,
    /// The execution role.
    Role,
    /// What it, or Lambda for it, reaches with the execution role.
    Reaches,
}

/// Whether a connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeStatus {
    /// An error is reported.
    Broken,
    /// A check could not be made.
    Unknown,
    /// A warning is reported.
    AtRisk,
    /// Something is wrong with it that the report leaves out: it is suppressed, in the baseline or too mild.
    NotReported,
    /// All checks passed, or a statement allows it.
    Granted,
    /// A statement denies it.
    Denied,
    /// Nothing was checked.
    Unchecked,
}

impl EdgeStatus {
    /// The word for each in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EdgeStatus::Broken => "broken",
            EdgeStatus::Unknown => "unknown",
            EdgeStatus::AtRisk => "at-risk",
            EdgeStatus::NotReported => "not-reported",
            EdgeStatus::Granted => "granted",
            EdgeStatus::Denied => "denied",
            EdgeStatus::Unchecked => "unchecked",
        }
    }
}

/// A statement that allows or denies something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedBy {
    /// The document, as in "policy `read-orders`".
    pub document: String,
    /// The name of the statement.
    pub statement: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A check that could not be made, or what is missing for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCheck {
    /// What is not known.
    pub reason: String,
    /// The command that would fetch it.
    pub fetch: Option<String>,
}
