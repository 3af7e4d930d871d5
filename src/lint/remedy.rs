//! What to do about actions that a role may not do.

use super::verdict::Refusal;
use crate::catalogue::Needs;
use crate::diagnostics::PolicyKind;

/// Actions that are missing, and what there is to say of them.
pub(super) struct Missing<'m, 'p> {
    pub(super) refusals: &'m [Refusal<'p>],
    /// The role, as messages call it.
    pub(super) role: &'m str,
    /// The function of a template whose properties make the role.
    pub(super) implied_by: Option<&'m str>,
    pub(super) needs: Option<&'m Needs>,
    /// The AWS-managed policy that grants all that is missing.
    pub(super) managed: Option<&'m str>,
}

/// What to do, in which document, and whether that is to add statements.
pub(super) struct Remedy {
    pub(super) help: String,
    pub(super) policy: PolicyKind,
    pub(super) add: bool,
}

impl Missing<'_, '_> {
    pub(super) fn remedy(&self) -> Remedy {
        let role = self.role;
        let any = |holds: fn(&Refusal<'_>) -> bool| self.refusals.iter().any(holds);
        let denied = any(|refusal| refusal.denied_by.is_some() && refusal.limit.is_none());
        let by_organization = any(|refusal| refusal.by_organization());
        let missing = any(|refusal| refusal.can_be_granted());
        let mut steps = Vec::new();
        if denied {
            let otherwise = self.needs.and_then(|needs| needs.deny_advice.as_deref());
            let otherwise = otherwise.unwrap_or("narrow its resources");
            steps.push(format!("remove the Deny, or {otherwise}"));
        }
        if any(|refusal| refusal.is_bounded() && refusal.denied_by.is_some()) {
            let boundary = "the permissions boundary";
            steps.push(format!("remove the Deny from {boundary} of {role}"));
        } else if any(|refusal| refusal.is_bounded() || refusal.boundary_too) {
            steps.push(format!("allow it in the permissions boundary of {role}"));
        }
        if by_organization {
            let whom = "whoever runs the organization";
            steps.push(format!("ask {whom} to allow it, or to exempt {role}"));
        }
        if missing {
            steps.push(self.addition());
        }
        Remedy {
            help: steps.join("; "),
            policy: match missing || denied {
                true => PolicyKind::ExecutionRole,
                false if by_organization => PolicyKind::ServiceControlPolicy,
                false => PolicyKind::PermissionsBoundary,
            },
            add: missing,
        }
    }

    fn addition(&self) -> String {
        let attach = match self.managed {
            Some(arn) => format!(", or attach the managed policy {arn}"),
            None => String::new(),
        };
        let whose = match self.implied_by {
            Some(function) => format!("`Policies` of function `{function}`"),
            None => format!("a policy of {}", self.role),
        };
        format!("add this to {whose}{attach}:")
    }
}
