//! What every file and function keeps to.

use super::code::{Function, SourceFile, files, functions};

/// The most lines of a file, without its tests.
const FILE: usize = 480;

/// The most lines of a function.
const FUNCTION: usize = 60;

/// The most lines of a function that its name alone explains.
const TRIVIAL: usize = 3;

/// How many functions that other files can call have no doc line. The number only shrinks.
const WITHOUT_DOC: usize = 91;

#[test]
fn every_file_says_what_it_is_and_is_about_one_thing() {
    for file in files() {
        let name = &file.name;
        assert!(
            file.code.starts_with("//! "),
            "{name} does not begin with what it is"
        );
        let lines = file.code.trim_end().lines().count();
        assert!(lines <= FILE, "{name} has {lines} lines");
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    for file in files() {
        for function in functions(file) {
            let (name, length) = (&function.name, function.length);
            assert!(
                length <= FUNCTION,
                "{}: `{name}` has {length} lines",
                file.name
            );
        }
    }
}

/// Whether a doc line stands before a function or its attributes.
fn has_doc(file: &SourceFile, function: &Function) -> bool {
    let lines: Vec<&str> = file.code.lines().take(function.line).collect();
    let mut before = lines.iter().rev().map(|line| line.trim());
    let found = before.find(|line| !line.starts_with("#[") && !line.ends_with(']'));
    found.is_some_and(|line| line.starts_with("///"))
}

#[test]
fn functions_that_other_files_call_say_what_they_do() {
    let mut missing = Vec::new();
    for file in files() {
        for function in functions(file) {
            let is_documented = function.length <= TRIVIAL || has_doc(file, &function);
            if function.visibility.starts_with("pub") && !is_documented {
                missing.push(format!(
                    "{}:{}: {}",
                    file.name,
                    function.line + 1,
                    function.name
                ));
            }
        }
    }
    let count = missing.len();
    assert!(
        count <= WITHOUT_DOC,
        "{count} functions without a doc line, {WITHOUT_DOC} were there: {missing:#?}"
    );
}
