//! Questions whether policies allow a request, in the form of `aws iam simulate-custom-policy`,
//! or in a few words.
//!
//! Owns the simulator's input and the way from a question to its answer. It asks `iam` for every
//! decision. It must not read files nor print.

mod can;
mod input;
mod lookup;
mod policy_input;
mod request;
mod request_fields;
mod results;

pub use can::{Question, can};
pub use results::simulate;
