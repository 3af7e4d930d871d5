//! Permission linter and troubleshooting analyzer for AWS Lambda.
//!
//! # Architecture
//!
//! The data flow; the documentation of each module says what it owns:
//!
//! ```text
//! source → syntax → input → analysis → Inventory (model)
//!                                          │
//!     rules (data) + catalogue (facts) → lint → requirement → iam::authorize → diagnostics → report → cli
//!                                          │
//!                               explain, simulate (can)    fix
//! ```
//!
//! - `source` and `syntax`: texts, and syntax trees with the location of every node.
//! - `input`: output of the AWS CLI and templates are converted to typed facts and joined; `input::infra` is
//!   shared by CloudFormation and other infrastructure languages.
//! - `analysis`: [`analyze`] is the entry point. Every command uses its [`Analysis`].
//! - `model`: the inventory, in the shapes of AWS's own APIs, and the policies that apply to a request.
//! - `catalogue` and `rules`: facts about AWS and rules, both of which are data under `rules/`.
//! - `requirement`: what a rule can require; one file per kind, with its format, check and documentation.
//! - `iam`: policy evaluation, independent of Lambda. All decisions are made by `authorize`.
//! - `settings`: the format of `lint-lambda.toml`, with the location of every value.
//! - `lint`: applies rules to the inventory. `explain` and `simulate` answer direct questions.
//! - `suppression`: accepted findings, by what is written next to them or by the baseline.
//! - `fix`: fixes as edits of the files, which are verified by a new analysis.
//! - [`diagnostics`]: results as plain data, which `report` prints; `cli` performs all I/O.
//! - `work`: counters of the work that is done, with which tests verify how it grows, and work by many threads.
//!
//! # Use as a library
//!
//! [`analyze`] and [`lint()`] do not perform I/O and cannot fail: an error in one input is a problem of the
//! analysis and does not hide findings in others.
//!
//! ```
//! use lint_lambda::{Catalogue, Hints, Input, InputRole, Packs, Scope, SourceMap, analyze, lint};
//!
//! let mut sources = SourceMap::default();
//! let (catalogue, _) = Catalogue::builtin(&mut sources);
//! let packs = Packs::builtin();
//! let text = r#"{"Version": "2012-10-17", "Statement": [
//!     {"Effect": "Allow", "Action": "sqs:RecieveMessage", "Resource": "*"}]}"#;
//! let Ok(file) = sources.add("policy.json", text) else { return };
//! let scope = Scope::new([".", "policy.json"]);
//! let role = InputRole::Checked;
//! let inputs = [Input { file, scope, named: true, role }];
//! let analysis = analyze(&mut sources, &inputs, &Hints::default(), &catalogue);
//! let outcome = lint(&sources, &analysis, &packs, &catalogue);
//! assert_eq!(&*outcome.findings[0].rule, "policy-document/unknown-action");
//! ```

mod analysis;
mod catalogue;
mod cli;
pub mod diagnostics;
mod explain;
mod fix;
mod iam;
mod input;
mod lint;
mod model;
mod report;
mod requirement;
mod rules;
mod settings;
mod simulate;
mod source;
mod suppression;
mod syntax;
mod work;

pub use analysis::{Analysis, Branch, analyze};
pub use catalogue::Catalogue;
pub use cli::main;
pub use explain::{Found, Search, explain, judge};
pub use fix::{Session, Together, offer, together};
pub use input::{Hint, Hints, Input, InputRole, Parameter, Parameters, Scope};
pub use lint::{Outcome, lint};
pub use model::{Inventory, Organization};
pub use rules::Packs;
pub use simulate::{Question, can, simulate};
pub use source::{FileId, SourceMap, Span};

/// The rooms themselves, for the tests, benches and fuzz targets of this package. None of it is API.
#[doc(hidden)]
pub mod unstable {
    /// Facts about AWS.
    pub mod catalogue {
        pub use crate::catalogue::*;
    }
    /// Troubleshooting.
    pub mod explain {
        pub use crate::explain::*;
    }
    /// Fixes as edits.
    pub mod fix {
        pub use crate::fix::*;
    }
    /// Files.
    pub mod cli {
        pub use crate::cli::text_of;
    }
    /// The language of permission.
    pub mod iam {
        pub use crate::iam::*;
    }
    /// Front ends.
    pub mod input {
        pub use crate::input::*;
    }
    /// Judgement.
    pub mod lint {
        pub use crate::lint::*;
    }
    /// What exists.
    pub mod model {
        pub use crate::model::*;
    }
    /// Output.
    pub mod report {
        pub use crate::report::*;
    }
    /// Requirements.
    pub mod requirement {
        pub use crate::requirement::*;
    }
    /// Rules as data.
    pub mod rules {
        pub use crate::rules::*;
    }
    /// The configuration.
    pub mod settings {
        pub use crate::settings::*;
    }
    /// Questions.
    pub mod simulate {
        pub use crate::simulate::*;
    }
    /// Accepted findings.
    pub mod suppression {
        pub use crate::suppression::*;
    }
    /// Text.
    pub mod source {
        pub use crate::source::*;
    }
    /// Trees.
    pub mod syntax {
        pub use crate::syntax::*;
    }
    /// Counters of work.
    pub mod work {
        pub use crate::work::*;
    }
}
