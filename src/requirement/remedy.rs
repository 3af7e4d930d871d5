//! What to do about actions that a role is not allowed to perform.

use super::verdict::{Layer, Refusal};
use crate::catalogue::Needs;
use crate::diagnostics::PolicyKind;
use crate::iam::PolicyType;

/// Actions that are missing, and what there is to say of them.
pub(super) struct Missing<'m, 'p> {
    pub(super) refusals: &'m [Refusal<'p>],
    /// The role, as messages call it.
    pub(super) role: &'m str,
    pub(super) needs: Option<&'m Needs>,
    /// What introduces the statements to add to the role.
    pub(super) addition: String,
    /// What the role is.
    pub(super) own: PolicyKind,
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
                .then(|| self.addition.clone()),
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
            _ if add => self.own,
            Some(PolicyType::Resource) => self.of_resource,
            Some(PolicyType::Boundary) => PolicyKind::PermissionsBoundary,
            Some(PolicyType::ServiceControl) => PolicyKind::ServiceControlPolicy,
            Some(PolicyType::ResourceControl) => PolicyKind::ResourceControlPolicy,
            _ => self.own,
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

    /// Whether policies of a type lack an Allow.
    fn lacks(&self, of_type: PolicyType) -> bool {
        self.any(|refusal| refusal.layer(of_type).is_some_and(|layer| layer.lacks))
    }

    fn own_deny(&self) -> Option<String> {
        let otherwise = self.needs.and_then(|needs| needs.deny_advice.as_deref());
        let otherwise = otherwise.unwrap_or("narrow its resources");
        let is_denied = self.denies(PolicyType::Identity);
        is_denied.then(|| format!("remove the Deny, or {otherwise}"))
    }

    fn resource(&self) -> Option<String> {
        let (role, policy) = (self.role, self.policy_of_resource());
        let deny = self.denies(PolicyType::Resource);
        let deny = deny.then(|| format!("remove the Deny from {policy}, or exempt {role} from it"));
        let lack = self.lacks(PolicyType::Resource);
        let lack = lack.then(|| format!("allow it to {role} in {policy}"));
        joined([deny, lack])
    }

    fn policy_of_resource(&self) -> &'static str {
        match self.of_resource {
            PolicyKind::KeyPolicy => "the key policy",
            PolicyKind::FunctionPolicy => "the function policy",
            PolicyKind::TrustPolicy => "the trust policy",
            _ => "the resource policy",
        }
    }

    fn boundary(&self) -> Option<String> {
        let role = self.role;
        let deny = self.denies(PolicyType::Boundary);
        let deny = deny.then(|| format!("remove the Deny from the permissions boundary of {role}"));
        let lack = self.lacks(PolicyType::Boundary);
        let lack = lack.then(|| format!("allow it in the permissions boundary of {role}"));
        joined([deny, lack])
    }

    fn organization(&self) -> Option<String> {
        let ask = "ask the administrator of the organization to allow it, or to exempt";
        self.any(Refusal::is_by_organization)
            .then(|| format!("{ask} {}", self.role))
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
    let layers = refusals.iter().flat_map(|refusal| &refusal.layers);
    let own: Vec<&Layer<'_>> = layers
        .filter(|l| l.of_type == PolicyType::Resource)
        .collect();
    let is_denied = own.iter().any(|layer| layer.denied_by.is_some());
    let add = own.iter().any(|layer| layer.lacks);
    let by_organization = refusals.iter().any(Refusal::is_by_organization);
    let steps = [
        is_denied.then(|| format!("remove the Deny from {policy}, or narrow it")),
        by_organization.then(|| "ask the administrator of the organization to allow it".to_owned()),
        add.then(|| addition.into()),
    ];
    ResourceRemedy {
        help: joined(steps).unwrap_or_default(),
        add,
    }
}

/// The steps that there are, one after the other.
fn joined<const COUNT: usize>(steps: [Option<String>; COUNT]) -> Option<String> {
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    (!steps.is_empty()).then(|| steps.join("; "))
}
