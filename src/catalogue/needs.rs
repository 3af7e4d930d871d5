//! The permissions that an entry of the catalogue needs, whatever kind of entry it is.

use super::decode::each;
use super::grant::Grant;
use crate::syntax::Fields;

/// Permissions, and what a finding says about them.
#[derive(Debug)]
pub struct Needs {
    /// The permissions.
    pub grants: Vec<Grant>,
    /// Actions that serve nothing else: a policy with one of them is meant for this entry.
    pub distinctive_actions: Vec<String>,
    /// ARNs of AWS-managed policies that allow what is required, the preferred one first.
    pub managed_policies: Vec<String>,
    /// What can be done about a Deny besides removing it.
    pub deny_advice: Option<String>,
    /// What happens when a permission is missing; empty where that is not documented.
    pub impact: String,
    /// AWS's pages.
    pub references: Vec<String>,
    /// Whether AWS's own pages confirm it. An entry that is not verified never causes an error.
    pub verified: bool,
}

impl Needs {
    /// The name of the preferred AWS-managed policy.
    #[must_use]
    pub fn managed_policy_name(&self) -> Option<&str> {
        let arn = self.managed_policies.first()?;
        arn.rsplit('/').next()
    }

    /// Reads the members about permissions, which entries of all kinds have.
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Self {
        let grants = fields.list("grants");
        Needs {
            distinctive_actions: fields.texts("distinctiveActions"),
            managed_policies: fields.texts("managedPolicies"),
            deny_advice: fields.optional_text("denyAdvice").map(str::to_owned),
            impact: fields.optional_text("impact").unwrap_or("").to_owned(),
            references: fields.texts("references"),
            verified: fields.flag("verified").unwrap_or(false),
            grants: each(grants, fields.problems(), Grant::decode),
        }
    }
}
