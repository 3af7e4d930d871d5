//! The command line of `simulate`: that of the AWS CLI, and flags of ours.
//!
//! <https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html>

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum, ValueHint};

use super::shared_args::{Facts, When, path};
use crate::diagnostics::Ruling;
use crate::report::{AwsFormat, Token};

/// The simulator's input, and how to print its output.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Files or folders that contain the principal of --policy-source-arn
    #[arg(value_parser = path(), value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) input: Input,
    /// Requests as JSON Lines, each with the members of an entry of `requests`; prints a line for each action
    #[arg(long, value_name = "FILE|-", conflicts_with_all = PAGES)]
    pub(super) requests: Option<String>,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[command(flatten)]
    pub(super) output: SimulateOutput,
    #[command(flatten)]
    pub(super) passed_over: PassedOver,
}

/// Flags that are about all results, of which a batch has no end.
const PAGES: [&str; 5] = [
    "query",
    "max_items",
    "starting_token",
    "no_paginate",
    "skeleton",
];

/// The members of the input.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// The whole input, as JSON or a file; other flags override its members
    #[arg(long, value_name = "JSON|FILE")]
    pub(super) cli_input_json: Option<String>,
    /// The whole input, as YAML or a file; other flags override its members
    #[arg(long, value_name = "YAML|FILE", conflicts_with = "cli_input_json")]
    pub(super) cli_input_yaml: Option<String>,
    /// Identity policies
    #[arg(long, value_name = "JSON|FILE", num_args = 1..)]
    pub(super) policy_input_list: Vec<String>,
    /// Permissions boundary policies
    #[arg(long, value_name = "JSON|FILE", num_args = 1..)]
    pub(super) permissions_boundary_policy_input_list: Vec<String>,
    /// Service control policies by level of the organization, from the root to the account
    #[arg(long, value_name = "JSON|FILE", num_args = 1..)]
    pub(super) ordered_organization_policy_input_list: Vec<String>,
    /// User, group or role whose policies are evaluated, by ARN; a role also by name
    #[arg(long, value_name = "ARN")]
    pub(super) policy_source_arn: Option<String>,
    /// Types of policies to exclude: PolicyType=permission-boundary, scp or rcp
    #[arg(long, value_name = "ENTRY", num_args = 1..)]
    pub(super) policy_exclusion_list: Vec<String>,
    /// Actions to evaluate
    #[arg(long, value_name = "ACTION", num_args = 1..)]
    pub(super) action_names: Vec<String>,
    /// Resources to evaluate; `*` by default
    #[arg(long, value_name = "ARN", num_args = 1..)]
    pub(super) resource_arns: Vec<String>,
    /// The policy of the resource
    #[arg(long, value_name = "JSON|FILE")]
    pub(super) resource_policy: Option<String>,
    /// Account that the resource belongs to
    #[arg(long, value_name = "ARN")]
    pub(super) resource_owner: Option<String>,
    /// The principal that makes the request: an ARN, a service principal, the domain of an identity
    /// provider, or anonymous
    #[arg(long, value_name = "ARN")]
    pub(super) caller_arn: Option<String>,
    /// Condition keys: ContextKeyName=KEY,ContextKeyValues=VALUE,ContextKeyType=string
    #[arg(long, value_name = "ENTRY", num_args = 1..)]
    pub(super) context_entries: Vec<String>,
}

/// What is printed, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct SimulateOutput {
    /// Output format of the AWS CLI; jsonl prints one result per line
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) output: Option<OutputFormat>,
    /// Output format: json is the same as --output json, human shows the statements that decide
    #[arg(long, value_enum, conflicts_with = "output")]
    pub(super) format: Option<SimulateFormat>,
    /// JMESPath expression that filters the output
    #[arg(long, value_name = "EXPRESSION", conflicts_with = "format")]
    pub(super) query: Option<String>,
    /// Decision to print if the policies do not decide the request
    #[arg(long, value_enum, value_name = "DECISION", default_value_t = UnknownAs::Keep)]
    pub(super) unknown: UnknownAs,
    /// Print at most this many results, and a NextToken if there are more
    #[arg(long, value_name = "COUNT")]
    pub(super) max_items: Option<usize>,
    /// Continue from the NextToken of an earlier output
    #[arg(long, value_name = "TOKEN", value_parser = token)]
    pub(super) starting_token: Option<Token>,
    /// Print the response of the API, with IsTruncated
    #[arg(long, conflicts_with_all = ["max_items", "starting_token"])]
    pub(super) no_paginate: bool,
    /// Print an input or output without values, and evaluate nothing
    #[arg(
        long = "generate-cli-skeleton",
        value_enum,
        value_name = "KIND",
        num_args = 0..=1,
        default_missing_value = "input"
    )]
    pub(super) skeleton: Option<Skeleton>,
    /// Use colors (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

/// Options of the AWS CLI that have no effect here, so that scripts with them run as they are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Accepted without effect")]
pub(super) struct PassedOver {
    /// Options of the AWS CLI with a value
    #[arg(
        long = "region",
        visible_aliases = [
            "profile",
            "endpoint-url",
            "page-size",
            "marker",
            "resource-handling-option",
            "cli-read-timeout",
            "cli-connect-timeout",
            "cli-binary-format",
            "cli-error-format",
            "ca-bundle",
        ],
        value_name = "VALUE"
    )]
    pub(super) values: Vec<String>,
    /// Options of the AWS CLI without a value
    #[arg(
        long = "no-cli-pager",
        visible_aliases = [
            "no-sign-request",
            "no-verify-ssl",
            "debug",
            "no-cli-auto-prompt",
            "cli-auto-prompt",
            "paginate",
        ],
        action = ArgAction::Count
    )]
    pub(super) switches: u8,
}

/// Formats of `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Json,
    Text,
    Table,
    Yaml,
    YamlStream,
    Jsonl,
}

/// Formats of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SimulateFormat {
    Human,
    Json,
}

/// What is printed for a decision that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum UnknownAs {
    /// Print `unknown`, which AWS does not use
    Keep,
    /// `implicitDeny`: treat unknown as not allowed
    #[value(name = "implicitDeny", alias = "deny")]
    ImplicitDeny,
    /// `allowed`: treat unknown as allowed
    #[value(name = "allowed", alias = "allow")]
    Allowed,
}

/// What `--generate-cli-skeleton` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Skeleton {
    Input,
    YamlInput,
    Output,
}

impl OutputFormat {
    /// The format of the AWS CLI; the lines of a batch are JSON.
    pub(super) fn of_aws(self) -> AwsFormat {
        match self {
            OutputFormat::Json | OutputFormat::Jsonl => AwsFormat::Json,
            OutputFormat::Text => AwsFormat::Text,
            OutputFormat::Table => AwsFormat::Table,
            OutputFormat::Yaml => AwsFormat::Yaml,
            OutputFormat::YamlStream => AwsFormat::YamlStream,
        }
    }
}

impl UnknownAs {
    /// The decision that is printed for one that is not known.
    pub(super) fn ruling(self) -> Ruling {
        match self {
            UnknownAs::Keep => Ruling::Unknown,
            UnknownAs::ImplicitDeny => Ruling::ImplicitDeny,
            UnknownAs::Allowed => Ruling::Allowed,
        }
    }
}

/// Parses the `NextToken` of an output.
fn token(written: &str) -> Result<Token, String> {
    Token::parse(written).ok_or_else(|| "expected the NextToken of an earlier output".to_owned())
}
