//! `rules check`: the bad sample of each rule fires, the good one is selected and holds.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::analyzed::analyzed;
use super::args::{Acceptance, Facts};
use super::{acceptance, facts, files, output, run};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::Hints;
use crate::lint::{Outcome, judge};
use crate::rules::{Packs, Rule};
use crate::source::SourceMap;
use crate::suppression::KnownRules;

/// Checks packs by their samples; returns the exit status.
pub(super) fn run(names: &[String], samples: &str, args: &Facts) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let catalogue = facts::catalogue(args, &mut sources, &mut problems);
    let (packs, wanted) = chosen(names, &mut sources, &mut problems);
    let mut checked = Checked {
        packs: &packs,
        catalogue: &catalogue,
        rules: 0,
        samples: 0,
        failures: Vec::new(),
    };
    if Path::new(samples).is_dir() {
        for rule in packs.rules().filter(|rule| wanted.contains(&rule.meta.id)) {
            checked.rule(rule, Path::new(samples));
        }
    } else {
        let help = "specify the folder with --samples";
        let problem = Problem::of_path(samples, "no such folder").help(help);
        problems.push(problem);
    }
    let printed = output::print(&checked.summary());
    let status = output::problems(&sources, &problems).max(printed);
    status.max(u8::from(!checked.failures.is_empty()))
}

/// All packs, and the rules that are to be checked.
fn chosen(
    names: &[String],
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> (Packs, Vec<Arc<str>>) {
    let mut packs = Packs::builtin();
    let mut wanted = Vec::new();
    for name in names {
        let known = packs.list.iter().find(|pack| pack.name == *name);
        if let Some(pack) = known {
            wanted.extend(pack.rules.iter().map(|rule| rule.meta.id.clone()));
            continue;
        }
        if let Some(rule) = packs.rule(name) {
            wanted.push(rule.meta.id.clone());
            continue;
        }
        let before = packs.list.len();
        run::add_packs(Path::new(name), &mut packs, sources, problems);
        let added = packs.list.iter().skip(before).flat_map(|pack| &pack.rules);
        wanted.extend(added.map(|rule| rule.meta.id.clone()));
    }
    if names.is_empty() {
        wanted = packs.rules().map(|rule| rule.meta.id.clone()).collect();
    }
    problems.append(&mut packs.problems);
    (packs, wanted)
}

/// What the samples are checked with, and what came of it.
struct Checked<'a> {
    packs: &'a Packs,
    catalogue: &'a Catalogue,
    rules: usize,
    samples: usize,
    failures: Vec<String>,
}

impl Checked<'_> {
    /// Checks all samples of a rule.
    fn rule(&mut self, rule: &Rule, samples: &Path) {
        self.rules += 1;
        let folder = samples.join(rule.pack()).join(rule.name());
        for (prefix, verdict) in [("bad", fires as Verdict), ("good", holds as Verdict)] {
            let found = named(&folder, prefix);
            if found.is_empty() {
                let missing = format!("{}: no {prefix}*.json", folder.display());
                self.failures.push(missing);
            }
            for sample in found {
                self.samples += 1;
                let (outcome, unread) = self.outcome(&sample);
                if let Err(why) = verdict(rule, &outcome) {
                    let failure = format!("{}: {}: {why}{unread}", sample.display(), rule.meta.id);
                    self.failures.push(failure);
                }
            }
        }
    }

    /// The findings of a sample, and the first problem with its input.
    fn outcome(&self, sample: &Path) -> (Outcome, String) {
        let mut sources = SourceMap::default();
        let paths = [sample.to_path_buf()];
        let mut files = files::read(&paths, &mut sources);
        let hints = Hints::default();
        let analysis = analyzed(&mut sources, &mut files, &hints, self.catalogue);
        let mut outcome = judge(&sources, &analysis, self.packs, self.catalogue);
        let rules = (self.packs, &KnownRules::of(self.packs));
        let run = acceptance::Run::whole(&mut sources, &analysis, &files, rules);
        acceptance::apply(&Acceptance::default(), run, &mut outcome, &mut Vec::new());
        outcome.summarize(&sources);
        let mut problems = files.problems.iter().chain(&analysis.problems);
        let unread = problems
            .next()
            .map(|problem| format!(" ({})", problem.message));
        (outcome, unread.unwrap_or_default())
    }

    /// The failures, and how many rules and samples were checked.
    fn summary(&self) -> String {
        let mut text = String::new();
        for failure in &self.failures {
            let _infallible = writeln!(text, "failed: {}", crate::report::clean(failure));
        }
        let failed = self.failures.len();
        let (rules, samples) = (number(self.rules, "rule"), number(self.samples, "sample"));
        let _infallible = writeln!(text, "{rules}, {samples}, {failed} failed");
        text
    }
}

/// A count with its noun.
fn number(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Whether a sample proves its rule, or why not.
type Verdict = fn(&Rule, &Outcome) -> Result<(), String>;

/// A bad sample must fire the rule.
fn fires(rule: &Rule, outcome: &Outcome) -> Result<(), String> {
    match outcome
        .findings
        .iter()
        .any(|finding| finding.rule == rule.meta.id)
    {
        true => Ok(()),
        false => Err("the rule does not report the bad sample".to_owned()),
    }
}

/// A good sample must be selected, decided, and hold.
fn holds(rule: &Rule, outcome: &Outcome) -> Result<(), String> {
    if let Some(finding) = outcome
        .findings
        .iter()
        .find(|finding| finding.rule == rule.meta.id)
    {
        return Err(format!(
            "the rule reports the good sample: {}",
            finding.message
        ));
    }
    if let Some(undecided) = outcome.undecided.iter().find(|u| u.rule == rule.meta.id) {
        return Err(format!(
            "the rule is undecided on the good sample: {}",
            undecided.reason
        ));
    }
    // A rule that forbids what it selects passes if it does not select anything.
    let selected = outcome.selected.contains_key(&rule.meta.id);
    match selected || rule.require().holds_without_match() {
        true => Ok(()),
        false => Err("the rule does not select anything in the good sample".to_owned()),
    }
}

/// The files and folders whose name begins so, in order.
fn named(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}
