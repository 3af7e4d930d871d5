//! Results of evaluating whether a request is allowed.

use crate::source::Span;

/// The result for one action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationResult {
    /// The action.
    pub action: String,
    /// The resource; `*` for all.
    pub resource: String,
    /// What the policies decide together.
    pub decision: Ruling,
    /// The statements that determined the decision, or on which an unknown one depends.
    pub matched: Vec<MatchedStatement>,
    /// Condition keys that policies require and the request does not contain.
    pub missing: Vec<String>,
    /// The decision of each type of policy alone, by type.
    pub details: Vec<(&'static str, Ruling)>,
    /// Whether caller and resource belong to different accounts.
    pub cross_account: bool,
    /// Whether the permissions boundary allows the request, if there is one.
    pub boundary: Option<bool>,
    /// Whether the policies of the organization allow the request, if there are any.
    pub organizations: Option<bool>,
    /// The statement that comes closest, if no statement allows the request.
    pub nearest: Option<Nearest>,
    /// Why it is not allowed or is unknown, in one line.
    pub why: Option<String>,
}

/// The result for one action on all resources of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionResult {
    /// The most restrictive of the decisions on the resources.
    pub overall: EvaluationResult,
    /// The result for each resource of the request; empty if there is none.
    pub resources: Vec<EvaluationResult>,
}

/// The decisions of the policy simulator, and `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Allowed.
    Allowed,
    /// Denied by a statement.
    ExplicitDeny,
    /// Not allowed by any statement.
    ImplicitDeny,
    /// It depends on unknown information.
    Unknown,
}

/// A statement that determined a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedStatement {
    /// The name of the policy, as in `PolicyInputList.1`.
    pub policy: String,
    /// The kind of policy, as in `IAM Policy`.
    pub kind: &'static str,
    /// The statement's name.
    pub sid: Option<String>,
    /// The location of the statement.
    pub span: Span,
}

/// A statement that comes close to allowing a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The statement.
    pub statement: MatchedStatement,
    /// Its elements that do not match, as in `Resource`.
    pub elements: Vec<String>,
}

impl ActionResult {
    /// The individual results: for each resource, or for all of them.
    #[must_use]
    pub fn each(&self) -> &[EvaluationResult] {
        match self.resources.as_slice() {
            [] => std::slice::from_ref(&self.overall),
            resources => resources,
        }
    }
}

impl Ruling {
    /// How restrictive a decision is: an explicit deny is the most restrictive, and unknown is less
    /// restrictive than a certain denial.
    #[must_use]
    pub fn restriction(self) -> u8 {
        match self {
            Ruling::Allowed => 0,
            Ruling::Unknown => 1,
            Ruling::ImplicitDeny => 2,
            Ruling::ExplicitDeny => 3,
        }
    }

    /// The word for the decision.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Ruling::Allowed => "allowed",
            Ruling::ExplicitDeny => "explicitDeny",
            Ruling::ImplicitDeny => "implicitDeny",
            Ruling::Unknown => "unknown",
        }
    }
}
