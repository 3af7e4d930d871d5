//! What users write to suppress findings is right.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, required};
use super::rule_metadata::RuleMetadata;
use super::suppression_fault::SuppressionFault;
use crate::syntax::Fields;

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "suppressions",
    summary: "What is written to suppress findings, in comments, in the metadata of templates and in the configuration, has this quality.",
    selects: "",
    members: &[required(
        "are",
        Form::Word(&["used", "reasoned", "current", "known", "well-formed"]),
        "`used`: each of its rules has a finding there. `reasoned`: it says why. `current`: its date is not past. `known`: its rules exist. `well-formed`: it can be read.",
    )],
    note: "A rule with this requirement takes no `select`: all suppressions are checked.",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct Suppressions(SuppressionFault);

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let qualities = [
        ("used", SuppressionFault::Unused),
        ("reasoned", SuppressionFault::WithoutReason),
        ("current", SuppressionFault::Expired),
        ("known", SuppressionFault::UnknownRule),
        ("well-formed", SuppressionFault::Malformed),
    ];
    let fault = fields.word("are", &qualities)?;
    Some(Box::new(Suppressions(fault)))
}

impl Requirement for Suppressions {
    /// Suppressions are not in the inventory: they are checked when all else was.
    fn check(&self, _: LintContext<'_>, _: &RuleMetadata, _: Match<'_, '_>, _: &mut LintResult) {}

    fn suppression_fault(&self) -> Option<SuppressionFault> {
        Some(self.0)
    }
}
