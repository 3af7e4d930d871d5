//! The wildcards among the actions of a policy match some action.

use super::action_names::{NameVerdict, look_up};
use super::context::{LintContext, LintResult, Match};
use super::expand_actions::{self, is_pattern};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::Severity;
use crate::syntax::Node;

/// The kind.
pub(super) const KIND: Kind = plain(
    "wildcardsMatch",
    "the name of an action",
    "A name with a wildcard matches at least one action of its service. Names without wildcards and unknown services are skipped: `actionsExist` checks those. If another entry of the statement matches actions of the service, the severity is `info` at most, unless a word of the name does not occur in any action.",
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
        let (prefix, name) = written.split_once(':').unwrap_or((written, ""));
        let is_typo = !cx.catalogue.actions.has_known_words(name);
        let verdict = NameVerdict {
            severity: match !is_typo && is_of_a_set(cx, matched.node, prefix) {
                true => Severity::Info,
                false => rule.severity,
            },
            message: format!("no action of service `{prefix}` matches `{written}`"),
            help: look_up(cx),
            meant: None,
        };
        verdict.report(rule, matched, "this does not match any action", result);
    }
}

/// Whether the statement lists other actions of the service, which exist: people write `Get*`, `List*` and
/// `Describe*` for whatever a service has of these.
fn is_of_a_set(cx: LintContext<'_>, entry: &Node, prefix: &str) -> bool {
    let around = cx.surroundings();
    let Some((_, statement)) = around.statement_at(entry.span) else {
        return false;
    };
    let lists = ["Action", "NotAction"].iter();
    let listed = lists.filter_map(|name| statement.get(name));
    let mut others = listed.flat_map(Node::each).filter_map(Node::as_str);
    others.any(|other| {
        let is_same = other
            .split_once(':')
            .is_some_and(|(own, _)| own.eq_ignore_ascii_case(prefix));
        let actions = || expand_actions::actions(cx, other);
        is_same && actions().is_some_and(|actions| !actions.is_empty())
    })
}
