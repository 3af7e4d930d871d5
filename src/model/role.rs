//! A role: who may assume it, and what it may do.

use super::MissingInput;
use super::members::{ASSUMED, LOGICAL_ID, NAMED_BY, SAM_FUNCTION};
use crate::syntax::Node;

/// A view of a role in the shape of `GetAccountAuthorizationDetails`.
#[derive(Clone, Copy, Debug)]
pub struct Role<'n> {
    /// The role's object in the inventory.
    pub node: &'n Node,
}

/// The identity policies of a role.
#[derive(Clone, Debug)]
pub struct RolePolicies<'n> {
    /// The documents that were provided, with the policy's name.
    pub documents: Vec<(Option<&'n str>, &'n Node)>,
    /// What was not provided.
    pub absent: Vec<MissingInput>,
}

impl<'n> Role<'n> {
    /// The serverless function for which SAM makes the role, by its logical id.
    #[must_use]
    pub fn implied_by(self) -> Option<&'n str> {
        self.node.str(SAM_FUNCTION)
    }

    /// The property that would name another role in place of this one, which SAM makes.
    #[must_use]
    pub fn named_by(self) -> Option<&'n str> {
        self.node.str(NAMED_BY)
    }

    /// Whether a template declares the role.
    #[must_use]
    pub fn is_declared(self) -> bool {
        self.node.get(LOGICAL_ID).is_some()
    }

    /// Views an object of the inventory.
    #[must_use]
    pub fn new(node: &'n Node) -> Self {
        Role { node }
    }

    /// The role's name; its logical id where a template declares it.
    #[must_use]
    pub fn name(self) -> Option<&'n str> {
        self.node
            .str(LOGICAL_ID)
            .or_else(|| self.node.str("RoleName"))
    }

    /// What to call the role in a message.
    #[must_use]
    pub fn label(self) -> String {
        self.name().map_or_else(
            || "the execution role".to_owned(),
            |name| format!("role `{name}`"),
        )
    }

    /// The trust policy, where it is known.
    #[must_use]
    pub fn trust_policy(self) -> Option<&'n Node> {
        self.node
            .get("AssumeRolePolicyDocument")
            .filter(|document| document.is_object())
    }

    /// The policies that are attached, inline and managed.
    #[must_use]
    pub fn policies(self) -> RolePolicies<'n> {
        let lists = ["RolePolicyList", "AttachedManagedPolicies"];
        let entries = lists
            .iter()
            .flat_map(|list| self.node.get(list).map_or(&[][..], Node::items));
        let documents = entries
            .filter_map(|entry| {
                let document = entry.get("PolicyDocument").filter(|d| d.is_object())?;
                Some((entry.str("PolicyName"), document))
            })
            .collect();
        let mut absent = MissingInput::of(self.node);
        absent.retain(|entry| lists.contains(&entry.member.as_str()));
        RolePolicies { documents, absent }
    }

    /// The document of the permissions boundary; `Some(None)` where there is a boundary whose
    /// document was not provided.
    #[must_use]
    pub fn boundary(self) -> Option<Option<&'n Node>> {
        let boundary = self.node.get("PermissionsBoundary")?;
        boundary
            .is_object()
            .then(|| boundary.get("PolicyDocument").filter(|d| d.is_object()))
    }

    /// Whether the role was made up of policies that name no role: it is taken to have no others.
    #[must_use]
    pub fn is_assumed(self) -> bool {
        self.node.get(ASSUMED).and_then(Node::as_bool) == Some(true)
    }

    /// What was referred to and not provided.
    #[must_use]
    pub fn absent(self) -> Vec<MissingInput> {
        MissingInput::of(self.node)
    }
}
