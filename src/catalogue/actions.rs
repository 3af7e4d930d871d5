//! Which actions exist.

use std::sync::OnceLock;

use super::amendments::Amendments;
use super::naming::{Naming, naming, service_meant};
use super::table::{ActionTable, Service};
use crate::source::FileId;
use crate::syntax::json;

/// All actions, and what people write in place of them.
#[derive(Debug, Default)]
pub struct Actions {
    /// Services, actions, resource types and condition keys.
    pub table: ActionTable,
    text: &'static str,
    amendments: OnceLock<Amendments>,
}

impl Actions {
    /// The actions that come with the program; `text` are the amendments, which are read when they
    /// are first asked for.
    pub(super) fn builtin(text: &'static str) -> Self {
        Actions {
            table: ActionTable::builtin(),
            text,
            amendments: OnceLock::new(),
        }
    }

    pub(super) fn amend(&mut self, amendments: Amendments) {
        self.amendments = OnceLock::from(amendments);
    }

    /// What there is to say of a name without wildcards.
    #[must_use]
    pub fn naming(&self, written: &str) -> Naming {
        // Nearly all names are right, and found at once.
        match self.table.action(written) {
            Some(_) => Naming::Fine,
            None => naming(&self.table, self.amendments(), written),
        }
    }

    /// The service that was probably meant by a prefix that no service has.
    #[must_use]
    pub fn service_meant(&self, prefix: &str) -> Option<Service<'_>> {
        service_meant(&self.table, self.amendments(), prefix)
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
