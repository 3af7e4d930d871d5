//! A resource of a stack with everything known.

use super::embedded_json;
use super::resolve::Resolver;
use crate::catalogue::TemplateResource;
use crate::syntax::{Member, Node, Selector, Template, Text};

/// A resource with everything known, and what is known of it by its type: `Type`, `LogicalId`,
/// `Ref`, `Arn`, `Properties`, `UpdatePolicy`, and where it is made: `AccountId` and `Region`.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) node: Node,
}

/// Where the code of a CDK app makes a resource.
fn construct_path(resource: &Node) -> Option<&str> {
    let path = resource.at(&["Metadata", "aws:cdk:path"])?.as_str()?;
    Some(path.strip_suffix("/Resource").unwrap_or(path))
}

/// What a template writes between `${` and `}` for the ARN of a resource that it makes.
fn written_arn(shape: &TemplateResource, name: &str) -> Option<String> {
    let is_arn = |template: &Template| template.as_str() == "{arn}";
    match shape.attributes.get("Arn") {
        Some(arn) if is_arn(arn) => Some(format!("{name}.Arn")),
        _ => shape
            .reference
            .as_ref()
            .is_some_and(is_arn)
            .then(|| name.to_owned()),
    }
}

/// What the catalogue says where to find in the properties of a type: its key, whether clients use IAM
/// authentication, and its policy.
fn members_of_type(shape: &TemplateResource, properties: &Node) -> Vec<(&'static str, Node)> {
    let at = |path: &Option<Selector>| path.as_ref()?.first(properties).cloned();
    let policy = shape.policy_property.as_deref();
    let policy = policy.and_then(|name| properties.get(name).cloned());
    let members = [
        ("key", at(&shape.kms_key)),
        ("iam", at(&shape.iam_authentication)),
        ("policy", policy),
    ];
    let present = members.into_iter();
    present
        .filter_map(|(name, node)| Some((name, node?)))
        .collect()
}

impl Resource {
    pub(super) fn of(resolver: &Resolver<'_>, member: &Member) -> Option<Self> {
        let name = &*member.key.text;
        let kind = member
            .value
            .get("Type")
            .filter(|kind| kind.as_str().is_some())?;
        let span = member.value.span;
        let empty = Node::object([], span);
        let properties = member.value.get("Properties").unwrap_or(&empty);
        let properties = resolver
            .value(properties)
            .filter(Node::is_object)
            .unwrap_or(empty);
        let text = |text: Text| Node::text(text, member.key.span);
        let arn = resolver.arn(name).map(|arn| ("Arn", text(arn)));
        let place = [("AccountId", "AWS::AccountId"), ("Region", "AWS::Region")];
        let place = place.into_iter().filter_map(|(member, name)| {
            let known = resolver.setting.pseudo(name)?;
            Some((member, text(known)))
        });
        let shape = kind
            .as_str()
            .and_then(|kind| resolver.catalogue.template_resource(kind));
        let of_type = shape.map_or(Vec::new(), |shape| members_of_type(shape, &properties));
        let json = shape.and_then(|shape| shape.embedded_json.as_ref());
        let held = json.and_then(|json| embedded_json::taken(json, &properties));
        let members = [
            ("Type", kind.clone()),
            ("LogicalId", text(Text::from(name))),
            ("Ref", text(resolver.id(name))),
            ("Properties", properties),
        ];
        let written = shape.and_then(|shape| written_arn(shape, name));
        let written = written.map(|written| ("writtenArn", text(Text::from(written))));
        let condition = member.value.get("Condition").cloned();
        let condition = condition.map(|condition| ("Condition", condition));
        let policy_of_updates = member.value.get("UpdatePolicy");
        let updates = policy_of_updates.and_then(|policy| resolver.value(policy));
        let updates = updates.map(|policy| ("UpdatePolicy", policy));
        let construct = construct_path(&member.value);
        let construct = construct.map(|path| ("constructPath", Node::text(path, span)));
        let path = resolver
            .path(&member.value, 0)
            .map(|path| ("Path", text(path)));
        let more = arn
            .into_iter()
            .chain(place)
            .chain(construct)
            .chain(path)
            .chain(written)
            .chain(condition)
            .chain(updates)
            .chain(held)
            .chain(of_type);
        let members = members.into_iter().chain(more);
        Some(Resource {
            node: Node::object(members, span),
        })
    }

    /// The resource with what may grant more to it.
    pub(super) fn known_to(mut self, external_grant: Option<&String>) -> Self {
        if let Some(why) = external_grant {
            let why = Node::text(why.as_str(), self.node.span);
            self.node = self.node.with("external_grant", why);
        }
        self
    }

    /// What may grant more to it than is seen.
    pub(super) fn external_grant(&self) -> Option<&str> {
        self.node.str("external_grant")
    }

    /// Its type.
    pub(in crate::input) fn kind(&self) -> &str {
        self.node.str("Type").unwrap_or("")
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.node.str("Type") == Some(kind)
    }

    pub(super) fn logical_id(&self) -> &str {
        self.node.str("LogicalId").unwrap_or("")
    }

    pub(super) fn reference(&self) -> Option<&Text> {
        self.node.get("Ref")?.as_text()
    }

    pub(super) fn arn(&self) -> Option<&Text> {
        self.node.get("Arn")?.as_text()
    }

    pub(super) fn property(&self, name: &str) -> Option<&Node> {
        self.node.get("Properties")?.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&Text> {
        self.property(name)?.as_text()
    }
}
