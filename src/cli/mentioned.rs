//! The files that files of configuration name: modules, policies and templates of texts.

use std::fs;
use std::path::{Path, PathBuf};

use crate::input::{Mention, has_ending, is_configuration};

/// The manifest of modules that were downloaded for a root module.
const MANIFEST: &str = ".terraform/modules/modules.json";

/// Larger files are not read because of their names alone.
const MOST_BYTES: u64 = 1 << 20;

/// How many files of a folder are read of which some one is named.
const MOST_FILES: usize = 200;

/// The files to read for something that is named. What does not exist is passed over.
pub(super) fn files(mention: &Mention) -> Vec<PathBuf> {
    match mention {
        Mention::File(path) => {
            let path = PathBuf::from(path);
            let is_small = path
                .metadata()
                .is_ok_and(|data| data.is_file() && data.len() <= MOST_BYTES);
            is_small.then_some(path).into_iter().collect()
        }
        Mention::Module(folder) => {
            let mut files = inside(folder, is_configuration);
            let manifest = Path::new(folder).join(MANIFEST);
            files.extend(manifest.is_file().then_some(manifest));
            files
        }
        Mention::Folder(folder) => inside(folder, has_ending),
    }
}

/// The files of a folder whose names fit, sorted.
fn inside(folder: &str, fits: fn(&str) -> bool) -> Vec<PathBuf> {
    let here = if folder.is_empty() { "." } else { folder };
    let Ok(entries) = fs::read_dir(here) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| fits(name)).collect();
    names.sort();
    let paths = names.iter().map(|name| Path::new(folder).join(name));
    let files = paths.filter(|path| {
        path.metadata()
            .is_ok_and(|data| data.is_file() && data.len() <= MOST_BYTES)
    });
    files.take(MOST_FILES).collect()
}
