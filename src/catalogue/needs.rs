//! What an entry of the catalogue needs, whatever kind of entry it is.

use super::grant::Grant;
use super::load::each;
use crate::syntax::Fields;

/// Permissions, and what there is to say of them.
#[derive(Debug)]
pub struct Needs {
    /// What must be allowed.
    pub grants: Vec<Grant>,
    /// Actions that a policy allows only for this.
    pub signature: Vec<String>,
    /// AWS-managed policies that allow what is required.
    pub managed_policies: Vec<String>,
    /// What else helps against a Deny than to remove it.
    pub denied: Option<String>,
    /// What happens when a permission is missing.
    pub symptom: String,
    /// AWS's pages.
    pub references: Vec<String>,
    /// Whether it was read in AWS's own material; what was not never makes an error.
    pub verified: bool,
}

impl Needs {
    /// Reads the members that say what is needed.
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Self {
        let grants = fields.list("grants");
        Needs {
            signature: fields.texts("signature"),
            managed_policies: fields.texts("managedPolicies"),
            denied: fields.optional_text("denied").map(str::to_owned),
            symptom: fields.optional_text("symptom").unwrap_or("").to_owned(),
            references: fields.texts("references"),
            verified: fields.flag("verified").unwrap_or(false),
            grants: each(grants, fields.problems(), Grant::decode),
        }
    }
}
