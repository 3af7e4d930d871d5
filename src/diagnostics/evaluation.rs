//! Answers to questions whether a request is allowed.

use crate::source::Span;

/// The answer for one action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationResult {
    /// The action.
    pub action: String,
    /// The resource; `*` for all.
    pub resource: String,
    /// What the policies decide together.
    pub decision: Ruling,
    /// The statements that made the decision, or on which an open one depends.
    pub matched: Vec<MatchedStatement>,
    /// Condition keys that policies ask for and the request does not state.
    pub missing: Vec<String>,
    /// What each kind of policy says by itself, by the word for the kind.
    pub details: Vec<(&'static str, Ruling)>,
    /// Whether caller and resource are of different accounts.
    pub cross_account: bool,
    /// Whether the permissions boundary allows the request; none where there is none.
    pub boundary: Option<bool>,
    /// Whether the policies of the organization do; none where there are none.
    pub organizations: Option<bool>,
    /// The statement that came closest, where nothing allows the request.
    pub nearest: Option<Nearest>,
    /// Why it is not allowed or not known, in one line.
    pub why: Option<String>,
}

/// The answer for one action on all resources that were named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionResult {
    /// What the results on the resources amount to: the most restrictive decision.
    pub overall: EvaluationResult,
    /// The result on each resource that was named; none where no resource was.
    pub resources: Vec<EvaluationResult>,
}

/// A decision in the words of the policy simulator, and one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Allowed.
    Allowed,
    /// Denied by a statement.
    ExplicitDeny,
    /// Not allowed by any.
    ImplicitDeny,
    /// It depends on something that is not known.
    Unknown,
}

/// A statement that made a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedStatement {
    /// What the policy is called, as in `PolicyInputList.1`.
    pub policy: String,
    /// The kind of policy, as in `IAM Policy`.
    pub kind: &'static str,
    /// The statement's name.
    pub sid: Option<String>,
    /// Where the statement is written.
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
    /// The results one by one: on each resource, or on all of them.
    #[must_use]
    pub fn each(&self) -> &[EvaluationResult] {
        match self.resources.as_slice() {
            [] => std::slice::from_ref(&self.overall),
            resources => resources,
        }
    }
}

impl Ruling {
    /// How much a decision restricts: an explicit deny the most, what is not known less than a sure
    /// refusal.
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
