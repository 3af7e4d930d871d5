//! Statements that AWS refuses in a policy of some type: elements that are lacking, or that do not belong there.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use std::sync::Arc;

use super::defect::Defect;
use super::elements::Effect;
use super::policies::PolicyType;
use super::policy::PolicyDocument;
use super::principal::PrincipalElement;
use super::statement::Statement;

impl PolicyType {
    /// Why AWS refuses a statement in a policy of this type; `None` where it does not, or where that is
    /// not known.
    pub(super) fn refuses(self, statement: &Statement) -> Option<&'static str> {
        let is_named = statement.principal.is_some();
        let has_resources = statement.resources.is_some();
        match self {
            PolicyType::Identity | PolicyType::Boundary | PolicyType::Session if is_named => Some(
                "an identity-based policy cannot have a principal: it applies to the identity that it is attached to",
            ),
            PolicyType::ServiceControl if is_named => {
                Some("a service control policy cannot have a principal")
            }
            PolicyType::Resource | PolicyType::Endpoint if !is_named => {
                Some("the statement requires `Principal`")
            }
            PolicyType::ResourceControl => resource_control(statement),
            // Of those of a resource, trust policies have none.
            PolicyType::Resource => None,
            _ if !has_resources => Some("the statement requires `Resource` or `NotResource`"),
            _ => None,
        }
    }
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
fn resource_control(statement: &Statement) -> Option<&'static str> {
    let everybody = statement.principal.as_ref();
    let is_everybody = everybody.is_some_and(PrincipalElement::is_everybody);
    let excludes = statement.actions.as_ref().is_some_and(|a| a.negated);
    let is_default = || {
        let all = statement.resources.as_ref();
        let is_all = all.is_some_and(|all| !all.negated && all.is_everything());
        is_all && statement.conditions.is_empty() && statement.unknown_conditions.is_none()
    };
    if !is_everybody {
        return Some("the principal of a resource control policy must be `*`");
    }
    if excludes {
        return Some("a resource control policy cannot have `NotAction`");
    }
    if statement.resources.is_none() {
        return Some("the statement requires `Resource` or `NotResource`");
    }
    match statement.effect {
        Some(Effect::Allow) if !is_default() => Some(
            "a resource control policy can only deny: AWS attaches a policy that allows everything",
        ),
        _ => None,
    }
}

impl PolicyDocument {
    /// What AWS refuses in the document as a policy of a type, beside its defects.
    #[must_use]
    pub fn defects_as(&self, of_type: PolicyType) -> Vec<Defect> {
        let statements = self.statements.iter();
        let refused = statements.filter_map(|statement| {
            let message = of_type.refuses(statement)?;
            Some(Defect::new(statement.span, message))
        });
        refused.collect()
    }

    /// The document as the trust policy of a role, in which AWS refuses a resource, `NotPrincipal`, and `*` as
    /// a principal without its kind.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-role-trust-policy-syntax-error-resource>
    #[must_use]
    pub fn as_trust_policy(mut self) -> Self {
        let statements = self.statements.iter().map(|statement| {
            let named = statement.principal.as_ref();
            let is_refused = named.is_some_and(|p| p.negated || p.has_no_kind());
            let mut statement = Arc::clone(statement);
            if statement.resources.is_some() || is_refused {
                Arc::make_mut(&mut statement).broken = true;
            }
            statement
        });
        self.statements = statements.collect();
        self
    }
}
