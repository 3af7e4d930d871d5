//! The language of permission: ARNs, patterns, statements, conditions, decisions.
//!
//! Owns IAM's documented evaluation logic, in three values: what follows from the policies and
//! the request, what is refuted by them, and what is not known. It must not know Lambda, input
//! dialects, rules, a clock or the network.

mod arn;
mod authorize;
mod condition;
mod context;
mod evaluate;
mod identity;
mod pattern;
mod policy;
mod principal;
mod reasons;
mod statement;
mod truth;

pub use arn::Arn;
pub use authorize::{Authorization, Policies, PolicySet, PolicyType, authorize};
pub use condition::{Condition, Kind, Operator};
pub use context::{Context, Known};
pub use evaluate::{Decision, Element, Evaluation, NearMiss, Request, evaluate};
pub use identity::Identity;
pub use pattern::{Pattern, Style};
pub use policy::{Defect, PolicyDocument, Version};
pub use principal::{Caller, PrincipalElement, PrincipalEntry, PrincipalMatch};
pub use statement::{Effect, ElementPatterns, PatternEntry, Statement};
pub use truth::Truth;
