//! The path from a document's root to a place in it.

use super::{Kind, Member, Node};
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
        let (key, value) = match &node.kind {
            Kind::Object(members) => {
                let covers = |member: &Member| member.value.span.contains(place);
                let member = members.get(covering(members, place, start_of, covers)?)?;
                (Some(member.key.span), &member.value)
            }
            Kind::Array(items) => (None, items.get(item_at(items, place)?)?),
            _ => return None,
        };
        if key.is_some() && value.span == place {
            return key;
        }
        node = value;
    }
}

fn child_at(node: &Node, place: Span) -> Option<(String, &Node)> {
    match &node.kind {
        Kind::Object(members) => {
            let covers = |m: &Member| m.key.span.contains(place) || m.value.span.contains(place);
            let member = members.get(covering(members, place, start_of, covers)?)?;
            Some((member.key.text.to_string(), &member.value))
        }
        Kind::Array(items) => {
            let at = item_at(items, place)?;
            Some((at.to_string(), items.get(at)?))
        }
        _ => None,
    }
}

/// The number of the first of some nodes that covers a place.
#[must_use]
pub fn item_at(items: &[Node], place: Span) -> Option<usize> {
    let covers = |item: &Node| item.span.contains(place);
    covering(items, place, |item| item.span.start, covers)
}

fn start_of(member: &Member) -> u32 {
    member.key.span.start
}

/// The number of the one that covers a place: most stand in the order of their places. Those of YAML that stand
/// elsewhere, and are only referred to, do not.
fn covering<T>(
    list: &[T],
    place: Span,
    start: impl Fn(&T) -> u32,
    covers: impl Fn(&T) -> bool,
) -> Option<usize> {
    let behind = list.partition_point(|one| start(one) <= place.start);
    let last = behind.checked_sub(1);
    let covers_it = |at: &usize| list.get(*at).is_some_and(&covers);
    let Some(last) = last.filter(covers_it) else {
        return list.iter().position(covers);
    };
    // Of several at one place, the first one.
    let before = list.iter().take(last).rev();
    Some(last - before.take_while(|one| covers(one)).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;
    use crate::syntax::json;

    #[test]
    fn what_does_not_stand_in_order_is_found() {
        let file = SourceMap::default().add("x", "").unwrap();
        let item = |start| Node::text("x", Span::new(file, start, start + 2));
        let items = [item(8), item(4), item(4)];
        for (start, at) in [(8, Some(0)), (4, Some(1)), (5, None), (0, None)] {
            let place = Span::new(file, start, start + 2);
            assert_eq!(item_at(&items, place), at, "{start}");
        }
    }

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
