//! What there is to say of the name of an action, and how a finding says it.

use super::context::{LintContext, LintResult, Match};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Fix, Severity};

/// What there is to say of a name.
pub(super) struct NameVerdict {
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: String,
    pub(super) meant: Option<String>,
}

impl NameVerdict {
    /// Adds the finding about a name. What is not certainly wrong is only likely so.
    pub(super) fn report(
        self,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        label: &str,
        result: &mut LintResult,
    ) {
        let span = matched.node.span;
        let finding = rule
            .finding(self.message, span)
            .at_most(self.severity)
            .label(label)
            .help(self.help)
            .function(matched.function())
            .actions(matched.node.as_str().map(str::to_owned))
            .fix(self.meant.map(|text| Fix::Replace { span, text }));
        result.findings.push(match self.severity {
            Severity::Error => finding,
            _ => finding.likely(),
        });
    }
}

/// What to do about a name that AWS may have made after the list was gathered.
pub(super) fn look_up(cx: LintContext<'_>) -> String {
    let date = cx.table().date();
    format!(
        "check the Service Authorization Reference: AWS might have added it after {date}, the date of the built-in list"
    )
}
