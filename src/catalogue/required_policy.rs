//! Actions that require the policy of their resource to allow them.

use crate::diagnostics::{PolicyKind, Problem};
use crate::syntax::{Fields, Node};

/// Actions for which an identity policy alone is never enough.
#[derive(Debug)]
pub struct RequiredPolicy {
    /// The actions, with `*` at the end for all that begin so.
    pub actions: Vec<String>,
    /// Whether whoever asks is vouched for by an identity provider.
    pub is_federated: bool,
    /// Whether the root user of an account cannot do it.
    pub excludes_root: bool,
    /// What the policy of the resource is.
    pub kind: PolicyKind,
}

const KINDS: [(&str, PolicyKind); 3] = [
    ("key-policy", PolicyKind::KeyPolicy),
    ("trust-policy", PolicyKind::TrustPolicy),
    ("resource-policy", PolicyKind::ResourcePolicy),
];

impl RequiredPolicy {
    /// Reads an entry.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a required policy", problems)?;
        let actions = fields.texts("actions");
        let kind = fields.word("policy", &KINDS);
        let is_federated = fields.flag("federated").unwrap_or(false);
        let excludes_root = fields.flag("excludesRoot").unwrap_or(false);
        fields.texts("references");
        fields.finish();
        Some(RequiredPolicy {
            actions,
            is_federated,
            excludes_root,
            kind: kind?,
        })
    }

    /// Whether an action is one of these, whatever the case of its letters.
    pub(super) fn covers(&self, action: &str) -> bool {
        covers(&self.actions, action)
    }
}

/// Whether an action is one of a list, in which `*` at the end stands for all that begin so, whatever the case
/// of its letters.
pub(super) fn covers(actions: &[String], action: &str) -> bool {
    actions.iter().any(|known| match known.strip_suffix('*') {
        Some(beginning) => action
            .get(..beginning.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(beginning)),
        None => action.eq_ignore_ascii_case(known),
    })
}
