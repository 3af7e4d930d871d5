//! `matrix`: which document grants what to whom.

use super::args::{AnswerFormat, Matrix};
use super::{facts, files, output, rules};
use crate::diagnostics::Problem;
use crate::explain::matrix;
use crate::input::{Hints, lower};
use crate::lint::purposes;
use crate::report;
use crate::rules::Packs;
use crate::source::SourceMap;

/// Shows the grants of the documents; gives the exit status.
pub(super) fn run(args: &Matrix) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let catalogue = facts::catalogue(&args.facts, &mut sources, &mut problems);
    let files = files::read(&args.paths, false, &mut sources);
    let lowered = lower(&mut sources, &files.inputs, &Hints::default(), &catalogue);
    problems.extend(lowered.problems);
    problems.extend(files.problems);
    let packs = Packs::builtin(&mut sources);
    let functions = matrix(&lowered.inventory, &catalogue, |function| {
        purposes(&packs, &catalogue, function)
    });
    if functions.is_empty() && problems.is_empty() {
        let shown = args.paths.join(", ");
        let help =
            "policies by themselves belong to nobody: hand over the function's configuration too";
        problems.push(Problem::of_path(shown, "these documents tell of no function").help(help));
    }
    let text = match args.format {
        AnswerFormat::Json => report::matrix_json(&sources, &functions),
        AnswerFormat::Human => report::matrix(&sources, &functions),
    };
    let _read = output::print(&text);
    rules::failed(&sources, &problems)
}
