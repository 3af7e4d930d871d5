//! Policies of an organization, as AWS Organizations prints them.
//!
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html>

use super::Reader;
use crate::diagnostics::{Problem, quoted};
use crate::iam::PolicyType;
use crate::input::facts::OrganizationPolicyFact;
use crate::syntax::Node;

/// The types that decide about permissions; all others are about tags, backups and the like.
const TYPES: [(&str, PolicyType); 2] = [
    ("SERVICE_CONTROL_POLICY", PolicyType::ServiceControl),
    ("RESOURCE_CONTROL_POLICY", PolicyType::ResourceControl),
];

/// Whether a policy is one of an organization, with its content or only listed.
pub(super) fn is_listed(policy: &Node) -> bool {
    let arn = policy.str("Arn").unwrap_or("");
    arn.split(':').nth(2) == Some("organizations") && policy.str("Type").is_some()
}

impl Reader<'_, '_> {
    /// `DescribePolicy`: what the policy says, and of which type it is.
    pub(super) fn organization_policy(&mut self, summary: &Node, content: &Node) {
        let written = summary.str("Type");
        let of_type = TYPES.iter().find(|(name, _)| Some(*name) == written);
        let Some((_, of_type)) = of_type else { return };
        let document = match content.as_str() {
            Some(_) => self.emitter.embedded(content),
            None => Some(content.clone()),
        };
        let Some(document) = document.filter(Node::is_object) else {
            return;
        };
        let name = summary.str("Name").or_else(|| summary.str("Id"));
        let name = name.unwrap_or("the policy of the organization").to_owned();
        self.emitter
            .facts
            .organization
            .push(OrganizationPolicyFact {
                of_type: *of_type,
                name,
                document,
            });
    }

    /// A list of policies, which does not say what is in them.
    pub(super) fn organization_list(&mut self, policy: &Node) {
        let written = policy.str("Type");
        let decides = TYPES.iter().any(|(name, _)| Some(*name) == written);
        let is_default = policy.get("AwsManaged").and_then(Node::as_bool) == Some(true);
        if !decides || is_default {
            return;
        }
        let id = quoted(policy.str("Id").unwrap_or("POLICY_ID"));
        let message = "the content of this organization policy is missing";
        let help =
            format!("pass the output of `aws organizations describe-policy --policy-id {id}`");
        self.emitter
            .problems
            .push(Problem::at(policy.span, message).help(help));
    }
}
