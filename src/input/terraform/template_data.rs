//! The data source `template_file`, in which old configuration fills in texts.
//!
//! <https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file>

use super::instance::Instance;
use super::pieces::Pieces;
use crate::syntax::{Hole, Key, Kind, Member, Node, Text};

/// The type of the data source.
const TYPE: &str = "template_file";

/// What the attribute `rendered` of such a data source gives; nothing for any other.
pub(super) fn rendered(instance: &Instance, attribute: &str) -> Option<Node> {
    let is_it = instance.is_data && instance.type_name == TYPE && attribute == "rendered";
    let template = instance.body.get("template").filter(|_| is_it)?;
    let vars = instance.body.get("vars").cloned().unwrap_or_default();
    Some(filled(template, &vars, instance))
}

/// A value with the variables filled in.
fn filled(node: &Node, vars: &Node, instance: &Instance) -> Node {
    let kind = match &node.kind {
        Kind::Text(text) => match text.as_str() {
            Some(known) if known.contains("${") || known.contains("%{") => {
                return text_of(known, vars, node, instance);
            }
            _ => return node.clone(),
        },
        Kind::Array(items) => {
            let items = items.iter().map(|item| filled(item, vars, instance));
            Kind::Array(items.collect::<Vec<Node>>().into())
        }
        Kind::Object(members) => {
            let members = members.iter().map(|member| Member {
                key: Key {
                    text: member.key.text.clone(),
                    span: member.key.span,
                },
                value: filled(&member.value, vars, instance),
            });
            Kind::Object(members.collect::<Vec<Member>>().into())
        }
        other => other.clone(),
    };
    Node::new(kind, node.span)
}

/// A text with the variables filled in; what is computed in it is not known.
fn text_of(template: &str, vars: &Node, node: &Node, instance: &Instance) -> Node {
    let span = node.span;
    let open = |name: &str| {
        let id = format!("{}.{name}", instance.address);
        Node::text(Text::hole(Hole::anything(&id).of(&instance.root)), span)
    };
    if template.contains("%{") {
        return open("rendered");
    }
    let mut pieces = Pieces::default();
    let mut rest = template;
    let mut fits = true;
    while let Some((known, after)) = rest.split_once("${") {
        if let Some(before) = known.strip_suffix('$') {
            fits = fits && pieces.known(before, span) && pieces.known("${", span);
            rest = after;
            continue;
        }
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = vars.get(name.trim()).cloned();
        let value = value.unwrap_or_else(|| open(name.trim()));
        fits = fits && pieces.known(known, span) && pieces.value(&value);
        rest = after;
    }
    match fits && pieces.known(rest, span) {
        true => pieces.node(span),
        false => open("rendered"),
    }
}
