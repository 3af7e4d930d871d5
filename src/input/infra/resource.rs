//! A resource with every reference in it resolved.

use crate::catalogue::TemplateResource;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// A resource with every reference in it resolved, and what follows from its type.
#[derive(Clone, Debug)]
pub(in crate::input) struct Resource {
    /// The type, by the name that CloudFormation gives it.
    pub(in crate::input) type_name: String,
    /// What the declaration calls it.
    pub(in crate::input) logical_id: String,
    pub(in crate::input) properties: Node,
    /// What other resources name it by.
    pub(in crate::input) reference: Text,
    pub(in crate::input) arn: Option<Text>,
    pub(in crate::input) account: Option<Text>,
    pub(in crate::input) region: Option<Text>,
    /// Its attributes of forms of their own.
    pub(in crate::input) attributes: Vec<(String, Text)>,
    /// The path that it is in or makes.
    pub(in crate::input) path: Option<Text>,
    /// The condition on which it is made.
    pub(in crate::input) condition: Option<String>,
    /// Where the code of a CDK app makes it.
    pub(in crate::input) construct_path: Option<String>,
    pub(in crate::input) update_policy: Option<Node>,
    /// What a text in its properties holds as JSON, under the name that the catalogue gives it.
    pub(in crate::input) embedded: Option<(String, Node)>,
    /// What may grant more to it than is declared.
    pub(in crate::input) external_grant: Option<String>,
    /// What a transform knows of it that made it.
    pub(in crate::input) generated: Generated,
    /// Where it is declared.
    pub(in crate::input) span: Span,
    /// Where it is named.
    pub(in crate::input) name_span: Span,
}

/// What a transform knows of a resource that it makes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::input) struct Generated {
    /// The serverless function for which a role is made.
    pub(in crate::input) function: Option<String>,
    /// The property that would name another resource in its place.
    pub(in crate::input) named_by: Option<String>,
    /// The kind of source that a mapping reads, as event-sources.json calls it.
    pub(in crate::input) event_source: Option<String>,
    /// Whether the transform wrote the document of a policy: it is not the user's to correct.
    pub(in crate::input) document: bool,
    /// The places in `Policies` of a role whose documents the transform wrote.
    pub(in crate::input) inline_documents: Vec<usize>,
    /// The names of properties that the transform ignores, at their places.
    pub(in crate::input) ignored: Vec<Node>,
}

impl Resource {
    pub(in crate::input) fn is(&self, type_name: &str) -> bool {
        self.type_name == type_name
    }

    pub(in crate::input) fn property(&self, name: &str) -> Option<&Node> {
        self.properties.get(name)
    }

    pub(in crate::input) fn text(&self, name: &str) -> Option<&Text> {
        self.property(name)?.as_text()
    }

    /// The policy of the resource itself, such as a key policy.
    pub(super) fn resource_policy(&self, shape: Option<&TemplateResource>) -> Option<&Node> {
        self.property(shape?.policy_property.as_deref()?)
    }

    /// The resource as the catalogue's extractors see it.
    pub(super) fn to_node(&self) -> Node {
        let span = self.span;
        let text = |text: &Text| Node::text(text.clone(), self.name_span);
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, value)| (name.as_str(), text(value)));
        let attributes = Node::object(attributes, span);
        let members = [
            ("Type", Some(Node::text(self.type_name.as_str(), span))),
            (
                "LogicalId",
                Some(Node::text(self.logical_id.as_str(), self.name_span)),
            ),
            ("Ref", Some(text(&self.reference))),
            ("Properties", Some(self.properties.clone())),
            ("Arn", self.arn.as_ref().map(text)),
            ("AccountId", self.account.as_ref().map(text)),
            ("Region", self.region.as_ref().map(text)),
            ("Path", self.path.as_ref().map(text)),
            ("Attributes", Some(attributes)),
            ("UpdatePolicy", self.update_policy.clone()),
        ];
        let embedded = self.embedded.as_ref();
        let embedded = embedded.map(|(name, node)| (name.as_str(), Some(node.clone())));
        let members = members.into_iter().chain(embedded);
        let known = members.filter_map(|(name, value)| Some((name, value?)));
        Node::object(known, span)
    }
}
