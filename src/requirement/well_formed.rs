//! A policy document has the form that IAM asks for.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;

/// The kind.
pub(super) const KIND: Kind = plain(
    "wellFormed",
    "a policy document",
    "The document follows the grammar of IAM policies.",
    |_, _| Some(Box::new(WellFormed)),
);

/// The requirement.
#[derive(Debug)]
struct WellFormed;

impl Requirement for WellFormed {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let document = cx.document(matched.node);
        // Another kind tells which action was meant.
        for defect in document.defects.iter().filter(|d| !d.is_of_action) {
            let finding = rule.finding_of(matched.node, defect.span);
            let message = format!("AWS rejects this policy: {}", defect.message);
            result
                .findings
                .push(finding.message(message).function(matched.function()));
        }
    }
}
