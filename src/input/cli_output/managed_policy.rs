//! Managed policies, as IAM prints them.

use super::Reader;
use crate::input::facts::{ManagedDocument, push};
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::syntax::{Node, Text};

impl Reader<'_, '_> {
    /// `GetPolicy`, which has no document.
    pub(super) fn managed_policy(&mut self, policy: &Node, scope: &Scope) {
        if let Some(arn) = policy.get("Arn").and_then(Node::as_text) {
            push(&mut self.emitter.facts.managed_policies, arn.clone(), scope);
        }
    }

    /// `GetPolicyVersion`, which does not repeat the ARN unless the user added it.
    pub(super) fn policy_version(&mut self, root: &Node, version: &Node, scope: &Scope) {
        let arn = ["PolicyArn", "Arn"]
            .iter()
            .find_map(|name| root.get(name)?.as_text().cloned());
        self.managed_document(arn, version, true, scope);
    }

    /// A managed policy of `GetAccountAuthorizationDetails`.
    pub(super) fn managed_policy_detail(&mut self, policy: &Node, scope: &Scope) {
        let versions = policy.get("PolicyVersionList").map_or(&[][..], Node::items);
        let default = versions
            .iter()
            .find(|version| version.get("IsDefaultVersion").and_then(Node::as_bool) == Some(true));
        let arn = policy.get("Arn").and_then(Node::as_text).cloned();
        if let (Some(version), Some(arn)) = (default, arn) {
            self.managed_document(Some(arn), version, false, scope);
        }
    }

    fn managed_document(
        &mut self,
        arn: Option<Text>,
        version: &Node,
        is_alone: bool,
        scope: &Scope,
    ) {
        let written = version.get("Document").cloned().unwrap_or_default();
        let document = self.emitter.policy_document(&written, LoneType::Identity);
        let fact = ManagedDocument {
            arn,
            document,
            is_alone,
        };
        push(&mut self.emitter.facts.managed_documents, fact, scope);
    }
}
