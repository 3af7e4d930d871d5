//! Paths by the patterns of `.gitignore`.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::diagnostics::Problem;

/// Patterns that are relative to a folder.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    /// The folder in full.
    root: PathBuf,
    patterns: Gitignore,
}

impl Patterns {
    /// Patterns of a folder; those that are not valid are given to `refuse` with their number.
    pub(super) fn new<'p>(
        root: &Path,
        patterns: impl IntoIterator<Item = &'p str>,
        mut refuse: impl FnMut(usize, String),
    ) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for (number, pattern) in patterns.into_iter().enumerate() {
            if let Err(error) = builder.add_line(None, &as_git_reads(pattern)) {
                refuse(number, format!("not a valid pattern: {error}"));
            }
        }
        let patterns = builder.build().unwrap_or_else(|error| {
            refuse(0, format!("not valid patterns: {error}"));
            Gitignore::empty()
        });
        Patterns {
            root: full(root),
            patterns,
        }
    }

    /// Whether a path fits; what lies outside of the folder does not.
    pub(super) fn matches(&self, path: &Path) -> bool {
        if self.patterns.is_empty() {
            return false;
        }
        let path = full(path);
        let Ok(inside) = path.strip_prefix(&self.root) else {
            return false;
        };
        // A folder that fits hides what is in it, whatever later patterns say of that.
        let folders = inside.ancestors().skip(1);
        let mut folders = folders.filter(|folder| !folder.as_os_str().is_empty());
        let fits = |path: &Path, is_folder| self.patterns.matched(path, is_folder).is_ignore();
        folders.any(|folder| fits(folder, true)) || fits(inside, path.is_dir())
    }
}

/// A pattern with its braces escaped: to Git they are like other characters.
fn as_git_reads(pattern: &str) -> String {
    let mut escaped = String::new();
    let mut is_after_backslash = false;
    for c in pattern.chars() {
        if matches!(c, '{' | '}') && !is_after_backslash {
            escaped.push('\\');
        }
        is_after_backslash = c == '\\' && !is_after_backslash;
        escaped.push(c);
    }
    escaped
}

/// A path in full, with its links as they are: a name can be a link to somewhere else.
fn full(path: &Path) -> PathBuf {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name();
    let absolute = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    match (folder, name) {
        (Some(folder), Some(name)) => absolute(folder).join(name),
        (None, Some(name)) => absolute(Path::new(".")).join(name),
        (_, None) => absolute(if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        }),
    }
}

/// Problems with patterns that flags give.
pub(super) fn of_flags(patterns: &[String], problems: &mut Vec<Problem>) -> Patterns {
    let written = patterns.iter().map(String::as_str);
    Patterns::new(Path::new(""), written, |number, message| {
        let pattern = patterns.get(number).cloned().unwrap_or_default();
        problems.push(Problem::of_path(pattern, message));
    })
}
