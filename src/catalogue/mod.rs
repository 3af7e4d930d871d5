//! Facts about AWS, as data.
//!
//! Owns typed access to `rules/catalogue`: event sources, features and what each needs, who calls
//! with which condition keys, how the answers of the AWS CLI spell a trigger, and the bodies of
//! managed policies. It must not hold a fact written in Rust, nor a rule.

mod action;
mod answer;
mod caller;
mod feature;
mod grant;
mod load;
mod managed;
mod needs;
mod source;

pub use action::{Actions, Naming};
pub use answer::{Answer, Pick, Route};
pub use caller::CallerKeys;
pub use feature::{Feature, Target};
pub use grant::{Grant, Need};
pub use load::{Catalogue, FILES};
pub use managed::ManagedPolicies;
pub use needs::Needs;
pub use source::{PollSource, PushSource, SourceAccount};
