//! Where the program runs.

use std::path::Path;

use crate::report::Folders;

/// The working directory and the root of its repository, as texts.
pub(super) struct Repository {
    working: String,
    root: String,
}

impl Repository {
    /// The nearest folder that holds `.git`, from the working directory on upwards.
    pub(super) fn find() -> Self {
        let working = std::env::current_dir().unwrap_or_default();
        let is_root = |folder: &&Path| folder.join(".git").exists();
        let root = working.ancestors().find(is_root).unwrap_or(&working);
        Repository {
            root: root.display().to_string(),
            working: working.display().to_string(),
        }
    }

    /// The same for a report.
    pub(super) fn folders(&self) -> Folders<'_> {
        Folders {
            working: &self.working,
            root: &self.root,
        }
    }
}
