//! Linting what the arguments name.

use std::path::Path;

use super::args::{FailOn, Format, Level, Lint, Output, Packs as PackArgs};
use super::files;
use super::{acceptance, facts, flags, organization, output, stack};
use crate::analysis::analyze;
use crate::diagnostics::{Finding, Problem, RuleDescription, Severity};
use crate::fix::{Session, offer};
use crate::lint::judge;
use crate::report::Report;
use crate::rules::{Packs, Rule};
use crate::source::SourceMap;
use crate::suppression::KnownRules;

/// Lints; returns the exit status.
pub(super) fn run(args: &Lint) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let catalogue = facts::catalogue(&args.facts, &mut sources, &mut problems);
    let packs = packs(&args.packs, &mut sources, &mut problems);
    let mut hints = flags::hints(&args.context, &mut sources, &catalogue, &mut problems);
    hints.parameters = stack::parameters(&args.stack, &mut sources, &mut problems);
    hints.organization = organization::policies(&args.organization, &mut sources, &mut problems);
    let files = files::read(&args.paths, args.skip_unknown, &mut sources);
    let analysis = analyze(&mut sources, &files.inputs, &hints, &catalogue);
    let mut outcome = judge(&sources, &analysis, &packs, &catalogue);
    let mut whole = outcome.clone();
    whole.summarize(&sources);
    let known = KnownRules::of(&packs);
    let run = acceptance::Run::whole(&mut sources, &analysis, &files, (&packs, &known));
    let accepted = acceptance::apply(&args.acceptance, run, &mut outcome, &mut problems);
    outcome.summarize(&sources);
    if !args.skip_unknown {
        problems.extend(files.unknown_folders(&analysis.recognised));
    }
    let (count, functions) = (analysis.files(), analysis.functions());
    problems.extend(analysis.problems.iter().cloned());
    problems.extend(files.problems);
    let least = shown_from(&args.output);
    let session = Session {
        sources: &sources,
        inputs: &files.inputs,
        hints: &hints,
        packs: &packs,
        catalogue: &catalogue,
        analysis: &analysis,
    };
    let mut findings = outcome.findings.clone();
    offer(session, &whole, &mut findings, least);
    findings.retain(|finding| finding.severity >= least);
    let rules: Vec<RuleDescription> = packs.rules().map(Rule::description).collect();
    let report = Report {
        rules: &rules,
        suppressed: &accepted.suppressed,
        fixed: &accepted.fixed,
        show_suppressed: args.acceptance.show_suppressed,
        findings: &findings,
        problems: &problems,
        undecided: &outcome.undecided,
        files: count,
        functions,
        show_undecided: args.output.show_undecided,
        is_quiet: args.output.quiet,
        ..Report::new(&sources)
    };
    let silent = args.skip_unknown
        && args.output.format != Format::Json
        && count == 0
        && problems.is_empty();
    let printed = match silent {
        true => 0,
        false => output::write(&report, &args.output),
    };
    printed.max(status(&findings, &problems, args.output.fail_on))
}

/// The packs of the program, and those that flags name.
pub(super) fn packs(
    args: &PackArgs,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Packs {
    let mut packs = Packs::builtin(sources);
    for path in &args.added {
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
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
        paths.sort();
        if paths.is_empty() {
            let shown = path.display().to_string();
            problems.push(Problem::of_path(shown, "no rule packs in this folder"));
        }
    }
    for path in paths {
        let shown = path.display().to_string();
        match files::text(&path) {
            Err(problem) => problems.push(problem),
            Ok(text) => match sources.add(&shown, &text) {
                Ok(file) => packs.add(file, &text),
                Err(_) => problems.push(Problem::of_path(shown, "the file is too large")),
            },
        }
    }
}

/// The lowest severity that is shown: findings that cause exit status 1 always are.
fn shown_from(output: &Output) -> Severity {
    let requested = match output.min_severity {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Info,
    };
    fails_from(output.fail_on).map_or(requested, |failing| failing.min(requested))
}

/// The lowest severity that causes exit status 1.
fn fails_from(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
}

/// The exit status: problems take precedence over findings.
fn status(findings: &[Finding], problems: &[Problem], fail_on: FailOn) -> u8 {
    let least = fails_from(fail_on);
    let fails = |finding: &Finding| least.is_some_and(|least| finding.severity >= least);
    match (problems.is_empty(), findings.iter().any(fails)) {
        (false, _) => 2,
        (true, true) => 1,
        (true, false) => 0,
    }
}
