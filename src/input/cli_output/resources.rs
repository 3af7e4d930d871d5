//! Answers that describe resources, and their policies.

use super::Reader;
use crate::catalogue::{ResourceAnswer, ToldPolicy};
use crate::input::facts::{NamelessPolicy, ResourceFact, ResourcePolicyFact, push};
use crate::input::policy;
use crate::input::scope::Scope;
use crate::model::LoneType;
use crate::syntax::{Node, Text};

impl Reader<'_, '_> {
    /// Emits the resources that an answer describes; returns whether it describes any.
    pub(super) fn resources(&mut self, root: &Node, scope: &Scope) -> bool {
        let catalogue = self.catalogue;
        let mut is_known = false;
        for answer in &catalogue.resource_answers {
            for node in answer.resources(root) {
                let Some(arn) = answer.arn_of(node) else {
                    is_known |= self.policy_of_some(answer, node, scope);
                    continue;
                };
                is_known = true;
                let fact = ResourceFact {
                    key: answer.key_of(node, &arn),
                    is_by_iam: answer.authenticates_by_iam(node),
                    attributes: node.clone(),
                    arn: arn.clone(),
                };
                push(&mut self.emitter.facts.resources, fact, scope);
                match answer.policy_in(node) {
                    ToldPolicy::Document(written) => {
                        let document = self.emitter.policy_document(written, LoneType::Resource);
                        self.policy_of(arn, vec![document]);
                    }
                    ToldPolicy::Absent => self.policy_of(arn, Vec::new()),
                    ToldPolicy::Untold => {}
                }
            }
        }
        is_known
    }

    /// The policy of a resource whose ARN the answer does not have; returns whether it is a policy.
    fn policy_of_some(&mut self, answer: &ResourceAnswer, node: &Node, scope: &Scope) -> bool {
        let ToldPolicy::Document(written) = answer.policy_in(node) else {
            return false;
        };
        if !policy::is_told(written) {
            return false;
        }
        let document = self.emitter.policy_document(written, LoneType::Resource);
        if document.is_object() {
            self.resource_policy(&document, node, scope);
        }
        true
    }

    fn policy_of(&mut self, arn: Text, documents: Vec<Node>) {
        if documents.iter().all(Node::is_object) {
            let fact = ResourcePolicyFact {
                arn,
                logical_id: None,
                documents,
            };
            self.emitter.facts.resource_policies.push(fact);
        }
    }

    /// Notes whose policy a document in regular form is: its statements name the resource, or the
    /// answer around it does. One that names none belongs to the only resource of its kind.
    pub(super) fn resource_policy(&mut self, document: &Node, around: &Node, scope: &Scope) {
        let services = policy::services(document);
        let catalogue = self.catalogue;
        let is_of = |answer: &&ResourceAnswer| {
            let mut services = services.iter();
            services.any(|service| answer.has_policy_of(service))
        };
        let Some(answer) = catalogue.resource_answers.iter().find(is_of) else {
            return;
        };
        let entries = policy::resources(document);
        let named = entries.filter_map(|entry| answer.arn_named_by(entry.as_text()?));
        let mut arns: Vec<Text> = answer.arn_of(around).into_iter().chain(named).collect();
        arns.dedup();
        if arns.is_empty() {
            let fact = NamelessPolicy {
                services,
                told: answer.stated(around),
                document: document.clone(),
            };
            push(&mut self.emitter.facts.nameless_policies, fact, scope);
        }
        for arn in arns {
            self.policy_of(arn, vec![document.clone()]);
        }
    }
}
