//! The properties of functions and mappings in the shapes of Lambda's API, with the keys and file
//! systems that they name.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>

use super::resource_index::ResourceIndex;
use crate::model::members::{ENCRYPTION, FILE_SYSTEM, IAM_CLUSTER, SOURCE, UNKNOWN_BECAUSE};
use crate::syntax::{Node, Text};

/// The configuration of a function, in the shape of `GetFunctionConfiguration`.
pub(super) fn of_function(properties: &Node, index: &ResourceIndex<'_>) -> Node {
    let properties = &with_unknown_settings(properties);
    let changed = [
        (
            "VpcConfig",
            properties.get("VpcConfig").and_then(with_subnets),
        ),
        ("KMSKeyArn", properties.get("KmsKeyArn").cloned()),
        ("Layers", properties.get("Layers").and_then(layers)),
        (
            "DurableConfig",
            properties
                .get("DurableConfig")
                .map(|config| with_key(config, "KMSKeyArn", index)),
        ),
        (
            "DeadLetterConfig",
            properties
                .get("DeadLetterConfig")
                .map(|config| with_encryption(config, "TargetArn", index)),
        ),
        (
            "FileSystemConfigs",
            properties
                .get("FileSystemConfigs")
                .and_then(|list| file_systems(list, index)),
        ),
    ];
    let changed = changed
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    changed.fold(properties.clone(), |all, (name, value)| {
        all.with(name, value)
    })
}

/// The settings of which nothing is known, each with what would matter in it: what is known must not
/// look as if it were not set.
fn with_unknown_settings(properties: &Node) -> Node {
    let open = |name: &str| {
        let written = properties.get(name)?;
        written.as_hole().map(|_| written)
    };
    let why = |what: &str, written: &Node| {
        let why = format!("{what} is unknown before deployment: {}", shown(written));
        (UNKNOWN_BECAUSE, Node::text(why, written.span))
    };
    let vpc = open("VpcConfig").map(|written| {
        let subnets = Node::array(vec![written.clone()], written.span);
        let why = why("whether the function is in a VPC", written);
        Node::object([("SubnetIds", subnets), why], written.span)
    });
    let tracing = open("TracingConfig").map(|written| {
        let mode = Node::text("Active", written.span);
        let why = why("whether tracing is active", written);
        Node::object([("Mode", mode), why], written.span)
    });
    let dead_letters = open("DeadLetterConfig")
        .map(|written| Node::object([("TargetArn", written.clone())], written.span));
    let settings = [
        ("VpcConfig", vpc),
        ("TracingConfig", tracing),
        ("DeadLetterConfig", dead_letters),
    ];
    let settings = settings
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    settings.fold(properties.clone(), |all, (name, value)| {
        all.with(name, value)
    })
}

fn shown(written: &Node) -> String {
    written.as_text().map_or_else(String::new, Text::to_string)
}

/// The code of a function, with the key that encrypts it.
pub(super) fn code(properties: &Node, index: &ResourceIndex<'_>) -> Option<Node> {
    let code = properties.get("Code")?;
    Some(with_key(code, "SourceKMSKeyArn", index))
}

/// Tags by their keys, which CloudFormation writes as a list.
pub(super) fn tags(properties: &Node) -> Option<Node> {
    let written = properties.get("Tags")?;
    if !written.is_array() {
        return Some(written.clone());
    }
    let tags = written.items().iter();
    let tags = tags.filter_map(|tag| Some((tag.str("Key")?, tag.get("Value")?.clone())));
    Some(Node::object(tags, written.span))
}

/// Destinations with the keys of what they name.
pub(super) fn destinations(config: &Node, index: &ResourceIndex<'_>) -> Node {
    let Some(destinations) = config.get("DestinationConfig") else {
        return config.clone();
    };
    if destinations.as_hole().is_some() {
        let target = Node::object([("Destination", destinations.clone())], destinations.span);
        let unknown = Node::object([("OnFailure", target)], destinations.span);
        return config.with("DestinationConfig", unknown);
    }
    let named = ["OnSuccess", "OnFailure"].into_iter();
    let changed = named.fold(destinations.clone(), |all, name| match all.get(name) {
        Some(one) => {
            let one = with_encryption(one, "Destination", index);
            all.with(name, one)
        }
        None => all,
    });
    config.with("DestinationConfig", changed)
}

/// A mapping with what is known of the secrets and the cluster that it names.
pub(super) fn of_mapping(properties: &Node, index: &ResourceIndex<'_>) -> Node {
    let mapping = destinations(properties, index);
    let mapping = match mapping.get("SourceAccessConfigurations") {
        Some(list) => {
            let each = list.items().iter();
            let each = each.map(|entry| with_encryption(entry, "URI", index));
            let list = Node::array(each.collect(), list.span);
            mapping.with("SourceAccessConfigurations", list)
        }
        None => mapping,
    };
    let mapping = with_encryption(&mapping, "EventSourceArn", index);
    let source = mapping.get("EventSourceArn").and_then(Node::as_text);
    let source = source.and_then(|arn| index.properties(arn)).cloned();
    let mapping = with(&mapping, SOURCE, source);
    match mapping.get("EventSourceArn") {
        Some(arn)
            if arn
                .as_text()
                .is_some_and(|arn| index.authenticates_by_iam(arn)) =>
        {
            let arn = arn.clone();
            mapping.with(IAM_CLUSTER, arn)
        }
        _ => mapping,
    }
}

/// A `VpcConfig` whose list of subnets is not known, with an unknown subnet in its place; with none,
/// where nobody has to give the list. Lambda takes security groups only together with subnets;
/// without known groups, the list may be empty.
///
/// <https://github.com/aws/aws-sdk-js/issues/1293>
fn with_subnets(vpc: &Node) -> Option<Node> {
    let subnets = vpc.get("SubnetIds")?;
    let hole = subnets.as_hole();
    if hole.is_some_and(|hole| hole.likely.as_deref() == Some("")) {
        return Some(vpc.with("SubnetIds", Node::array(Vec::new(), subnets.span)));
    }
    let written = subnets.as_text().filter(|text| text.as_str().is_none())?;
    let groups = vpc.get("SecurityGroupIds").map_or(&[][..], Node::items);
    let filled = vpc.with(
        "SubnetIds",
        Node::array(vec![subnets.clone()], subnets.span),
    );
    let why = format!("whether there are subnets is unknown before deployment: {written}");
    Some(match groups.is_empty() {
        true => filled.with(UNKNOWN_BECAUSE, Node::text(why, subnets.span)),
        false => filled,
    })
}

fn layers(list: &Node) -> Option<Node> {
    list.is_array().then(|| {
        let layers = list.items().iter().map(|arn| {
            let arn = ("Arn", arn.clone());
            let span = arn.1.span;
            Node::object([arn], span)
        });
        Node::array(layers.collect(), list.span)
    })
}

fn with_key(config: &Node, member: &str, index: &ResourceIndex<'_>) -> Node {
    let key = config.get(member).and_then(Node::as_text);
    with(config, ENCRYPTION, key.and_then(|key| index.key(key)))
}

fn with_encryption(config: &Node, member: &str, index: &ResourceIndex<'_>) -> Node {
    let target = config.get(member).and_then(Node::as_text);
    let encryption = target.and_then(|target| index.encryption_of(target));
    with(config, ENCRYPTION, encryption)
}

fn file_systems(list: &Node, index: &ResourceIndex<'_>) -> Option<Node> {
    list.is_array().then(|| {
        let configs = list.items().iter().map(|config| {
            let arn = config.get("Arn").and_then(Node::as_text);
            let system = arn.and_then(|arn| index.file_system(arn));
            with(config, FILE_SYSTEM, system)
        });
        Node::array(configs.collect(), list.span)
    })
}

fn with(config: &Node, member: &str, value: Option<Node>) -> Node {
    match value {
        Some(value) => config.with(member, value),
        None => config.clone(),
    }
}
