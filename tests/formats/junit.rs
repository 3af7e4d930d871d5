//! XML as JUnit writes it.

use std::collections::BTreeSet;

use lint_lambda::unstable::report::{Report, junit};
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::{HOSTILE, MISSPELT, made, named};
use crate::program::{Folder, run};

/// The elements of a document, each with its attributes; fails where it is not well formed.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut elements = Vec::new();
    loop {
        let element = match reader.read_event().unwrap() {
            Event::Eof => return elements,
            Event::Start(element) | Event::Empty(element) => element,
            _ => continue,
        };
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = unescape(&attribute.value).unwrap();
            (attribute.key.0.to_owned(), value.into_owned())
        });
        let attributes = attributes.collect();
        let name = element.name().0.to_owned();
        elements.push((name, attributes));
    }
}

fn count(xml: &str, name: &str) -> usize {
    elements(xml).iter().filter(|(own, _)| own == name).count()
}

#[test]
fn a_run_without_findings_is_a_case_that_passed() {
    let good = "policies-samples/systems/orders/role.json";
    let said = run(&["--format", "junit", good]).stdout;
    assert_eq!(
        (count(&said, "testcase"), count(&said, "failure")),
        (1, 0),
        "{said}"
    );
    let (suites, attributes) = elements(&said).remove(0);
    assert_eq!(suites, "testsuites");
    assert!(
        attributes.contains(&("tests".to_owned(), "1".to_owned())),
        "{said}"
    );
}

#[test]
fn a_finding_fails_if_it_makes_the_run_fail() {
    let folder = Folder::new("junit-levels");
    folder.write("policy.json", MISSPELT);
    for (level, failures) in [("error", 1), ("never", 0)] {
        let said = folder
            .run(&["--format", "junit", "--fail-on", level, "policy.json"])
            .stdout;
        assert_eq!(count(&said, "failure"), failures, "{said}");
        assert_eq!(count(&said, "testcase"), 1, "{said}");
    }
}

#[test]
fn problems_are_errors_and_undecided_checks_are_skipped() {
    let sample = "policies-samples/systems/orders/function.json";
    let said = run(&[
        "--format",
        "junit",
        "--show-undecided",
        sample,
        "missing.json",
    ])
    .stdout;
    assert_eq!(count(&said, "error"), 1, "{said}");
    assert!(count(&said, "skipped") > 0, "{said}");
    assert!(
        said.contains("<testsuite name=\"missing.json\" tests=\"1\" failures=\"0\" errors=\"1\""),
        "{said}"
    );
}

#[test]
fn a_name_stays_in_its_attribute() {
    let said = named(HOSTILE, "junit").stdout;
    let suites = elements(&said)
        .into_iter()
        .filter(|(name, _)| name == "testsuite");
    let names: Vec<String> = suites
        .map(|(_, attributes)| attributes[0].1.clone())
        .collect();
    assert_eq!(names, [HOSTILE.replace('\u{1b}', "\\u{1b}")]);
}

#[test]
fn no_two_cases_have_one_name() {
    let (sources, mut findings) = made(10_000);
    for finding in &mut findings {
        finding.message = "the same \u{ffff}".to_owned();
    }
    let report = Report {
        findings: &findings,
        ..Report::new(&sources)
    };
    let said = junit(&report);
    let cases = elements(&said)
        .into_iter()
        .filter(|(name, _)| name == "testcase");
    let names: BTreeSet<String> = cases.map(|(_, mut own)| own.remove(1).1).collect();
    assert_eq!(names.len(), 10_000);
    assert!(names.contains("the same \\u{ffff} (2)"));
    assert!(said.len() < 10_000 * 600);
}
