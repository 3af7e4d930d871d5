//! Permission linter and troubleshooting analyzer for AWS Lambda.
//!
//! The way through the house: texts are read into trees that remember their places
//! ([`source`], [`document`]), dialects are lowered into one model in AWS's own shapes
//! ([`lower`], [`model`]), rules that are data say where to look and what must hold, and the
//! engine of [`iam`] decides ([`pack`], [`lint`]). What is found is plain data ([`finding`]) that a
//! report speaks ([`report`]). Questions that a user asks directly go the same way
//! ([`simulate`]). Facts about AWS are data too ([`catalogue`]); files and flags are the command
//! line's ([`cli`]).
//!
//! [`lint::lint`] is the whole library: it does no I/O and cannot fail.

pub mod catalogue;
pub mod cli;
pub mod document;
pub mod explain;
pub mod finding;
pub mod iam;
pub mod lint;
pub mod lower;
pub mod model;
pub mod pack;
pub mod report;
pub mod simulate;
pub mod source;
