//! Writing a report to a file: all of it or nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a text to a file. An old file is replaced when all of the new one is written, so that nobody reads
/// half of it and a full disk leaves the old one; pipes, terminals and other devices are written to directly.
///
/// # Errors
///
/// When it cannot be written.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    if is_device(path) {
        let mut device = OpenOptions::new().append(true).open(path)?;
        device.write_all(text.as_bytes())?;
        return device.flush();
    }
    // A link stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Some((new, mut file)) = beside(&path) else {
        return fs::write(path, text);
    };
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .and_then(|()| keep_permissions(&path, &new))
        .and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        let _gone = fs::remove_file(&new);
    }
    written
}

/// Two paths of one file, in the forms in which they were given.
pub(super) fn same_file<'p>(paths: &[&'p str]) -> Option<(&'p str, &'p str)> {
    let mut seen: Vec<(PathBuf, &str)> = Vec::new();
    for path in paths {
        let real = real(Path::new(path));
        if let Some((_, other)) = seen.iter().find(|(seen, _)| *seen == real) {
            return Some((other, path));
        }
        seen.push((real, path));
    }
    None
}

/// Whether a path leads to one of these files.
pub(super) fn is_among(path: &str, files: &[&str]) -> bool {
    let file = real(Path::new(path));
    files.iter().any(|read| real(Path::new(read)) == file)
}

/// The path without links and detours, as far as it exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Whether there is something at a path that is no file. `/dev/stdout` may lead to one, which is open already.
fn is_device(path: &Path) -> bool {
    let is_other = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_other || path.starts_with("/dev") || path.starts_with("/proc")
}

/// A new file in the same folder; none where the folder takes none.
fn beside(path: &Path) -> Option<(PathBuf, File)> {
    let name = path.file_name()?.to_string_lossy();
    let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let file = OpenOptions::new().write(true).create_new(true).open(&new);
    Some((new, file.ok()?))
}

/// Gives the new file the permissions of the old one, if there is one.
fn keep_permissions(old: &Path, new: &Path) -> io::Result<()> {
    match fs::metadata(old) {
        Ok(found) if found.is_file() => fs::set_permissions(new, found.permissions()),
        _ => Ok(()),
    }
}
