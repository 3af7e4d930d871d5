//! The files that belong with a changed file, for checks of a commit.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::walk::{Walk, has_known_ending};

/// The folders whose files can belong with a file: its own, and those above it up to the working directory. A
/// template there can nest it, and a role there can be that of its functions.
pub(super) fn folders(path: &Path) -> Vec<PathBuf> {
    let is_inside =
        path.is_relative() && !path.components().any(|step| step == Component::ParentDir);
    let own = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if !is_inside {
        return vec![own];
    }
    own.ancestors().map(Path::to_path_buf).collect()
}

/// The files in the same folders as some files.
pub(super) fn siblings<'p>(
    paths: impl Iterator<Item = &'p Path>,
    walk: &Walk,
) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<PathBuf> = paths.flat_map(folders).collect();
    let found = folders.iter().flat_map(|folder| {
        let is_here = folder.as_os_str().is_empty();
        walk.siblings(if is_here { Path::new(".") } else { folder })
    });
    found.collect()
}

/// The files that a text names by their paths, relative to its own folder: nested templates, and what is
/// included.
pub(super) fn named_in(text: &str, folder: &Path) -> Vec<PathBuf> {
    let is_separator =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '{' | '}' | ':');
    let words = text
        .split(is_separator)
        .filter(|word| has_known_ending(word));
    let paths = words.map(|word| folder.join(word));
    let paths: BTreeSet<PathBuf> = paths.filter(|path| path.is_file()).collect();
    paths.into_iter().collect()
}

/// The files that fit paths relative to a folder, in which `*` stands for a part of a name that is not known.
pub(super) fn included(patterns: &BTreeSet<String>, folder: &Path) -> BTreeSet<PathBuf> {
    let found = patterns.iter().flat_map(|pattern| {
        let path = folder.join(pattern);
        let several = path.to_str().filter(|_| pattern.contains('*'));
        let matches = several.and_then(|pattern| glob::glob(pattern).ok());
        match matches {
            Some(matches) => matches.filter_map(Result::ok).collect(),
            None => vec![path],
        }
    });
    found.filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::folders;
    use std::path::{Path, PathBuf};

    #[test]
    fn the_folders_of_a_file_end_at_the_working_directory() {
        let of = |path| folders(Path::new(path));
        assert_eq!(of("a/b/c.json"), ["a/b", "a", ""].map(PathBuf::from));
        assert_eq!(of("c.json"), [PathBuf::from("")]);
        assert_eq!(of("../c.json"), [PathBuf::from("..")]);
    }
}
