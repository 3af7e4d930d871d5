//! `simulate` and `can`.

use std::path::{Path, PathBuf};

use super::args::{AnswerFormat, Can, ConfigurationFile, Surroundings};
use super::session::Session;
use super::simulate_args::{OutputFormat, Simulate, SimulateFormat, Skeleton};
use super::simulate_result::{ActionHints, settle};
use super::surroundings::Flags;
use super::{output, simulate_batch, simulate_input, walk};
use crate::catalogue::{Catalogue, Naming};
use crate::diagnostics::{ActionResult, EvaluationResult, Problem, Ruling};
use crate::report::{self, AwsOutput, Operation, Paging, Query, ResultWriter};
use crate::simulate::{Question, Simulator, can};
use crate::source::SourceMap;

/// Evaluates requests as the policy simulator does; returns the exit status. What is wrong goes to standard
/// error, so that standard output is what a program expects, or empty.
pub(super) fn run(args: &Simulate) -> u8 {
    let operation = operation(args);
    if let Some(kind) = args.output.skeleton {
        return output::print(&match kind {
            Skeleton::Input => report::skeleton(operation, false),
            Skeleton::Output => report::skeleton(operation, true),
            Skeleton::YamlInput => report::yaml_skeleton(operation),
        });
    }
    let alone = alone();
    let mut session = Session::open(Flags::of(&args.facts, &alone));
    let analysis = session.analyze(&args.paths, &alone.stack);
    let Session {
        catalogue,
        mut sources,
        mut problems,
        ..
    } = session;
    let query = args.output.query.as_deref().map(Query::compile);
    let query = query.transpose().unwrap_or_else(|error| {
        problems.push(Problem::of_path("--query", error));
        None
    });
    let input = simulate_input::input(&args.input, &mut sources, &mut problems);
    let input = input.filter(|_| problems.is_empty());
    let inventory = &analysis.inventory;
    let simulator = input.and_then(|input| {
        Simulator::read(&catalogue, &mut sources, &input, inventory, &mut problems)
    });
    let Some(simulator) = simulator else {
        return output::problems_aside(&sources, &problems);
    };
    if let Some(requests) = &args.requests {
        return simulate_batch::run(args, requests, &sources, &catalogue, &simulator);
    }
    let mut results = Vec::new();
    simulator.evaluate(&mut problems, &mut |result| results.push(result));
    if !problems.is_empty() {
        return output::problems_aside(&sources, &problems);
    }
    let mut hints = ActionHints::default();
    for result in &mut results {
        hints.tell(&catalogue, &result.overall.action);
        settle(result, args.output.unknown);
    }
    let aws = AwsOutput {
        format: args
            .output
            .output
            .map(OutputFormat::of_aws)
            .unwrap_or_default(),
        query,
        paging: paging(args),
        operation,
    };
    print_results(args, &sources, &results, &aws)
}

/// No configuration: as the simulator of AWS, the command goes by its arguments alone.
fn alone() -> Surroundings {
    Surroundings {
        configuration: ConfigurationFile {
            none: true,
            ..ConfigurationFile::default()
        },
        ..Surroundings::default()
    }
}

/// Prints results in the requested format; returns the exit status.
fn print_results(
    args: &Simulate,
    sources: &SourceMap,
    results: &[ActionResult],
    aws: &AwsOutput,
) -> u8 {
    let is_lines = args.output.output == Some(OutputFormat::Jsonl);
    if args.output.format == Some(SimulateFormat::Human) {
        let look = output::look_at(args.output.color);
        return output::print(&report::evaluations(sources, results, look));
    }
    if is_lines {
        let mut writer = ResultWriter::new(sources);
        let lines = results.iter().map(|result| writer.line(None, result));
        return output::print(&lines.collect::<String>());
    }
    match report::simulation(sources, results, aws) {
        Ok(text) => output::print(&text),
        Err(error) => output::problems_aside(sources, &[Problem::of_path("--query", error)]),
    }
}

/// The operation of AWS that the command stands for: by its name, or by its flags.
fn operation(args: &Simulate) -> Operation {
    let is_named = std::env::args().nth(1).as_deref() == Some("simulate-principal-policy");
    match is_named || args.input.policy_source_arn.is_some() {
        true => Operation::Principal,
        false => Operation::Custom,
    }
}

/// The part of the results that is printed.
fn paging(args: &Simulate) -> Paging {
    Paging {
        most: args.output.max_items,
        from: args.output.starting_token.unwrap_or_default(),
        is_single: args.output.no_paginate,
    }
}

/// Answers one question; returns the exit status: 0 allowed, 1 not allowed or undecided.
pub(super) fn can_run(args: &Can) -> u8 {
    let (resource, paths) = resource_and_paths(args);
    let mut session = Session::open(Flags::of(&args.facts, &args.surroundings));
    let analysis = session.analyze(&paths, &args.surroundings.stack);
    let question = Question {
        who: &args.who,
        action: &args.action,
        resource,
        context: &args.context,
        ..Question::default()
    };
    let misspelt = misspelt_action(&session.catalogue, &args.action);
    session.problems.extend(misspelt);
    let result = match session.problems.is_empty() {
        true => can(
            &session.catalogue,
            &analysis.inventory,
            &question,
            &mut session.problems,
        ),
        false => None,
    };
    let Some(mut result) = result else {
        return session.finish();
    };
    let mut hints = ActionHints::default();
    // What no list has may not exist: then nobody is allowed to do it.
    if hints.tell(&session.catalogue, &args.action) && result.decision == Ruling::Allowed {
        result.decision = Ruling::Unknown;
        result.why = Some("this action may not exist".to_owned());
    }
    let decision = result.decision;
    let printed = print(&session.sources, result, args);
    printed.max(u8::from(decision != Ruling::Allowed))
}

/// That an action is misspelt for certain, so that the answer would be about nothing.
fn misspelt_action(catalogue: &Catalogue, action: &str) -> Option<Problem> {
    let naming = catalogue.actions.naming(action);
    let meant = match &naming {
        Naming::Malformed(Some(meant))
        | Naming::NoSuchService(Some(meant))
        | Naming::NoSuchAction(Some(meant))
            if meant.certain =>
        {
            &meant.action
        }
        _ => return None,
    };
    let problem = Problem::of_path(action, "unknown action");
    Some(problem.help(format!("did you mean `{meant}`?")))
}

/// Prints the answer to a question; returns the exit status: 2 if that failed, otherwise 0.
fn print(sources: &SourceMap, result: EvaluationResult, args: &Can) -> u8 {
    let resources = Some(result.clone()).filter(|result| result.resource != "*");
    let results = [ActionResult {
        overall: result,
        resources: resources.into_iter().collect(),
    }];
    output::print(&match args.format {
        // Nothing but a query can fail.
        AnswerFormat::Json => {
            report::simulation(sources, &results, &AwsOutput::default()).unwrap_or_default()
        }
        AnswerFormat::Human => report::evaluations(sources, &results, output::look_at(args.color)),
    })
}

/// The first argument after the action is the resource, unless it is a file or folder.
fn resource_and_paths(args: &Can) -> (Option<&str>, Vec<PathBuf>) {
    let resource = args.rest.first().and_then(|first| first.to_str());
    let resource = resource.filter(|first| !is_path(first));
    let paths = args.rest.iter().skip(usize::from(resource.is_some()));
    (resource, paths.map(PathBuf::from).collect())
}

/// Whether an argument that can be a resource is a path: no function or role has such a name.
fn is_path(argument: &str) -> bool {
    let looks_so = walk::has_known_ending(argument) || argument.contains(['/', '?', '[', '*']);
    let is_resource = argument.starts_with("arn:") || argument == "*";
    argument == "-" || !is_resource && (looks_so || Path::new(argument).exists())
}
