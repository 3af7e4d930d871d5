//! The path from a document's root to a place in it.

use super::{Kind, Node};
use crate::source::Span;

/// The JSON pointer (RFC 6901) of the innermost value or member that covers a place.
#[must_use]
pub fn pointer(root: &Node, place: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    while let Some((step, inner)) = child_at(node, place) {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        node = inner;
    }
    pointer
}

/// The innermost value that covers a place, or whose key does.
#[must_use]
pub fn value_at(root: &Node, place: Span) -> &Node {
    let mut node = root;
    while let Some((_, inner)) = child_at(node, place) {
        node = inner;
    }
    node
}

/// The key of the member whose value was written at exactly that place.
#[must_use]
pub fn key_span(root: &Node, place: Span) -> Option<Span> {
    let mut node = root;
    loop {
        let covers = |inner: Span| inner.contains(place);
        let exact = node
            .members()
            .iter()
            .find(|member| member.value.span == place);
        if let Some(member) = exact {
            return Some(member.key.span);
        }
        let values = node.members().iter().map(|member| &member.value);
        node = node
            .items()
            .iter()
            .chain(values)
            .find(|value| covers(value.span))?;
    }
}

fn child_at(node: &Node, place: Span) -> Option<(String, &Node)> {
    match &node.kind {
        Kind::Object(members) => members
            .iter()
            .find(|m| m.key.span.contains(place) || m.value.span.contains(place))
            .map(|m| (m.key.text.to_string(), &m.value)),
        Kind::Array(items) => items
            .iter()
            .position(|item| item.span.contains(place))
            .and_then(|at| Some((at.to_string(), items.get(at)?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::syntax::json;

    #[test]
    fn keys_and_values_have_the_same_pointer() {
        let text = r#"{"a/b": [{"c": 1}]}"#;
        let mut sources = SourceMap::default();
        let file = sources.add("x", text).unwrap();
        let root = json::read(file, text).roots.remove(0);
        let c = root.get("a/b").unwrap().items()[0].member("c").unwrap();
        assert_eq!(pointer(&root, c.key.span), "/a~1b/0/c");
        assert_eq!(pointer(&root, c.value.span), "/a~1b/0/c");
        assert_eq!(pointer(&root, root.span), "");
    }
}
