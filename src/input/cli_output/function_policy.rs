//! Function policies, and what else outputs call `Policy` or `Policies`.

use super::Reader;
use super::cli_error::{Meaning, meaning};
use super::organization::is_listed;
use crate::input::detect::is_bundle;
use crate::input::facts::{FunctionPolicy, push};
use crate::input::policy;
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::syntax::{Node, Text};

/// Whether the object around a policy is an answer of Lambda, or a bundle.
fn is_answer(root: &Node) -> bool {
    root.get("RevisionId").is_some() || is_bundle(root)
}

impl Reader<'_, '_> {
    /// `Policy` and `Policies` name different things in different outputs.
    pub(super) fn policies(&mut self, root: &Node, value: &Node, scope: &Scope) -> bool {
        if value.is_null() {
            let is_ours = is_answer(root);
            if is_ours {
                self.function_policy(None, None, scope);
            }
            return is_ours;
        }
        let is_empty = value.is_array() && value.items().is_empty();
        let each = value.each().iter();
        each.map(|policy| self.policy(root, policy, scope))
            .fold(is_empty, |known, policy| known | policy)
    }

    fn policy(&mut self, root: &Node, value: &Node, scope: &Scope) -> bool {
        if let Some(text) = value.as_str() {
            return self.policy_text(root, value, text, scope);
        }
        if policy::is_document(value) {
            self.answered_policy(None, value, root, scope);
        } else if let (Some(summary), Some(content)) =
            (value.get("PolicySummary"), value.get("Content"))
        {
            self.organization_policy(summary, content);
        } else if is_listed(value) {
            self.organization_list(value);
        } else if value.get("PolicyVersionList").is_some() {
            self.managed_policy_detail(value, scope);
        } else if value.get("Arn").is_some() && value.get("PolicyName").is_some() {
            self.managed_policy(value, scope);
        } else if let Some(inner) = value.get("Policy") {
            return self.qualified_policy(value, inner, scope);
        } else {
            return false;
        }
        true
    }

    /// The text of a function policy, or the error that the CLI printed in its place.
    fn policy_text(&mut self, root: &Node, value: &Node, text: &str, scope: &Scope) -> bool {
        match meaning(text.trim()) {
            Some(Meaning::NoFunctionPolicy) => self.function_policy(None, None, scope),
            Some(Meaning::NoneOfIt) => {}
            Some(Meaning::Failed) => self.failed(value.span),
            None => return self.embedded_policy(value, None, root, scope),
        }
        true
    }

    /// A member of a bundle's `Policies`: `{"Qualifier": "live", "Policy": …}`.
    fn qualified_policy(&mut self, entry: &Node, policy: &Node, scope: &Scope) -> bool {
        let qualifier = entry.get("Qualifier").and_then(Node::as_text).cloned();
        if policy.is_null() {
            self.function_policy(qualifier, None, scope);
        } else if policy.is_object() {
            self.answered_policy(qualifier, policy, entry, scope);
        } else {
            return self.embedded_policy(policy, qualifier, entry, scope);
        }
        true
    }

    /// A policy that is written as a text in an answer.
    pub(super) fn embedded_policy(
        &mut self,
        text: &Node,
        qualifier: Option<Text>,
        around: &Node,
        scope: &Scope,
    ) -> bool {
        // Another program can have a policy, too, of which nothing is said here.
        let is_ours = policy::is_told(text) || qualifier.is_some() || is_answer(around);
        let document = is_ours.then(|| self.emitter.embedded(text)).flatten();
        let document = document.filter(policy::is_document);
        if let Some(document) = &document {
            self.answered_policy(qualifier, document, around, scope);
        }
        document.is_some()
    }

    /// The policy of a function, or of another resource: many commands print one in the same way.
    fn answered_policy(
        &mut self,
        qualifier: Option<Text>,
        document: &Node,
        around: &Node,
        scope: &Scope,
    ) {
        if qualifier.is_none() && policy::is_of_other_resource(document) {
            let document = self.emitter.regular(document, LoneType::Resource);
            self.resource_policy(&document, around, scope);
        } else {
            self.function_policy(qualifier, Some(document), scope);
        }
    }

    /// The function policy of a qualifier; no document where there is none.
    pub(super) fn function_policy(
        &mut self,
        qualifier: Option<Text>,
        document: Option<&Node>,
        scope: &Scope,
    ) {
        let document = document.map(|node| self.emitter.regular(node, LoneType::Function));
        let fact = FunctionPolicy {
            function: None,
            qualifier,
            document,
        };
        push(&mut self.emitter.facts.function_policies, fact, scope);
    }
}
