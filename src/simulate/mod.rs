//! Questions: whether policies allow a request, asked as `aws iam simulate-custom-policy` is asked,
//! or in a few words.
//!
//! Owns the simulator's input and the way from a question to its answer. It asks `iam` for every
//! decision. It must not read files nor print.

mod answers;
mod ask;
mod asked;
mod can;
mod input;
mod lookup;
mod policies;

pub use answers::simulate;
pub use can::{Question, can};
