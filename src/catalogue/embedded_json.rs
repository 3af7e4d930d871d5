//! JSON that a member holds as a string, such as the definition of a state machine.

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// Which member holds JSON, and which objects of it triggers are read from.
#[derive(Debug)]
pub struct EmbeddedJson {
    /// The members that may hold the JSON, as a string or as an object.
    pub members: Vec<String>,
    /// The member with the values of `${Name}` in the JSON.
    pub substitutions: Option<String>,
    /// The member that every collected object has.
    pub marker: String,
    /// The member under which the collected objects are exposed to selectors.
    pub exposed_as: String,
}

impl EmbeddedJson {
    /// That of the member `embeddedJson`, where there is one.
    pub(super) fn of(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let node = fields.optional("embeddedJson")?;
        EmbeddedJson::decode(node, fields.problems())
    }

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "embedded JSON", problems)?;
        let members = fields.texts("in");
        let substitutions = fields.optional_text("substitutions").map(str::to_owned);
        let marker = fields.text("objectsWith").map(str::to_owned);
        let exposed_as = fields.text("exposeAs").map(str::to_owned);
        fields.finish();
        Some(EmbeddedJson {
            members,
            substitutions,
            marker: marker?,
            exposed_as: exposed_as?,
        })
    }

    /// The objects of a document that have the marker, as a list.
    #[must_use]
    pub fn collect(&self, document: &Node) -> Node {
        let marked = document
            .walk()
            .filter(|node| node.get(&self.marker).is_some());
        Node::array(marked.cloned().collect(), document.span)
    }
}
