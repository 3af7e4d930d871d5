//! Facts about AWS, as data.
//!
//! Owns typed access to `rules/catalogue`: event sources, features and what each needs, who calls
//! with which condition keys, how the answers of the AWS CLI spell a trigger, and the bodies of
//! managed policies. It must not hold a fact written in Rust, nor a rule.

mod actions;
mod amendments;
mod bytes;
mod caller;
mod feature;
mod grant;
mod json_text;
mod load;
mod managed;
mod metric;
mod naming;
mod needs;
mod pack;
mod required_policy;
mod resource;
mod source;
mod symptom;
mod table;
mod trigger_pattern;

pub use actions::Actions;
pub use caller::CallerKeys;
pub use feature::{Feature, Target};
pub use grant::{Grant, Need};
pub use json_text::JsonText;
pub use load::{Catalogue, FILES, GivenFile};
pub use managed::{ManagedPolicies, ManagedPolicy, managed_policy_path};
pub use metric::{MetricPattern, Seen, State};
pub use naming::{Naming, Suggestion};
pub use needs::Needs;
pub use required_policy::RequiredPolicy;
pub use resource::TemplateResource;
pub use source::{Invocation, PollSource, PushSource, RoleUse, SourceAccount};
pub use symptom::{Cause, Silent, Symptom, Symptoms};
pub use table::{Action, ActionTable, ConditionKey, ResourceType, Service};
pub use trigger_pattern::{Pick, Route, TriggerPattern};
