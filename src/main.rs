//! The program: parses the command line, runs, and ends with the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    lint_lambda::main()
}
