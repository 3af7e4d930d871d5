//! Keys and file systems of a deployment that other resources name, with their policies.

use std::collections::{HashMap, HashSet};

use super::resource::Resource;
use super::types;
use crate::catalogue::{Catalogue, TemplateResource};
use crate::model::members::{ARN, KEY, KEY_POLICY, POLICY};
use crate::syntax::{Node, Text};

/// Keys and file systems, by what names them.
pub(super) struct ResourceIndex<'r> {
    catalogue: &'r Catalogue,
    /// Each resource that is encrypted with a key of the deployment, and that key, by its ARN.
    encrypted: HashMap<&'r Text, (&'r Resource, &'r Resource)>,
    keys: HashMap<&'r Text, &'r Resource>,
    by_arn: HashMap<&'r Text, &'r Resource>,
    /// The ARNs of clusters that authenticate clients by IAM.
    by_iam: HashSet<&'r Text>,
    /// The file system of each access point, by the ARN of the access point.
    mounted: HashMap<&'r Text, &'r Resource>,
}

impl<'r> ResourceIndex<'r> {
    pub(super) fn of(resources: &'r [Resource], catalogue: &'r Catalogue) -> Self {
        let shape_of = |resource: &Resource| catalogue.template_resource(&resource.type_name);
        let keys = named(resources, types::KEY);
        let encrypted = resources.iter().filter_map(|resource| {
            let selector = shape_of(resource)?.kms_key.as_ref()?;
            let key = selector.first(&resource.properties)?.as_text()?;
            Some((resource.arn.as_ref()?, (resource, *keys.get(key)?)))
        });
        let encrypted = encrypted.collect();
        let file_systems = named(resources, types::FILE_SYSTEM);
        let points = resources.iter().filter(|r| r.is(types::ACCESS_POINT));
        let mounted = points.filter_map(|point| {
            let system = file_systems.get(point.text("FileSystemId")?)?;
            Some((point.arn.as_ref()?, *system))
        });
        let by_iam = resources
            .iter()
            .filter(|resource| authenticates_by_iam(resource, shape_of(resource)));
        let by_arn = resources.iter().filter_map(|r| Some((r.arn.as_ref()?, r)));
        ResourceIndex {
            by_arn: by_arn.collect(),
            by_iam: by_iam.filter_map(|cluster| cluster.arn.as_ref()).collect(),
            encrypted,
            mounted: mounted.collect(),
            keys,
            catalogue,
        }
    }

    /// The key that encrypts a resource: its ARN, and its policy if there is one. Nothing where not
    /// all of the policy is known.
    pub(super) fn encryption_of(&self, arn: &Text) -> Option<Node> {
        let (resource, key) = self.encrypted.get(arn)?;
        let encryption = self.described(key, KEY, KEY_POLICY)?;
        let shape = self.catalogue.template_resource(&resource.type_name);
        let member = shape.and_then(|shape| shape.encrypted_as.as_deref());
        Some(match member {
            Some(member) => encryption.with(member, Node::text(arn.clone(), encryption.span)),
            None => encryption,
        })
    }

    /// The facts about AWS.
    pub(super) fn catalogue(&self) -> &'r Catalogue {
        self.catalogue
    }

    /// The properties of the resource with an ARN.
    pub(super) fn properties(&self, arn: &Text) -> Option<&'r Node> {
        self.by_arn.get(arn).map(|resource| &resource.properties)
    }

    /// Whether a cluster authenticates clients by IAM.
    pub(super) fn authenticates_by_iam(&self, cluster: &Text) -> bool {
        self.by_iam.contains(cluster)
    }

    /// A key by its id or ARN, with its policy if it has one.
    pub(super) fn key(&self, key: &Text) -> Option<Node> {
        self.described(self.keys.get(key)?, KEY, KEY_POLICY)
    }

    /// The file system of an access point, with its policy if it has one.
    pub(super) fn file_system(&self, access_point: &Text) -> Option<Node> {
        self.described(self.mounted.get(access_point)?, ARN, POLICY)
    }

    fn described(&self, resource: &Resource, arn: &str, policy: &str) -> Option<Node> {
        let span = resource.span;
        let shape = self.catalogue.template_resource(&resource.type_name);
        let document = resource.resource_policy(shape);
        if document.is_some_and(|document| !document.is_object()) {
            return None;
        }
        let own = Node::text(resource.arn.clone()?, span);
        let policy = document.map(|document| (policy, document.clone()));
        Some(Node::object([(arn, own)].into_iter().chain(policy), span))
    }
}

fn authenticates_by_iam(resource: &Resource, shape: Option<&TemplateResource>) -> bool {
    let selector = shape.and_then(|shape| shape.iam_authentication.as_ref());
    let iam = selector.and_then(|selector| selector.first(&resource.properties));
    let enabled = iam.and_then(|iam| iam.get("Enabled"));
    enabled.is_some_and(|node| node.as_bool() == Some(true) || node.as_str() == Some("true"))
}

/// The resources of a type by what names them and by their ARNs.
fn named<'r>(resources: &'r [Resource], type_name: &str) -> HashMap<&'r Text, &'r Resource> {
    let of_type = resources.iter().filter(|resource| resource.is(type_name));
    of_type
        .flat_map(|resource| {
            let names = [Some(&resource.reference), resource.arn.as_ref()];
            names.into_iter().flatten().zip([resource, resource])
        })
        .collect()
}
