//! Which files of a folder are read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use super::content::is_special;
use super::patterns::Patterns;

/// Extensions of the files that are read in a folder.
pub(super) const ENDINGS: [&str; 9] = [
    "json", "jsonl", "ndjson", "template", "tf", "tfvars", "tofu", "yaml", "yml",
];
/// Folders nested deeper are not entered.
const MAX_DEPTH: usize = 64;

/// What of a folder is left out.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    /// Files to leave out, by flags and by the configuration.
    pub(super) excluded: Vec<Patterns>,
    /// Whether to leave out what Git ignores.
    pub(super) respects_gitignore: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Walk {
            excluded: Vec::new(),
            respects_gitignore: true,
        }
    }
}

impl Walk {
    /// Whether a pattern leaves a file out.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        self.excluded.iter().any(|patterns| patterns.matches(path))
    }

    /// The files to read of a folder and its subfolders, sorted. Only regular files: reading anything else
    /// could wait for ever. Links to folders are not followed, as they may form a cycle. What cannot be looked
    /// at is given to `refuse`.
    pub(super) fn files(
        &self,
        folder: &Path,
        refuse: &mut dyn FnMut(&Path, &io::Error),
    ) -> Vec<PathBuf> {
        self.found(folder, MAX_DEPTH, refuse)
    }

    /// The same without subfolders; what cannot be looked at is left out.
    pub(super) fn siblings(&self, folder: &Path) -> Vec<PathBuf> {
        self.found(folder, 1, &mut |_, _| ())
    }

    fn found(
        &self,
        folder: &Path,
        depth: usize,
        refuse: &mut dyn FnMut(&Path, &io::Error),
    ) -> Vec<PathBuf> {
        let special = Arc::new(Mutex::new(match self.respects_gitignore {
            true => special_above(folder),
            false => None,
        }));
        let mut walked = Vec::new();
        if locked(&special).is_none() {
            walked = self.walked(folder, depth, &special);
        }
        let found = locked(&special).take();
        if let Some(path) = found {
            // Nothing is left out then but what the user excludes.
            refuse(&path, &io::Error::other("not a regular file"));
            let everything = Walk {
                respects_gitignore: false,
                ..self.clone()
            };
            walked = everything.walked(folder, depth, &special);
        }
        let mut paths = Vec::new();
        for entry in walked {
            match entry {
                Ok(path) => paths.push(path),
                // Patterns of Git that are not valid are its own concern.
                Err(error) => {
                    if let Some(cause) = error.io_error() {
                        refuse(path_of(&error).unwrap_or(folder), cause);
                    }
                }
            }
        }
        paths.sort();
        paths
    }

    /// The files of a folder that are read. A folder with a file of patterns that cannot be read is not entered,
    /// and that file is given to `special`.
    fn walked(
        &self,
        folder: &Path,
        depth: usize,
        special: &Arc<Mutex<Option<PathBuf>>>,
    ) -> Vec<Result<PathBuf, ignore::Error>> {
        let (excluded, special) = (self.excluded.clone(), Arc::clone(special));
        let respects = self.respects_gitignore;
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(respects)
            .hidden(true)
            .max_depth(Some(depth))
            .filter_entry(move |entry| {
                let is_root = entry.depth() == 0;
                let is_excluded = || excluded.iter().any(|one| one.matches(entry.path()));
                let is_taken = is_root || !is_passed_over(entry) && !is_excluded();
                let is_folder = || entry.file_type().is_some_and(|kind| kind.is_dir());
                let found = match respects && is_taken && is_folder() {
                    true => special_in(entry.path()),
                    false => None,
                };
                let is_fine = found.is_none();
                if found.is_some() {
                    *locked(&special) = found;
                }
                is_taken && is_fine
            });
        let read = walk.build().filter_map(|entry| match entry {
            Ok(entry) => is_read(&entry).then(|| Ok(short(entry.into_path()))),
            Err(error) => Some(Err(error)),
        });
        read.collect()
    }
}

/// Files with patterns of what to leave out, from the folder that they are about.
const PATTERN_FILES: [&str; 3] = [".gitignore", ".ignore", ".git/info/exclude"];

/// A file of patterns in a folder that is a pipe or a device: reading it could wait for ever.
fn special_in(folder: &Path) -> Option<PathBuf> {
    let paths = PATTERN_FILES.iter().map(|name| folder.join(name));
    paths.map(short).find(|path| is_special(path))
}

/// The same in a folder or in one above it.
fn special_above(folder: &Path) -> Option<PathBuf> {
    let whole = folder.canonicalize().ok()?;
    let above = whole.ancestors().skip(1);
    special_in(folder).or_else(|| above.filter_map(special_in).next())
}

fn locked(special: &Mutex<Option<PathBuf>>) -> MutexGuard<'_, Option<PathBuf>> {
    special.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path as people and Git write it.
fn short(path: PathBuf) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(inside) if path.is_relative() => inside.to_path_buf(),
        _ => path,
    }
}

/// Whether a file name has an extension that is read in folders.
pub(super) fn has_known_ending(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether an entry is a file that is read. A link that leads nowhere is, so that it is told.
fn is_read(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_other = |path: &Path| path.metadata().is_ok_and(|data| !data.is_file());
    has_known_ending(&name) && !is_other(entry.path())
}

/// Whether an entry is skipped: packages, and code that CDK bundles, are not the user's input.
fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name == "node_modules" || name.starts_with("asset.")
}

/// The path that an error is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}
