//! Rules as data: where to look, what must hold, and what to say when it does not.
//!
//! Owns the form of rule packs and what can be wrong with one. A user's own pack is read by the
//! same code, with the same errors, as those that come with the program. It must not contain the
//! name of a service or an action, nor judge anything.

mod load;
mod rule;
mod selection;

pub use load::{BUILTIN, Packs};
pub use rule::{Pack, Rule};
pub use selection::{RuleSelector, Selection};
