//! Parts of the command line that several commands have.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

/// Takes any argument as a path, also an empty one, which a message names like any other that does not exist.
pub(super) fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// Facts about AWS to use in place of those of the program.
#[derive(Debug, Args)]
pub(super) struct Facts {
    /// Newer facts about AWS: a folder such as rules/catalogue in the source repository, or one of its files
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    pub(super) catalogue: Option<String>,
}

/// When something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    #[value(alias = "on")]
    Always,
    #[value(alias = "off")]
    Never,
}
