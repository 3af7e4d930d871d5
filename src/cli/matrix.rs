//! `matrix`: which document grants what to whom.

use super::args::{AnswerFormat, Matrix};
use super::session::Session;
use super::surroundings::Flags;
use super::{content, output};
use crate::diagnostics::Problem;
use crate::explain::matrix;
use crate::lint::purposes;
use crate::report;
use crate::requirement::{Caches, LintContext};
use crate::rules::Packs;

/// Shows the grants of the documents; returns the exit status.
pub(super) fn run(args: &Matrix) -> u8 {
    let mut session = Session::open(Flags::of(&args.facts, &args.surroundings));
    let analysis = session.analyze(&args.paths, &args.surroundings.stack);
    let packs = Packs::builtin();
    let caches = Caches::default();
    let cx = LintContext {
        sources: &session.sources,
        catalogue: &session.catalogue,
        caches: &caches,
        inventory: &analysis.inventory,
    };
    let functions = matrix(&analysis.inventory, &session.catalogue, |function| {
        purposes(cx, &packs, function)
    });
    if functions.is_empty() && session.problems.is_empty() {
        let shown: Vec<String> = args.paths.iter().map(|path| content::shown(path)).collect();
        let shown = shown.join(", ");
        let help = "stand-alone policies do not belong to a function: provide the function's configuration as well";
        let problem = Problem::of_path(shown, "no function in these documents").help(help);
        session.problems.push(problem);
    }
    let text = match args.format {
        AnswerFormat::Json => report::matrix_json(&session.sources, &functions),
        AnswerFormat::Human => report::matrix(&session.sources, &functions),
    };
    let printed = output::print(&text);
    let finished = match args.format {
        AnswerFormat::Json => session.finish_aside(),
        AnswerFormat::Human => session.finish(),
    };
    finished.max(printed)
}
