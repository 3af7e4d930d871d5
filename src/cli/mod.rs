//! Asking: the command line, files, and the exit status.
//!
//! Owns all I/O. It must not hold logic longer than a dispatch.

mod acceptance;
mod analyzed;
mod archive;
mod args;
mod check;
mod commands;
mod configuration;
mod content;
mod describe;
mod explain;
mod facts;
mod files;
mod flags;
mod judged;
mod lines;
mod matrix;
mod mentioned;
mod merge;
mod metrics;
mod neighbors;
mod organization;
mod output;
mod output_args;
mod output_file;
mod patterns;
mod progress;
mod repository;
mod rules;
mod run;
mod schema;
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
mod stream;
mod stream_input;
mod surroundings;
mod walk;

use std::process::ExitCode;

pub use content::text_of;

use clap::FromArgMatches;

use crate::source::SourceMap;

/// Parses the command line, runs, and gives the exit status: 0 where nothing was found, 1 for
/// findings, 2 for a problem with the input, a pack or the usage.
#[must_use]
pub fn main() -> ExitCode {
    let matches = commands::all().try_get_matches();
    let cli = matches.and_then(|matches| args::Cli::from_arg_matches(&matches));
    let status = match &cli {
        Ok(cli) => dispatch(cli),
        Err(error) => commands::refuse(error),
    };
    ExitCode::from(status)
}

fn dispatch(cli: &args::Cli) -> u8 {
    match &cli.command {
        Some(args::Command::Rules(command)) => rules::run(command),
        Some(args::Command::Explain(args)) => explain::run(args),
        Some(args::Command::Sources(args)) => sources::run(args),
        Some(args::Command::Matrix(args)) => matrix::run(args),
        Some(args::Command::Simulate(args)) => simulate::run(args),
        Some(args::Command::Schema(args)) => schema::run(args),
        Some(args::Command::Can(args)) => simulate::can_run(args),
        Some(args::Command::Completions(args)) => commands::complete(args),
        Some(args::Command::Man(args)) => commands::manual(args),
        None => match commands::meant(&cli.lint.paths) {
            Some(problem) => output::problems(&SourceMap::default(), &[problem]),
            None => run::run(&cli.lint),
        },
    }
}
