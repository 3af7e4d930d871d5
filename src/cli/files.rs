//! Finding and reading files.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use super::content::{self, Content, STDIN, cannot_read, is_special, shown, text, text_or_listing};
use super::walk::{ENDINGS, Walk};
use super::{mentioned, neighbors};
use crate::diagnostics::Problem;
use crate::input::{
    Input, InputRole, SERVERLESS_HELP, Scope, Vocabulary, is_configuration, mentions, named_files,
};
use crate::lint::Background;
use crate::source::SourceMap;

/// What was found and read.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) inputs: Vec<Input>,
    pub(super) problems: Vec<Problem>,
    /// Folders among the arguments, with the inputs that were found in each.
    pub(super) folders: Vec<Folder>,
    /// What was read with the rest, and on which nothing is reported.
    pub(super) background: Background,
}

/// What to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selected<'s> {
    /// Files, folders and patterns.
    pub(super) paths: &'s [PathBuf],
    /// Those that other files of a commit can belong with.
    pub(super) roots: &'s [PathBuf],
    /// Those that belong with files of every folder.
    pub(super) context: &'s [PathBuf],
    /// What to leave out of folders.
    pub(super) walk: &'s Walk,
    /// Whether files that are not recognized are no problem.
    pub(super) skip_unknown: bool,
    /// Set if the paths are those of a commit, with which others belong: the words of the files to read.
    pub(super) changes: Option<&'s Vocabulary<'s>>,
}

/// How many files that others name are read at the most.
const MOST_NAMED: usize = 500;

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
const READ: &str = "lint-lambda reads templates, Terraform configuration, IAM policies, and the output of the AWS CLI for \
                    functions, roles and triggers";

/// Whether a folder holds a program that configures the Serverless Framework.
fn is_serverless(folder: &Path) -> bool {
    let mut endings = ["ts", "js"].iter();
    endings.any(|ending| folder.join(format!("serverless.{ending}")).is_file())
}

/// Reads all files that the arguments name.
pub(super) fn read(arguments: &[PathBuf], sources: &mut SourceMap) -> Files {
    let selected = Selected {
        paths: arguments,
        roots: &[],
        context: &[],
        walk: &Walk::default(),
        skip_unknown: false,
        changes: None,
    };
    read_selected(&selected, sources)
}

/// Reads all files that are selected, and in the background those that belong with them.
pub(super) fn read_selected(selected: &Selected<'_>, sources: &mut SourceMap) -> Files {
    let mut reader = Reader {
        sources,
        walk: selected.walk,
        skip_unknown: selected.skip_unknown,
        changes: selected.changes,
        read: Vec::new(),
        is_shared: false,
        role: InputRole::Checked,
        seen: BTreeSet::new(),
        folders: HashMap::new(),
        files: Files::default(),
    };
    for argument in selected.paths {
        reader.argument(argument);
    }
    reader.included();
    if selected.changes.is_none() {
        reader.mentioned();
    }
    let reported = reader.files.inputs.len();
    if selected.changes.is_some() {
        // Nothing can be reported.
        if reported == 0 {
            return reader.files;
        }
        reader.neighbors();
        reader.mentioned();
    }
    reader.skip_unknown = true;
    for argument in selected.roots {
        reader.argument(argument);
    }
    reader.is_shared = true;
    for argument in selected.context {
        reader.argument(argument);
    }
    let mut files = reader.files;
    let background = files.inputs.iter().skip(reported).map(|input| input.file);
    files.background.files = background.collect();
    files
}

struct Reader<'s> {
    sources: &'s mut SourceMap,
    walk: &'s Walk,
    skip_unknown: bool,
    changes: Option<&'s Vocabulary<'s>>,
    /// The paths of the inputs.
    read: Vec<PathBuf>,
    /// Whether what is read belongs with files of every folder.
    is_shared: bool,
    /// What files are read for.
    role: InputRole,
    seen: BTreeSet<PathBuf>,
    /// Folders by name, without links.
    folders: HashMap<PathBuf, PathBuf>,
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
            let help = "name a file or folder, or check the shell variable";
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

    /// Reads what belongs with changed files: the files in the same folders and above, and those that any of
    /// them names. What cannot be read there is no problem of the change.
    fn neighbors(&mut self) {
        let problems = self.files.problems.len();
        let changed = self.read.iter().map(PathBuf::as_path);
        for path in neighbors::siblings(changed, self.walk) {
            self.file(&path, false);
        }
        let mut at = 0;
        let mut named = 0;
        while let Some(input) = self.files.inputs.get(at) {
            at += 1;
            let Some(file) = self.sources.file(input.file) else {
                continue;
            };
            let (name, text) = (PathBuf::from(file.name()), file.text().clone());
            let folder = name.parent().unwrap_or(Path::new(""));
            for path in neighbors::named_in(&text, folder)
                .into_iter()
                .take(MOST_NAMED - named)
            {
                named += 1;
                self.file(&path, false);
            }
        }
        self.files.problems.truncate(problems);
    }

    /// Reads what files of configuration name, and what that names. What cannot be read there is no problem of
    /// the input.
    fn mentioned(&mut self) {
        let problems = self.files.problems.len();
        self.role = InputRole::Supporting;
        let mut done = BTreeSet::new();
        let mut at = 0;
        while let Some(input) = self.files.inputs.get(at) {
            at += 1;
            let file = self.sources.file(input.file);
            let named = file.map(|file| mentions(file.name(), file.text()));
            for mention in named.into_iter().flatten() {
                if done.len() < MOST_NAMED && done.insert(mention.clone()) {
                    for path in mentioned::files(&mention) {
                        self.file(&path, false);
                    }
                }
            }
        }
        self.role = InputRole::Checked;
        self.files.problems.truncate(problems);
    }

    /// Reads the files that configurations of the Serverless Framework include, relative to the folder of the
    /// service.
    fn included(&mut self) {
        let mut open: Vec<(usize, PathBuf)> = Vec::new();
        for (index, input) in self.files.inputs.iter().enumerate() {
            let file = self.sources.file(input.file);
            let is_service = |text: &str| text.contains("provider") && text.contains("service");
            if let Some(file) = file.filter(|file| is_service(file.text())) {
                let folder = Path::new(file.name()).parent().unwrap_or(Path::new(""));
                open.push((index, folder.to_path_buf()));
            }
        }
        let mut named = 0;
        while let Some((index, folder)) = open.pop() {
            let input = self.files.inputs.get(index);
            let file = input.and_then(|input| self.sources.file(input.file));
            let Some(text) = file.map(|file| file.text().clone()) else {
                continue;
            };
            for path in neighbors::included(&named_files(&text), &folder) {
                if named >= MOST_NAMED {
                    return;
                }
                named += 1;
                let before = self.files.inputs.len();
                let changes = self.changes.take();
                self.file(&path, false);
                self.changes = changes;
                if self.files.inputs.len() > before {
                    open.push((before, folder.clone()));
                }
            }
        }
    }

    /// Reads standard input once, however often it is named.
    fn stdin(&mut self) {
        if !self.seen.insert(PathBuf::from("-")) {
            return;
        }
        let text = content::standard_input();
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
        let found = self.walk.files(path, &mut |path, error| {
            let problem = Problem::of_path(shown(path), cannot_read(error));
            self.files.problems.push(problem);
        });
        for path in &found {
            self.file(path, false);
        }
        // What was named before is not read again.
        let nothing = found.is_empty() && self.files.problems.len() == problems;
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

    /// Reads a file once, however often it is named.
    fn file(&mut self, path: &Path, named: bool) {
        let same = self.real(path);
        let is_left_out = self.changes.is_some() && self.walk.excludes(path);
        if is_left_out || !self.seen.insert(same) {
            return;
        }
        let scope = self.scope(path, named);
        let text = match named {
            true => text_or_listing(path),
            false => text(path).map(Content::of),
        };
        if self.add(&shown(path), text, scope, named) {
            self.read.push(path.to_path_buf());
        }
    }

    /// A path without links, by which a file is read once. The links of a folder are followed once.
    fn real(&mut self, path: &Path) -> PathBuf {
        let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        let (Some(folder), Some(name), false) = (path.parent(), path.file_name(), is_link) else {
            return fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        };
        if let Some(real) = self.folders.get(folder) {
            return real.join(name);
        }
        let named = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let real = fs::canonicalize(named).unwrap_or_else(|_| folder.to_path_buf());
        let same = real.join(name);
        self.folders.insert(folder.to_path_buf(), real);
        same
    }

    /// Files that were named one by one can belong together wherever they lie; others by folder.
    fn scope(&self, path: &Path, named: bool) -> Scope {
        let steps = path
            .components()
            .map(|step| step.as_os_str().to_string_lossy());
        let steps: Vec<_> = steps.filter(|step| step != ".").collect();
        let depth = if self.is_shared {
            steps.len().saturating_sub(1)
        } else {
            0
        };
        let steps = steps.iter().skip(depth).map(AsRef::as_ref);
        let scope = Scope::new(std::iter::once(".").chain(steps));
        match named && !self.skip_unknown {
            true => scope.by_hand(),
            false => scope,
        }
    }

    /// Adds the text of a file as an input, or the problem with it; returns whether it is an input. In a commit, a
    /// file of another program is passed over.
    fn add(
        &mut self,
        shown: &str,
        read: Result<Content, Problem>,
        scope: Scope,
        named: bool,
    ) -> bool {
        let named = named && !self.skip_unknown;
        let is_supporting = self.role == InputRole::Supporting;
        let is_foreign = |text: &str| {
            let is_ours = |words: &Vocabulary<'_>| words.may_be_ours(text);
            !is_supporting && !is_configuration(shown) && !self.changes.is_none_or(is_ours)
        };
        let added = match read {
            Ok(Content::Text(text)) if is_foreign(&text) => return false,
            Ok(Content::Text(text)) => self.sources.add(shown, &text),
            Ok(Content::Listing(text)) => self.sources.add_listing(shown, &text),
            Err(problem) => {
                self.files.problems.push(problem);
                return false;
            }
        };
        match added {
            Ok(file) => {
                self.files.inputs.push(Input {
                    file,
                    scope,
                    named,
                    role: self.role,
                });
                true
            }
            Err(_) => {
                let problem = Problem::of_path(shown, "the file is too large");
                self.files.problems.push(problem);
                false
            }
        }
    }
}
