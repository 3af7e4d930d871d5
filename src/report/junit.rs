//! The report as the XML of JUnit, which most CI servers show.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Report, clean, details::located, plain, summary};
use crate::diagnostics::{Finding, Place, Problem, Undecided};

/// What the report and its only test case are called if nothing is found.
const NAME: &str = env!("CARGO_PKG_NAME");

/// The report as JUnit XML: a suite for each file, and in it a case for each finding.
#[must_use]
pub fn junit(report: &Report<'_>) -> String {
    // Nothing fails that is written to memory.
    let written = document(report).unwrap_or_default();
    String::from_utf8(written).unwrap_or_default()
}

/// A test case.
struct Case {
    suite: String,
    class: String,
    name: String,
    outcome: Outcome,
    /// What stands in the case, in lines.
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Failed,
    Error,
    Skipped,
}

impl Outcome {
    const ALL: [Outcome; 4] = [
        Outcome::Passed,
        Outcome::Failed,
        Outcome::Error,
        Outcome::Skipped,
    ];
    /// Those that are counted of all suites together.
    const OF_ALL: [Outcome; 3] = [Outcome::Passed, Outcome::Failed, Outcome::Error];

    /// The attribute that counts the cases of that outcome.
    fn count(self) -> &'static str {
        match self {
            Outcome::Passed => "tests",
            Outcome::Failed => "failures",
            Outcome::Error => "errors",
            Outcome::Skipped => "skipped",
        }
    }

    /// The element that says so.
    fn element(self) -> &'static str {
        match self {
            Outcome::Passed => "system-out",
            Outcome::Failed => "failure",
            Outcome::Error => "error",
            Outcome::Skipped => "skipped",
        }
    }
}

fn document(report: &Report<'_>) -> io::Result<Vec<u8>> {
    let cases = cases(report);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut all = BytesStart::new("testsuites");
    all.push_attribute(("name", NAME));
    count(&mut all, cases.iter(), &Outcome::OF_ALL);
    writer.write_event(Event::Start(all))?;
    let mut suites: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in &cases {
        suites.entry(&case.suite).or_default().push(case);
    }
    for (name, cases) in suites {
        let mut suite = BytesStart::new("testsuite");
        suite.push_attribute(("name", name));
        count(&mut suite, cases.iter().copied(), &Outcome::ALL);
        writer.write_event(Event::Start(suite))?;
        for case in cases {
            write_case(&mut writer, case)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut written = writer.into_inner();
    written.push(b'\n');
    Ok(written)
}

/// Adds how many cases there are, and how many of each outcome.
fn count<'c>(
    element: &mut BytesStart<'_>,
    cases: impl Iterator<Item = &'c Case> + Clone,
    outcomes: &[Outcome],
) {
    for outcome in outcomes {
        let cases = cases.clone();
        let count = match outcome {
            Outcome::Passed => cases.count(),
            outcome => cases.filter(|case| case.outcome == *outcome).count(),
        };
        element.push_attribute((outcome.count(), count.to_string().as_str()));
    }
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let mut element = BytesStart::new("testcase");
    element.push_attribute(("classname", &*case.class));
    element.push_attribute(("name", &*case.name));
    if case.outcome == Outcome::Passed && case.text.is_empty() {
        return writer.write_event(Event::Empty(element));
    }
    writer.write_event(Event::Start(element))?;
    let mut outcome = BytesStart::new(case.outcome.element());
    if case.outcome != Outcome::Passed {
        outcome.push_attribute(("message", case.text.lines().next().unwrap_or("")));
    }
    if matches!(case.outcome, Outcome::Failed | Outcome::Error) {
        outcome.push_attribute(("type", &*case.class));
    }
    let end = outcome.to_end().into_owned();
    writer.write_event(Event::Start(outcome))?;
    writer.write_event(Event::Text(BytesText::new(&case.text)))?;
    writer.write_event(Event::End(end))?;
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

/// All cases, no two of one suite with the same name.
fn cases(report: &Report<'_>) -> Vec<Case> {
    let problems = report.problems.iter().map(|one| of_problem(report, one));
    let findings = report.findings.iter().map(|one| of_finding(report, one));
    let undecided = report.undecided.iter().filter(|_| report.show_undecided);
    let undecided = undecided.map(|one| of_undecided(report, one));
    let mut cases: Vec<Case> = problems.chain(findings).chain(undecided).collect();
    if cases.is_empty() {
        cases.push(Case {
            suite: NAME.to_owned(),
            class: NAME.to_owned(),
            name: "no findings".to_owned(),
            outcome: Outcome::Passed,
            text: summary::counted(&report.tally()).join("\n"),
        });
    }
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for case in &mut cases {
        let name = case.name.clone();
        let key = |name: &str| (case.suite.clone(), case.class.clone(), name.to_owned());
        let before = seen.entry(key(&name)).or_default();
        while !taken.insert(key(&case.name)) {
            *before += 1;
            case.name = format!("{name} ({})", *before + 1);
        }
    }
    cases
}

/// A case of a rule or another kind of thing.
fn case(suite: &str, class: &str, name: &str, outcome: Outcome, lines: &[String]) -> Case {
    Case {
        suite: suite_name(suite),
        class: text(&class.replace('/', ".")),
        name: text(name),
        outcome,
        text: text_lines(lines),
    }
}

fn of_finding(report: &Report<'_>, finding: &Finding) -> Case {
    let at = located(report.sources, finding.primary.span);
    let fails = |least| finding.severity >= least;
    let outcome = match report.fails_from.is_some_and(fails) {
        true => Outcome::Failed,
        false => Outcome::Passed,
    };
    let place = plain::place(report.sources, finding.primary.span);
    let head = format!("{place}: {}: {}", finding.severity, clean(&finding.message));
    let mut lines = vec![head];
    lines.extend(plain::details(report.sources, finding));
    case(&at.path, &finding.rule, &finding.message, outcome, &lines)
}

fn of_problem(report: &Report<'_>, problem: &Problem) -> Case {
    let (suite, place) = match &problem.place {
        Place::Text(label) => {
            let at = located(report.sources, label.span);
            (
                at.path.to_string(),
                plain::place(report.sources, label.span),
            )
        }
        Place::Path(path) => (path.clone(), clean(path).into_owned()),
    };
    let mut lines = vec![format!("{place}: problem: {}", clean(&problem.message))];
    let help = problem.help.iter();
    lines.extend(help.map(|help| format!("help: {}", clean(help))));
    case(&suite, "problem", &problem.message, Outcome::Error, &lines)
}

fn of_undecided(report: &Report<'_>, undecided: &Undecided) -> Case {
    let at = located(report.sources, undecided.span);
    let place = plain::place(report.sources, undecided.span);
    let mut lines = vec![format!("{place}: undecided: {}", clean(&undecided.reason))];
    let fetch = undecided.fetch.iter();
    lines.extend(fetch.map(|command| format!("fetch: {}", clean(command))));
    let outcome = Outcome::Skipped;
    case(
        &at.path,
        &undecided.rule,
        &undecided.reason,
        outcome,
        &lines,
    )
}

/// The name of a file's suite; flags have none of their own.
fn suite_name(file: &str) -> String {
    match file.is_empty() {
        true => NAME.to_owned(),
        false => text(file),
    }
}

fn text_lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
    lines.join("\n")
}

/// A line without characters that XML forbids.
fn text(line: &str) -> String {
    let line = clean(line);
    match line.contains(['\u{fffe}', '\u{ffff}']) {
        true => line
            .replace('\u{fffe}', "\\u{fffe}")
            .replace('\u{ffff}', "\\u{ffff}"),
        false => line.into_owned(),
    }
}
