//! The program: parses the command line, runs, and ends with the exit status.

fn main() {}
