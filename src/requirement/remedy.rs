//! What to do about actions that a role is not allowed to perform.

use super::verdict::Refusal;
use crate::catalogue::Needs;
use crate::diagnostics::PolicyKind;
use crate::iam::PolicyType;

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
    /// What the resource policy is.
    pub(super) of_resource: PolicyKind,
}

/// What to do, in which document, and whether that is to add statements.
pub(super) struct Remedy {
    pub(super) help: String,
    pub(super) policy: PolicyKind,
    pub(super) add: bool,
}

impl<'p> Missing<'_, 'p> {
    pub(super) fn remedy(&self) -> Remedy {
        let (policy, add) = self.document();
        let steps = [
            self.own_deny(),
            self.resource(),
            self.boundary(),
            self.organization(),
            self.any(Refusal::is_lack_of_identity)
                .then(|| self.addition()),
        ];
        let steps: Vec<String> = steps.into_iter().flatten().collect();
        Remedy {
            help: steps.join("; "),
            policy,
            add,
        }
    }

    /// The document that must change first, and whether statements are to be added to it.
    fn document(&self) -> (PolicyKind, bool) {
        let first = self.refusals.iter().find_map(Refusal::first_layer);
        let first = first.map(|layer| layer.of_type);
        let add = self.any(Refusal::is_lack_of_identity);
        let policy = match first {
            _ if add => PolicyKind::ExecutionRole,
            Some(PolicyType::Resource) => self.of_resource,
            Some(PolicyType::Boundary) => PolicyKind::PermissionsBoundary,
            Some(PolicyType::ServiceControl | PolicyType::ResourceControl) => {
                PolicyKind::ServiceControlPolicy
            }
            _ => PolicyKind::ExecutionRole,
        };
        (policy, add)
    }

    fn any(&self, holds: impl Fn(&Refusal<'p>) -> bool) -> bool {
        self.refusals.iter().any(holds)
    }

    /// Whether policies of a type deny something.
    fn denies(&self, of_type: PolicyType) -> bool {
        self.any(|refusal| {
            let layer = refusal.layer(of_type);
            layer.is_some_and(|layer| layer.denied_by.is_some())
        })
    }

    fn own_deny(&self) -> Option<String> {
        let otherwise = self.needs.and_then(|needs| needs.deny_advice.as_deref());
        let otherwise = otherwise.unwrap_or("narrow its resources");
        let is_denied = self.denies(PolicyType::Identity);
        is_denied.then(|| format!("remove the Deny, or {otherwise}"))
    }

    fn resource(&self) -> Option<String> {
        let policy = match self.of_resource {
            PolicyKind::KeyPolicy => "the key policy",
            _ => "the resource policy",
        };
        if self.denies(PolicyType::Resource) {
            return Some(format!(
                "remove the Deny from {policy}, or exempt {} from it",
                self.role
            ));
        }
        let lacks = self.any(|refusal| refusal.layer(PolicyType::Resource).is_some());
        lacks.then(|| format!("allow it to {} in {policy}", self.role))
    }

    fn boundary(&self) -> Option<String> {
        let role = self.role;
        if self.denies(PolicyType::Boundary) {
            return Some(format!(
                "remove the Deny from the permissions boundary of {role}"
            ));
        }
        let lacks = self.any(|refusal| refusal.layer(PolicyType::Boundary).is_some());
        lacks.then(|| format!("allow it in the permissions boundary of {role}"))
    }

    fn organization(&self) -> Option<String> {
        let ask = "ask the administrator of the organization to allow it, or to exempt";
        self.any(Refusal::is_by_organization)
            .then(|| format!("{ask} {}", self.role))
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

/// What to do about a resource's policy that refuses somebody, and whether that is to add statements.
pub(super) struct ResourceRemedy {
    pub(super) help: String,
    pub(super) add: bool,
}

/// What to do where a resource's policy, or a policy of the organization, refuses somebody; `addition`
/// introduces the statements to add.
pub(super) fn of_resource_policy(
    refusals: &[Refusal<'_>],
    policy: &str,
    addition: impl Into<String>,
) -> ResourceRemedy {
    let is_denied = refusals.iter().any(|refusal| {
        let own = refusal.layer(PolicyType::Resource);
        own.is_some_and(|layer| layer.denied_by.is_some())
    });
    let add = !is_denied && refusals.iter().any(Refusal::can_be_granted);
    let help = match (is_denied, add) {
        (true, _) => format!("remove the Deny from {policy}, or narrow it"),
        (false, true) => addition.into(),
        (false, false) => "ask the administrator of the organization to allow it".to_owned(),
    };
    ResourceRemedy { help, add }
}
