//! The members of the inventory that are ours, each named once.
//!
//! AWS's members have the names of its APIs. `shape.rs` says which object has which member.

/// Of the inventory: every policy document that was read.
pub(crate) const DOCUMENTS: &str = "documents";
/// Of the inventory: the documents that were recognised, as they were written.
pub(crate) const INPUTS: &str = "inputs";
/// Of the inventory: listings of deployment packages.
pub(crate) const PACKAGES: &str = "Packages";
/// Of the inventory: permissions of functions, as they are declared.
pub(crate) const PERMISSIONS: &str = "Permissions";
/// Of the inventory: queues and topics with their attributes.
pub(crate) const RESOURCES: &str = "Resources";
/// Of the inventory: capacity providers, with the roles by which Lambda manages their instances.
pub(crate) const CAPACITY_PROVIDERS: &str = "CapacityProviders";
/// Of a capacity provider: that role, where it is known.
pub(crate) const OPERATOR_ROLE: &str = "operatorRole";
/// Of the inventory: what is sent to encrypted queues and topics from which functions get events.
pub(crate) const DELIVERIES: &str = "Deliveries";
/// Of a delivery: what the resource that sends is called.
pub(crate) const SENDER: &str = "sender";
/// Of a delivery: the service principal that sends.
pub(crate) const SERVICE: &str = "service";
/// Of a policy document by itself: what kind of policy it is.
pub(crate) const TYPE: &str = "type";

/// Of a function or role: what was referred to and not provided.
pub(crate) const ABSENT: &str = "absent";
/// Of an absent document: the member that would hold it.
pub(super) const MEMBER: &str = "member";
/// Of an absent document: what it is, for people.
pub(super) const WHAT: &str = "what";
/// Of an absent document: the command that fetches it.
pub(super) const FETCH: &str = "fetch";
/// Of an absent document: whether nothing can fetch it before the deployment.
pub(super) const OPEN: &str = "open";

/// Of a function or role: its logical id, where a template declares it.
pub(crate) const LOGICAL_ID: &str = "logicalId";
/// Of a function: where the code of a CDK app makes it.
pub(crate) const CONSTRUCT_PATH: &str = "constructPath";
/// Of a part of a configuration: why it cannot be known before the deployment whether it has an effect.
pub(crate) const UNKNOWN_BECAUSE: &str = "unknownBecause";

/// Of the inventory or a function: the names of properties that are ignored.
pub(crate) const IGNORED: &str = "ignored";

/// Of the inventory: references in templates that give something else than their property takes.
pub(crate) const REFERENCES: &str = "references";
/// Of such a reference: the call or text.
pub(super) const EXPRESSION: &str = "expression";
/// Of such a reference: the logical id of the resource.
pub(super) const RESOURCE: &str = "resource";
/// Of such a reference: the attribute.
pub(super) const ATTRIBUTE: &str = "attribute";
/// Of such a reference: what it returns.
pub(super) const RETURNS: &str = "returns";
/// Of such a reference: the property.
pub(super) const PROPERTY: &str = "property";
/// Of such a reference: what the property takes.
pub(super) const TAKES: &str = "takes";
/// Of such a reference: the resource type of which the property takes that.
pub(super) const WANTS: &str = "wants";
/// Of such a reference: what to write: `Ref`, an attribute after a dot, or a text of `Fn::Sub`.
pub(super) const WRITE: &str = "write";
/// Of such a reference: what happens.
pub(super) const EFFECT: &str = "effect";
/// Of such a reference: whether it is no error.
pub(super) const IS_MILD: &str = "isMild";
/// Of such a reference: AWS's page about the property.
pub(super) const SOURCE_URL: &str = "source";

/// Of a role: whether it was made up of policies that name no role.
pub(crate) const ASSUMED: &str = "assumed";
/// Of a role: the serverless function for which SAM makes it.
pub(crate) const SAM_FUNCTION: &str = "samFunction";
/// Of a role: the property that would name another role in its place.
pub(crate) const NAMED_BY: &str = "namedBy";

/// Of a target: the key that encrypts it.
pub(crate) const ENCRYPTION: &str = "encryption";
/// Of an encryption: the ARN of the key.
pub(crate) const KEY: &str = "key";
/// Of an encryption: the policy of the key.
pub(crate) const KEY_POLICY: &str = "keyPolicy";
/// Of an encryption: the bucket that it encrypts, if it is one.
pub(super) const BUCKET: &str = "bucket";
/// Of a mounted access point: its file system.
pub(crate) const FILE_SYSTEM: &str = "fileSystem";
/// Of a file system: its ARN.
pub(crate) const ARN: &str = "arn";
/// Of a file system: its policy.
pub(crate) const POLICY: &str = "policy";

/// Of a configuration: what is known of the function's log group.
pub(crate) const LOG_GROUP: &str = "logGroup";
/// Of a log group: that it is there.
pub(crate) const EXISTS: &str = "exists";
/// Of a log group: that there is none, so that it must be created.
pub(crate) const MISSING: &str = "missing";

/// Of a mapping: the id of the poll source.
pub(crate) const EVENT_SOURCE: &str = "eventSource";
/// Of a mapping: what is known of the source that it reads. Of a trigger: what configures its source.
pub(crate) const SOURCE: &str = "source";
/// Of a mapping: the ARN of the cluster, where that authenticates clients by IAM.
pub(crate) const IAM_CLUSTER: &str = "iamCluster";

/// Of a trigger: the id of the push source.
pub(crate) const KIND: &str = "kind";
/// Of a trigger: what it invokes.
pub(crate) const FUNCTION_ARN: &str = "functionArn";
/// Of a trigger: the ARN that the source presents.
pub(crate) const SOURCE_ARN: &str = "sourceArn";
/// Of a trigger: the account that the source presents.
pub(crate) const SOURCE_ACCOUNT: &str = "sourceAccount";
/// Of a trigger: the ARN of the role with which the source invokes the function.
pub(crate) const ROLE: &str = "role";
/// Of a trigger: that role.
pub(crate) const CALLER_ROLE: &str = "callerRole";
/// Of a trigger: the ARN of the role that assumes that role, where it is not the service itself.
pub(crate) const ASSUMING_ROLE: &str = "assumingRole";
/// Of a trigger: that role.
pub(crate) const ASSUMER: &str = "assumer";
/// Of a trigger: the ARN of a role that the source may use, which is not documented.
pub(crate) const POSSIBLE_ROLE: &str = "possibleRole";
/// Of a trigger: that role.
pub(crate) const POSSIBLE_CALLER: &str = "possibleCaller";
/// Of a trigger: why its source calls nothing for now.
pub(crate) const IDLE: &str = "idle";
/// Of a trigger: the condition on which the template makes it.
pub(crate) const CONDITION: &str = "condition";
/// Of a trigger: what was written of it.
pub(crate) const WRITTEN_AS: &str = "configuration";
/// Of a trigger: what was written elsewhere of what belongs to it.
pub(crate) const RELATED: &str = "related";
