//! Asking: the command line, files, and the exit status.
//!
//! Owns all I/O. It must not hold logic longer than a dispatch.

mod acceptance;
mod archive;
mod args;
mod check;
mod configuration;
mod explain;
mod facts;
mod files;
mod flags;
mod matrix;
mod metrics;
mod neighbors;
mod organization;
mod output;
mod patterns;
mod rules;
mod run;
mod session;
mod settings;
mod settings_args;
mod shared_args;
mod shorthand;
mod simulate;
mod simulate_args;
mod simulate_batch;
mod simulate_input;
mod simulate_result;
mod sources;
mod stack;
mod walk;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

/// Parses the command line, runs, and gives the exit status: 0 where nothing was found, 1 for
/// findings, 2 for a problem with the input, a pack or the usage.
#[must_use]
pub fn main() -> ExitCode {
    let command = args::Cli::command().version(facts::version());
    let matches = command.get_matches();
    let cli = args::Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let status = match &cli.command {
        Some(args::Command::Rules(command)) => rules::run(command),
        Some(args::Command::Explain(args)) => explain::run(args),
        Some(args::Command::Sources(args)) => sources::run(args),
        Some(args::Command::Matrix(args)) => matrix::run(args),
        Some(args::Command::Simulate(args)) => simulate::run(args),
        Some(args::Command::Can(args)) => simulate::can_run(args),
        None => run::run(&cli.lint),
    };
    ExitCode::from(status)
}
