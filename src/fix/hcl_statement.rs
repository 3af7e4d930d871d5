//! Statements as blocks of the data source for policy documents.

use super::hcl::Item;
use super::template::{NOWHERE, object};
use crate::syntax::Node;

/// A statement as the content of a block.
pub(super) fn items(statement: &Node, has_effect: bool) -> Vec<Item> {
    // In blocks, the variables of policies have another form.
    let own = |node: &Node| with_variables(node);
    let list = |node: &Node| Node::array(node.each().iter().map(own).collect(), NOWHERE);
    let mut items = Vec::new();
    let mut add = |name: &str, value: Option<Node>| {
        items.extend(value.map(|value| Item::argument(name, value)));
    };
    add("sid", statement.get("Sid").cloned());
    add(
        "effect",
        statement.get("Effect").filter(|_| has_effect).cloned(),
    );
    add("actions", statement.get("Action").map(list));
    add("resources", statement.get("Resource").map(list));
    if let Some(principal) = statement.get("Principal") {
        let everybody = object([("*", Node::text("*", NOWHERE))]);
        let kinds = if principal.is_object() {
            principal
        } else {
            &everybody
        };
        items.extend(kinds.members().iter().map(|kind| {
            let of = Node::text(&*kind.key.text, NOWHERE);
            let content = [("type", of), ("identifiers", list(&kind.value))];
            let content = content.map(|(name, value)| Item::argument(name, value));
            Item::Block("principals".to_owned(), content.to_vec())
        }));
    }
    let operators = statement.get("Condition").map_or(&[][..], Node::members);
    for operator in operators {
        items.extend(operator.value.members().iter().map(|key| {
            let content = [
                ("test", Node::text(&*operator.key.text, NOWHERE)),
                ("variable", Node::text(&*key.key.text, NOWHERE)),
                ("values", list(&key.value)),
            ];
            let content = content.map(|(name, value)| Item::argument(name, value));
            Item::Block("condition".to_owned(), content.to_vec())
        }));
    }
    items
}

fn with_variables(node: &Node) -> Node {
    match node.as_str() {
        Some(text) => Node::text(text.replace("$${", "&{"), NOWHERE),
        None => node.clone(),
    }
}
