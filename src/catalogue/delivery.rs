//! Resources that send to queues and topics, each with the principal of its service.

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
        // The source is for whoever reviews the file.
        fields.text("source");
        fields.finish();
        Some(Delivery {
            resource_type: resource_type?,
            sender: sender?,
            service: service?,
            from,
            to,
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
        self.to.iter().flat_map(|path| path.select(properties))
    }
}
