//! Parts of the command line that several commands have.

use clap::{Args, ValueEnum};

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
