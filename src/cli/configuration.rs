//! Finding and reading `lint-lambda.toml`.

use std::path::{Path, PathBuf};

use super::args::ConfigurationFile;
use super::content;
use crate::diagnostics::Problem;
use crate::settings::{Configuration, FILE};
use crate::source::SourceMap;

/// The configuration of a run.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) configuration: Configuration,
    /// The folder that its paths are relative to, as seen from the working directory: empty if it is that.
    pub(super) root: PathBuf,
    /// Its file, if there is one.
    pub(super) path: Option<String>,
}

impl Loaded {
    /// The name of the folder of the configuration.
    pub(super) fn folder(&self) -> PathBuf {
        match self.root.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => self.root.clone(),
        }
    }

    /// The path of the baseline.
    pub(super) fn baseline(&self) -> Option<String> {
        let written = self.configuration.baseline.as_ref();
        written.map(|given| self.path_of(&given.value))
    }

    /// The name of a path that the configuration has.
    pub(super) fn path_of(&self, written: &str) -> String {
        self.root.join(written).display().to_string()
    }
}

/// Reads the configuration that a flag names, or the next one from the working directory upwards.
pub(super) fn load(
    args: &ConfigurationFile,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Loaded {
    if args.none {
        return Loaded::default();
    }
    let path = match &args.path {
        Some(path) => PathBuf::from(path),
        None => match find() {
            Some(path) => path,
            None => return Loaded::default(),
        },
    };
    let shown = path.display().to_string();
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut loaded = Loaded {
        root,
        path: Some(shown.clone()),
        ..Loaded::default()
    };
    // A pipe that nobody writes to would hang the run; one that a flag names is meant.
    if args.path.is_none() && content::is_special(&path) {
        problems.push(Problem::of_path(shown, "not a regular file"));
        return loaded;
    }
    match content::text(&path) {
        Err(problem) => problems.push(problem),
        Ok(text) => match sources.add(&shown, &text) {
            Ok(file) => loaded.configuration = Configuration::read(file, &text, problems),
            Err(_) => problems.push(Problem::of_path(shown, "the file is too large")),
        },
    }
    loaded
}

/// The next file of the name from the working directory upwards. A repository is not left.
fn find() -> Option<PathBuf> {
    let directory = std::env::current_dir().ok()?;
    let mut above = PathBuf::new();
    for folder in directory.ancestors() {
        // Whatever has the name is meant to be read: a link that leads nowhere must not go unnoticed.
        if folder.join(FILE).symlink_metadata().is_ok() {
            return Some(above.join(FILE));
        }
        if folder.join(".git").exists() {
            return None;
        }
        above.push("..");
    }
    None
}
