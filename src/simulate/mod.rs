//! Questions whether policies allow a request, in the form of `aws iam simulate-custom-policy`,
//! or in a few words.
//!
//! Owns the simulator's input and the way from a question to its answer. It asks `iam` for every
//! decision. It must not read files nor print.

mod callers;
mod can;
mod context_entries;
mod exclusions;
mod hints;
mod input;
mod lookup;
mod overall;
mod policy_input;
mod principal;
mod request;
mod request_fields;
mod simulator;
mod variables;

pub use can::{Question, can};
pub use hints::unknown_action;
pub use simulator::{Batch, Simulator, simulate};
