//! Permission linter and troubleshooting analyzer for AWS Lambda.
//!
//! # The house
//!
//! The way through it, with each room's own page saying what it owns:
//!
//! ```text
//! source → syntax → input → analysis → Inventory (model)
//!                                          │
//!     rules (data) + catalogue (facts) → lint → requirement → iam::authorize → diagnostics → report → cli
//!                                          │
//!                               explain, simulate (can)    fix
//! ```
//!
//! - `source` and `syntax`: texts, and trees that remember where everything was written.
//! - `input`: the outputs of the AWS CLI and templates become typed facts, which are joined; what
//!   CloudFormation shares with other languages of infrastructure is `input::infra`.
//! - `analysis`: [`analyze`] is the one way in. Every command stands on its [`Analysis`].
//! - `model`: what exists, in the shapes of AWS's own APIs, and the policies that have a say.
//! - `catalogue` and `rules`: facts about AWS and rules, both of which are data under `rules/`.
//! - `requirement`: what a rule can require, one kind a file, with its form, check and documentation.
//! - `iam`: the language of permission. `authorize` is the only way to a decision; it knows no Lambda.
//! - `lint`: rules over the inventory. `explain`, `simulate`: questions asked directly.
//! - `suppression`: what the user has accepted, by what is written beside it or by the baseline.
//! - `fix`: what mends a finding as edits of the files, which are checked by doing all of it again.
//! - [`diagnostics`]: what there is to say, as plain data, which `report` writes; `cli` does all I/O.
//!
//! # Use as a library
//!
//! [`analyze`] and [`lint()`] do no I/O and cannot fail: what is wrong with an input is a problem of the
//! analysis and hides nothing of the others.
//!
//! ```
//! use lint_lambda::{Catalogue, Hints, Input, Packs, Scope, SourceMap, analyze, lint};
//!
//! let mut sources = SourceMap::default();
//! let (catalogue, _) = Catalogue::builtin(&mut sources);
//! let packs = Packs::builtin(&mut sources);
//! let text = r#"{"Version": "2012-10-17", "Statement": [
//!     {"Effect": "Allow", "Action": "sqs:RecieveMessage", "Resource": "*"}]}"#;
//! let Ok(file) = sources.add("policy.json", text) else { return };
//! let scope = Scope::new([".", "policy.json"]);
//! let inputs = [Input { file, scope, named: true }];
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
mod simulate;
mod source;
mod suppression;
mod syntax;

pub use analysis::{Analysis, Branch, analyze};
pub use catalogue::Catalogue;
pub use cli::main;
pub use explain::{Found, Search, explain, judge};
pub use fix::{Session, Together, offer, together};
pub use input::{Hint, Hints, Input, Parameter, Parameters, Scope};
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
    /// Questions.
    pub mod simulate {
        pub use crate::simulate::*;
    }
    /// Text.
    pub mod source {
        pub use crate::source::*;
    }
    /// Trees.
    pub mod syntax {
        pub use crate::syntax::*;
    }
}
