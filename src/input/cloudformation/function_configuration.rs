//! The properties of a function as Lambda itself tells its settings, with what the template says of
//! the keys and file systems that they name.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>

use super::resource_index::ResourceIndex;
use crate::syntax::Node;

/// The settings that properties make.
pub(super) fn of(properties: &Node, kept: &ResourceIndex<'_>) -> Node {
    let changed = [
        (
            "VpcConfig",
            properties.get("VpcConfig").and_then(with_subnets),
        ),
        ("KMSKeyArn", properties.get("KmsKeyArn").cloned()),
        ("Layers", properties.get("Layers").and_then(layers)),
        ("Tags", properties.get("Tags").and_then(tags)),
        (
            "DurableConfig",
            properties
                .get("DurableConfig")
                .map(|config| durable(config, kept)),
        ),
        (
            "Code",
            properties
                .get("Code")
                .map(|code| with_key(code, "SourceKMSKeyArn", kept)),
        ),
        (
            "DeadLetterConfig",
            properties
                .get("DeadLetterConfig")
                .map(|config| with_encryption(config, "TargetArn", kept)),
        ),
        (
            "FileSystemConfigs",
            properties
                .get("FileSystemConfigs")
                .and_then(|list| file_systems(list, kept)),
        ),
    ];
    let changed = changed
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    changed.fold(properties.clone(), |settings, (name, value)| {
        settings.with(name, value)
    })
}

/// Destinations with the keys of what they name.
pub(super) fn destinations(config: &Node, kept: &ResourceIndex<'_>) -> Node {
    let Some(destinations) = config.get("DestinationConfig") else {
        return config.clone();
    };
    let named = ["OnSuccess", "OnFailure"].into_iter();
    let changed = named.fold(destinations.clone(), |all, name| match all.get(name) {
        Some(one) => {
            let one = with_encryption(one, "Destination", kept);
            all.with(name, one)
        }
        None => all,
    });
    config.with("DestinationConfig", changed)
}

/// A mapping with what is known of the secrets and the cluster that it names.
pub(super) fn mapping(properties: &Node, kept: &ResourceIndex<'_>) -> Node {
    let mapping = destinations(properties, kept);
    let mapping = match mapping.get("SourceAccessConfigurations") {
        Some(list) => {
            let each = list.items().iter();
            let each = each.map(|entry| with_encryption(entry, "URI", kept));
            let list = Node::array(each.collect(), list.span);
            mapping.with("SourceAccessConfigurations", list)
        }
        None => mapping,
    };
    let mapping = with_encryption(&mapping, "EventSourceArn", kept);
    match mapping.get("EventSourceArn") {
        Some(arn) if arn.as_text().is_some_and(|arn| kept.is_by_iam(arn)) => {
            let arn = arn.clone();
            mapping.with("iamCluster", arn)
        }
        _ => mapping,
    }
}

/// A `VpcConfig` whose list of subnets is not known, with an unknown subnet in its place. Lambda takes
/// security groups only together with subnets, as its answer to others says; without known groups,
/// the list may be empty.
///
/// <https://github.com/aws/aws-sdk-js/issues/1293>
fn with_subnets(vpc: &Node) -> Option<Node> {
    let subnets = vpc.get("SubnetIds")?;
    let written = subnets.as_text().filter(|text| text.as_str().is_none())?;
    let groups = vpc.get("SecurityGroupIds").map_or(&[][..], Node::items);
    let filled = vpc.with(
        "SubnetIds",
        Node::array(vec![subnets.clone()], subnets.span),
    );
    let open = format!("whether there are subnets is not known before the deploy: {written}");
    Some(match groups.is_empty() {
        true => filled.with("open", Node::text(open.as_str(), subnets.span)),
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

/// Tags by their keys, which CloudFormation writes as a list.
fn tags(written: &Node) -> Option<Node> {
    written.is_array().then(|| {
        let items = written.items().iter();
        let tags = items.filter_map(|tag| Some((tag.str("Key")?, tag.get("Value")?)));
        tags.fold(Node::object([], written.span), |all, (key, value)| {
            all.with(key, value.clone())
        })
    })
}

/// CloudFormation and Lambda's answers spell the key of a durable configuration alike.
fn durable(config: &Node, kept: &ResourceIndex<'_>) -> Node {
    with_key(config, "KMSKeyArn", kept)
}

fn with_key(config: &Node, member: &str, kept: &ResourceIndex<'_>) -> Node {
    let key = config.get(member).and_then(Node::as_text);
    with(config, "encryption", key.and_then(|key| kept.key(key)))
}

fn with_encryption(config: &Node, member: &str, kept: &ResourceIndex<'_>) -> Node {
    let target = config.get(member).and_then(Node::as_text);
    let encryption = target.and_then(|target| kept.encryption_of(target));
    with(config, "encryption", encryption)
}

fn file_systems(list: &Node, kept: &ResourceIndex<'_>) -> Option<Node> {
    list.is_array().then(|| {
        let configs = list.items().iter().map(|config| {
            let arn = config.get("Arn").and_then(Node::as_text);
            let system = arn.and_then(|arn| kept.file_system(arn));
            with(config, "fileSystem", system)
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
