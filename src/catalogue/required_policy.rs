//! Actions that nothing allows without the policy of their resource.

use crate::diagnostics::{PolicyKind, Problem};
use crate::syntax::{Fields, Node};

/// Actions for which an identity policy alone is never enough.
#[derive(Debug)]
pub struct RequiredPolicy {
    /// The actions, in lower case, with `*` at the end for all that begin so.
    pub actions: Vec<String>,
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
        fields.texts("references");
        fields.finish();
        Some(RequiredPolicy {
            actions: actions.iter().map(|action| action.to_lowercase()).collect(),
            kind: kind?,
        })
    }

    /// Whether an action is one of these, whatever the case of its letters.
    pub(super) fn covers(&self, action: &str) -> bool {
        let action = action.to_lowercase();
        let mut actions = self.actions.iter();
        actions.any(|known| match known.strip_suffix('*') {
            Some(beginning) => action.starts_with(beginning),
            None => action == *known,
        })
    }
}
