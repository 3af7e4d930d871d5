//! SARIF 2.1.0, the format in which tools for code exchange what they found.
//!
//! What GitHub ignores is left out unless it is asked for: GitHub makes an alert of every result, also of those
//! that are suppressed or undecided. Undecided checks are notifications, therefore.

mod message;
mod place;
mod result;
mod rule;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Report;
use super::clean::{clean, in_json};
use crate::diagnostics::{Finding, Problem, Suppressed, Suppressor, Undecided};
use crate::diagnostics::{Place as ProblemPlace, RuleDescription};
use result::Baseline;

/// As many results as GitHub takes of one run; it rejects files with more.
const MOST_RESULTS: usize = 25_000;

/// The report as a SARIF log.
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let (shown, left_out) = shown(report);
    let rules = Rules::of(report, &shown);
    let baseline = Baseline::of(report);
    let results = shown
        .iter()
        .map(|(finding, by)| result::result(report, finding, *by, baseline, &rules.numbers));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.described,
            } },
            "invocations": [{
                "executionSuccessful": report.problems.is_empty(),
                "toolExecutionNotifications": notifications(report, left_out),
            }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { place::ROOT: { "description": { "text":
                "The root of the repository, or the folder in which lint-lambda ran if there is none." } } },
            "results": results.collect::<Vec<_>>(),
        }],
    });
    in_json(&format!("{log:#}\n")).into_owned()
}

/// A finding, and what suppresses it.
type Shown<'r> = (&'r Finding, Option<&'r Suppressed>);

/// The findings that become results, and how many are left out, the mildest first.
fn shown<'r>(report: &Report<'r>) -> (Vec<Shown<'r>>, usize) {
    let suppressed = report
        .suppressed
        .iter()
        .filter(|_| report.show_suppressed)
        .map(|suppressed| (&suppressed.finding, Some(suppressed)));
    let findings = report.findings.iter().map(|finding| (finding, None));
    let mut shown: Vec<Shown<'r>> = findings.chain(suppressed).collect();
    let left_out = shown.len().saturating_sub(MOST_RESULTS);
    if left_out > 0 {
        shown.sort_by_key(|(finding, by)| (Reverse(finding.severity), by.is_some()));
        shown.truncate(MOST_RESULTS);
    }
    (shown, left_out)
}

/// The rules of the results, each once.
struct Rules<'r> {
    numbers: BTreeMap<&'r str, usize>,
    described: Vec<Value>,
}

impl<'r> Rules<'r> {
    fn of(report: &Report<'r>, shown: &[Shown<'r>]) -> Self {
        let known: BTreeMap<&str, &RuleDescription> =
            report.rules.iter().map(|rule| (&*rule.id, rule)).collect();
        let mut numbers = BTreeMap::new();
        for (finding, _) in shown {
            numbers.insert(&*finding.rule, 0);
        }
        let mut described = Vec::new();
        for (number, (id, own)) in numbers.iter_mut().enumerate() {
            *own = number;
            described.push(match known.get(id) {
                Some(known) => rule::descriptor(known),
                None => rule::unknown(id),
            });
        }
        Rules { numbers, described }
    }
}

/// What is wrong with the input, what is undecided, and what is left out.
fn notifications(report: &Report<'_>, left_out: usize) -> Vec<Value> {
    let problems = report.problems.iter().map(|one| of_problem(report, one));
    let undecided = report.undecided.iter();
    let undecided = undecided.map(|one| of_undecided(report, one));
    let cut = (left_out > 0).then(|| {
        let text = format!(
            "{left_out} results are left out, the least severe first: GitHub accepts {MOST_RESULTS} of one run."
        );
        json!({ "level": "warning", "message": { "text": text } })
    });
    problems.chain(undecided).chain(cut).collect()
}

fn of_problem(report: &Report<'_>, problem: &Problem) -> Value {
    let location = match &problem.place {
        ProblemPlace::Text(label) => place::location(report, label.span),
        ProblemPlace::Path(path) => place::file(report, path),
    };
    let mut text = message::sentence(&problem.message);
    if let Some(help) = &problem.help {
        text.push_str(&format!("\nhelp: {}", message::literal(&clean(help))));
    }
    json!({ "level": "error", "message": { "text": text }, "locations": [location] })
}

fn of_undecided(report: &Report<'_>, undecided: &Undecided) -> Value {
    let mut text = message::sentence(&undecided.reason);
    if let Some(fetch) = &undecided.fetch {
        text.push_str(&format!("\nfetch: {}", message::literal(&clean(fetch))));
    }
    json!({
        "level": "note",
        "message": { "text": text },
        "locations": [place::location(report, undecided.span)],
        "associatedRule": { "id": &*undecided.rule },
    })
}

impl Baseline {
    /// The baseline's part in a report: each result of a run with one says whether it is new.
    fn of(report: &Report<'_>) -> Self {
        let old = |one: &Suppressed| one.by == Suppressor::Baseline;
        let is_used = !report.fixed.is_empty() || report.suppressed.iter().any(old);
        Baseline { is_used }
    }
}
