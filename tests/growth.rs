//! The work for an input of twice the size is at most little more than twice the work: counters of the library are
//! compared, and no times.

use std::fmt::Write;

use lint_lambda::unstable::input::{Hints, Input, InputRole, Scope};
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::work::{Counts, KINDS, counted};
use lint_lambda::{Analysis, Catalogue, Packs, analyze, lint};

/// How much more work twice the input can take: twice, and a little for what is sorted.
const MOST: f64 = 2.2;

/// What is counted for an input.
#[derive(Clone, Copy)]
enum Phase {
    /// Texts are read and joined into the inventory.
    Reading,
    /// Rules are applied to the inventory.
    Linting,
}

/// A file: its path and its text.
type File = (String, String);

/// The work of a phase for files.
fn work(files: &[File], phase: Phase) -> Counts {
    let mut sources = SourceMap::default();
    let (catalogue, _) = Catalogue::builtin(&mut sources);
    let packs = Packs::builtin(&mut sources);
    let inputs = files.iter().map(|(path, text)| Input {
        file: sources.add(path, text).unwrap(),
        scope: Scope::new(std::iter::once(".").chain(path.split('/'))),
        named: true,
        role: InputRole::Checked,
    });
    let inputs: Vec<Input> = inputs.collect();
    let hints = Hints::default();
    let (analysis, reading) = counted(|| analyze(&mut sources, &inputs, &hints, &catalogue));
    assert!(understood(&analysis), "{:?}", analysis.problems);
    match phase {
        Phase::Reading => reading,
        Phase::Linting => counted(|| lint(&sources, &analysis, &packs, &catalogue)).1,
    }
}

/// Whether everything was read: what is refused takes no work.
fn understood(analysis: &Analysis) -> bool {
    analysis.problems.is_empty() && analysis.recognised.contains(&true)
}

/// Asserts that the work of a phase for an input grows with its size and no faster. `files` makes the input of a size.
#[track_caller]
fn grows(phase: Phase, size: usize, files: impl Fn(usize) -> Vec<File>) {
    let one = work(&files(size), phase);
    let two = work(&files(2 * size), phase);
    let mut faster = String::new();
    for &kind in KINDS {
        let (one, two) = (one.of(kind), two.of(kind));
        if two as f64 > one as f64 * MOST && two > size as u64 {
            writeln!(faster, "{kind:?}: {one} at {size}, {two} at twice that").unwrap();
        }
    }
    assert!(faster.is_empty(), "{faster}");
}

/// Several texts with something between them.
fn list(count: usize, separator: &str, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().join(separator)
}

/// One file.
fn file(path: &str, text: String) -> Vec<File> {
    vec![(path.to_owned(), text)]
}

#[test]
fn statements_of_a_policy() {
    let policy = |count| {
        let statements = list(count, ",", |at| {
            format!(
                r#"{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:123456789012:q{at}"}}"#
            )
        });
        file(
            "policy.json",
            format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#),
        )
    };
    grows(Phase::Reading, 500, policy);
    grows(Phase::Linting, 500, policy);
}
