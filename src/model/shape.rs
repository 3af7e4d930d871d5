//! Which members the inventory can have: every selector of a pack is checked against this, so
//! that none selects nothing for ever.

use super::members as ours;
use crate::syntax::{Kind, Member, Node, Selector, Step};

/// What can be found at a place of the inventory.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text, number or truth value.
    Value,
    /// Anything: not declared further.
    Anything,
    /// A list.
    List(&'static Shape),
    /// An object with arbitrary names.
    Map(&'static Shape),
    /// An object with these members.
    Object(&'static [(&'static str, Shape)]),
}

use Shape::{Anything, List, Map, Object, Value};

const TEXTS: Shape = List(&Value);

const STATEMENT: Shape = Object(&[
    ("Sid", Value),
    ("Effect", Value),
    ("Principal", Map(&TEXTS)),
    ("NotPrincipal", Map(&TEXTS)),
    ("Action", TEXTS),
    ("NotAction", TEXTS),
    ("Resource", TEXTS),
    ("NotResource", TEXTS),
    ("Condition", Map(&Map(&TEXTS))),
]);

const DOCUMENT: Shape = Object(&[
    ("Version", Value),
    ("Id", Value),
    ("Statement", List(&STATEMENT)),
]);

const ABSENT: Shape = List(&Object(&[
    (ours::MEMBER, Value),
    (ours::WHAT, Value),
    (ours::FETCH, Value),
    (ours::OPEN, Value),
]));

/// A role of `GetAccountAuthorizationDetails`.
pub(crate) const ROLE: Shape = Object(&[
    ("RoleName", Value),
    ("Arn", Value),
    ("Path", Value),
    ("RoleId", Value),
    ("AssumeRolePolicyDocument", DOCUMENT),
    (
        "RolePolicyList",
        List(&Object(&[
            ("PolicyName", Value),
            ("PolicyDocument", DOCUMENT),
        ])),
    ),
    (
        "AttachedManagedPolicies",
        List(&Object(&[
            ("PolicyName", Value),
            ("PolicyArn", Value),
            ("PolicyDocument", DOCUMENT),
        ])),
    ),
    (
        "PermissionsBoundary",
        Object(&[
            ("PermissionsBoundaryType", Value),
            ("PermissionsBoundaryArn", Value),
            ("PolicyDocument", DOCUMENT),
        ]),
    ),
    ("Tags", List(&Object(&[("Key", Value), ("Value", Value)]))),
    (ours::LOGICAL_ID, Value),
    (ours::SAM_FUNCTION, Value),
    (ours::NAMED_BY, Value),
    (ours::ABSENT, ABSENT),
    (ours::ASSUMED, Value),
]);

const ENCRYPTION: Shape = Object(&[
    (ours::KEY, Value),
    (ours::KEY_POLICY, DOCUMENT),
    (ours::BUCKET, Value),
]);

/// `GetFunctionConfiguration`.
pub(crate) const CONFIGURATION: Shape = Object(&[
    ("FunctionName", Value),
    ("FunctionArn", Value),
    ("Role", Value),
    ("Runtime", Value),
    ("Handler", Value),
    ("PackageType", Value),
    ("Version", Value),
    ("MasterArn", Value),
    ("KMSKeyArn", Value),
    ("State", Value),
    ("StateReasonCode", Value),
    ("LastUpdateStatus", Value),
    ("LastUpdateStatusReasonCode", Value),
    (
        "VpcConfig",
        Object(&[
            ("SubnetIds", TEXTS),
            ("SecurityGroupIds", TEXTS),
            ("VpcId", Value),
            ("Ipv6AllowedForDualStack", Value),
            (ours::UNKNOWN_BECAUSE, Value),
        ]),
    ),
    (
        "DeadLetterConfig",
        Object(&[("TargetArn", Value), (ours::ENCRYPTION, ENCRYPTION)]),
    ),
    (
        "TracingConfig",
        Object(&[("Mode", Value), (ours::UNKNOWN_BECAUSE, Value)]),
    ),
    (
        "LoggingConfig",
        Object(&[
            ("LogFormat", Value),
            ("LogGroup", Value),
            ("ApplicationLogLevel", Value),
            ("SystemLogLevel", Value),
        ]),
    ),
    (
        ours::LOG_GROUP,
        Object(&[(ours::EXISTS, Value), (ours::MISSING, Value)]),
    ),
    ("Environment", Object(&[("Variables", Map(&Value))])),
    (
        "FileSystemConfigs",
        List(&Object(&[
            ("Arn", Value),
            ("LocalMountPath", Value),
            (
                ours::FILE_SYSTEM,
                Object(&[(ours::ARN, Value), (ours::POLICY, DOCUMENT)]),
            ),
        ])),
    ),
    ("Layers", List(&Object(&[("Arn", Value)]))),
    ("Architectures", TEXTS),
    (
        "SnapStart",
        Object(&[("ApplyOn", Value), ("OptimizationStatus", Value)]),
    ),
    ("DurableConfig", Anything),
    ("CapacityProviderConfig", Anything),
    ("TenancyConfig", Anything),
]);

const DESTINATION: Shape = Object(&[("Destination", Value), (ours::ENCRYPTION, ENCRYPTION)]);

const DESTINATIONS: Shape = Object(&[("OnSuccess", DESTINATION), ("OnFailure", DESTINATION)]);

/// `GetEventSourceMapping`.
pub(crate) const MAPPING: Shape = Object(&[
    ("UUID", Value),
    ("EventSourceArn", Value),
    ("FunctionArn", Value),
    ("State", Value),
    ("Topics", TEXTS),
    ("Queues", TEXTS),
    ("KMSKeyArn", Value),
    ("DestinationConfig", DESTINATIONS),
    ("SelfManagedEventSource", Anything),
    (
        "SourceAccessConfigurations",
        List(&Object(&[
            ("Type", Value),
            ("URI", Value),
            (ours::ENCRYPTION, ENCRYPTION),
        ])),
    ),
    ("ProvisionedPollerConfig", Anything),
    ("AmazonManagedKafkaEventSourceConfig", Anything),
    ("SelfManagedKafkaEventSourceConfig", Anything),
    ("DocumentDBEventSourceConfig", Anything),
    (ours::EVENT_SOURCE, Value),
    (ours::SOURCE, Anything),
    (ours::ENCRYPTION, ENCRYPTION),
    (ours::IAM_CLUSTER, Value),
]);

const TRIGGER: Shape = Object(&[
    (ours::KIND, Value),
    (ours::FUNCTION_ARN, Value),
    (ours::SOURCE_ARN, Value),
    (ours::SOURCE_ACCOUNT, Value),
    (ours::ROLE, Value),
    (ours::CALLER_ROLE, ROLE),
    (ours::SOURCE, Anything),
    (ours::ASSUMING_ROLE, Value),
    (ours::ASSUMER, ROLE),
    (ours::POSSIBLE_ROLE, Value),
    (ours::POSSIBLE_CALLER, ROLE),
    (ours::CONDITION, Value),
    (ours::IDLE, Value),
    (ours::WRITTEN_AS, Anything),
    (ours::RELATED, List(&Anything)),
]);

/// `GetFunctionEventInvokeConfig`.
pub(crate) const INVOKE_CONFIG: Shape =
    Object(&[("FunctionArn", Value), ("DestinationConfig", DESTINATIONS)]);

/// A member of `ListAliases`.
pub(crate) const ALIAS: Shape = Object(&[
    ("AliasArn", Value),
    ("Name", Value),
    ("FunctionVersion", Value),
]);

/// A listing of a deployment package.
pub(crate) const PACKAGE: Shape = Object(&[("Package", Value), ("Entries", TEXTS)]);

/// A capacity provider, in the shape of `GetCapacityProvider`.
pub(crate) const CAPACITY_PROVIDER: Shape = Object(&[
    ("CapacityProviderArn", Value),
    (
        "PermissionsConfig",
        Object(&[("CapacityProviderOperatorRoleArn", Value)]),
    ),
    (ours::OPERATOR_ROLE, ROLE),
]);

/// The request of `AddPermission`.
pub(crate) const PERMISSION: Shape = Object(&[
    ("FunctionName", Anything),
    ("Action", Anything),
    ("Principal", Anything),
    ("SourceArn", Anything),
    ("SourceAccount", Anything),
    ("EventSourceToken", Anything),
    ("PrincipalOrgID", Anything),
    ("FunctionUrlAuthType", Anything),
    ("InvokedViaFunctionUrl", Anything),
    (ours::LOGICAL_ID, Value),
]);

const FUNCTION: Shape = Object(&[
    ("Configuration", CONFIGURATION),
    ("Code", Anything),
    ("Tags", Map(&Value)),
    ("Role", ROLE),
    (
        "Policies",
        List(&Object(&[
            ("Qualifier", Value),
            ("PolicyDocument", DOCUMENT),
        ])),
    ),
    ("EventSourceMappings", List(&MAPPING)),
    ("FunctionEventInvokeConfigs", List(&INVOKE_CONFIG)),
    ("Aliases", List(&ALIAS)),
    ("Triggers", List(&TRIGGER)),
    (ours::LOGICAL_ID, Value),
    (ours::CONSTRUCT_PATH, Value),
    (ours::IGNORED, TEXTS),
    (ours::ABSENT, ABSENT),
]);

const INVENTORY: Shape = Object(&[
    ("Functions", List(&FUNCTION)),
    ("Roles", List(&ROLE)),
    (
        "Policies",
        List(&Object(&[
            (ours::TYPE, Value),
            ("PolicyDocument", DOCUMENT),
        ])),
    ),
    (ours::CAPACITY_PROVIDERS, List(&CAPACITY_PROVIDER)),
    (
        ours::DELIVERIES,
        List(&Object(&[
            ("Arn", Value),
            (ours::SENDER, Value),
            (ours::SERVICE, Value),
            (ours::KEY, Value),
            (ours::ENCRYPTION, ENCRYPTION),
        ])),
    ),
    (
        ours::RESOURCES,
        List(&Object(&[("Arn", Value), ("Attributes", Map(&Value))])),
    ),
    (
        ours::DOCUMENTS,
        List(&Object(&[
            (ours::TYPE, Value),
            ("PolicyDocument", DOCUMENT),
        ])),
    ),
    (ours::PACKAGES, List(&PACKAGE)),
    (ours::PERMISSIONS, List(&PERMISSION)),
    (ours::INPUTS, List(&Anything)),
    (ours::IGNORED, TEXTS),
    (ours::REFERENCES, List(&REFERENCE)),
]);

/// A reference that gives something else than its property takes.
const REFERENCE: Shape = Object(&[
    (ours::EXPRESSION, Anything),
    (ours::RESOURCE, Value),
    (ours::TYPE, Value),
    (ours::ATTRIBUTE, Value),
    (ours::RETURNS, Value),
    (ours::PROPERTY, Value),
    (ours::TAKES, Value),
    (ours::WANTS, Value),
    (ours::WRITE, Value),
    (ours::EFFECT, Value),
    (ours::IS_MILD, Value),
    (ours::SOURCE_URL, Value),
]);

/// Whether a path leads through functions, so that what it selects belongs to one.
#[must_use]
pub fn selects_in_functions(selector: &Selector) -> bool {
    matches!(
        selector.steps(),
        [Step::Member(list), Step::Each | Step::Where(_), ..] if list == "Functions"
    )
}

/// The shape of the whole inventory.
#[must_use]
pub fn inventory_shape() -> Shape {
    INVENTORY
}

/// The node without the members that a shape does not name: documents can have others, of which
/// nothing is asked.
pub(crate) fn project(node: &Node, shape: Shape) -> Node {
    match (&node.kind, shape) {
        (Kind::Object(members), Object(_) | Map(_)) => {
            let named = members.iter().filter_map(|written| {
                let shape = member(shape, &written.key.text).ok()?;
                Some(Member {
                    key: written.key.clone(),
                    value: project(&written.value, shape),
                })
            });
            let named: Vec<Member> = named.collect();
            Node::new(Kind::Object(named.into()), node.span)
        }
        (Kind::Array(items), List(shape)) => {
            let items = items.iter().map(|item| project(item, *shape));
            Node::array(items.collect(), node.span)
        }
        _ => node.clone(),
    }
}

/// The first member of a node that its shape does not name, with the path to it. Policy documents
/// stay as the user wrote them: what is wrong in them is for rules to find.
#[must_use]
pub fn unlisted(node: &Node, shape: Shape) -> Option<String> {
    let is_policy =
        |members: &[(&str, Shape)]| members.iter().any(|(name, _)| *name == "Statement");
    match shape {
        Anything => return None,
        Object(members) if is_policy(members) => return None,
        _ => {}
    }
    let below = |name: &str, node: &Node, shape| Some(format!("{name}.{}", unlisted(node, shape)?));
    let mut members = node.members().iter();
    let in_members = members.find_map(|written| {
        let name = &*written.key.text;
        match member(shape, name) {
            Ok(shape) => below(name, &written.value, shape),
            Err(_) => Some(name.to_owned()),
        }
    });
    let mut items = node.items().iter();
    in_members.or_else(|| items.find_map(|item| below("*", item, element(shape))))
}

/// Follows a selector through a shape.
///
/// # Errors
///
/// When it looks at a member that is not there; the text names those that are.
pub fn check(selector: &Selector, from: Shape) -> Result<Shape, String> {
    follow(selector.steps(), from)
}

fn follow(steps: &[Step], from: Shape) -> Result<Shape, String> {
    steps.iter().try_fold(from, |shape, step| match step {
        Step::Member(name) => member(shape, name),
        Step::Index(_) | Step::Each => Ok(element(shape)),
        Step::Where(filter) => {
            let element = element(shape);
            for tested in filter.tested() {
                follow(tested, element)?;
            }
            Ok(element)
        }
    })
}

fn element(shape: Shape) -> Shape {
    match shape {
        List(element) | Map(element) => *element,
        _ => Anything,
    }
}

fn member(shape: Shape, name: &str) -> Result<Shape, String> {
    match shape {
        Anything => Ok(Anything),
        Map(value) => Ok(*value),
        Object(members) => members
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, shape)| *shape)
            .ok_or_else(|| {
                let known: Vec<&str> = members.iter().map(|(known, _)| *known).collect();
                format!(
                    "unknown member `{name}`; expected one of: {}",
                    known.join(", ")
                )
            }),
        Value | List(_) => Err(format!(
            "unknown member `{name}`: the value at this place is not an object"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_path(path: &str) -> Result<Shape, String> {
        check(&Selector::parse(path).unwrap(), inventory_shape())
    }

    #[test]
    fn a_selector_that_never_hits_is_refused() {
        assert!(check_path("$.Functions[*].Configuration.VpcConfig.SubnetIds[0]").is_ok());
        assert!(check_path("$.Functions[?@.Configuration.KMSKeyArn].Role").is_ok());
        assert!(check_path("$.Functions[*].VpcConfig").is_err());
        assert!(check_path("$.Functions.Configuration").is_err());
        assert!(check_path("$.Functions[?@.Configuration.KmsKeyArn]").is_err());
        assert!(check_path("$.Functions[*].Configuration.DurableConfig.Whatever").is_ok());
    }
}
