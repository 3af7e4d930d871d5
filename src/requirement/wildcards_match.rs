//! The wildcards among the actions of a policy match some action.

use super::action_names::{NameVerdict, look_up};
use super::context::{LintContext, LintResult, Match};
use super::expand_actions::{self, is_pattern};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;

/// The kind.
pub(super) const KIND: Kind = plain(
    "wildcardsMatch",
    "the name of an action",
    "A name with a wildcard matches at least one action of its service. Names without wildcards and unknown services are skipped: `actionsExist` checks those.",
    |_, _| Some(Box::new(WildcardsMatch)),
);

/// The requirement.
#[derive(Debug)]
struct WildcardsMatch;

impl Requirement for WildcardsMatch {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some(written) = matched.node.as_str().filter(|text| is_pattern(text)) else {
            return;
        };
        let actions = expand_actions::actions(cx, written);
        if actions.is_none_or(|actions| !actions.is_empty()) {
            return;
        }
        let (prefix, _) = written.split_once(':').unwrap_or((written, ""));
        let verdict = NameVerdict {
            severity: rule.severity,
            message: format!("no action of service `{prefix}` matches `{written}`"),
            help: look_up(cx),
            meant: None,
        };
        verdict.report(rule, matched, "this does not match any action", result);
    }
}
