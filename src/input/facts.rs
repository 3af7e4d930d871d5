//! Typed facts: what single documents say, before it is joined.
//!
//! Outputs of the AWS CLI and templates give the same facts. Values into which the selectors of
//! rules point stay nodes with their places.

use super::policy;
use super::scope::Scope;
use crate::iam::PolicyType;
use crate::model::{FunctionName, LoneType};
use crate::source::Span;
use crate::syntax::{Names, Node, Text};

/// A fact, and where its document stands among the others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scoped<T> {
    pub(super) scope: Scope,
    pub(super) fact: T,
}

/// Adds a fact to those of its kind.
pub(super) fn push<T>(list: &mut Vec<Scoped<T>>, fact: T, scope: &Scope) {
    list.push(Scoped {
        scope: scope.clone(),
        fact,
    });
}

/// All that the documents say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(super) functions: Vec<Scoped<FunctionFact>>,
    pub(super) function_policies: Vec<Scoped<FunctionPolicy>>,
    pub(super) mappings: Vec<Scoped<FunctionPart>>,
    pub(super) invoke_configs: Vec<Scoped<FunctionPart>>,
    pub(super) aliases: Vec<Scoped<FunctionPart>>,
    pub(super) roles: Vec<Scoped<RoleFact>>,
    /// Inline policies that were provided one by one.
    pub(super) role_policies: Vec<Scoped<RolePolicy>>,
    /// Lists of the names of a role's inline policies.
    pub(super) inline_policy_lists: Vec<Scoped<PolicyList<String>>>,
    /// Lists of the policies attached to a role.
    pub(super) attached_policy_lists: Vec<Scoped<PolicyList<AttachedPolicy>>>,
    /// ARNs of managed policies whose documents stand beside them.
    pub(super) managed_policies: Vec<Scoped<Text>>,
    pub(super) managed_documents: Vec<Scoped<ManagedDocument>>,
    pub(super) triggers: Vec<Scoped<TriggerFact>>,
    pub(super) companions: Vec<Scoped<CompanionFact>>,
    /// Capacity providers, in the shape of `GetCapacityProvider`.
    pub(super) capacity_providers: Vec<Scoped<Node>>,
    /// What is sent to queues and topics.
    pub(super) deliveries: Vec<Scoped<DeliveryFact>>,
    /// Resources, as their services print them.
    pub(super) resources: Vec<Scoped<ResourceFact>>,
    /// Answers that list log groups.
    pub(super) log_groups: Vec<Scoped<LogGroupList>>,
    /// The policies of resources of which all are known.
    pub(super) resource_policies: Vec<ResourcePolicyFact>,
    /// Policies of resources that neither they nor what is around them names.
    pub(super) nameless_policies: Vec<Scoped<NamelessPolicy>>,
    /// Every policy document that was read, in regular form.
    pub(super) documents: Vec<LoneDocument>,
    /// The roots of the documents that were recognised, as they were written.
    pub(super) inputs: Vec<Node>,
    /// Listings of deployment packages.
    pub(super) packages: Vec<Node>,
    /// Permissions of functions, in the form of the inventory.
    pub(super) permissions: Vec<Node>,
    /// Policy documents by themselves.
    pub(super) lone_policies: Vec<Scoped<LoneDocument>>,
    /// The names of properties that are ignored and belong to no function, at their places.
    pub(super) ignored: Vec<Node>,
    /// References in templates that give something else than their property takes.
    pub(super) references: Vec<Node>,
    /// Policies of the organization.
    pub(super) organization: Vec<OrganizationPolicyFact>,
}

impl Facts {
    /// Adds the documents of customer managed policies, by ARN.
    pub(super) fn add_managed_policies(&mut self, given: &[(Text, Node)]) {
        for (arn, document) in given {
            let fact = ManagedDocument {
                arn: Some(arn.clone()),
                document: policy::regular(document),
                is_alone: false,
            };
            push(&mut self.managed_documents, fact, &Scope::default());
        }
    }

    /// Adds the facts of other documents.
    pub(super) fn append(&mut self, other: Facts) {
        let Facts {
            functions,
            function_policies,
            mappings,
            invoke_configs,
            aliases,
            roles,
            role_policies,
            inline_policy_lists,
            attached_policy_lists,
            managed_policies,
            managed_documents,
            triggers,
            companions,
            capacity_providers,
            deliveries,
            resources,
            log_groups,
            resource_policies,
            nameless_policies,
            documents,
            inputs,
            packages,
            permissions,
            lone_policies,
            ignored,
            references,
            organization,
        } = other;
        self.functions.extend(functions);
        self.function_policies.extend(function_policies);
        self.mappings.extend(mappings);
        self.invoke_configs.extend(invoke_configs);
        self.aliases.extend(aliases);
        self.roles.extend(roles);
        self.role_policies.extend(role_policies);
        self.inline_policy_lists.extend(inline_policy_lists);
        self.attached_policy_lists.extend(attached_policy_lists);
        self.managed_policies.extend(managed_policies);
        self.managed_documents.extend(managed_documents);
        self.triggers.extend(triggers);
        self.companions.extend(companions);
        self.capacity_providers.extend(capacity_providers);
        self.deliveries.extend(deliveries);
        self.resources.extend(resources);
        self.log_groups.extend(log_groups);
        self.resource_policies.extend(resource_policies);
        self.nameless_policies.extend(nameless_policies);
        self.documents.extend(documents);
        self.inputs.extend(inputs);
        self.packages.extend(packages);
        self.permissions.extend(permissions);
        self.lone_policies.extend(lone_policies);
        self.ignored.extend(ignored);
        self.references.extend(references);
        self.organization.extend(organization);
    }
}

/// Log groups that CloudWatch Logs lists.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LogGroupList {
    pub(super) groups: Vec<LogGroup>,
    /// Whether there are more pages.
    pub(super) is_truncated: bool,
    pub(super) span: Span,
}

/// A log group.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LogGroup {
    pub(super) name: Text,
    pub(super) arn: Option<Text>,
}

/// A policy of the organization, of which it is not said where it is attached.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrganizationPolicyFact {
    pub(super) of_type: PolicyType,
    pub(super) name: String,
    pub(super) document: Node,
}

/// A resource of which all policies are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ResourcePolicyFact {
    pub(super) arn: Text,
    /// The logical id, where a template declares the resource.
    pub(super) logical_id: Option<String>,
    /// The policies in regular form; none where there is only the one that AWS gives it.
    pub(super) documents: Vec<Node>,
}

/// A resource, as its service prints it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ResourceFact {
    pub(super) arn: Text,
    pub(super) attributes: Node,
    /// The ARN of the customer managed key that encrypts it.
    pub(super) key: Option<Text>,
    /// Whether it is a cluster that authenticates its clients by IAM.
    pub(super) is_by_iam: bool,
}

/// The policy of some resource of a kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NamelessPolicy {
    /// The services of its actions.
    pub(super) services: Vec<String>,
    /// What is said of the resource around the policy, such as its id.
    pub(super) told: Option<Text>,
    pub(super) document: Node,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FunctionFact {
    pub(super) name: FunctionName,
    /// The shape of `GetFunctionConfiguration`.
    pub(super) configuration: Node,
    pub(super) code: Option<Node>,
    pub(super) tags: Option<Node>,
    /// The logical id, where a template declares the function.
    pub(super) logical_id: Option<String>,
    /// Where the code of a CDK app makes the function.
    pub(super) construct_path: Option<String>,
    /// Why its function policy cannot be known before the deployment.
    pub(super) unknown_policy: Option<String>,
    /// The names of its properties that are ignored, at their places.
    pub(super) ignored: Vec<Node>,
}

/// Something that belongs to a function: an event source mapping, an invoke configuration or an
/// alias, in the shape of Lambda's API.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FunctionPart {
    /// The function, where the part names it.
    pub(super) function: Option<FunctionName>,
    /// What distinguishes it from others of its kind.
    pub(super) id: Option<Text>,
    pub(super) configuration: Node,
}

/// A function policy; no document where there is none.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FunctionPolicy {
    /// The function, where it is known without asking the statements.
    pub(super) function: Option<FunctionName>,
    pub(super) qualifier: Option<Text>,
    pub(super) document: Option<Node>,
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RoleFact {
    pub(super) name: Option<Text>,
    pub(super) arn: Option<Text>,
    /// The logical id, where a template declares the role.
    pub(super) logical_id: Option<String>,
    pub(super) trust: Option<Node>,
    /// The inline policies, where all of them are listed.
    pub(super) inline: Option<Vec<InlinePolicy>>,
    /// The attached policies, where all of them are listed.
    pub(super) attached: Option<Vec<AttachedPolicy>>,
    pub(super) boundary: Option<Boundary>,
    /// What may give the role policies that cannot be known before the deployment.
    pub(super) unknown_policies: Option<String>,
    pub(super) origin: RoleOrigin,
    /// The role as IAM prints it.
    pub(super) details: Node,
}

/// What makes a role that no user wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RoleOrigin {
    /// The serverless function for which SAM makes the role, by its logical id.
    pub(super) function: Option<String>,
    /// The property that would name another role in its place.
    pub(super) named_by: Option<String>,
}

impl RoleFact {
    /// The fact with what another document adds to it.
    pub(super) fn completed_by(self, other: &RoleFact) -> Self {
        let other = other.clone();
        RoleFact {
            name: self.name.or(other.name),
            arn: self.arn.or(other.arn),
            logical_id: self.logical_id.or(other.logical_id),
            trust: self.trust.or(other.trust),
            inline: self.inline.or(other.inline),
            attached: self.attached.or(other.attached),
            boundary: self.boundary.or(other.boundary),
            unknown_policies: self.unknown_policies.or(other.unknown_policies),
            origin: RoleOrigin {
                function: self.origin.function.or(other.origin.function),
                named_by: self.origin.named_by.or(other.origin.named_by),
            },
            details: self.details.completed_by(&other.details),
        }
    }
}

/// A policy in a role.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct InlinePolicy {
    pub(super) name: Option<Text>,
    /// The document; what is not an object cannot be read.
    pub(super) document: Option<Node>,
    pub(super) span: Span,
}

/// A policy of a role that was provided by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RolePolicy {
    pub(super) role: String,
    pub(super) policy: InlinePolicy,
}

/// A managed policy that is attached to a role.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AttachedPolicy {
    pub(super) name: Option<Text>,
    pub(super) arn: Option<Node>,
    pub(super) document: Option<Node>,
    pub(super) span: Span,
}

/// The permissions boundary of a role.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Boundary {
    pub(super) arn: Option<Node>,
    pub(super) document: Option<Node>,
    pub(super) span: Span,
}

/// A page of a list of a role's policies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PolicyList<T> {
    /// The role, where the list names it.
    pub(super) role: Option<String>,
    pub(super) entries: Vec<T>,
    /// Whether there are more pages.
    pub(super) is_truncated: bool,
    pub(super) span: Span,
}

/// The document of a managed policy.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ManagedDocument {
    pub(super) arn: Option<Text>,
    pub(super) document: Node,
    /// Whether it was printed by itself.
    pub(super) is_alone: bool,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TriggerFact {
    /// The id of the push source.
    pub(super) kind: String,
    pub(super) names: Names,
    /// What was written of it.
    pub(super) configuration: Node,
    /// What configures its source, where that needs more of its role.
    pub(super) source: Option<Node>,
    /// The document or deployment that says so.
    pub(super) origin: Span,
    /// Whether it is written in the form of the inventory.
    pub(super) is_own_form: bool,
    /// The resource of a template that makes it.
    pub(super) declared: Option<DeclaredTrigger>,
}

/// What a template says of the resource that makes a trigger.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DeclaredTrigger {
    pub(super) condition: Option<String>,
}

/// Names that belong to triggers of a kind.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CompanionFact {
    pub(super) kind: String,
    /// The command or type that gives it: those of one are alternatives.
    pub(super) given_by: String,
    pub(super) names: Names,
    /// What was written of it.
    pub(super) configuration: Node,
}

/// A resource that sends to a queue or topic with the principal of its service.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DeliveryFact {
    /// What it is called, as in "S3 bucket".
    pub(super) sender: String,
    pub(super) service: String,
    /// The ARN of what sends.
    pub(super) from: Option<Text>,
    /// The ARN of the queue or topic.
    pub(super) to: Text,
    /// The key that encrypts the queue or topic, with its policy.
    pub(super) encryption: Option<Node>,
    /// Where the queue or topic is named.
    pub(super) span: Span,
}

/// A policy document by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LoneDocument {
    pub(super) of_type: LoneType,
    pub(super) document: Node,
}
