//! Documents of managed policies: provided, or known to the catalogue.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::catalogue::{Catalogue, ManagedPolicies};
use crate::input::facts::{Facts, ManagedDocument, Scoped};
use crate::input::policy;
use crate::input::scope::{Scope, sole};
use crate::source::SourceMap;
use crate::syntax::{Node, Template, Text, json};

/// Documents of managed policies.
#[derive(Debug)]
pub(super) struct ManagedDocuments<'c> {
    documents: Vec<Scoped<ManagedDocument>>,
    /// Those that were printed by themselves and that no list of a role's policies names.
    loose: Vec<Scoped<ManagedDocument>>,
    catalogued: RefCell<Catalogued<'c>>,
}

/// Documents of AWS-managed policies, read when they are first asked for.
#[derive(Debug)]
struct Catalogued<'c> {
    policies: &'c ManagedPolicies,
    sources: &'c mut SourceMap,
    read: HashMap<String, Option<Node>>,
}

impl Catalogued<'_> {
    fn document(&mut self, arn: &str) -> Option<Node> {
        if let Some(known) = self.read.get(arn) {
            return known.clone();
        }
        let document = self.read_policy(arn);
        self.read.insert(arn.to_owned(), document.clone());
        document
    }

    fn read_policy(&mut self, arn: &str) -> Option<Node> {
        let policy = self.policies.policy(arn)?;
        let name = format!("{} {}", policy.path, policy.version);
        let file = self.sources.add_builtin(&name, &policy.document).ok()?;
        let root = json::read(file, &policy.document).roots.pop()?;
        Some(policy::regular(&root))
    }
}

impl<'c> ManagedDocuments<'c> {
    pub(super) fn of(
        facts: &mut Facts,
        catalogue: &'c Catalogue,
        sources: &'c mut SourceMap,
    ) -> Self {
        let mut documents = std::mem::take(&mut facts.managed_documents);
        // `get-policy-version` does not repeat the ARN; `get-policy` beside it has it.
        for document in &mut documents {
            if document.fact.arn.is_none() {
                let candidates = facts.managed_policies.iter().map(|p| (&p.scope, &p.fact));
                let policy = sole(candidates, &document.scope, |_| false);
                document.fact.arn = policy.cloned();
            }
        }
        let named = named_by_roles(facts);
        let is_loose = |document: &&Scoped<ManagedDocument>| {
            let of_role = match &document.fact.arn {
                Some(arn) => named.contains(arn),
                None => !named.is_empty(),
            };
            document.fact.is_alone && !of_role
        };
        ManagedDocuments {
            loose: documents.iter().filter(is_loose).cloned().collect(),
            documents,
            catalogued: RefCell::new(Catalogued {
                policies: &catalogue.managed,
                sources,
                read: HashMap::new(),
            }),
        }
    }

    /// Takes out the policies that were printed by themselves and that no list of a role's policies names.
    pub(super) fn take_loose(&mut self) -> Vec<Scoped<ManagedDocument>> {
        std::mem::take(&mut self.loose)
    }

    /// The policy of that ARN that AWS manages; it is the same in every partition.
    fn catalogued(&self, arn: &Text) -> Option<Node> {
        let of_aws = Template::parse("arn:{partition}:iam::aws:policy/{path+}").ok()?;
        let known = arn.filled();
        let anywhere = match (known.as_str(), of_aws.capture(&known)) {
            (Some(known), _) => known.to_owned(),
            (None, Some(names)) => {
                format!("arn:aws:iam::aws:policy/{}", names.get("path")?.as_str()?)
            }
            (None, None) => return None,
        };
        self.catalogued.borrow_mut().document(&anywhere)
    }

    /// The document of the policy of that ARN. One that was provided without its ARN counts
    /// for the policy if `alone` says that no other lacks a document.
    pub(super) fn document(&self, arn: &Text, scope: &Scope, alone: bool) -> Option<Node> {
        let documents = self.documents.iter();
        let of_arn = documents.filter(|d| d.fact.arn.as_ref() == Some(arn));
        // Deployments to several accounts can each have a policy of that name.
        let nearness =
            |d: &&Scoped<ManagedDocument>| (d.scope.agrees(scope), d.scope.nearness(scope));
        if let Some(handed) = of_arn.rev().max_by_key(nearness) {
            return Some(handed.fact.document.clone());
        }
        if let Some(document) = self.catalogued(arn) {
            return Some(document);
        }
        let unnamed = self.documents.iter().filter(|d| d.fact.arn.is_none());
        let unnamed = unnamed.map(|d| (&d.scope, &d.fact.document));
        alone.then(|| sole(unnamed, scope, |_| false).cloned())?
    }

    /// Whether the catalogue knows the policy or its document was provided with its ARN.
    pub(super) fn knows(&self, arn: &Text) -> bool {
        let handed = self
            .documents
            .iter()
            .any(|d| d.fact.arn.as_ref() == Some(arn));
        handed || self.catalogued(arn).is_some()
    }
}

/// The ARNs of the managed policies that are known to be attached to a role, or to limit one.
fn named_by_roles(facts: &Facts) -> HashSet<Text> {
    let roles = facts.roles.iter().map(|role| &role.fact);
    let boundaries = roles.clone().filter_map(|role| role.boundary.as_ref());
    let boundaries = boundaries.filter_map(|boundary| boundary.arn.as_ref());
    let own = roles.flat_map(|role| role.attached.iter().flatten());
    let lists = facts.attached_policy_lists.iter();
    let listed = lists.flat_map(|list| &list.fact.entries);
    let attached = own.chain(listed).filter_map(|policy| policy.arn.as_ref());
    let arns = attached.chain(boundaries).filter_map(Node::as_text);
    arns.cloned().collect()
}
