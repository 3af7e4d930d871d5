//! Which members the inventory can have: every selector of a pack is checked against this, so
//! that none selects nothing for ever.

use crate::syntax::{Selector, Step};

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
    ("member", Value),
    ("what", Value),
    ("fetch", Value),
]));

const ROLE: Shape = Object(&[
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
    ("absent", ABSENT),
    ("assumed", Value),
]);

const ENCRYPTION: Shape = Object(&[("key", Value), ("keyPolicy", DOCUMENT), ("bucket", Value)]);

const CONFIGURATION: Shape = Object(&[
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
            ("open", Value),
        ]),
    ),
    (
        "DeadLetterConfig",
        Object(&[("TargetArn", Value), ("encryption", ENCRYPTION)]),
    ),
    ("TracingConfig", Object(&[("Mode", Value)])),
    (
        "LoggingConfig",
        Object(&[
            ("LogFormat", Value),
            ("LogGroup", Value),
            ("ApplicationLogLevel", Value),
            ("SystemLogLevel", Value),
        ]),
    ),
    ("Environment", Object(&[("Variables", Map(&Value))])),
    (
        "FileSystemConfigs",
        List(&Object(&[
            ("Arn", Value),
            ("LocalMountPath", Value),
            (
                "fileSystem",
                Object(&[("arn", Value), ("policy", DOCUMENT)]),
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

const DESTINATION: Shape = Object(&[("Destination", Value), ("encryption", ENCRYPTION)]);

const DESTINATIONS: Shape = Object(&[("OnSuccess", DESTINATION), ("OnFailure", DESTINATION)]);

const MAPPING: Shape = Object(&[
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
            ("encryption", ENCRYPTION),
        ])),
    ),
    ("ProvisionedPollerConfig", Anything),
    ("AmazonManagedKafkaEventSourceConfig", Anything),
    ("SelfManagedKafkaEventSourceConfig", Anything),
    ("DocumentDBEventSourceConfig", Anything),
    ("eventSource", Value),
    ("source", Anything),
    ("encryption", ENCRYPTION),
    ("iamCluster", Value),
]);

const TRIGGER: Shape = Object(&[
    ("kind", Value),
    ("functionArn", Value),
    ("sourceArn", Value),
    ("sourceAccount", Value),
    ("role", Value),
    ("callerRole", ROLE),
    ("writtenArn", Value),
    ("condition", Value),
    ("configuration", Anything),
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
    (
        "FunctionEventInvokeConfigs",
        List(&Object(&[
            ("FunctionArn", Value),
            ("DestinationConfig", DESTINATIONS),
        ])),
    ),
    (
        "Aliases",
        List(&Object(&[
            ("AliasArn", Value),
            ("Name", Value),
            ("FunctionVersion", Value),
        ])),
    ),
    ("Triggers", List(&TRIGGER)),
    ("absent", ABSENT),
]);

const INVENTORY: Shape = Object(&[
    ("Functions", List(&FUNCTION)),
    ("Roles", List(&ROLE)),
    (
        "Policies",
        List(&Object(&[("type", Value), ("PolicyDocument", DOCUMENT)])),
    ),
    (
        "Resources",
        List(&Object(&[("Arn", Value), ("Attributes", Map(&Value))])),
    ),
    (
        "documents",
        List(&Object(&[("type", Value), ("PolicyDocument", DOCUMENT)])),
    ),
    (
        "Packages",
        List(&Object(&[("Package", Value), ("Entries", TEXTS)])),
    ),
    ("inputs", List(&Anything)),
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
                    "there is no member `{name}`; there are {}",
                    known.join(", ")
                )
            }),
        Value | List(_) => Err(format!("nothing has a member `{name}` there")),
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
