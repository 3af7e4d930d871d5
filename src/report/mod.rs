//! Speaking: findings and problems as a person or a program reads them.
//!
//! Owns every form of output. It must not look at nodes or the model, nor change a severity.

mod aws_cli;
mod clean;
mod descriptions;
mod details;
mod evaluations;
mod explanations;
mod folders;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod markdown_text;
mod matrix;
mod plain;
mod plot;
mod sarif;
mod schema;
mod simulation;
mod statement;
mod statistics;
mod stream;
mod summary;
mod tally;

use crate::diagnostics::{
    Finding, Fixed, FunctionGraph, Problem, RuleDescription, Severity, Suppressed, Undecided,
};
use crate::source::SourceMap;

pub use aws_cli::{AwsFormat, AwsOutput, Operation, Paging, Query, Token, skeleton, yaml_skeleton};
pub use clean::{clean, in_json};
pub use descriptions::{Described, descriptions_json};
pub use evaluations::evaluations;
pub use explanations::{explanations, explanations_json};
pub use folders::Folders;
pub use github::github;
pub use gitlab::gitlab;
pub use html::html;
pub use human::human;
pub use json::{indented, json};
pub use json_lines::json_lines;
pub use junit::junit;
pub use markdown::markdown;
pub use matrix::{matrix, matrix_json};
pub use plain::plain;
pub use plot::plots;
pub use sarif::sarif;
pub use schema::{SCHEMAS, Schema};
pub use simulation::{ResultWriter, simulation};
pub use statistics::statistics;
pub use stream::{Stream, StreamForm, StreamPart};
pub use tally::Tally;

/// All that is to be said.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// The rules that were applied, for formats that describe them.
    pub rules: &'r [RuleDescription],
    /// Faults that the user has accepted.
    pub suppressed: &'r [Suppressed],
    /// What the baseline holds and is no longer found.
    pub fixed: &'r [Fixed],
    /// What each function is connected with, for formats that draw it.
    pub graphs: &'r [FunctionGraph],
    /// The texts that places are in.
    pub sources: &'r SourceMap,
    /// Faults, sorted by place.
    pub findings: &'r [Finding],
    /// What is wrong with the input.
    pub problems: &'r [Problem],
    /// Checks that could not be made.
    pub undecided: &'r [Undecided],
    /// How many files held something that we know.
    pub files: usize,
    /// How many functions the files contain.
    pub functions: usize,
    /// Whether to list the checks that could not be made.
    pub show_undecided: bool,
    /// Whether to list the findings that are suppressed.
    pub show_suppressed: bool,
    /// Whether to leave out the summary.
    pub is_quiet: bool,
    /// The lowest severity that makes the run fail, for formats that say of each finding whether it fails.
    pub fails_from: Option<Severity>,
    /// Where the program runs, for formats whose paths begin at the root of the repository.
    pub folders: Folders<'r>,
}

impl<'r> Report<'r> {
    /// The suppressed findings, where they are to be listed.
    fn shown_suppressed(&self) -> &'r [Suppressed] {
        match self.show_suppressed {
            true => self.suppressed,
            false => &[],
        }
    }

    /// A report of nothing.
    #[must_use]
    pub fn new(sources: &'r SourceMap) -> Self {
        Report {
            rules: &[],
            suppressed: &[],
            fixed: &[],
            graphs: &[],
            sources,
            findings: &[],
            problems: &[],
            undecided: &[],
            files: 0,
            functions: 0,
            show_undecided: false,
            show_suppressed: false,
            is_quiet: false,
            fails_from: Some(Severity::Error),
            folders: Folders::default(),
        }
    }
}

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether to use colours.
    pub color: bool,
    /// Whether rule names are links to their pages.
    pub links: bool,
    /// Whether boxes are drawn with characters beyond ASCII.
    pub unicode: bool,
}

impl Look {
    /// That of a file.
    pub const PLAIN: Look = Look {
        color: false,
        links: false,
        unicode: true,
    };
}
