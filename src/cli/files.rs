//! Finding and reading files.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::archive;
use crate::diagnostics::Problem;
use crate::input::{Input, SERVERLESS_HELP, Scope};
use crate::source::{SourceMap, Undecodable, decode};

/// Larger files are not read: templates and CLI output are far smaller.
const MAX_BYTES: u64 = 64 << 20;
/// Folders nested deeper are not entered.
const MAX_DEPTH: usize = 64;
/// The name of standard input in messages.
const STDIN: &str = "standard input";
/// Extensions of the files that are read in a folder.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "template", "yaml", "yml"];

/// What was found and read.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) inputs: Vec<Input>,
    pub(super) problems: Vec<Problem>,
    /// Folders among the arguments, with the inputs that were found in each.
    pub(super) folders: Vec<Folder>,
}

/// A folder among the arguments.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: String,
    /// The inputs that were found in it.
    pub(super) inputs: std::ops::Range<usize>,
}

impl Files {
    /// Folders without a file that was recognized, so that a wrong path does not go unnoticed.
    pub(super) fn unknown_folders(&self, recognised: &[bool]) -> Vec<Problem> {
        let unknown = self.folders.iter().filter(|folder| {
            let known = recognised.get(folder.inputs.clone()).unwrap_or(&[]);
            !known.is_empty() && !known.contains(&true)
        });
        let message = "lint-lambda does not recognize any file in this folder";
        let problem = |folder: &Folder| {
            let help = match is_serverless(Path::new(&folder.path)) {
                true => SERVERLESS_HELP,
                false => READ,
            };
            Problem::of_path(&folder.path, message).help(help)
        };
        unknown.map(problem).collect()
    }
}

/// What is read of a folder.
const READ: &str = "lint-lambda reads templates, IAM policies, and the output of the AWS CLI for functions, roles and \
                    triggers";

/// Whether a folder holds configuration of the Serverless Framework.
fn is_serverless(folder: &Path) -> bool {
    let mut endings = ["yml", "yaml", "json", "ts", "js"].iter();
    endings.any(|ending| folder.join(format!("serverless.{ending}")).is_file())
}

/// Reads all files that the arguments name.
pub(super) fn read(arguments: &[PathBuf], skip_unknown: bool, sources: &mut SourceMap) -> Files {
    let mut reader = Reader {
        sources,
        skip_unknown,
        seen: BTreeSet::new(),
        files: Files::default(),
    };
    for argument in arguments {
        reader.argument(argument);
    }
    reader.files
}

/// A path for people: bytes that are not UTF-8 as `\xFF`, so that different names look different.
pub(super) fn shown(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _infallible = write!(shown, "\\x{byte:02X}");
        }
    }
    shown
}

/// Reads one file as text.
pub(super) fn text(path: &Path) -> Result<String, Problem> {
    let shown = shown(path);
    into_text(&shown, &bytes(File::open(path), &shown)?)
}

/// The content of a file that was opened, up to a bound.
fn bytes(opened: io::Result<impl Read>, shown: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = opened.and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Problem::of_path(shown, cannot_read(&error))),
    }
}

/// The text of a file, or the listing of one that is an archive.
fn text_or_listing(path: &Path) -> Result<Content, Problem> {
    let shown = shown(path);
    let opened = File::open(path);
    // An archive can be larger than what is held of a file, and a pipe can be read only once.
    if path.metadata().is_ok_and(|data| data.is_file()) {
        let listed = opened.ok().and_then(|file| archive::listing(file, &shown));
        return match listed {
            Some(listing) => listing.map(Content::Listing),
            None => text(path).map(Content::of),
        };
    }
    listing_or_text(&bytes(opened, &shown)?, &shown)
}

/// The listing of an archive, or any other content as text.
fn listing_or_text(bytes: &[u8], shown: &str) -> Result<Content, Problem> {
    match archive::listing(io::Cursor::new(bytes), shown) {
        Some(listing) => listing.map(Content::Listing),
        None => into_text(shown, bytes).map(Content::of),
    }
}

/// What is read of a file.
enum Content {
    Text(String),
    /// The listing of an archive, which is made of it.
    Listing(String),
}

impl Content {
    /// The content of a text file: what `zipinfo` prints is a listing.
    fn of(text: String) -> Self {
        match archive::of_zipinfo(&text) {
            Some(listing) => Content::Listing(listing),
            None => Content::Text(text),
        }
    }
}

/// Whether a path leads to a pipe, a device or a socket. Those are read if they are named, but not if they are in
/// a folder: a pipe that nobody writes to would hang the run.
fn is_special(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Reads one file, or standard input for `-`.
pub(super) fn text_or_stdin(path: &str) -> Result<String, Problem> {
    if path != "-" {
        return text(Path::new(path));
    }
    into_text(STDIN, &bytes(Ok(io::stdin()), STDIN)?)
}

/// Decodes a file as text.
fn into_text(shown: &str, bytes: &[u8]) -> Result<String, Problem> {
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        let help = "limit the output of the AWS CLI to one account, or to a few functions";
        return Err(Problem::of_path(shown, message).help(help));
    }
    match decode(bytes) {
        Ok(text) => Ok(text.into_owned()),
        Err(Undecodable::At(offset)) => {
            let message = format!("not a text file: invalid UTF-8 or UTF-16 at byte {offset}");
            Err(Problem::of_path(shown, message))
        }
    }
}

/// The message for a file that cannot be read.
fn cannot_read(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder".to_owned(),
        _ => format!("cannot read: {error}"),
    }
}

struct Reader<'s> {
    sources: &'s mut SourceMap,
    skip_unknown: bool,
    seen: BTreeSet<PathBuf>,
    files: Files,
}

impl Reader<'_> {
    /// Reads what an argument names.
    fn argument(&mut self, path: &Path) {
        let argument = path.to_str();
        let is_pattern = |argument: &&str| argument.contains(['*', '?', '[']);
        if argument == Some("-") {
            self.stdin();
        } else if argument == Some("") {
            let problem = Problem::of_path("\"\"", "this argument is empty");
            let help = "name a file or folder, or check the variable of the shell";
            self.files.problems.push(problem.help(help));
        } else if path.is_dir() {
            self.folder(path);
        } else if path.symlink_metadata().is_err()
            && let Some(pattern) = argument.filter(is_pattern)
        {
            self.pattern(pattern);
        } else {
            self.file(path, true);
        }
    }

    /// Reads standard input once, however often it is named.
    fn stdin(&mut self) {
        if !self.seen.insert(PathBuf::from("-")) {
            return;
        }
        let text = bytes(Ok(io::stdin()), STDIN).and_then(|bytes| listing_or_text(&bytes, STDIN));
        self.add(STDIN, text, self.scope(Path::new("-"), true), true);
    }

    /// Reads the files and folders that match a glob.
    fn pattern(&mut self, pattern: &str) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => {
                let message = format!("invalid glob pattern: {}", error.msg);
                self.files.problems.push(Problem::of_path(pattern, message));
                return;
            }
        };
        let mut found = false;
        for path in paths {
            if path.as_ref().is_ok_and(|path| is_special(path)) {
                continue;
            }
            found = true;
            match path {
                Ok(path) if path.is_dir() => self.folder(&path),
                Ok(path) => self.file(&path, true),
                Err(error) => {
                    let message = cannot_read(error.error());
                    let shown = shown(error.path());
                    self.files.problems.push(Problem::of_path(shown, message));
                }
            }
        }
        if !found && !self.skip_unknown {
            let message = "no file matches this pattern";
            self.files.problems.push(Problem::of_path(pattern, message));
        }
    }

    /// Reads the files of a folder that have a known extension.
    fn folder(&mut self, path: &Path) {
        let before = self.files.inputs.len();
        let problems = self.files.problems.len();
        let mut paths = Vec::new();
        self.walk(path, 0, &mut paths);
        paths.sort();
        for path in &paths {
            self.file(path, false);
        }
        // What was named before is not read again.
        let nothing = paths.is_empty() && self.files.problems.len() == problems;
        let shown = shown(path);
        if nothing && !self.skip_unknown {
            let message = "no files to check in this folder";
            let help = format!(
                "lint-lambda reads files with the extensions {}",
                ENDINGS.join(", ")
            );
            self.files
                .problems
                .push(Problem::of_path(shown, message).help(help));
            return;
        }
        let inputs = before..self.files.inputs.len();
        self.files.folders.push(Folder {
            path: shown,
            inputs,
        });
    }

    /// Collects the files of a folder and its subfolders.
    fn walk(&mut self, folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let shown = shown(folder);
                self.files
                    .problems
                    .push(Problem::of_path(shown, cannot_read(&error)));
                return;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            // Links to folders are not followed: they may form a cycle.
            if kind.is_dir() {
                if depth < MAX_DEPTH && !is_passed_over(&name) {
                    self.walk(&entry.path(), depth + 1, paths);
                }
            } else if has_known_ending(&name) && !is_passed_over(&name) {
                let path = entry.path();
                if !path.is_dir() && !is_special(&path) {
                    paths.push(path);
                }
            }
        }
    }

    /// Reads a file once, however often it is named.
    fn file(&mut self, path: &Path, named: bool) {
        let same = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if !self.seen.insert(same) {
            return;
        }
        let scope = self.scope(path, named);
        let text = match named {
            true => text_or_listing(path),
            false => text(path).map(Content::of),
        };
        self.add(&shown(path), text, scope, named);
    }

    /// Files that were named one by one can belong together wherever they lie; others by folder.
    fn scope(&self, path: &Path, named: bool) -> Scope {
        let steps = path
            .components()
            .map(|step| step.as_os_str().to_string_lossy());
        let steps: Vec<_> = steps.filter(|step| step != ".").collect();
        let scope = Scope::new(std::iter::once(".").chain(steps.iter().map(AsRef::as_ref)));
        match named && !self.skip_unknown {
            true => scope.by_hand(),
            false => scope,
        }
    }

    /// Adds the text of a file as an input, or the problem with it.
    fn add(&mut self, shown: &str, read: Result<Content, Problem>, scope: Scope, named: bool) {
        let named = named && !self.skip_unknown;
        let added = match read {
            Ok(Content::Text(text)) => self.sources.add(shown, &text),
            Ok(Content::Listing(text)) => self.sources.add_listing(shown, &text),
            Err(problem) => {
                self.files.problems.push(problem);
                return;
            }
        };
        match added {
            Ok(file) => self.files.inputs.push(Input { file, scope, named }),
            Err(_) => {
                let problem = Problem::of_path(shown, "the file is too large");
                self.files.problems.push(problem);
            }
        }
    }
}

/// Whether a name is skipped: hidden folders, packages, and code that CDK bundles are not the user's input.
fn is_passed_over(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules" || name.starts_with("asset.")
}

/// Whether a file name has an extension that is read in folders.
pub(super) fn has_known_ending(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
