//! Facts about AWS, as data.
//!
//! Owns typed access to `rules/catalogue`: event sources and features with the permissions that
//! they need, the condition keys in a request, how CLI outputs and templates declare triggers,
//! symptoms of missing permissions, and the tables of actions and managed policies. It contains
//! neither a fact written in Rust nor a rule.

mod accepted_value;
mod actions;
mod amendments;
mod bytes;
mod caller_context;
mod cause;
mod checked_resource;
mod decode;
mod delivery;
mod diagnosis;
mod embedded;
mod embedded_json;
mod extraction;
mod fact_list;
mod feature;
mod general_form;
mod grant;
mod idle_state;
mod load;
mod lookup;
mod managed;
mod metric_pattern;
mod name_form;
mod naming;
mod needs;
mod pack;
mod poll_source;
mod property_form;
mod push_source;
mod regions;
mod relative_path;
mod remedy;
mod required_policy;
mod resource;
mod resource_answer;
mod service_caller;
mod service_principals;
mod symptom;
mod symptoms;
mod table;
mod target;
mod terraform;
mod trigger_extractor;
mod used_by;

pub use accepted_value::AcceptedValue;
pub use actions::Actions;
pub use caller_context::CallerContext;
pub use cause::Cause;
pub use checked_resource::CheckedResource;
pub use delivery::Delivery;
pub use diagnosis::Diagnosis;
pub use embedded::FILES;
pub use embedded_json::EmbeddedJson;
pub use extraction::Extraction;
pub use fact_list::FactList;
pub use feature::Feature;
pub use general_form::GeneralForms;
pub use grant::{Grant, Need, UnknownNeed};
pub use idle_state::IdleState;
pub use load::{Catalogue, GivenFile, ResourceTypes};
pub use managed::{ManagedPolicies, ManagedPolicy, managed_policy_path};
pub use metric_pattern::{MetricCondition, MetricPattern, Trend};
pub use name_form::NameForm;
pub use naming::{Naming, Suggestion};
pub use needs::Needs;
pub use poll_source::PollSource;
pub use property_form::{PropertyForm, Takes};
pub use push_source::{Invocation, PushSource, SourceAccount, SourceRole};
pub use regions::Regions;
pub use remedy::{Remedy, RemedyStatement, SourceCondition};
pub use required_policy::RequiredPolicy;
pub use resource::{
    GrantTarget, Grantee, InlinePolicies, PermissionCondition, TemplateResource, Variant,
};
pub use resource_answer::{OtherAnswer, ResourceAnswer, ToldPolicy};
pub use service_caller::{CallerCondition, ServiceCaller};
pub use service_principals::{CallPlace, ServiceNames, ServicePrincipals};
pub use symptom::{SilentFailure, Symptom};
pub use symptoms::Symptoms;
pub use table::{Action, ActionTable, ConditionKey, ResourceType, Service};
pub use target::Target;
pub use terraform::{AttributePath, Extension, Mapping, TerraformResource, TerraformTypes};
pub use trigger_extractor::TriggerExtractor;
