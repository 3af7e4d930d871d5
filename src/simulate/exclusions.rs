//! Policies of a principal that are left out of an evaluation.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyIdentifier.html>

use crate::diagnostics::Problem;
use crate::iam::PolicyType;
use crate::syntax::Fields;

/// Words for types of policies that can be left out.
const WORDS: [(&str, PolicyType); 3] = [
    ("permission-boundary", PolicyType::Boundary),
    ("scp", PolicyType::ServiceControl),
    ("rcp", PolicyType::ResourceControl),
];

/// The types of policies that are left out. Single policies, and kinds of identity policies, cannot be: which is
/// which is not known of every document.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Vec<PolicyType> {
    let mut excluded = Vec::new();
    for entry in fields.list("PolicyExclusionList") {
        let of_type = entry.str("PolicyType").unwrap_or("");
        match WORDS.into_iter().find(|(word, _)| *word == of_type) {
            Some((_, of_type)) => excluded.push(of_type),
            None => {
                let words = WORDS.map(|(word, _)| word).join(", ");
                let message = "this policy cannot be excluded";
                let help = format!(
                    "exclude a `PolicyType` ({words}), or leave the policy out of the files"
                );
                fields
                    .problems()
                    .push(Problem::at(entry.span, message).help(help));
            }
        }
    }
    excluded
}
