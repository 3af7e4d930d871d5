//! Which rules are meant: everywhere the same names.

use super::{Packs, Rule};
use crate::diagnostics::{Problem, Severity};
use crate::source::Span;
use crate::syntax::nearest;

/// Rules by name: one by its ID, all of a pack by the name of the pack, or all whose ID begins so, as in
/// `vpc/eni-*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSelector {
    text: String,
}

impl RuleSelector {
    /// The selector that somebody wrote.
    #[must_use]
    pub fn new(text: &str) -> Self {
        RuleSelector {
            text: text.trim().to_owned(),
        }
    }

    /// The selector as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a rule is meant, by its ID or by one that it had before.
    #[must_use]
    pub fn matches(&self, rule: &Rule) -> bool {
        let mut ids = std::iter::once(&*rule.meta.id).chain(rule.aliases.iter().map(|id| &**id));
        ids.any(|id| self.matches_id(id))
    }

    /// Whether the rule of an ID is meant.
    #[must_use]
    pub fn matches_id(&self, id: &str) -> bool {
        match self.text.strip_suffix('*') {
            Some(prefix) => id.starts_with(prefix),
            None => {
                let rest = id.strip_prefix(self.text.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}

/// The rules to apply. Those to ignore take precedence.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The rules to apply; all if there are none.
    pub select: Vec<RuleSelector>,
    /// Of these, the rules not to apply.
    pub ignore: Vec<RuleSelector>,
}

impl Selection {
    fn contains(&self, rule: &Rule) -> bool {
        let is_in = |list: &[RuleSelector]| list.iter().any(|selector| selector.matches(rule));
        (self.select.is_empty() || is_in(&self.select)) && !is_in(&self.ignore)
    }
}

impl Packs {
    /// Removes the rules that are not selected.
    pub fn retain(&mut self, selection: &Selection) {
        for pack in &mut self.list {
            pack.rules.retain(|rule| selection.contains(rule));
        }
    }

    /// Gives rules another severity.
    pub fn set_severity(&mut self, selector: &RuleSelector, severity: Severity) {
        let rules = self.list.iter_mut().flat_map(|pack| &mut pack.rules);
        for rule in rules.filter(|rule| selector.matches(rule)) {
            rule.meta.severity = severity;
        }
    }

    /// The problem with a selector that no rule matches.
    #[must_use]
    pub fn unknown(&self, selector: &RuleSelector, span: Option<Span>) -> Option<Problem> {
        if self.rules().any(|rule| selector.matches(rule)) {
            return None;
        }
        let written = selector.as_str();
        let packs = self.list.iter().map(|pack| pack.name.as_str());
        let ids = self.rules().map(|rule| &*rule.meta.id);
        let near = nearest(written, ids.chain(packs));
        let help = near.map_or_else(
            || {
                "expected the ID of a rule, the name of a pack, or a prefix such as `vpc/*`; \
                 `lint-lambda rules list` lists all rules"
                    .to_owned()
            },
            |near| format!("did you mean `{near}`?"),
        );
        let problem = match span {
            Some(span) => Problem::at(span, format!("unknown rule `{written}`")),
            None => Problem::of_path(written, "unknown rule"),
        };
        Some(problem.help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::RuleSelector;

    #[test]
    fn a_rule_is_meant_by_its_id_its_pack_or_a_prefix() {
        let means = |written, id| RuleSelector::new(written).matches_id(id);
        assert!(means("vpc/half-granted", "vpc/half-granted"));
        assert!(means("vpc", "vpc/half-granted"));
        assert!(means("vpc/half*", "vpc/half-granted"));
        assert!(means("*", "vpc/half-granted"));
        assert!(!means("vpc/half", "vpc/half-granted"));
        assert!(!means("vp", "vpc/half-granted"));
        assert!(!means("", "vpc/half-granted"));
    }
}
