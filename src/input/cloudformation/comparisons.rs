//! What the conditions of a template compare its parameters with.

use super::partial_string::text_of;
use crate::syntax::{Node, Text};

/// The parameters that a template's conditions compare with texts, and these texts.
pub(super) fn compared(template: &Node) -> Vec<(String, String)> {
    let mut compared = Vec::new();
    let conditions = template.get("Conditions").map_or(&[][..], Node::members);
    for node in conditions.iter().flat_map(|member| member.value.walk()) {
        if let Some([left, right]) = node.get("Fn::Equals").map(Node::items) {
            for (one, other) in [(left, right), (right, left)] {
                let text = text_of(other).and_then(known_text);
                let name = one.str("Ref").or_else(|| {
                    let is_empty = text.as_deref() == Some("");
                    list_in(one).filter(|_| is_empty)
                });
                let pair = name.zip(text.as_ref());
                compared.extend(pair.map(|(name, text)| (name.to_owned(), text.clone())));
            }
        }
    }
    compared.sort();
    compared.dedup();
    compared
}

/// The list that a call puts together or takes an item of: the result is empty if the list is.
fn list_in(call: &Node) -> Option<&str> {
    let parts = call.get("Fn::Join").or_else(|| call.get("Fn::Select"))?;
    parts.items().get(1)?.str("Ref")
}

fn known_text(text: Text) -> Option<String> {
    text.as_str().map(str::to_owned)
}
