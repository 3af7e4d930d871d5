//! The whole document.

use super::members::{ABSENT, DOCUMENTS, FETCH, INPUTS, MEMBER, OPEN, TYPE, WHAT};
use super::{Function, Organization, ResourcePolicies, Role};
use crate::iam::PolicyType;
use crate::source::Span;
use crate::syntax::Node;

/// All that the input says: `Functions` with all that belongs to each; `Roles` and `Policies`
/// that belong to none; `Permissions` as they are declared; `Resources` with their attributes; `documents`, which is every policy
/// document that was read, wherever it belongs; `inputs`, which is what was read as it was written;
/// `ignored`, which are the properties of a template that have no effect; and `references`, which are
/// those in templates that give something else than their property takes.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The document.
    pub root: Node,
    /// The policies of the organization that the accounts belong to, where they were given.
    pub organization: Organization,
    /// The policies of resources, where they are known.
    pub resource_policies: ResourcePolicies,
    /// The places of the flags that say something of a function.
    pub asked: Vec<Span>,
}

/// A document that was referred to and not provided.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingInput {
    /// The member that is not known, such as `Policy`.
    pub member: String,
    /// What it is, for people.
    pub what: String,
    /// The command that fetches it.
    pub fetch: String,
    /// Whether nothing can fetch it, so that `what` says why it is not known.
    pub is_open: bool,
}

/// A policy document that belongs to no function that is known.
#[derive(Clone, Copy, Debug)]
pub struct LonePolicy<'n> {
    /// What kind of policy its content makes it.
    pub of_type: LoneType,
    /// The document.
    pub document: &'n Node,
}

/// Kinds of policy documents by what they contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoneType {
    /// Attached to whoever acts: no principal.
    Identity,
    /// Says who may assume a role.
    Trust,
    /// Says who may invoke a function.
    Function,
    /// The policy of another resource.
    Resource,
}

impl LoneType {
    /// All types, by the words for them.
    pub const WORDS: [(&'static str, LoneType); 4] = [
        ("identity", LoneType::Identity),
        ("trust", LoneType::Trust),
        ("function", LoneType::Function),
        ("resource", LoneType::Resource),
    ];

    /// The word for the type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let mut words = Self::WORDS.into_iter();
        words
            .find(|(_, of_type)| *of_type == self)
            .map_or("", |(word, _)| word)
    }
}

impl LonePolicy<'_> {
    /// Whether it can be a policy of a type: those of resources, of the organization for resources and of
    /// endpoints say who may act, and all others do not.
    #[must_use]
    pub fn can_be(&self, of_type: PolicyType) -> bool {
        let says_who = matches!(
            of_type,
            PolicyType::Resource | PolicyType::ResourceControl | PolicyType::Endpoint
        );
        says_who == (self.of_type != LoneType::Identity)
    }
}

impl Inventory {
    /// The functions.
    pub fn functions(&self) -> impl Iterator<Item = Function<'_>> {
        self.list("Functions").map(Function::new)
    }

    /// Roles that belong to no function.
    pub fn roles(&self) -> impl Iterator<Item = Role<'_>> {
        self.list("Roles").map(Role::new)
    }

    /// Policy documents that belong to no function.
    pub fn lone_policies(&self) -> impl Iterator<Item = LonePolicy<'_>> {
        self.list("Policies").filter_map(|entry| {
            let word = entry.str(TYPE)?;
            let (_, of_type) = LoneType::WORDS
                .into_iter()
                .find(|(name, _)| *name == word)?;
            Some(LonePolicy {
                of_type,
                document: entry.get("PolicyDocument")?,
            })
        })
    }

    /// Whether there is nothing but policies that belong to nothing, so that none has a say about another.
    #[must_use]
    pub fn has_only_lone_policies(&self) -> bool {
        let mut members = self.root.members().iter();
        let is_of_policies = |name: &str| ["Policies", DOCUMENTS, INPUTS].contains(&name);
        let organization = &self.organization;
        members.all(|m| m.value.items().is_empty() || is_of_policies(&m.key.text))
            && organization.service_control.is_empty()
            && organization.resource_control.is_empty()
            && self.resource_policies.is_empty()
    }

    /// The documents that were recognised, as they were written.
    pub fn inputs(&self) -> impl Iterator<Item = &Node> {
        self.list(INPUTS)
    }

    /// Every policy document that was read.
    pub fn documents(&self) -> impl Iterator<Item = &Node> {
        let entries = self.list(DOCUMENTS);
        entries.filter_map(|entry| entry.get("PolicyDocument"))
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &Node> {
        self.root.get(name).map_or(&[][..], Node::items).iter()
    }
}

impl MissingInput {
    /// Reads the `absent` member of a function or role.
    pub(super) fn of(node: &Node) -> Vec<MissingInput> {
        let entries = node.get(ABSENT).map_or(&[][..], Node::items);
        entries
            .iter()
            .filter_map(|entry| {
                Some(MissingInput {
                    member: entry.str(MEMBER)?.to_owned(),
                    what: entry.str(WHAT)?.to_owned(),
                    fetch: entry.str(FETCH)?.to_owned(),
                    is_open: entry.get(OPEN).and_then(Node::as_bool) == Some(true),
                })
            })
            .collect()
    }

    /// Why something that depends on it is not known. What nothing can fetch says so itself.
    #[must_use]
    pub fn reason(&self) -> String {
        match self.is_open {
            true => self.what.clone(),
            false => format!("{} was not provided", self.what),
        }
    }

    /// The entry as it stands in the model.
    #[must_use]
    pub fn to_node(&self, span: Span) -> Node {
        let text = |text: &str| Node::text(text, span);
        Node::object(
            [
                (MEMBER, text(&self.member)),
                (WHAT, text(&self.what)),
                (FETCH, text(&self.fetch)),
                (OPEN, Node::from(self.is_open)),
            ],
            span,
        )
    }
}
