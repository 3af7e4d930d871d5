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
                let pair = one.str("Ref").zip(text_of(other).and_then(known_text));
                compared.extend(pair.map(|(name, text)| (name.to_owned(), text)));
            }
        }
    }
    compared.sort();
    compared.dedup();
    compared
}

fn known_text(text: Text) -> Option<String> {
    text.as_str().map(str::to_owned)
}
