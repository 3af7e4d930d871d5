//! Linting what the arguments name.

use std::path::Path;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::analyzed::analyzed;
use super::args::{Cli, Format, Lint, Packs as PackArgs};
use super::configuration::{self, Loaded};
use super::files::{self, Files};
use super::judged::{Terms, fails_from, status};
use super::progress::Progress;
use super::repository::Repository;
use super::settings::Settings;
use super::{acceptance, content, facts, flags, output, stack, stream};
use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, FunctionGraph, Problem, RuleDescription, Suppressed};
use crate::explain::graphs;
use crate::fix::Session;
use crate::input::{Hints, Vocabulary};
use crate::lint::{Outcome, each_check};
use crate::report::Report;
use crate::rules::{Packs, Rule};
use crate::source::SourceMap;
use crate::suppression::KnownRules;
use crate::work::use_threads;

/// Lints; returns the exit status.
pub(super) fn run(args: &Lint) -> u8 {
    match output::clash(&args.output) {
        Some(clash) => {
            output::aside(&clash);
            2
        }
        None if args.files.lines && stream::form(&args.output).is_none() => {
            stream::other_format(args.output.format)
        }
        None => check(args),
    }
}

/// Reads, judges and reports; returns the exit status.
fn check(args: &Lint) -> u8 {
    args.threads.into_iter().for_each(use_threads);
    let progress = Progress::on_terminal("checking", args.output.quiet);
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let loaded = configuration::load(&args.configuration, &mut sources, &mut problems);
    let settings = Settings::merge(args, &loaded, &mut problems);
    if args.show_settings {
        let printed = output::print(&settings.show(&loaded, &sources));
        return output::problems(&sources, &problems).max(printed);
    }
    if settings.paths.is_empty() {
        return without_paths();
    }
    let catalogue = settings.beside.catalogue.as_deref();
    let catalogue = facts::catalogue_of(catalogue, &mut sources, &mut problems);
    let mut packs = packs_of(&settings.packs, &mut sources, &mut problems);
    let known = KnownRules::of(&packs);
    settings.apply(&mut packs, &mut problems);
    let told = (args, &settings, &loaded);
    let hints = hints(told, &catalogue, &mut sources, &mut problems);
    let configured = acceptance::configured(&loaded, &mut problems);
    let terms = Terms {
        settings: &settings,
        hints: &hints,
        packs: &packs,
        known: &known,
        catalogue: &catalogue,
        configured: &configured,
    };
    if args.files.lines {
        drop(progress);
        problems.extend(stream::without_baseline(&loaded));
        return stream::run(args, terms, sources, &problems);
    }
    let mut files = files::read_selected(
        &settings.selected(&Vocabulary::new(&catalogue)),
        &mut sources,
    );
    let analysis = analyzed(&mut sources, &mut files, &hints, &catalogue);
    let accepted = (&args.acceptance, loaded.baseline());
    let (accepted, outcome) =
        terms.judged(accepted, (&mut sources, &files), &analysis, &mut problems);
    let session = terms.session(&sources, &files, &analysis);
    drop(progress);
    stack::tell_undeclared(&hints.parameters, &analysis, &sources);
    let graphs = graphs_of(
        args,
        session,
        &files,
        (&outcome.findings, &accepted.suppressed),
    );
    let told = (args, &settings, accepted);
    write(told, session, (&outcome, &graphs), &problems)
}

/// Writes the report; returns the exit status.
fn write(
    (args, settings, accepted): (&Lint, &Settings, acceptance::Accepted),
    session: Session<'_>,
    (outcome, graphs): (&Outcome, &[FunctionGraph]),
    problems: &[Problem],
) -> u8 {
    let repository = Repository::find();
    let rules = described_rules(args, session.packs);
    let fail_on = settings.shown_from.fail_on;
    let report = Report {
        rules: &rules,
        graphs,
        suppressed: &accepted.suppressed,
        fixed: &accepted.fixed,
        show_suppressed: args.acceptance.show_suppressed,
        findings: &outcome.findings,
        problems,
        undecided: &outcome.undecided,
        files: session.analysis.files(),
        functions: session.analysis.functions(),
        show_undecided: settings.shown_from.show_undecided,
        is_quiet: args.output.quiet,
        fails_from: fails_from(fail_on),
        folders: repository.folders(),
        ..Report::new(session.sources)
    };
    let read = recognised_files(session);
    let nothing = is_empty(&report, settings);
    let written = output::write(&report, &args.output, &read, nothing);
    written.max(status(&outcome.findings, problems, fail_on))
}

/// The rules, for the formats that describe them.
fn described_rules(args: &Lint, packs: &Packs) -> Vec<RuleDescription> {
    match args.output.writes(Format::Sarif) || args.output.statistics {
        true => packs.rules().map(Rule::description).collect(),
        false => Vec::new(),
    }
}

/// The names of the files that lint-lambda recognizes.
fn recognised_files<'s>(session: Session<'s>) -> Vec<&'s str> {
    let inputs = session.inputs.iter().zip(&session.analysis.recognised);
    let recognised = inputs.filter(|(_, is_recognised)| **is_recognised);
    let names = recognised.filter_map(|(input, _)| session.sources.file(input.file));
    names.map(|file| file.name()).collect()
}

/// What each function is connected with, for the format that draws it.
fn graphs_of(
    args: &Lint,
    session: Session<'_>,
    files: &Files,
    told: (&[Finding], &[Suppressed]),
) -> Vec<FunctionGraph> {
    if !args.output.writes(Format::Html) {
        return Vec::new();
    }
    let (sources, packs) = (session.sources, session.packs);
    let (analysis, catalogue) = (session.analysis, session.catalogue);
    let mut graphs = graphs(sources, analysis, catalogue, told, &|cx, of, call| {
        each_check(cx, packs, of, call);
    });
    graphs.retain(|graph| files.background.concerns_graph(sources, graph));
    graphs
}

/// Whether there is nothing to say to a commit hook.
fn is_empty(report: &Report<'_>, settings: &Settings) -> bool {
    let is_about_nothing = report.files == 0 || settings.are_changes;
    let is_empty = report.findings.is_empty() && report.problems.is_empty();
    settings.skip_unknown && is_about_nothing && is_empty
}

/// Says what to pass where nothing is to be checked; returns the exit status.
fn without_paths() -> u8 {
    let mut command = Cli::command();
    let help = command.render_help();
    output::aside(&match std::env::args_os().len() {
        0 | 1 => help.to_string(),
        _ => {
            let message = "no files or folders to check: name them, or list them as `paths` in lint-lambda.toml";
            command
                .error(ErrorKind::MissingRequiredArgument, message)
                .to_string()
        }
    });
    2
}

/// What flags and the configuration say beside the documents.
fn hints(
    (args, settings, loaded): (&Lint, &Settings, &Loaded),
    catalogue: &Catalogue,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Hints {
    let beside = settings
        .beside
        .hints(&args.stack, loaded, sources, problems);
    Hints {
        parameters: beside.parameters,
        workspace: beside.workspace,
        organization: beside.organization,
        managed_policies: beside.managed_policies,
        ..flags::hints(&args.context, sources, catalogue, problems)
    }
}

/// The packs of the program, and those that flags name.
pub(super) fn packs(
    args: &PackArgs,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Packs {
    packs_of(&args.added, sources, problems)
}

/// The packs of the program, and those of files and folders.
pub(super) fn packs_of(
    added: &[String],
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Packs {
    let mut packs = Packs::builtin();
    for path in added {
        add_packs(Path::new(path), &mut packs, sources, problems);
    }
    problems.append(&mut packs.problems);
    packs
}

/// Adds the pack of a file, or all packs of a folder.
pub(super) fn add_packs(
    path: &Path,
    packs: &mut Packs,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) {
    let mut paths = vec![path.to_path_buf()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        paths = entries.map(|entry| entry.path()).collect();
        let is_pack = |path: &Path| path.extension().is_some_and(|ending| ending == "json");
        paths.retain(|path| is_pack(path) && !content::is_special(path));
        paths.sort();
        if paths.is_empty() {
            let shown = path.display().to_string();
            problems.push(Problem::of_path(shown, "no rule packs in this folder"));
        }
    }
    for path in paths {
        let shown = path.display().to_string();
        match content::text(&path) {
            Err(problem) => problems.push(problem),
            Ok(text) => match sources.add(&shown, &text) {
                Ok(file) => packs.add(file, &text),
                Err(_) => problems.push(Problem::of_path(shown, "the file is too large")),
            },
        }
    }
}
