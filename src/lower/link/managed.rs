//! Bodies of managed policies: handed over, or known to the catalogue.

use crate::catalogue::Catalogue;
use crate::document::{Node, Text};
use crate::lower::facts::{Facts, ManagedDocument, Scoped};
use crate::lower::policy;
use crate::lower::scope::{Scope, sole};

/// Documents of managed policies.
#[derive(Debug)]
pub(super) struct Managed<'c> {
    documents: Vec<Scoped<ManagedDocument>>,
    catalogue: &'c Catalogue,
}

impl<'c> Managed<'c> {
    pub(super) fn of(facts: &mut Facts, catalogue: &'c Catalogue) -> Self {
        let mut documents = std::mem::take(&mut facts.managed_documents);
        // `get-policy-version` does not repeat the policy's ARN; `get-policy` beside it tells.
        for document in &mut documents {
            if document.fact.arn.is_none() {
                let candidates = facts.managed_policies.iter().map(|p| (&p.scope, &p.fact));
                let policy = sole(candidates, &document.scope, |_| false);
                document.fact.arn = policy.and_then(|p| p.get("Arn")?.as_text().cloned());
            }
        }
        Managed {
            documents,
            catalogue,
        }
    }

    /// The document of the policy of that ARN. One that was handed over without its ARN counts
    /// for the policy if `alone` tells that no other lacks a document.
    pub(super) fn document(&self, arn: &Text, scope: &Scope, alone: bool) -> Option<Node> {
        let of_arn = |d: &&Scoped<ManagedDocument>| d.fact.arn.as_ref() == Some(arn);
        if let Some(handed) = self.documents.iter().find(of_arn) {
            return Some(handed.fact.document.clone());
        }
        if let Some(document) = arn
            .as_str()
            .and_then(|a| self.catalogue.managed.document(a))
        {
            return Some(policy::regular(document));
        }
        let unnamed = self.documents.iter().filter(|d| d.fact.arn.is_none());
        let unnamed = unnamed.map(|d| (&d.scope, &d.fact.document));
        alone.then(|| sole(unnamed, scope, |_| false).cloned())?
    }

    /// Whether the catalogue knows the policy or its document was handed over with its ARN.
    pub(super) fn knows(&self, arn: &Text) -> bool {
        let handed = self
            .documents
            .iter()
            .any(|d| d.fact.arn.as_ref() == Some(arn));
        handed
            || arn
                .as_str()
                .is_some_and(|a| self.catalogue.managed.document(a).is_some())
    }
}
