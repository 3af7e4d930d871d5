//! Members that hold JSON as a text, with things in it to look at.

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// A member that holds JSON, and what to take from it.
#[derive(Debug)]
pub struct JsonText {
    /// The members that may hold it, as a text or as it is.
    pub of: Vec<String>,
    /// The member with what to write for `${Name}` in it.
    pub substitutions: Option<String>,
    /// What is taken: each object in it that has this member.
    pub holding: String,
    /// The name under which these are found.
    pub name: String,
}

impl JsonText {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a text that holds JSON", problems)?;
        let of = fields.texts("of");
        let substitutions = fields.optional_text("substitutions").map(str::to_owned);
        let holding = fields.text("holding").map(str::to_owned);
        let name = fields.text("as").map(str::to_owned);
        fields.finish();
        Some(JsonText {
            of,
            substitutions,
            holding: holding?,
            name: name?,
        })
    }

    /// What is taken from a document.
    #[must_use]
    pub fn taken(&self, document: &Node) -> Node {
        let held = document
            .walk()
            .filter(|node| node.get(&self.holding).is_some());
        Node::array(held.cloned().collect(), document.span)
    }
}
