//! What is generated and kept in the repository: snapshots, pages of the book, parts of pages, tables.
//!
//! Each is compared with what it is made from. `BLESS=1 cargo test --locked` writes all of them anew and
//! removes those whose origin is gone; `git diff` then shows what there is to read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::program::root;

/// What a test says of a file that is out of date.
const HINT: &str = "run `BLESS=1 cargo test --locked` and read the difference";

/// Whether the files are to be written instead of compared.
pub(crate) fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Compares a generated file with what it should hold.
#[track_caller]
pub(crate) fn file(path: &str, content: impl AsRef<[u8]>) {
    let (path, content) = (root().join(path), content.as_ref());
    let written = fs::read(&path).unwrap_or_default();
    if written == content {
        return;
    }
    assert!(
        blessing(),
        "{} is out of date: {HINT}{}",
        path.display(),
        first_difference(&written, content)
    );
    write(&path, content);
}

/// What is to be done with a file that nothing stands for any more.
#[track_caller]
pub(crate) fn gone(path: &Path) {
    assert!(
        blessing(),
        "{} stands for nothing any more: {HINT}",
        path.display()
    );
    fs::remove_file(path).unwrap();
}

/// Compares a text that is partly generated with what becomes of it.
#[track_caller]
pub(crate) fn edited(path: &str, edit: impl FnOnce(&str) -> String) {
    // Two tests may each write a part of one page.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(root().join(path)).unwrap();
    file(path, edit(&text));
}

/// Compares the part of a page between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
#[track_caller]
pub(crate) fn part(path: &str, name: &str, content: &str) {
    let (begin, end) = (
        format!("<!-- {name}: begin -->"),
        format!("<!-- {name}: end -->"),
    );
    edited(path, |page| {
        let (before, rest) = page
            .split_once(&begin)
            .unwrap_or_else(|| panic!("{path} lacks {begin}"));
        let (_, after) = rest
            .split_once(&end)
            .unwrap_or_else(|| panic!("{path} lacks {end}"));
        format!("{before}{begin}{content}{end}{after}")
    });
}

/// Compares a report with `tests/snapshots/NAME.snap`.
#[track_caller]
pub(crate) fn snapshot(name: &str, content: &str) {
    let (folder, own) = name.rsplit_once('/').unwrap();
    if blessing() {
        let text = format!("---\nsource: tests/bless.rs\n---\n{}\n", content.trim_end());
        write(&snapshot_path(name), text.as_bytes());
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(HINT);
    settings.bind(|| insta::assert_snapshot!(own, content));
}

/// Compares reports with all snapshots of a folder: none is missing, and none is left over.
#[track_caller]
pub(crate) fn snapshots(folder: &str, contents: &BTreeMap<String, String>) {
    for name in snapshots_below(folder) {
        if contents.contains_key(&name) {
            continue;
        }
        gone(&snapshot_path(&format!("{folder}/{name}")));
    }
    for (name, content) in contents {
        snapshot(&format!("{folder}/{name}"), content);
    }
}

/// The names of the snapshots below a folder of `tests/snapshots`, without the ending.
pub(crate) fn snapshots_below(folder: &str) -> Vec<String> {
    let folder = root().join("tests/snapshots").join(folder);
    let mut paths = Vec::new();
    files_below(&folder, &mut paths);
    let names = paths.iter().filter_map(|path| {
        let path = path.strip_prefix(&folder).unwrap().to_str().unwrap();
        Some(path.replace('\\', "/").strip_suffix(".snap")?.to_owned())
    });
    names.collect()
}

fn snapshot_path(name: &str) -> PathBuf {
    root().join(format!("tests/snapshots/{name}.snap"))
}

fn files_below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files_below(&path, paths),
            false => paths.push(path),
        }
    }
    paths.sort();
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    // Other tests may read the file meanwhile: it is replaced at once.
    let new = path.with_extension("new");
    fs::write(&new, content).unwrap();
    fs::rename(&new, path).unwrap();
}

/// The first line in which two texts differ.
fn first_difference(written: &[u8], content: &[u8]) -> String {
    let (written, content) = (
        String::from_utf8_lossy(written),
        String::from_utf8_lossy(content),
    );
    let both = written.lines().zip(content.lines());
    match both.enumerate().find(|(_, (left, right))| left != right) {
        Some((line, (left, right))) => format!("\n  line {}\n  - {left}\n  + {right}", line + 1),
        None => String::new(),
    }
}

/// A snapshot that no test names, and no sample stands for, proves nothing.
#[test]
fn every_snapshot_is_compared() {
    let mut paths = Vec::new();
    files_below(&root().join("tests"), &mut paths);
    let tests: String = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for name in snapshots_below("") {
        let folder = name.split('/').next().unwrap();
        let listed = tests.contains(&format!("snapshots(\"{folder}\""));
        if listed || tests.contains(&format!("\"{name}\"")) {
            continue;
        }
        gone(&snapshot_path(&name));
    }
}
