//! What something is written for: one thing, or all that is declared at once.

use super::hcl::Item;
use super::template::NOWHERE;
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// What something is written for.
pub(super) enum For {
    /// What is declared once.
    One,
    /// Each of what `for_each` declares, one of which has this index.
    Each(String),
    /// What `count` declares at most once.
    Counted(String),
}

impl For {
    /// A template as it is written for all of them.
    pub(super) fn all(&self, template: &str) -> String {
        match self {
            For::Each(index) => template.replace(index, "[each.key]"),
            _ => template.to_owned(),
        }
    }

    /// Whether it is for one thing alone.
    pub(super) fn is_one(&self) -> bool {
        matches!(self, For::One)
    }
}

/// What tells a proposed name from others: for several at once, it is one name.
pub(super) fn whose(aim: &For, number: usize, place: Span) -> usize {
    match aim.is_one() {
        true => number,
        false => usize::MAX - place.start as usize,
    }
}

/// The first arguments of a resource that is there for what is declared, and how it names that.
pub(super) fn header(aim: &For, key: &str, local: &str) -> (Vec<Item>, String) {
    let argument = |name: &str, by: &str| {
        let by = Node::text(format!("${{{by}}}"), NOWHERE);
        vec![Item::argument(name, by), Item::Gap]
    };
    match aim {
        For::One => (Vec::new(), local.to_owned()),
        For::Each(_) => (argument("for_each", key), "each.value".to_owned()),
        For::Counted(by) => (argument("count", by), local.to_owned()),
    }
}

/// A value with each text in it changed.
pub(super) fn mapped(node: &Node, change: &dyn Fn(&str) -> String) -> Node {
    match &node.kind {
        Kind::Text(_) => Node::text(change(node.as_str().unwrap_or_default()), node.span),
        Kind::Array(items) => {
            let items = items.iter().map(|item| mapped(item, change));
            Node::array(items.collect(), node.span)
        }
        Kind::Object(members) => {
            let members = members.iter();
            let members = members.map(|member| (&*member.key.text, mapped(&member.value, change)));
            Node::object(members, node.span)
        }
        _ => node.clone(),
    }
}
