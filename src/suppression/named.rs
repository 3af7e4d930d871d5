//! Rules by name: an ID, a pack, or a prefix.

use std::sync::Arc;

use super::entry::WrittenRule;
use crate::requirement::SuppressionFault;
use crate::rules::{Packs, Rule, RuleSelector};

/// All rules there are, also those that are not applied, each by the names that it has and had.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownRules {
    list: Vec<KnownRule>,
}

#[derive(Clone, Debug)]
struct KnownRule {
    id: Arc<str>,
    names: Vec<Arc<str>>,
}

impl KnownRule {
    fn is_meant(&self, selector: &RuleSelector) -> bool {
        self.names.iter().any(|name| selector.matches_id(name))
    }
}

impl KnownRules {
    /// The rules of all packs, before any is left out.
    pub(crate) fn of(packs: &Packs) -> Self {
        let known = |rule: &Rule| {
            let aliases = rule.aliases.iter().map(|alias| alias.as_str().into());
            KnownRule {
                id: rule.meta.id.clone(),
                names: std::iter::once(rule.meta.id.clone())
                    .chain(aliases)
                    .collect(),
            }
        };
        KnownRules {
            list: packs.rules().map(known).collect(),
        }
    }

    /// The IDs.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|rule| &*rule.id)
    }

    /// The IDs of the rules that a name stands for.
    pub(super) fn meant(&self, rule: &WrittenRule) -> impl Iterator<Item = &str> {
        let selector = RuleSelector::new(&rule.name);
        let meant = self.list.iter();
        let meant = meant.filter(move |known| known.is_meant(&selector));
        meant.map(|known| &*known.id)
    }

    /// Whether a name stands for any rule.
    pub(super) fn has(&self, rule: &WrittenRule) -> bool {
        self.meant(rule).next().is_some()
    }

    /// Whether all rules of a name are applied.
    pub(super) fn are_applied(&self, rule: &WrittenRule, packs: &Packs) -> bool {
        self.meant(rule).all(|id| packs.rule(id).is_some())
    }

    /// Whether a name stands for rules about suppressions alone.
    pub(super) fn are_of_suppressions(&self, rule: &WrittenRule, packs: &Packs) -> bool {
        let fault = |id: &str| -> Option<SuppressionFault> {
            packs.rule(id)?.require().suppression_fault()
        };
        self.meant(rule).all(|id| fault(id).is_some())
    }
}
