//! Documents of every kind, all the way to findings, fixes and reports.

use lint_lambda::diagnostics;
use lint_lambda::unstable::fix::{offer, together};
use lint_lambda::unstable::input::{Hints, Parameters, ValuesFormat};
use lint_lambda::unstable::report::{Look, Report, github, gitlab, html, human, json, json_lines};
use lint_lambda::unstable::report::{junit, markdown, plain, sarif};
use lint_lambda::unstable::source::{Edit, SourceMap, edited};
use lint_lambda::unstable::suppression::{Baseline, accept_written};
use serde_json::Value;

use super::known::{Judged, KNOWN};

/// A line between the parts of an input that stands for several files.
const BETWEEN: &str = "\n====\n";

/// A single file that is recognized by its content.
pub(super) fn lint(bytes: &[u8]) {
    let _judged = Judged::of(&[("in.json", super::text(bytes))], Hints::default());
}

/// Values for parameters, then templates and the manifest of a cloud assembly.
pub(super) fn template(bytes: &[u8]) {
    const NAMES: [&str; 3] = [
        "cdk.out/a.template.json",
        "cdk.out/b.yaml",
        "cdk.out/manifest.json",
    ];
    let mut parts = super::text(bytes).split(BETWEEN);
    let values = parts.next().unwrap_or("");
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("values", values) else {
        return;
    };
    let format = match values.starts_with('[') {
        true => ValuesFormat::Toml,
        false => ValuesFormat::Document,
    };
    let (parameters, _) = Parameters::read(file, values, format);
    let files: Vec<(&str, &str)> = NAMES.into_iter().zip(parts).collect();
    let hints = Hints {
        parameters,
        ..Hints::default()
    };
    let _judged = Judged::of(&files, hints);
}

/// Configuration of Terraform: the root module, a module that it can call, values and files.
pub(super) fn terraform(bytes: &[u8]) {
    const NAMES: [&str; 5] = [
        "main.tf",
        "modules/m/main.tf",
        "terraform.tfvars",
        "policy.json",
        "other.tf.json",
    ];
    let files: Vec<(&str, &str)> = NAMES
        .into_iter()
        .zip(super::text(bytes).split(BETWEEN))
        .collect();
    let _judged = Judged::of(&files, Hints::default());
}

/// A plan or state of Terraform, with configuration beside it.
pub(super) fn plan(bytes: &[u8]) {
    let files = ["plan.json", "main.tf"].into_iter();
    let files: Vec<(&str, &str)> = files.zip(super::text(bytes).split(BETWEEN)).collect();
    let _judged = Judged::of(&files, Hints::default());
}

/// A configuration of the Serverless Framework, with files that it can include.
pub(super) fn serverless(bytes: &[u8]) {
    let files = ["serverless.yml", "part.yml", "part.json"].into_iter();
    let files: Vec<(&str, &str)> = files.zip(super::text(bytes).split(BETWEEN)).collect();
    let _judged = Judged::of(&files, Hints::default());
}

/// The name that a text is read with, for texts that are of several languages.
fn name_of(text: &str) -> &'static str {
    match text.trim_start() {
        start if start.starts_with(['{', '[']) => "in.json",
        start if start.starts_with("resource") || text.contains("\nresource ") => "main.tf",
        _ => "template.yaml",
    }
}

/// Comments, metadata and the like: nothing is lost, and what is said of suppressions lies in the text.
pub(super) fn suppressions(bytes: &[u8]) {
    let text = super::text(bytes);
    let Some(mut judged) = Judged::of(&[(name_of(text), text)], Hints::default()) else {
        return;
    };
    let files: Vec<_> = judged.inputs.iter().map(|input| input.file).collect();
    let (sources, packs) = (&judged.sources, &KNOWN.1);
    let found = judged.outcome.findings.len();
    let suppressed = accept_written(
        sources,
        &judged.analysis,
        &files,
        packs,
        &mut judged.outcome,
    );
    assert!(judged.outcome.findings.len() + suppressed.len() >= found);
    for finding in &judged.outcome.findings {
        judged.check(finding.primary.span);
    }
}

/// Fixes: each can be made, and all of them together leave a text that is read with no more problems than before.
pub(super) fn fixes(bytes: &[u8]) {
    let text = super::text(bytes);
    let name = name_of(text);
    let Some(mut judged) = Judged::of(&[(name, text)], Hints::default()) else {
        return;
    };
    judged.outcome.summarize(&judged.sources);
    let mut findings = judged.outcome.findings.clone();
    let least = diagnostics::Severity::Info;
    offer(judged.session(), &judged.outcome, &mut findings, least);
    for patch in findings.iter().filter_map(|finding| finding.patch.as_ref()) {
        let _made = made(&judged, text, &patch.edits);
    }
    let all = together(judged.session(), &judged.outcome, &|_| true);
    let changed = made(&judged, text, &all.edits);
    if all.edits.is_empty() {
        assert_eq!(changed, text);
        return;
    }
    let Some(after) = Judged::of(&[(name, &changed)], Hints::default()) else {
        return;
    };
    let (before, problems) = (judged.analysis.problems.len(), &after.analysis.problems);
    assert!(problems.len() <= before, "{problems:?} in {changed}");
}

/// The text with edits made in it.
fn made(judged: &Judged, text: &str, edits: &[Edit]) -> String {
    for edit in edits {
        judged.check(edit.span);
        assert!(
            judged
                .inputs
                .iter()
                .any(|input| input.file == edit.span.file)
        );
    }
    let Some(changed) = edited(text, edits) else {
        panic!("{edits:?}");
    };
    changed
}

/// Reports: no control character is in those for people, and those for programs are JSON.
pub(super) fn reports(bytes: &[u8]) {
    let text = super::text(bytes);
    let Some(mut judged) = Judged::of(&[(name_of(text), text)], Hints::default()) else {
        return;
    };
    judged.outcome.summarize(&judged.sources);
    let report = Report {
        findings: &judged.outcome.findings,
        problems: &judged.analysis.problems,
        undecided: &judged.outcome.undecided,
        show_undecided: true,
        ..Report::new(&judged.sources)
    };
    for said in [
        human(&report, Look::PLAIN),
        plain(&report),
        markdown(&report),
        github(&report),
    ] {
        let unsafe_one = said.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(unsafe_one, None, "{said:?}");
    }
    for said in [json(&report), sarif(&report), gitlab(&report)] {
        assert!(serde_json::from_str::<Value>(&said).is_ok(), "{said}");
    }
    for line in json_lines(&report).lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    let _others = (junit(&report), html(&report));
}

/// A baseline: what is read is the same when it is written and read again.
pub(super) fn baseline(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("baseline.json", text) else {
        return;
    };
    let mut problems = Vec::new();
    let Some(baseline) = Baseline::read(file, text, &mut problems) else {
        assert!(!problems.is_empty());
        return;
    };
    let written = baseline.text();
    let Ok(file) = sources.add("again.json", &written) else {
        return;
    };
    let again = Baseline::read(file, &written, &mut problems);
    assert_eq!(problems, []);
    assert_eq!(again.map(|again| again.text()), Some(written));
}
