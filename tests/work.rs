//! Nothing is paid that an input does not need: work is counted, because times differ from machine to machine.

use lint_lambda::diagnostics::Finding;
use lint_lambda::unstable::catalogue::Catalogue;
use lint_lambda::unstable::explain::Search;
use lint_lambda::unstable::input::{Hints, Input, InputRole, Scope};
use lint_lambda::unstable::rules::Packs;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::compiled_patterns;
use lint_lambda::{analyze, lint};

/// What a run over one file decodes and compiles.
struct Work {
    findings: Vec<Finding>,
    rules: usize,
    lists: usize,
    patterns: usize,
}

fn work(name: &str, text: &str) -> Work {
    let before = compiled_patterns();
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin();
    let inputs = [Input {
        file: sources.add(name, text).unwrap(),
        scope: Scope::new([".", name]),
        named: true,
        role: InputRole::Checked,
    }];
    let analysis = analyze(&mut sources, &inputs, &Hints::default(), &catalogue);
    let outcome = lint(&sources, &analysis, &packs, &catalogue);
    Work {
        findings: outcome.findings,
        rules: packs.decoded_rules(),
        lists: catalogue.decoded_lists(),
        patterns: compiled_patterns() - before,
    }
}

#[test]
fn without_a_run_nothing_is_decoded() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    assert_eq!(catalogue.decoded_lists(), 0);
    assert_eq!(Packs::builtin().decoded_rules(), 0);
}

#[test]
fn a_small_policy_decodes_the_rules_about_policies_and_what_they_need() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"}]}"#;
    let work = work("policy.json", text);
    assert_eq!(work.findings.len(), 1);
    // Those about identity policies and about the file; not those about functions, triggers or trust policies.
    let all = Packs::builtin().rules().count();
    assert!(work.rules * 3 < all, "{} of {all} rules", work.rules);
    // Event sources that Lambda reads, and the feature that one rule is about.
    assert_eq!(work.lists, 2);
    assert_eq!(work.patterns, 0);
}

#[test]
fn a_file_that_says_nothing_decodes_no_more_than_which_files_there_are() {
    let work = work("empty.json", "{}");
    // What the outputs of commands have, so that the command is named which prints what is wanted.
    assert_eq!((work.lists, work.patterns), (3, 0));
    assert!(work.rules <= 1, "{} rules", work.rules);
}

#[test]
fn a_log_without_errors_compiles_no_pattern_of_an_error() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let symptoms = catalogue.symptoms();
    let before = compiled_patterns();
    let mut search = Search::new(symptoms);
    for number in 0..10_000 {
        search.feed(&format!(
            "2026-11-26T10:00:00Z\tINFO\torder {number} is done\n"
        ));
    }
    assert_eq!(search.finish().0, []);
    assert_eq!(compiled_patterns() - before, 0);
}

#[test]
fn searches_share_the_compiled_keywords() {
    let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
    let symptoms = catalogue.symptoms();
    assert!(std::ptr::eq(symptoms.words(), symptoms.words()));
}
