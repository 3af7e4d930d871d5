//! Rules by name: an ID, a pack, or a prefix.

/// The rules that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RuleSelector {
    name: String,
}

impl RuleSelector {
    /// The rules of an ID, of a pack, or of those that begin with what stands before a `*`.
    pub(super) fn parse(name: &str) -> Self {
        RuleSelector {
            name: name.to_owned(),
        }
    }

    /// Whether a rule is one of them.
    pub(super) fn matches(&self, id: &str) -> bool {
        let is_in_pack = || {
            let rest = id.strip_prefix(&self.name);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        match self.name.strip_suffix('*') {
            Some(prefix) => id.starts_with(prefix),
            None => id == self.name || is_in_pack(),
        }
    }
}
