//! Acceptance: findings that the user has seen and that do not count.
//!
//! Owns what can be written to suppress a finding (comments, metadata of templates, entries of the configuration),
//! the baseline, and what is wrong with either. It must not change what the rules say of anything else, nor read
//! files.

mod accept;
mod baseline;
mod comment;
mod configured;
mod cover;
mod date;
mod entry;
mod metadata;
mod named;
mod resources;
mod told;
mod wildcard;

pub use accept::accept_written;
pub(crate) use accept::{Review, accept};
pub use baseline::Baseline;
pub(crate) use baseline::Folders;
pub(crate) use configured::ConfiguredSuppression;
pub(crate) use date::Date;
pub(crate) use entry::{PathPattern, WrittenRule};
pub(crate) use named::KnownRules;
