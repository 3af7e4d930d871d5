//! Permission linter and troubleshooting analyzer for AWS Lambda.
//!
//! The way through the house: texts are read into trees that remember their places
//! ([`source`], [`document`]), dialects are lowered into one model in AWS's own shapes
//! ([`lower`], [`model`]), rules that are data say where to look and what must hold, and the
//! engine of [`iam`] decides. Facts about AWS are data too ([`catalogue`]).

pub mod catalogue;
pub mod document;
pub mod finding;
pub mod iam;
pub mod lower;
pub mod model;
pub mod source;
