//! Evaluates whether policies allow a request, with the input of `aws iam simulate-custom-policy` or
//! with that of `can`.
//!
//! Owns the simulator's input and output. It calls `iam` for every decision. It must not read files or
//! print.

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
