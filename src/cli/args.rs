//! The command line's form.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Permission linter and troubleshooting analyzer for AWS Lambda.
///
/// Reads IAM policies and what the AWS CLI prints of functions, roles and triggers, and tells
/// which permission is missing, in which document, and what to write there. Works offline and
/// without credentials.
#[derive(Debug, Parser)]
#[command(
    name = "lint-lambda",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    after_help = "Exit status: 0 nothing found, 1 findings at or above --fail-on, 2 a problem with the \
                  input, a rule pack or the usage."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) lint: Lint,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List, explain and check the rules
    #[command(subcommand)]
    Rules(Rules),
}

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// List all rules
    List(Packs),
    /// Tell all about one rule
    Show {
        /// The rule, as in vpc/eni-actions-not-granted
        id: String,
        #[command(flatten)]
        packs: Packs,
    },
    /// Check that the bad samples of rules fire and the good ones hold
    Check {
        /// Names of packs, or files of your own; all packs where none is named
        packs: Vec<String>,
        /// Folder of the samples: PACK/RULE/bad*.json and good*.json
        #[arg(long, value_name = "DIR", default_value = "policies-samples")]
        samples: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Packs {
    /// Rule pack, or folder of packs, to use beside those that come with the program
    #[arg(long = "rules", value_name = "PATH", help_heading = "Rules")]
    pub(super) added: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true)]
    pub(super) paths: Vec<String>,
    #[command(flatten)]
    pub(super) output: Output,
    #[command(flatten)]
    pub(super) packs: Packs,
    #[command(flatten)]
    pub(super) context: Context,
    /// Say nothing of files that hold nothing for lint-lambda (for commit hooks)
    #[arg(long, help_heading = "Input")]
    pub(super) skip_unknown: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// Form of the report: human draws the lines, plain is for logs and screen readers
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Fail with exit status 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(super) fail_on: FailOn,
    /// Show findings from this severity on
    #[arg(long, value_enum, default_value_t = Level::Warning, value_name = "SEVERITY")]
    pub(super) min_severity: Level,
    /// List the checks that could not be decided, and why
    #[arg(long)]
    pub(super) show_undecided: bool,
    /// Use colours (auto: at a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
    /// Make rule names links to their pages (auto: at a terminal)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) links: When,
}

impl Output {
    /// What is written where no flag says how.
    pub(super) fn of(format: Format) -> Self {
        Output {
            format,
            fail_on: FailOn::Error,
            min_severity: Level::Warning,
            show_undecided: false,
            color: When::Auto,
            links: When::Auto,
        }
    }
}

/// What a policy by itself cannot tell of its function.
#[derive(Debug, Args)]
#[command(next_help_heading = "Context that a policy by itself cannot tell")]
pub(super) struct Context {
    /// The function is in a VPC
    #[arg(long)]
    pub(super) vpc: bool,
    /// This invokes the function, as in s3 or sns=arn:aws:sns:…
    #[arg(long, value_name = "KIND[=ARN]")]
    pub(super) trigger: Vec<String>,
    /// Lambda reads this for the function, as in sqs or kinesis=arn:aws:kinesis:…
    #[arg(long, value_name = "KIND[=ARN]")]
    pub(super) event_source: Vec<String>,
    /// The function's dead-letter queue or topic
    #[arg(long, value_name = "ARN")]
    pub(super) dead_letter: Option<String>,
    /// Tracing is active
    #[arg(long)]
    pub(super) tracing: bool,
    /// The function that these flags are about
    #[arg(long, value_name = "ARN|NAME")]
    pub(super) function: Option<String>,
    /// What policy documents by themselves are
    #[arg(long, value_enum, value_name = "TYPE")]
    pub(super) policy_type: Option<PolicyType>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Plain,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warning,
    Info,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyType {
    Identity,
    Trust,
    Function,
    Resource,
}
