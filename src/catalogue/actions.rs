//! The actions that exist, and what people write in place of them.

use std::sync::OnceLock;

use super::amendments::Amendments;
use super::naming::{Naming, has_known_words, naming, service_meant};
use super::table::{ActionTable, Service};
use crate::source::FileId;
use crate::syntax::json;

/// The table of actions, with the amendments to it.
#[derive(Debug, Default)]
pub struct Actions {
    /// Services, actions, resource types and condition keys.
    pub table: ActionTable,
    text: &'static str,
    amendments: OnceLock<Amendments>,
}

impl Actions {
    /// The actions embedded in the program; `text` holds the amendments, which are decoded on first
    /// use.
    pub(super) fn builtin(text: &'static str) -> Self {
        Actions {
            table: ActionTable::builtin(),
            text,
            amendments: OnceLock::new(),
        }
    }

    /// Replaces the amendments.
    pub(super) fn amend(&mut self, amendments: Amendments) {
        self.amendments = OnceLock::from(amendments);
    }

    /// Checks the name of an action without wildcards.
    #[must_use]
    pub fn naming(&self, written: &str) -> Naming {
        // Nearly all names are correct, so the amendments are rarely needed.
        match self.table.action(written) {
            Some(_) => Naming::Fine,
            None => naming(&self.table, self.amendments(), written),
        }
    }

    /// The service that was probably meant by an unknown prefix.
    #[must_use]
    pub fn service_meant(&self, prefix: &str) -> Option<Service<'_>> {
        service_meant(&self.table, self.amendments(), prefix)
    }

    /// Whether each word of a pattern such as `Describe*` is a word of some action of any service.
    #[must_use]
    pub fn has_known_words(&self, pattern: &str) -> bool {
        has_known_words(&self.table, pattern)
    }

    /// The prefix of a service that people call by this name, such as `states` for `stepfunctions`.
    #[must_use]
    pub fn prefix_of_alias(&self, alias: &str) -> Option<&str> {
        self.amendments().prefix_of_alias(alias)
    }

    /// Whether AWS's tools and guides list an action for resources on which it has no effect.
    #[must_use]
    pub fn is_boilerplate(&self, action: &str) -> bool {
        self.amendments().is_boilerplate(action)
    }

    fn amendments(&self) -> &Amendments {
        self.amendments.get_or_init(|| {
            let documents = json::read(FileId::NOWHERE, self.text);
            let root = documents.roots.first();
            root.map(|root| Amendments::decode(root, &mut Vec::new()))
                .unwrap_or_default()
        })
    }
}
