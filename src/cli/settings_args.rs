//! Flags for what the configuration can say as well.

use clap::Args;

/// The configuration file.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigurationFile {
    /// Configuration file; by default the nearest lint-lambda.toml, from the working directory upwards
    #[arg(long = "config", value_name = "FILE")]
    pub(super) path: Option<String>,
    /// Do not use a configuration file
    #[arg(long = "no-config", conflicts_with = "path")]
    pub(super) none: bool,
    /// Environment of the configuration, with its account, Region and parameter values
    #[arg(long, value_name = "NAME")]
    pub(super) environment: Option<String>,
}

/// The rules to apply.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleSelection {
    /// Apply only these rules: IDs, names of packs, or prefixes such as vpc/*
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Do not apply these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
}

/// The files to read.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct FileSelection {
    /// Do not read files that match a pattern, as in .gitignore; repeatable
    #[arg(long, value_name = "PATTERN")]
    pub(super) exclude: Vec<String>,
    /// Also read files that Git ignores
    #[arg(long)]
    pub(super) no_ignore: bool,
    /// Ignore files that lint-lambda does not recognize (for commit hooks)
    #[arg(long)]
    pub(super) skip_unknown: bool,
    /// Report only on the given files, and read the files that belong with them (for commit hooks); implies
    /// --skip-unknown
    #[arg(long)]
    pub(super) changed_only: bool,
    /// Read JSON Lines of any length: check each line as a file of its own, and report on it before the next lines are
    /// read
    #[arg(long, conflicts_with_all = ["changed_only", "baseline", "write_baseline", "reports"])]
    pub(super) lines: bool,
}
