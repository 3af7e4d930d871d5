//! IAM policies: ARNs, patterns, statements, conditions, decisions.
//!
//! Owns IAM's documented evaluation logic, with three values: yes, no and unknown. It must not depend on
//! Lambda, input dialects, rules, a clock or the network.

mod arn;
mod authorize;
mod condition;
mod context;
mod context_key;
mod decision;
mod defect;
mod element_patterns;
mod elements;
mod evaluation;
mod explain_denial;
mod identity;
mod near_miss;
mod pattern;
mod pattern_form;
mod policies;
mod policy;
mod principal;
mod principal_name;
mod read_policies;
mod refused;
mod request;
mod service;
mod service_prefix;
mod statement;
mod statements;
mod truth;
mod type_result;

pub use arn::Arn;
pub use authorize::{Authorization, authorize, refused_unless_coincidence};
pub use condition::{Condition, Kind, Operator};
pub use context::{Context, Known};
pub use context_key::ContextKey;
pub use decision::Decision;
pub use defect::Defect;
pub use element_patterns::{ElementPatterns, PatternEntry};
pub use elements::Effect;
pub use identity::Identity;
pub use near_miss::{Element, NearMiss};
pub use pattern::{Pattern, Style};
pub use pattern_form::malformed_action;
pub use policies::{Policies, PolicySet, PolicyType};
pub use policy::{PolicyDocument, Version};
pub use principal::{PrincipalElement, PrincipalEntry, PrincipalMatch};
pub use read_policies::ReadPolicies;
pub use request::{Caller, Request};
pub use service::Service;
pub use statement::Statement;
pub use statements::Statements;
pub use truth::Truth;
