//! The commands themselves: their form, help and completions, and what is wrong with a command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Command, CommandFactory};

use super::args::{Cli, Completions, Man};
use super::{content, facts, output};
use crate::diagnostics::Problem;
use crate::report::clean;
use crate::source::SourceMap;
use crate::syntax::nearest;

/// The program's name.
const NAME: &str = "lint-lambda";

/// All commands.
pub(super) fn all() -> Command {
    Cli::command().version(facts::version())
}

/// Prints the help or version that was asked for, or what is wrong with the command line; returns the exit status.
pub(super) fn refuse(error: &clap::Error) -> u8 {
    if error.kind() == ErrorKind::InvalidUtf8
        && let Some(argument) = std::env::args_os().find(|argument| argument.to_str().is_none())
    {
        let shown = content::shown(Path::new(&argument));
        let message = format!("error: invalid UTF-8 in the argument `{shown}`");
        output::aside(&format!("{}\n", clean(&message)));
        return 2;
    }
    // A file that a shell found can have any name.
    let is_odd = |argument: OsString| argument.to_string_lossy().contains(char::is_control);
    if error.use_stderr() && std::env::args_os().any(is_odd) {
        let told = error.render().to_string();
        let lines = told.lines().map(|line| format!("{}\n", clean(line)));
        output::aside(&lines.collect::<String>());
        return 2;
    }
    // Help and versions go to standard output.
    match (error.print(), error.use_stderr()) {
        (Ok(()), false) => 0,
        (Err(error), false) => output::not_written(&error),
        (_, true) => 2,
    }
}

/// That the first path is a command with a typo: no such file exists, and its name is similar.
pub(super) fn meant(paths: &[PathBuf]) -> Option<Problem> {
    let first = paths.first()?;
    let word = first.to_str().filter(|word| {
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        is_word && *word != "-" && first.symlink_metadata().is_err()
    })?;
    let commands = all();
    let names = commands.get_subcommands().map(Command::get_name);
    let near = nearest(word, names)?;
    let problem = Problem::of_path(word, "no such file or command");
    Some(problem.help(format!("did you mean the command `{near}`?")))
}

/// Prints the completions of a shell; returns the exit status.
pub(super) fn complete(args: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut all(), NAME, &mut script);
    // For bash, `clap_complete` writes the name of a program with a hyphen in two ways, which it then compares.
    let script = String::from_utf8_lossy(&script).replace("lint__subcmd__lambda", "lint__lambda");
    output::print(&script)
}

/// Prints a manual page; returns the exit status.
pub(super) fn manual(args: &Man) -> u8 {
    let mut command = all();
    // Names in full, as in `lint-lambda rules list`.
    command.build();
    let mut name = NAME.to_owned();
    for word in &args.command {
        let Some(found) = command.find_subcommand(word) else {
            let names = command.get_subcommands().map(Command::get_name);
            let help = match nearest(word, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`lint-lambda --help` lists all commands".to_owned(),
            };
            let problem = Problem::of_path(word, "unknown command").help(help);
            return output::problems(&SourceMap::default(), &[problem]);
        };
        name = format!("{name}-{}", found.get_name());
        command = found.clone();
    }
    let source = format!("{NAME} {}", env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(command.display_name(&name))
        .title(name.to_uppercase())
        .date(facts::date())
        .source(source);
    match manual.render(&mut page) {
        Ok(()) => output::print(&String::from_utf8_lossy(&page)),
        Err(error) => output::not_written(&error),
    }
}
