//! The files that configuration can read.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::file_paths;
use crate::diagnostics::Problem;
use crate::source::FileId;
use crate::syntax::hcl::{self, Part};

/// All texts that were read, by their paths from the working directory.
#[derive(Debug, Default)]
pub(super) struct Texts {
    texts: BTreeMap<String, Source>,
}

/// A text, and the template that it is where one is needed.
#[derive(Debug)]
struct Source {
    file: FileId,
    text: Arc<str>,
    template: OnceCell<Result<Vec<Part>, Problem>>,
}

impl Texts {
    /// Adds a text under the path of its file.
    pub(super) fn add(&mut self, path: &str, file: FileId, text: &Arc<str>) {
        let source = Source {
            file,
            text: Arc::clone(text),
            template: OnceCell::new(),
        };
        self.texts.insert(file_paths::normal(path), source);
    }

    /// The text of a file.
    pub(super) fn get(&self, path: &str) -> Option<(FileId, &Arc<str>)> {
        let source = self.texts.get(&file_paths::normal(path))?;
        Some((source.file, &source.text))
    }

    /// The template that a file holds, or the mistake in it.
    pub(super) fn template(&self, path: &str) -> Option<Result<&[Part], Problem>> {
        let source = self.texts.get(&file_paths::normal(path))?;
        let template = source.template.get_or_init(|| {
            let parsed = hcl::template(source.file, &source.text);
            match parsed.error {
                Some(error) => Err(Problem::from(error)),
                None => Ok(parsed.content.unwrap_or_default()),
            }
        });
        Some(template.as_deref().map_err(Problem::clone))
    }
}
