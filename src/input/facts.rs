//! What single documents tell, before it is joined.

use super::scope::Scope;
use crate::model::{FunctionName, LoneType};
use crate::source::Span;
use crate::syntax::{Names, Node, Text};

/// Something that a document tells, and where the document stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scoped<T> {
    pub(super) scope: Scope,
    pub(super) fact: T,
}

/// All that the documents tell.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Facts {
    /// `GetFunctionConfiguration`.
    pub(super) configurations: Vec<Scoped<Node>>,
    /// Documents of function policies.
    pub(super) function_policies: Vec<Scoped<FunctionPolicy>>,
    /// `GetRole`, or a `RoleDetail`.
    pub(super) roles: Vec<Scoped<Node>>,
    /// `GetRolePolicy`.
    pub(super) role_policies: Vec<Scoped<Node>>,
    /// `ListRolePolicies`: the whole answer.
    pub(super) role_policy_names: Vec<Scoped<Node>>,
    /// `ListAttachedRolePolicies`: the whole answer.
    pub(super) attached_policies: Vec<Scoped<Node>>,
    /// `GetPolicy` of IAM: the policy's ARN.
    pub(super) managed_policies: Vec<Scoped<Node>>,
    /// Documents of managed policies, with their ARN where it is known.
    pub(super) managed_documents: Vec<Scoped<ManagedDocument>>,
    /// `GetEventSourceMapping`.
    pub(super) mappings: Vec<Scoped<Node>>,
    /// `GetFunctionEventInvokeConfig`.
    pub(super) invoke_configs: Vec<Scoped<Node>>,
    /// Members of `ListAliases`.
    pub(super) aliases: Vec<Scoped<Node>>,
    /// Triggers.
    pub(super) triggers: Vec<Scoped<TriggerFact>>,
    /// More names for triggers of a kind.
    pub(super) companions: Vec<Scoped<CompanionFact>>,
    /// Attributes of queues and topics.
    pub(super) resources: Vec<Scoped<Node>>,
    /// Every policy document that was read, in regular form.
    pub(super) documents: Vec<LoneDocument>,
    /// The roots of what is known, as they were written.
    pub(super) inputs: Vec<Node>,
    /// Listings of deployment packages.
    pub(super) packages: Vec<Node>,
    /// Policy documents by themselves.
    pub(super) lone_policies: Vec<Scoped<LoneDocument>>,
}

impl Facts {
    /// Adds what other documents tell.
    pub(super) fn append(&mut self, other: Facts) {
        let Facts {
            configurations,
            function_policies,
            roles,
            role_policies,
            role_policy_names,
            attached_policies,
            managed_policies,
            managed_documents,
            mappings,
            invoke_configs,
            aliases,
            triggers,
            companions,
            resources,
            documents,
            inputs,
            packages,
            lone_policies,
        } = other;
        self.configurations.extend(configurations);
        self.function_policies.extend(function_policies);
        self.roles.extend(roles);
        self.role_policies.extend(role_policies);
        self.role_policy_names.extend(role_policy_names);
        self.attached_policies.extend(attached_policies);
        self.managed_policies.extend(managed_policies);
        self.managed_documents.extend(managed_documents);
        self.mappings.extend(mappings);
        self.invoke_configs.extend(invoke_configs);
        self.aliases.extend(aliases);
        self.triggers.extend(triggers);
        self.companions.extend(companions);
        self.resources.extend(resources);
        self.documents.extend(documents);
        self.inputs.extend(inputs);
        self.packages.extend(packages);
        self.lone_policies.extend(lone_policies);
    }
}

/// A function policy; no document where there is none.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FunctionPolicy {
    /// The function, where it need not be told from the statements.
    pub(super) function: Option<FunctionName>,
    pub(super) qualifier: Option<Text>,
    pub(super) document: Option<Node>,
}

/// The document of a managed policy.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ManagedDocument {
    pub(super) arn: Option<Text>,
    pub(super) document: Node,
}

/// A trigger as an answer spells it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TriggerFact {
    pub(super) kind: String,
    pub(super) names: Names,
    pub(super) node: Node,
    /// Where the whole answer was written.
    pub(super) answer: Span,
    /// Whether it is in our own words.
    pub(super) own: bool,
    /// The resource of a template that makes it.
    pub(super) resource: Option<Node>,
}

/// Names that belong to triggers of a kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CompanionFact {
    pub(super) kind: String,
    /// The command or type that tells it: those of one are alternatives.
    pub(super) told_by: String,
    pub(super) names: Names,
}

/// A policy document by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LoneDocument {
    pub(super) of_type: LoneType,
    pub(super) document: Node,
}
