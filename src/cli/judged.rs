//! What is reported of what was read: findings that are not accepted, with fixes, and problems.

use super::acceptance::{self, Accepted};
use super::args::{Acceptance, FailOn, Level};
use super::files::Files;
use super::settings::{Settings, ShownFrom};
use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{Finding, Problem, Severity};
use crate::fix::{Session, offer};
use crate::input::Hints;
use crate::lint::{Outcome, judge};
use crate::rules::Packs;
use crate::source::SourceMap;
use crate::suppression::{ConfiguredSuppression, KnownRules};

/// What holds for everything that a run checks.
#[derive(Clone, Copy)]
pub(super) struct Terms<'r> {
    pub(super) settings: &'r Settings,
    pub(super) hints: &'r Hints,
    /// The rules that are applied.
    pub(super) packs: &'r Packs,
    /// All rules, also those that are not applied.
    pub(super) known: &'r KnownRules,
    pub(super) catalogue: &'r Catalogue,
    /// What the configuration suppresses.
    pub(super) configured: &'r [ConfiguredSuppression],
}

impl<'r> Terms<'r> {
    /// Judges what was read, and takes out what is accepted. What is wrong with it is added to the problems.
    pub(super) fn judged(
        self,
        acceptance: (&Acceptance, Option<String>),
        (sources, files): (&mut SourceMap, &Files),
        analysis: &Analysis,
        problems: &mut Vec<Problem>,
    ) -> (Accepted, Outcome) {
        let all = judge(sources, analysis, self.packs, self.catalogue);
        let (args, baseline) = acceptance;
        let run = acceptance::Run::whole(sources, analysis, files, (self.packs, self.known));
        let run = run.with(self.configured, baseline, self.settings.are_changes);
        let (accepted, left) = accepted(args, run, &all, problems);
        let session = self.session(sources, files, analysis);
        problems.extend(problems_of(files, session, self.settings));
        let least = shown_from(self.settings.shown_from);
        (accepted, outcome(session, (all, left), least))
    }

    /// What was read, for fixes and reports.
    pub(super) fn session<'s>(
        self,
        sources: &'s SourceMap,
        files: &'s Files,
        analysis: &'s Analysis,
    ) -> Session<'s>
    where
        'r: 's,
    {
        Session {
            sources,
            inputs: &files.inputs,
            hints: self.hints,
            packs: self.packs,
            catalogue: self.catalogue,
            analysis,
        }
    }
}

/// What is wrong with the files.
fn problems_of(files: &Files, session: Session<'_>, settings: &Settings) -> Vec<Problem> {
    let analysis = session.analysis;
    let mut problems = analysis.problems.clone();
    problems.extend(files.problems.iter().cloned());
    if !settings.skip_unknown {
        problems.extend(files.unknown_folders(&analysis.recognised));
    }
    problems.retain(|problem| files.background.concerns_problem(session.sources, problem));
    problems
}

/// What is accepted of the findings that are reported on, and what is left.
fn accepted(
    args: &Acceptance,
    run: acceptance::Run<'_>,
    all: &Outcome,
    problems: &mut Vec<Problem>,
) -> (Accepted, Outcome) {
    let background = run.files.background.clone();
    let mut left = all.clone();
    let findings = &mut left.findings;
    findings.retain(|finding| background.concerns(run.sources, finding));
    let (accepted, sources) = acceptance::apply(args, run, &mut left, problems);
    // What is said of suppressions in other files is not reported either.
    let findings = &mut left.findings;
    findings.retain(|finding| background.concerns(sources, finding));
    let undecided = &mut left.undecided;
    undecided.retain(|undecided| background.concerns_undecided(sources, undecided));
    (accepted, left)
}

/// What is left of the findings, as it is shown, with fixes.
fn outcome(
    session: Session<'_>,
    (mut all, mut left): (Outcome, Outcome),
    least: Severity,
) -> Outcome {
    all.summarize(session.sources);
    left.summarize(session.sources);
    offer(session, &all, &mut left.findings, least);
    left.findings.retain(|finding| finding.severity >= least);
    left
}

/// The lowest severity that is shown: findings that cause exit status 1 always are.
fn shown_from(settings: ShownFrom) -> Severity {
    let requested = match settings.min_severity {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info => Severity::Info,
    };
    fails_from(settings.fail_on).map_or(requested, |failing| failing.min(requested))
}

/// The lowest severity that causes exit status 1.
pub(super) fn fails_from(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Info => Some(Severity::Info),
        FailOn::Never => None,
    }
}

/// The exit status: problems take precedence over findings.
pub(super) fn status(findings: &[Finding], problems: &[Problem], fail_on: FailOn) -> u8 {
    let least = fails_from(fail_on);
    let fails = |finding: &Finding| least.is_some_and(|least| finding.severity >= least);
    match (problems.is_empty(), findings.iter().any(fails)) {
        (false, _) => 2,
        (true, true) => 1,
        (true, false) => 0,
    }
}
