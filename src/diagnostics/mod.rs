//! Results: findings about permissions, problems with the input, and undecided checks.
//!
//! Plain data. It must not depend on rules, miette or JSON: checks create these values, reports read
//! them.

mod command;
mod description;
mod evaluation;
mod explanation;
mod finding;
mod fix;
mod graph;
mod matrix;
mod problem;
mod rule_description;
mod severity;
mod suppressed;
mod undecided;
mod written;

pub use command::quoted;
pub use description::{
    ActionDescription, ActionGroup, CatalogueDescription, PolicyDescription, SourceDescription,
};
pub use evaluation::{ActionResult, EvaluationResult, MatchedStatement, Nearest, Ruling};
pub use explanation::{Change, Denied, DeniedCaller, Document, Explanation, Judgement, Series};
pub use finding::{Cause, Finding, Label, Note, Subject};
pub use fix::{Allow, ConditionTest, Fix, Narrowing, NewPermission, NewStatement, Patch, Shown};
pub use graph::{Edge, EdgeStatus, FunctionGraph, GrantedBy, OpenCheck, Side};
pub use matrix::{Grants, NeedRow, Row};
pub use problem::{Place, Problem};
pub use rule_description::RuleDescription;
pub use severity::{Confidence, PolicyKind, Severity};
pub use suppressed::{Fixed, Suppressed, Suppressor};
pub use undecided::Undecided;
pub use written::{Otherwise, Part, Unknown, Written, placeholder};
