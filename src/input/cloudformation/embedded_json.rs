//! What texts in properties hold as JSON, such as the definition of a state machine.

use super::partial_string::{Place, joined, places};
use crate::catalogue::EmbeddedJson;
use crate::syntax::{Kind, Member, Node, Piece, Text, read_partial_json};

/// What is taken from the property that holds JSON, with its name.
pub(super) fn taken<'j>(json: &'j EmbeddedJson, properties: &Node) -> Option<(&'j str, Node)> {
    let written = json.members.iter().find_map(|name| properties.get(name))?;
    let names = json.substitutions.as_ref();
    let names = names.and_then(|name| properties.get(name)).cloned();
    let names = names.unwrap_or_default();
    let document = match written.as_text() {
        Some(text) => read_partial_json(&substituted(text, &names), written.span)?,
        None => with_substitutions(written, &names),
    };
    Some((&json.exposed_as, json.collect(&document)))
}

fn with_substitutions(node: &Node, names: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Text(text) => Kind::Text(substituted(text, names)),
        Kind::Array(items) => {
            let items = items.iter().map(|item| with_substitutions(item, names));
            Kind::Array(items.collect::<Vec<Node>>().into())
        }
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                key: member.key.clone(),
                value: with_substitutions(&member.value, names),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        other => other.clone(),
    };
    Node::new(kind, node.span)
}

/// A text with what the names say for `${Name}`; what they do not say stays.
fn substituted(text: &Text, names: &Node) -> Text {
    let pieces = text.pieces().into_iter().flat_map(|piece| match piece {
        Piece::Known(known) => filled(&known, names).pieces(),
        hole @ Piece::Hole(_) => vec![hole],
    });
    Text::of(pieces)
}

fn filled(known: &str, names: &Node) -> Text {
    let parts = places(known).into_iter().map(|place| match place {
        Place::Verbatim(text) => Text::from(text),
        Place::Literal(literal) => Text::from(format!("${{!{literal}}}").as_str()),
        Place::Name(name) => {
            let given = names.get(name).and_then(Node::as_text);
            given.map_or_else(|| Text::from(format!("${{{name}}}").as_str()), Text::clone)
        }
    });
    joined("", &parts.collect::<Vec<Text>>())
}
