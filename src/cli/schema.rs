//! `schema`: the published JSON Schemas.

use std::fmt::Write;

use super::args::SchemaArgs;
use super::output;
use crate::report::SCHEMAS;

/// Prints the schema of that name, or the names of all; returns the exit status.
pub(super) fn run(args: &SchemaArgs) -> u8 {
    let Some(name) = &args.name else {
        return output::print(&names());
    };
    let schema = SCHEMAS.iter().find(|schema| schema.name == name);
    schema.map_or(2, |schema| output::print(schema.text))
}

fn names() -> String {
    let mut text = String::new();
    for schema in SCHEMAS {
        let _infallible = writeln!(text, "{:<13} {}", schema.name, schema.about);
    }
    text
}
