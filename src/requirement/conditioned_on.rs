//! A condition confines a statement.

use super::authorization::unknown_conditions;
use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement};
use super::rule_metadata::RuleMetadata;
use super::statement_filter::{
    ACTIONS, ConditionFilter, KEYS, OTHER_SERVICES, PRINCIPAL, SERVICES, place_in_statement,
};
use crate::iam::PolicyDocument;

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "conditionedOn",
    summary: "A condition on one of these keys restricts the statement.",
    selects: "a statement",
    members: &[KEYS, PRINCIPAL, ACTIONS, SERVICES, OTHER_SERVICES],
    note: "",
    is_of_function: false,
    needs_message: true,
    decode: |fields, _| Some(Box::new(ConditionedOn(ConditionFilter::decode(fields)))),
};

/// The requirement.
#[derive(Debug)]
struct ConditionedOn(ConditionFilter);

impl Requirement for ConditionedOn {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = PolicyDocument::read_statement(matched.node);
        if !self.0.selects(cx, &statement) || self.0.confining(&statement).is_some() {
            return;
        }
        let place = place_in_statement(matched.node);
        match unknown_conditions(&statement) {
            Some(reason) => {
                let undecided = reason.of(rule, matched.function(), place);
                result.undecided.push(undecided);
            }
            None => {
                let service = self.0.service(cx, &statement);
                let principal = service.map(|entry| entry.name.to_string());
                let finding = rule.finding_of(matched.node, place).principal(principal);
                result.findings.push(finding.function(matched.function()));
            }
        }
    }
}
