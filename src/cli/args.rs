//! The command line's form.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

pub(super) use super::output_args::{FailOn, Format, Level, Output};
pub(super) use super::settings_args::{ConfigurationFile, FileSelection, RuleSelection};
use super::shared_args::path;
pub(super) use super::shared_args::{Facts, When};
use super::simulate_args::Simulate;
use crate::report::SCHEMAS;

/// Permission linter and troubleshooting analyzer for AWS Lambda.
///
/// Reads CloudFormation and SAM templates, Terraform, the configuration of the Serverless Framework, IAM policies, and
/// the output of the AWS CLI for functions, roles and triggers. Shows which permission is missing, which document it belongs in, and what to add.
/// Works offline and without credentials.
#[derive(Debug, Parser)]
#[command(
    name = "lint-lambda",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit status: 0 no finding at or above --fail-on (warnings alone give 0), 1 \
                  findings at or above --fail-on, 2 a problem with the input, a rule pack or the \
                  usage."
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
    /// Explain an error, and show which document must change
    ///
    /// Accepts the text of an error, files with errors (logs, stack events, CloudTrail events), or the
    /// ID of a rule; reads standard input by default. Exit status: 0 the input was read, even if
    /// it contains no permission error; 2 a problem with the input or the usage.
    Explain(Explain),
    /// List event sources: how each one invokes a function, and the policy that must allow it
    Sources(Sources),
    /// Show which document grants what to whom, for each function
    Matrix(Matrix),
    /// Check whether the provided policies allow a principal to perform an action
    ///
    /// Exit status: 0 allowed, 1 not allowed or undecided, 2 a problem with the input or the usage.
    Can(Can),
    /// Evaluate policies offline, as `aws iam simulate-custom-policy` does
    ///
    /// Accepts the flags and JSON input of simulate-custom-policy and simulate-principal-policy, which are
    /// also aliases of this command. Exit status: 0 the requests were evaluated, regardless of the decisions;
    /// 2 a problem with the input or the usage.
    #[command(visible_aliases = ["simulate-custom-policy", "simulate-principal-policy"])]
    Simulate(Box<Simulate>),
    /// Print a script that completes commands and flags in a shell
    Completions(Completions),
    /// Print the manual page of lint-lambda, or of one of its commands
    Man(Man),
    /// Print the JSON Schema of an output or of a file that lint-lambda reads
    Schema(SchemaArgs),
}

/// The schema to print.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The schema; without a name, all of them are listed
    #[arg(value_parser = PossibleValuesParser::new(SCHEMAS.map(|schema| schema.name)))]
    pub(super) name: Option<String>,
}

/// The shell whose completions are printed.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: Shell,
}

/// The command whose manual page is printed.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// A command, for example explain, or rules list
    pub(super) command: Vec<String>,
}

/// An error to explain.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Text of an error, files, - for standard input, or IDs of rules
    #[arg(value_name = "ERROR|FILE|RULE", value_hint = ValueHint::FilePath)]
    pub(super) inputs: Vec<OsString>,
    /// Metrics instead of an error: the output of `aws cloudwatch get-metric-data` or get-metric-statistics
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) metrics: Vec<String>,
    /// Files and folders with the policies and configuration that the error is about
    #[arg(long, value_name = "PATHS", num_args = 1.., value_parser = path(), value_hint = ValueHint::AnyPath)]
    pub(super) with: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) surroundings: Surroundings,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[command(flatten)]
    pub(super) packs: Packs,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
    /// Use colors (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

/// The event sources to show.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// An event source, for example sqs or alarm; all by default
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) facts: Facts,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
}

/// Documents whose grants are shown.
#[derive(Debug, Args)]
pub(super) struct Matrix {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_parser = path(), value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) surroundings: Surroundings,
    #[command(flatten)]
    pub(super) facts: Facts,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
}

/// A question about the provided documents.
#[derive(Debug, Args)]
pub(super) struct Can {
    /// Function or role in the documents, by name or ARN, or a service principal such as s3.amazonaws.com
    pub(super) who: String,
    /// Action, for example sqs:ReceiveMessage
    pub(super) action: String,
    /// ARN, or name of a function or role, then files and folders to read; an argument that names an
    /// existing file or folder is never a resource
    #[arg(value_name = "RESOURCE] [PATHS", value_hint = ValueHint::AnyPath)]
    pub(super) rest: Vec<OsString>,
    /// Value of a condition key, for example aws:SourceArn=arn:aws:s3:::orders; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) context: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) surroundings: Surroundings,
    #[command(flatten)]
    pub(super) facts: Facts,
    /// Output format
    #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
    /// Use colors (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

/// Parses `KEY=VALUE` of a condition key.
fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    match key.contains(':') && text.contains('=') {
        true => Ok((key.to_owned(), value.to_owned())),
        false => Err(
            "expected a condition key and its value, for example aws:SourceAccount=123456789012"
                .to_owned(),
        ),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    /// List all rules
    List {
        #[command(flatten)]
        packs: Packs,
        /// Output format
        #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
        format: AnswerFormat,
    },
    /// Show one rule in full
    Show {
        /// The rule, for example vpc/eni-actions-not-granted
        id: String,
        #[command(flatten)]
        packs: Packs,
        /// Output format
        #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
        format: AnswerFormat,
    },
    /// Check that rules report their bad samples and pass their good ones
    Check {
        /// Names of packs, IDs of rules, or your own files; all packs by default
        packs: Vec<String>,
        /// Folder with the samples: PACK/RULE/bad*.json and good*.json
        #[arg(long, value_name = "DIR", default_value = "policies-samples")]
        samples: String,
        #[command(flatten)]
        facts: Facts,
    },
    /// Show the built-in facts about AWS, and their date
    Catalogue {
        /// An action, a service, or an AWS managed policy, for example sqs:SendMessage or sqs
        name: Option<String>,
        #[command(flatten)]
        facts: Facts,
        /// Output format
        #[arg(long, short, value_enum, default_value_t = AnswerFormat::Human)]
        format: AnswerFormat,
    },
}

#[derive(Debug, Args)]
pub(super) struct Packs {
    /// Rule pack, or folder of packs, to use in addition to the built-in ones
    #[arg(long = "rules", value_name = "PATH", help_heading = "Rules")]
    pub(super) added: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Files, folders, globs, or - for standard input; by default the paths of lint-lambda.toml
    #[arg(value_parser = path(), value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) output: Output,
    #[command(flatten)]
    pub(super) acceptance: Acceptance,
    #[command(flatten)]
    pub(super) files: FileSelection,
    #[command(flatten)]
    pub(super) configuration: ConfigurationFile,
    /// Show the value of each setting and where it comes from, without checking anything
    #[arg(long, help_heading = "Configuration")]
    pub(super) show_settings: bool,
    #[command(flatten)]
    pub(super) selection: RuleSelection,
    #[command(flatten)]
    pub(super) packs: Packs,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[command(flatten)]
    pub(super) context: Context,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) stack: Stack,
    /// Use this many threads; by default one for each core
    #[arg(long, value_name = "NUMBER")]
    pub(super) threads: Option<NonZeroUsize>,
}

/// What the user has accepted.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Suppressions and baseline")]
pub(super) struct Acceptance {
    /// Report only findings that are not in this baseline
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<String>,
    /// Write all findings to a baseline, and report none of them
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<String>,
    /// List suppressed findings, and why they are suppressed
    #[arg(long)]
    pub(super) show_suppressed: bool,
}

/// Policies that the organization attaches
#[derive(Debug, Default, Args)]
pub(super) struct Organization {
    /// Service control policies of one level of the organization (FILE[,FILE...]); repeat the flag
    /// for each level
    #[arg(long, value_name = "FILES", help_heading = "The organization")]
    pub(super) scp: Vec<String>,
    /// Resource control policies of one level of the organization (FILE[,FILE...]); repeat the flag
    /// for each level
    #[arg(long, value_name = "FILES", help_heading = "The organization")]
    pub(super) rcp: Vec<String>,
}

/// What is true beside the documents that are read.
#[derive(Debug, Default, Args)]
pub(super) struct Surroundings {
    #[command(flatten)]
    pub(super) configuration: ConfigurationFile,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) stack: Stack,
}

/// Context that a stand-alone policy does not contain.
#[derive(Debug, Args)]
#[command(next_help_heading = "Context for stand-alone policies")]
pub(super) struct Context {
    /// The function is connected to a VPC
    #[arg(long)]
    pub(super) vpc: bool,
    /// Event source that invokes the function, for example s3 or sns=arn:aws:sns:…
    #[arg(long, value_name = "KIND[=ARN]")]
    pub(super) trigger: Vec<String>,
    /// Event source that Lambda polls for the function, for example sqs or kinesis=arn:aws:kinesis:…
    #[arg(long, value_name = "KIND[=ARN]")]
    pub(super) event_source: Vec<String>,
    /// The function's dead-letter queue or topic
    #[arg(long, value_name = "ARN")]
    pub(super) dead_letter: Option<String>,
    /// Active tracing (X-Ray) is enabled
    #[arg(long)]
    pub(super) tracing: bool,
    /// The function that these flags apply to
    #[arg(long, value_name = "ARN|NAME")]
    pub(super) function: Option<String>,
    /// Type of stand-alone policy documents
    #[arg(long, value_enum, value_name = "TYPE")]
    pub(super) policy_type: Option<PolicyType>,
}

/// Values that are known only when a template is deployed.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Template values")]
pub(super) struct Stack {
    /// Value of a template parameter or a Terraform variable; repeatable
    #[arg(long = "param", visible_alias = "var", value_name = "NAME=VALUE", value_parser = name_value)]
    pub(super) parameters: Vec<(String, String)>,
    /// File with parameter values: for `aws cloudformation`, samconfig.toml, cdk.json, .tfvars, or a JSON object
    #[arg(long = "params", visible_alias = "var-file", value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// Terraform workspace
    #[arg(long, value_name = "NAME")]
    pub(super) workspace: Option<String>,
    /// Region where the stack is deployed
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,
    /// Account where the stack is deployed
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(super) account: Option<String>,
    /// Partition where the stack is deployed, for example aws-cn
    #[arg(long, value_parser = partition)]
    pub(super) partition: Option<String>,
}

/// Parses `NAME=VALUE` of a template parameter.
fn name_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected a parameter name and its value, for example Stage=prod".to_owned()),
    }
}

/// Parses a Region name.
pub(super) fn region(text: &str) -> Result<String, String> {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    match text.split('-').count() > 2 && text.split('-').all(is_part) {
        true => Ok(text.to_owned()),
        false => Err("expected a Region, for example eu-west-1".to_owned()),
    }
}

/// Parses an account ID.
pub(super) fn account(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("an account ID has 12 digits".to_owned()),
    }
}

/// Parses a partition name.
pub(super) fn partition(text: &str) -> Result<String, String> {
    match text == "aws" || text.starts_with("aws-") {
        true => Ok(text.to_owned()),
        false => Err("expected a partition, for example aws or aws-us-gov".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyType {
    Identity,
    Trust,
    Function,
    Resource,
}
