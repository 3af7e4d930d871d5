//! Which files `--lines` reads, and the records in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::content::{STDIN, cannot_read, is_special, shown};
use super::lines::{Line, LineContent, Lines};
use super::walk::Walk;
use crate::diagnostics::Problem;

/// Extensions of the files that are read in a folder.
const ENDINGS: [&str; 2] = ["jsonl", "ndjson"];
/// How many records are judged at once at the most, and how many bytes.
const MOST_RECORDS: usize = 256;
const MOST_BYTES: usize = 256 << 10;

/// The files that paths name: files, folders and patterns; `-` is standard input.
pub(super) fn files(paths: &[PathBuf], walk: &Walk, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        let text = path.to_str();
        let pattern = text.filter(|text| text.contains(['*', '?', '[']));
        if text == Some("") {
            let problem = Problem::of_path("\"\"", "this argument is empty");
            let help = "name a file or folder, or check the shell variable";
            problems.push(problem.help(help));
        } else if path.is_dir() {
            files.extend(in_folder(path, walk, problems));
        } else if let Some(pattern) = pattern.filter(|_| path.symlink_metadata().is_err()) {
            files.extend(matching(pattern, walk, problems));
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files
}

/// The files of a folder that are JSON Lines by their names.
fn in_folder(folder: &Path, walk: &Walk, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let before = problems.len();
    let mut found = walk.files(folder, &mut |path, error| {
        problems.push(Problem::of_path(shown(path), cannot_read(error)));
    });
    found.retain(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ENDINGS.contains(&ending))
    });
    if found.is_empty() && problems.len() == before {
        let message = "no files to check in this folder";
        let help = format!(
            "`--lines` reads files with the extensions {}; files that are passed as arguments can have any name",
            ENDINGS.join(" and ")
        );
        problems.push(Problem::of_path(shown(folder), message).help(help));
    }
    found
}

/// The files that match a pattern, and those of the folders that match it.
fn matching(pattern: &str, walk: &Walk, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    match glob::glob(pattern) {
        Ok(paths) => {
            let paths = paths.flatten().filter(|path| !is_special(path));
            for path in paths {
                match path.is_dir() {
                    true => found.extend(in_folder(&path, walk, problems)),
                    false => found.push(path),
                }
            }
        }
        Err(error) => {
            let message = format!("invalid glob pattern: {}", error.msg);
            problems.push(Problem::of_path(pattern, message));
            return found;
        }
    }
    if found.is_empty() {
        let message = "no file matches this pattern";
        problems.push(Problem::of_path(pattern, message));
    }
    found
}

/// The name of a file in messages.
pub(super) fn name(path: &Path) -> String {
    match path.to_str() {
        Some("-") => STDIN.to_owned(),
        _ => shown(path),
    }
}

/// The lines of a file, or of standard input.
pub(super) fn open(path: &Path) -> Result<Lines<'static>, Problem> {
    let reader: Box<dyn Read> = match path.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => return Err(Problem::of_path(shown(path), cannot_read(&error))),
        },
    };
    Ok(Lines::new(reader))
}

/// The next records, as many as can be had without waiting; none at the end. Lines without text are no records.
pub(super) fn next(lines: &mut Lines<'_>) -> io::Result<Vec<Line>> {
    let mut records = Vec::new();
    let mut bytes = 0;
    while let Some(line) = lines.next()? {
        let is_record = match &line.content {
            LineContent::Bytes(line) => {
                bytes += line.len();
                !line.trim_ascii().is_empty()
            }
            LineContent::TooLong => true,
        };
        records.extend(is_record.then_some(line));
        let is_enough = records.len() >= MOST_RECORDS || bytes >= MOST_BYTES;
        if !records.is_empty() && (is_enough || !lines.has_line()) {
            break;
        }
    }
    Ok(records)
}
