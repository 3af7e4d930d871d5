//! Permission linter and troubleshooting analyzer for AWS Lambda.
//!
//! The way through the house: texts are read into trees that remember their places
//! ([`source`], [`syntax`]), dialects are lowered into one model in AWS's own shapes
//! ([`input`], [`model`]), rules that are data say where to look and what must hold, and the
//! engine of [`iam`] decides ([`rules`], [`lint`]). What is found is plain data ([`diagnostics`]) that a
//! report speaks ([`report`]). Questions that a user asks directly go the same way
//! ([`simulate`]). Facts about AWS are data too ([`catalogue`]); files and flags are the command
//! line's ([`cli`]).
//!
//! [`analysis::analyze`] and [`lint::lint`] are the whole library: they do no I/O and cannot fail.

pub mod analysis;
pub mod catalogue;
pub mod cli;
pub mod diagnostics;
pub mod explain;
pub mod iam;
pub mod input;
pub mod lint;
pub mod model;
pub mod report;
pub mod requirement;
pub mod rules;
pub mod simulate;
pub mod source;
pub mod syntax;
