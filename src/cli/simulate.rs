//! `simulate` and `can`.

use std::path::Path;

use super::args::{AnswerFormat, Can, Organization, Simulate, When};
use super::session::Session;
use super::{files, output, simulate_input};
use crate::diagnostics::{EvaluationResult, Ruling};
use crate::report;
use crate::simulate::{Question, can, simulate};
use crate::source::SourceMap;

/// Evaluates requests as the policy simulator does; returns the exit status.
pub(super) fn run(args: &Simulate) -> u8 {
    let mut session = Session::open(&args.facts);
    let analysis = session.analyze(&args.paths, &Organization::default());
    let Session {
        catalogue,
        mut sources,
        mut problems,
    } = session;
    let input = simulate_input::input(args, &mut sources, &mut problems);
    let results = match input.filter(|_| problems.is_empty()) {
        Some(input) => simulate(
            &catalogue,
            &mut sources,
            &input,
            &analysis.inventory,
            &mut problems,
        ),
        None => Vec::new(),
    };
    if !problems.is_empty() {
        return output::problems(&sources, &problems);
    }
    print(&sources, &results, args.format, args.color)
}

/// Answers one question; returns the exit status: 0 allowed, 1 not allowed or undecided.
pub(super) fn can_run(args: &Can) -> u8 {
    let (resource, paths) = resource_and_paths(args);
    let mut session = Session::open(&args.facts);
    let analysis = session.analyze(&paths, &args.organization);
    let question = Question {
        who: &args.who,
        action: &args.action,
        resource,
        context: &args.context,
        ..Question::default()
    };
    let result = match session.problems.is_empty() {
        true => can(
            &session.catalogue,
            &analysis.inventory,
            &question,
            &mut session.problems,
        ),
        false => None,
    };
    let Some(result) = result else {
        return session.finish();
    };
    let decision = result.decision;
    let printed = print(&session.sources, &[result], args.format, args.color);
    printed.max(u8::from(decision != Ruling::Allowed))
}

/// Prints results in a format; returns the exit status: 2 if that failed, otherwise 0.
fn print(
    sources: &SourceMap,
    results: &[EvaluationResult],
    format: AnswerFormat,
    color: When,
) -> u8 {
    let text = match format {
        AnswerFormat::Json => report::simulation(sources, results),
        AnswerFormat::Human => report::evaluations(sources, results, output::look_at(color)),
    };
    output::print(&text)
}

/// The first argument after the action is the resource, unless it is a file or folder.
fn resource_and_paths(args: &Can) -> (Option<&str>, Vec<String>) {
    match args.rest.split_first() {
        Some((first, paths)) if !is_path(first) => (Some(first), paths.to_vec()),
        _ => (None, args.rest.clone()),
    }
}

/// Whether an argument that can be a resource is a path: no function or role has such a name.
fn is_path(argument: &str) -> bool {
    let looks_so = files::has_known_ending(argument) || argument.contains(['/', '?', '[', '*']);
    let is_resource = argument.starts_with("arn:") || argument == "*";
    argument == "-" || !is_resource && (looks_so || Path::new(argument).exists())
}
