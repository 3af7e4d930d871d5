//! What the template tells of keys and file systems that others name: their own policies.

use std::collections::{HashMap, HashSet};

use super::{Resource, roles};
use crate::syntax::{Node, Text};

/// Keys and file systems of the template, by what names them.
pub(super) struct ResourceIndex<'r> {
    /// The key of each resource that is encrypted with one of the template, by the resource's ARN.
    encrypted: HashMap<&'r Text, &'r Resource>,
    keys: HashMap<&'r Text, &'r Resource>,
    /// The ARNs of clusters that know clients by their IAM identity.
    by_iam: HashSet<&'r Text>,
    /// The file system of each access point, by the ARN of the access point.
    mounted: HashMap<&'r Text, &'r Resource>,
}

impl<'r> ResourceIndex<'r> {
    pub(super) fn of(resources: &'r [Resource]) -> Self {
        let keys = named(resources, "AWS::KMS::Key");
        let encrypted = resources.iter().filter_map(|resource| {
            let key = resource.node.get("key")?.as_text()?;
            Some((resource.arn()?, *keys.get(key)?))
        });
        let encrypted = encrypted.collect();
        let file_systems = named(resources, "AWS::EFS::FileSystem");
        let points = resources.iter().filter(|r| r.is("AWS::EFS::AccessPoint"));
        let mounted = points.filter_map(|point| {
            let system = file_systems.get(point.text("FileSystemId")?)?;
            Some((point.arn()?, *system))
        });
        let by_iam = resources.iter().filter(|r| knows_by_iam(r));
        ResourceIndex {
            by_iam: by_iam.filter_map(Resource::arn).collect(),
            encrypted,
            mounted: mounted.collect(),
            keys,
        }
    }

    /// The key with which a resource is encrypted: its ARN, and its policy if there is one. Nothing
    /// where not all of the policy is known.
    pub(super) fn encryption_of(&self, resource: &Text) -> Option<Node> {
        let encryption = described(self.encrypted.get(resource)?, "key", "keyPolicy")?;
        let is_bucket = resource.to_string().contains(":s3:::");
        Some(match is_bucket {
            true => encryption.with("bucket", Node::text(resource.clone(), encryption.span)),
            false => encryption,
        })
    }

    /// Whether a cluster knows clients by their IAM identity.
    pub(super) fn is_by_iam(&self, cluster: &Text) -> bool {
        self.by_iam.contains(cluster)
    }

    /// The same of a key by its id or ARN.
    pub(super) fn key(&self, key: &Text) -> Option<Node> {
        described(self.keys.get(key)?, "key", "keyPolicy")
    }

    /// The file system of an access point, with its policy if it has one.
    pub(super) fn file_system(&self, access_point: &Text) -> Option<Node> {
        described(self.mounted.get(access_point)?, "arn", "policy")
    }
}

fn knows_by_iam(resource: &Resource) -> bool {
    let enabled = resource.node.get("iam").and_then(|iam| iam.get("Enabled"));
    enabled.is_some_and(|node| node.as_bool() == Some(true) || node.as_str() == Some("true"))
}

/// The resources of a type by their ids and by their ARNs.
fn named<'r>(resources: &'r [Resource], kind: &str) -> HashMap<&'r Text, &'r Resource> {
    let of_kind = resources.iter().filter(|resource| resource.is(kind));
    of_kind
        .flat_map(|resource| {
            let names = [resource.reference(), resource.arn()];
            names.into_iter().flatten().zip([resource, resource])
        })
        .collect()
}

fn described(resource: &Resource, arn: &str, policy: &str) -> Option<Node> {
    let span = resource.node.span;
    let document = resource.node.get("policy");
    if document.is_some_and(|document| !roles::is_known(document)) {
        return None;
    }
    let members = [
        (arn, Some(Node::text(resource.arn()?.clone(), span))),
        (policy, document.cloned()),
    ];
    let members = members
        .into_iter()
        .filter_map(|(name, node)| Some((name, node?)));
    Some(Node::object(members, span))
}
