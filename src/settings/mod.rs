//! What `lint-lambda.toml` says, with the place of each value.
//!
//! Owns the form of the configuration and what can be wrong with it. It must not read files, nor know what
//! flags say: `cli` merges both.

mod configuration;
mod environment;
mod given;
mod suppression;

pub use configuration::{Configuration, FILE};
pub use environment::Environment;
pub use given::Given;
pub use suppression::SuppressEntry;
