//! Fixes as edits: applied, they mend what they are for and nothing else changes.

mod bench;
mod layouts;
mod places;
mod services;

use std::collections::BTreeSet;

use lint_lambda::diagnostics::{Finding, Fix, Severity};
use lint_lambda::unstable::source::Edit;

use crate::program::root;
use bench::{Bench, Files, Read, keeps, parsed, samples};

/// Applies edits and returns what is found then. The files are of their language, and all that was in them
/// still is, if something is only added.
fn applied(bench: &Bench, files: &Files, read: &Read, edits: &[Edit], is_added: bool) -> Read {
    let after = read.edited(edits);
    for ((name, before), (_, after)) in files.iter().zip(&after) {
        let (before, documents) = (parsed(name, before), parsed(name, after));
        assert_eq!(before.len(), documents.len(), "{name}");
        let is_kept = before.iter().zip(&documents).all(|(a, b)| keeps(a, b));
        assert!(is_kept || !is_added, "{name}: {after}");
    }
    bench.read(&after)
}

/// Asserts that something is said no more, and nothing new is.
fn assert_less(name: &str, before: &Read, after: &Read) {
    let mut left = before.said();
    let mut new = after.said();
    new.retain(|said| {
        let at = left.iter().position(|other| other == said);
        at.map(|at| left.remove(at)).is_none()
    });
    assert_eq!(new, Vec::<String>::new(), "{name}");
    assert!(!left.is_empty(), "{name}");
}

#[test]
fn every_fix_that_is_offered_for_a_sample_mends_it() {
    let bench = Bench::new();
    let mut tried = BTreeSet::new();
    let mut count = 0;
    for files in samples(&root().join("policies-samples")) {
        let read = bench.offered(&files);
        for finding in &read.outcome.findings {
            let offered = finding.patch.as_ref();
            let Some(patch) = offered.filter(|patch| !patch.edits.is_empty()) else {
                continue;
            };
            let is_added = matches!(finding.fix, Some(Fix::Allow(_)));
            let after = applied(&bench, &files, &read, &patch.edits, is_added);
            assert_less(&files[0].0, &read, &after);
            tried.insert(finding.rule.to_string());
            count += 1;
        }
    }
    assert!(count > 30 && tried.len() > 10, "{count} {tried:?}");
}

/// The samples with a fix that cannot be made in the sample, and why.
const NOT_SHOWN: [(&str, &str); 11] = [
    (
        "_parity/broken/plan.json",
        "a plan is made from configuration, which is changed in its place",
    ),
    (
        "function-policy/open-to-every-account",
        "the source is not known",
    ),
    (
        "policy-document/resource-does-not-fit",
        "the stream is not known",
    ),
    (
        "features/file-system-recommended",
        "the file system is not known",
    ),
    ("features/rotation-not-granted", "the secret is not known"),
    (
        "features/secrets-extension-not-granted",
        "the secret is not known",
    ),
    (
        "policy-document/unknown-action",
        "with the right action, the policy is half of one for a VPC",
    ),
    (
        "push-sources/invoke-not-granted/bad-alias",
        "the alias has no policy to add to",
    ),
    (
        "push-sources/invoke-not-granted/bad-appconfig",
        "any account could use the permission",
    ),
    (
        "push-sources/invoke-not-granted/bad-pinpoint",
        "the path is not known",
    ),
    ("systems/orders", "the function policy is a text in a text"),
];

#[test]
fn the_words_of_every_fix_of_a_sample_are_right() {
    let bench = Bench::new();
    let mut not_shown = Vec::new();
    for files in samples(&root().join("policies-samples")) {
        let read = bench.read(&files);
        let findings = read.outcome.findings.iter();
        for finding in findings.filter(|finding| finding.fix.is_some()) {
            let name = format!("{} {}", files[0].0, finding.rule);
            let Some(edits) = bench.rehearsed(&read, finding) else {
                not_shown.push(name);
                continue;
            };
            let is_added = matches!(finding.fix, Some(Fix::Allow(_)));
            let after = applied(&bench, &files, &read, &edits, is_added);
            assert_less(&name, &read, &after);
        }
    }
    not_shown.retain(|name: &String| !NOT_SHOWN.iter().any(|(known, _)| name.starts_with(known)));
    assert_eq!(not_shown, Vec::<String>::new());
}

#[test]
fn all_fixes_at_once_leave_nothing_to_fix() {
    let bench = Bench::new();
    let mut mended = 0;
    for files in samples(&root().join("policies-samples")) {
        let name = &files[0].0;
        let read = bench.read(&files);
        let all = bench.together(&read);
        if all.edits.is_empty() {
            continue;
        }
        let after = applied(&bench, &files, &read, &all.edits, false);
        let gone = read.outcome.findings.len() - after.outcome.findings.len();
        assert!(gone >= all.mended.len(), "{name}");
        // What was not mended cannot be, and what was needs nothing more.
        let again = bench.together(&after);
        assert_eq!(again.edits, [], "{name}");
        mended += gone;
    }
    assert!(mended > 30, "{mended}");
}

#[test]
fn good_samples_have_nothing_to_fix() {
    let bench = Bench::new();
    for files in samples(&root().join("policies-samples")) {
        let name = files[0].0.rsplit('/').next().unwrap();
        // What is suppressed can be fixed all the same.
        let is_suppressed = files[0].0.contains("suppression/");
        if name.starts_with("good") && !is_suppressed {
            let read = bench.offered(&files);
            let findings = read.outcome.findings.iter();
            let mut errors = findings.filter(|f| f.severity == Severity::Error);
            let is_offered = |f: &Finding| f.patch.as_ref().is_some_and(|p| !p.edits.is_empty());
            assert!(!errors.any(is_offered), "{name}");
        }
    }
}
