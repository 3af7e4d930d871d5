//! Nothing is selected.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use super::statement_filter::place_in_statement;

/// The kind.
pub(super) const KIND: Kind = Kind {
    needs_message: true,
    ..plain(
        "absent",
        "anything",
        "The selector matches nothing: each place that the rule selects is a finding.",
        |_, _| Some(Box::new(Absent)),
    )
};

/// The requirement.
#[derive(Debug)]
struct Absent;

impl Requirement for Absent {
    fn check(
        &self,
        _: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let place = place_in_statement(matched.node);
        let finding = rule.finding_of(matched.node, place);
        result.findings.push(finding.function(matched.function()));
    }

    fn holds_without_match(&self) -> bool {
        true
    }
}
