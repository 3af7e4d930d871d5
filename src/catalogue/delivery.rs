//! Resources that send to queues and topics, each with the principal of its service.

use super::decode::text_map;
use super::relative_path::selectors;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Selector, Text};

/// How resources of a type send to queues and topics.
#[derive(Debug)]
pub struct Delivery {
    resource_type: String,
    /// What such a resource is called, as in "S3 bucket".
    pub sender: String,
    /// The service principal that sends.
    pub service: String,
    from: Option<Selector>,
    to: Vec<Selector>,
    /// Properties with which nothing is sent, each with its value.
    unless: Vec<(Selector, String)>,
}

impl Delivery {
    /// Reads a delivery; what is wrong with it becomes a problem.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a delivery", problems)?;
        let resource_type = fields.text("type").map(str::to_owned);
        let sender = fields.text("sender").map(str::to_owned);
        let service = fields.text("service").map(str::to_owned);
        let from = fields.selector("from");
        let to = selectors(&mut fields, "to");
        let unless = values_at(&mut fields, "unless");
        // The source is for whoever reviews the file.
        fields.text("source");
        fields.finish();
        Some(Delivery {
            resource_type: resource_type?,
            sender: sender?,
            service: service?,
            from,
            to,
            unless,
        })
    }

    /// Whether resources of that type send so.
    #[must_use]
    pub fn is_of(&self, resource_type: &str) -> bool {
        self.resource_type == resource_type
    }

    /// The ARN of what sends, where the properties of the resource name it.
    #[must_use]
    pub fn from(&self, properties: &Node) -> Option<Text> {
        self.from.as_ref()?.first(properties)?.as_text().cloned()
    }

    /// The ARNs that a resource with these properties sends to, at their places.
    pub fn to<'n>(&self, properties: &'n Node) -> impl Iterator<Item = &'n Node> {
        let is = |(path, value): &(Selector, String)| {
            let node = path.first(properties);
            node.and_then(Node::scalar).as_ref() == Some(value)
        };
        let paths = match self.unless.iter().any(is) {
            true => &[][..],
            false => &self.to,
        };
        paths.iter().flat_map(|path| path.select(properties))
    }
}

/// The values of an object, by the JSONPaths that are its members' names.
fn values_at(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<(Selector, String)> {
    let mut values = Vec::new();
    for (path, value) in text_map(fields, name) {
        match Selector::parse(&path) {
            Ok(path) => values.push((path, value)),
            Err(error) => fields.wrong(name, error.to_string()),
        }
    }
    values
}
