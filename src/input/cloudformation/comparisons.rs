//! What the conditions of a template compare its parameters with.

use super::partial_string::text_of;
use crate::syntax::{Node, Text};

/// The parameters that the conditions in a part of a template compare with texts, and these texts.
pub(super) fn compared(conditions: &Node) -> Vec<(String, String)> {
    let mut compared = Vec::new();
    for node in conditions.walk() {
        if let Some([left, right]) = node.get("Fn::Equals").map(Node::items) {
            compared.extend(compared_with(left, right));
            compared.extend(compared_with(right, left));
        }
        if let Some([among, one]) = node.get("Fn::Contains").map(Node::items) {
            let pairs = among
                .items()
                .iter()
                .filter_map(|text| compared_with(one, text));
            compared.extend(pairs);
        }
    }
    compared.sort();
    compared.dedup();
    compared
}

/// The parameter on one side of a comparison, and the text on the other.
fn compared_with(one: &Node, other: &Node) -> Option<(String, String)> {
    let text = text_of(other).and_then(known_text)?;
    let name = one
        .str("Ref")
        .or_else(|| list_in(one).filter(|_| text.is_empty()))?;
    Some((name.to_owned(), text))
}

/// The list that a call puts together or takes an item of: the result is empty if the list is.
fn list_in(call: &Node) -> Option<&str> {
    let parts = call.get("Fn::Join").or_else(|| call.get("Fn::Select"))?;
    parts.items().get(1)?.str("Ref")
}

fn known_text(text: Text) -> Option<String> {
    text.as_str().map(str::to_owned)
}
