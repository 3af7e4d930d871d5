//! No condition confines a statement.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement};
use super::rule_metadata::RuleMetadata;
use super::statement_filter::{
    ACTIONS, ConditionFilter, KEYS, OTHER_SERVICES, PRINCIPAL, SERVICES,
};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "notConditionedOn",
    summary: "No condition on these keys restricts the statement.",
    selects: "a statement",
    members: &[KEYS, PRINCIPAL, ACTIONS, SERVICES, OTHER_SERVICES],
    note: "",
    is_of_function: false,
    needs_message: true,
    decode: |fields, _| Some(Box::new(NotConditionedOn(ConditionFilter::decode(fields)))),
};

/// The requirement.
#[derive(Debug)]
struct NotConditionedOn(ConditionFilter);

impl Requirement for NotConditionedOn {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = cx.statement(matched.node);
        let confining = self.0.confining(&statement);
        if let Some(place) = confining.filter(|_| self.0.selects(cx, &statement)) {
            let finding = rule.finding_of(matched.node, place);
            result.findings.push(finding.function(matched.function()));
        }
    }
}
