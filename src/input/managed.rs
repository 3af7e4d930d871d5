//! Managed policies, as the answers of IAM tell them.

use super::Scope;
use super::cli_output::{Reader, push};
use super::facts::ManagedDocument;
use crate::syntax::Node;

impl Reader<'_> {
    pub(super) fn policy_version(&mut self, root: &Node, version: &Node, scope: &Scope) {
        let arn = ["PolicyArn", "Arn"]
            .iter()
            .find_map(|name| root.get(name)?.as_text().cloned());
        let document = self.policy_of(version, "Document");
        let fact = ManagedDocument { arn, document };
        push(&mut self.facts.managed_documents, fact, scope);
    }

    /// A managed policy of `GetAccountAuthorizationDetails`.
    pub(super) fn managed_policy_detail(&mut self, policy: &Node, scope: &Scope) {
        let versions = policy.get("PolicyVersionList").map_or(&[][..], Node::items);
        let default = versions
            .iter()
            .find(|version| version.get("IsDefaultVersion").and_then(Node::as_bool) == Some(true));
        let arn = policy.get("Arn").and_then(Node::as_text).cloned();
        if let (Some(version), Some(arn)) = (default, arn) {
            let document = self.policy_of(version, "Document");
            let fact = ManagedDocument {
                arn: Some(arn),
                document,
            };
            push(&mut self.facts.managed_documents, fact, scope);
        }
    }
}
