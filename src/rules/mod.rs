//! Rules as data: what to check, what is required, and what to report otherwise.
//!
//! Owns the format of rule packs and their validation. A user's own pack is read by the same code, with
//! the same errors, as the built-in packs. It must not contain the name of a service or an action, or
//! run checks.

mod embedded;
mod load;
mod rule;
mod selection;

pub use load::Packs;
pub use rule::{Pack, Rule};
pub use selection::{RuleSelector, Selection};
