//! The command line's form.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Permission linter and troubleshooting analyzer for AWS Lambda.
///
/// Reads CloudFormation and SAM templates, IAM policies, and what the AWS CLI prints of functions,
/// roles and triggers, and tells which permission is missing, in which document, and what to write
/// there. Works offline and without credentials.
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
    /// Tell what an error means, and which document must change
    ///
    /// Takes the text of an error, files with errors (logs, stack events, events of CloudTrail), or the
    /// id of a rule; reads standard input where nothing is named. Exit status: 0 answered, also that
    /// there is no error of permissions; 2 a problem with the input or the usage.
    Explain(Explain),
    /// Tell who calls how: which sources push or are read, and which policy must grant what
    Sources(Sources),
    /// Tell which document grants what to whom, for each function
    Matrix(Matrix),
    /// Tell whether somebody may do something, by the documents at hand
    ///
    /// Exit status: 0 allowed, 1 not allowed or not known, 2 a problem with the input or the usage.
    Can(Can),
    /// Decide requests by policies, as `aws iam simulate-custom-policy` does, offline
    ///
    /// Takes the flags and the JSON of simulate-custom-policy and simulate-principal-policy. Exit
    /// status: 0 answered, 2 a problem with the input or the usage.
    Simulate(Simulate),
}

/// An error to explain.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Text of an error, files, - for standard input, or ids of rules
    #[arg(value_name = "ERROR|FILE|RULE")]
    pub(super) inputs: Vec<String>,
    /// Metrics in place of an error: what `aws cloudwatch get-metric-data` or get-metric-statistics prints
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) metrics: Vec<String>,
    /// Files and folders with the documents that the error is about
    #[arg(long, value_name = "PATHS", num_args = 1..)]
    pub(super) with: Vec<String>,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[command(flatten)]
    pub(super) packs: Packs,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
    /// Use colours (auto: at a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

/// What is known of sources.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// A source, as in sqs or alarm; all where none is named
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) facts: Facts,
}

/// Documents whose grants are to be shown.
#[derive(Debug, Args)]
pub(super) struct Matrix {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true)]
    pub(super) paths: Vec<String>,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[arg(long, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
}

/// A question about the documents at hand.
#[derive(Debug, Args)]
pub(super) struct Can {
    /// Function or role of the documents, by name or ARN, or a service as in s3.amazonaws.com
    pub(super) who: String,
    /// Action, as in sqs:ReceiveMessage
    pub(super) action: String,
    /// ARN, or name of a function or role, then files and folders to read; the name of a file or
    /// folder that exists is never a resource
    #[arg(value_name = "RESOURCE] [PATHS")]
    pub(super) rest: Vec<String>,
    /// Value of a condition key, as in aws:SourceArn=arn:aws:s3:::orders; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) context: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) facts: Facts,
    #[arg(long, value_enum, default_value_t = AnswerFormat::Human)]
    pub(super) format: AnswerFormat,
    /// Use colours (auto: at a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    match key.contains(':') && text.contains('=') {
        true => Ok((key.to_owned(), value.to_owned())),
        false => Err(
            "write a condition key and its value, as in aws:SourceAccount=123456789012".to_owned(),
        ),
    }
}

/// The simulator's input.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// Files or folders with the role that --policy-source-arn names
    pub(super) paths: Vec<String>,
    /// The whole input, as JSON or a file with it; other flags take the place of its members
    #[arg(long, value_name = "JSON|FILE")]
    pub(super) cli_input_json: Option<String>,
    /// Identity policies
    #[arg(long, value_name = "JSON|FILE", num_args = 1..)]
    pub(super) policy_input_list: Vec<String>,
    /// Policies of the permissions boundary
    #[arg(long, value_name = "JSON|FILE", num_args = 1..)]
    pub(super) permissions_boundary_policy_input_list: Vec<String>,
    /// Role whose policies are asked, by ARN or name
    #[arg(long, value_name = "ARN")]
    pub(super) policy_source_arn: Option<String>,
    /// Actions to decide on
    #[arg(long, value_name = "ACTION", num_args = 1..)]
    pub(super) action_names: Vec<String>,
    /// Resources to decide on; all where none is named
    #[arg(long, value_name = "ARN", num_args = 1..)]
    pub(super) resource_arns: Vec<String>,
    /// The policy of the resource
    #[arg(long, value_name = "JSON|FILE")]
    pub(super) resource_policy: Option<String>,
    /// Account that the resource belongs to
    #[arg(long, value_name = "ARN")]
    pub(super) resource_owner: Option<String>,
    /// Who asks
    #[arg(long, value_name = "ARN")]
    pub(super) caller_arn: Option<String>,
    /// Condition keys: ContextKeyName=KEY,ContextKeyValues=VALUE,ContextKeyType=string
    #[arg(long, value_name = "ENTRY", num_args = 1..)]
    pub(super) context_entries: Vec<String>,
    /// Flags of the AWS CLI that change nothing here
    #[arg(
        long = "max-items",
        aliases = ["marker", "starting-token", "page-size", "resource-handling-option", "region", "profile"],
        value_name = "VALUE",
        hide = true
    )]
    pub(super) passed_over: Vec<String>,
    #[command(flatten)]
    pub(super) facts: Facts,
    /// Form of the answers: json is that of the AWS CLI
    #[arg(long, value_enum, default_value_t = AnswerFormat::Json)]
    pub(super) format: AnswerFormat,
    /// Use colours (auto: at a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    Human,
    Json,
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
        /// Names of packs, ids of rules, or files of your own; all packs where none is named
        packs: Vec<String>,
        /// Folder of the samples: PACK/RULE/bad*.json and good*.json
        #[arg(long, value_name = "DIR", default_value = "policies-samples")]
        samples: String,
        #[command(flatten)]
        facts: Facts,
    },
    /// Tell what is known of AWS, and how old that is
    Catalogue {
        /// An action, a service, or an AWS-managed policy, as in sqs:SendMessage or sqs
        name: Option<String>,
        #[command(flatten)]
        facts: Facts,
    },
}

#[derive(Debug, Args)]
pub(super) struct Facts {
    /// Newer facts about AWS: a folder such as rules/catalogue of the program's source, or a file of it
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    pub(super) catalogue: Option<String>,
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
    pub(super) facts: Facts,
    #[command(flatten)]
    pub(super) context: Context,
    #[command(flatten)]
    pub(super) organization: Organization,
    #[command(flatten)]
    pub(super) stack: Stack,
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

/// What a template leaves open until it is deployed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Values that a template leaves open")]
pub(super) struct Stack {
    /// Value of a template's parameter; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = name_value)]
    pub(super) parameters: Vec<(String, String)>,
    /// File of such values: of `aws cloudformation`, samconfig.toml, cdk.json, or names and values
    #[arg(long = "params", value_name = "FILE")]
    pub(super) files: Vec<String>,
    /// Region that the stack is deployed to
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,
    /// Account that the stack is deployed to
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(super) account: Option<String>,
    /// Partition that the stack is deployed to, as in aws-cn
    #[arg(long, value_parser = partition)]
    pub(super) partition: Option<String>,
}

fn name_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write a parameter's name and its value, as in Stage=prod".to_owned()),
    }
}

fn region(text: &str) -> Result<String, String> {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    match text.split('-').count() > 2 && text.split('-').all(is_part) {
        true => Ok(text.to_owned()),
        false => Err("write a Region as in eu-west-1".to_owned()),
    }
}

fn account(text: &str) -> Result<String, String> {
    match text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err("an account id has twelve digits".to_owned()),
    }
}

fn partition(text: &str) -> Result<String, String> {
    match text == "aws" || text.starts_with("aws-") {
        true => Ok(text.to_owned()),
        false => Err("write a partition as in aws or aws-us-gov".to_owned()),
    }
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
