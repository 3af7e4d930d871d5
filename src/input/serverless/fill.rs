//! What the data about the Serverless Framework says, with what it asks of an event or a function filled in.
//!
//! `{name}` in a text is a name, `{"@": "property"}` a property, and `{"@": "$name"}` a value that the compiler
//! knows. `@with`, `@without`, `@when`, `@unless`, `@text`, `@is` and `@not` say when something is there, and `@at`
//! which property asks for it.

use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node, Piece, Text};

/// How deep the data is nested.
const MAX_DEPTH: usize = 32;

/// What the data asks for.
#[derive(Clone, Debug)]
pub(super) struct Fill {
    /// The properties of the event or function.
    pub(super) properties: Node,
    /// What stands for a name between braces in the data's texts.
    pub(super) names: Vec<(&'static str, Text)>,
    /// What stands for a name after `$`.
    pub(super) values: Vec<(&'static str, Node)>,
    /// Where the event or function is named.
    pub(super) span: Span,
}

impl Fill {
    /// Adds a name.
    pub(super) fn name(&mut self, name: &'static str, text: &str) {
        self.names.push((name, Text::from(text)));
    }

    /// Adds a property.
    pub(super) fn set(&mut self, name: &str, value: Node) {
        self.properties = self.properties.with(name, value);
    }

    /// The resources that an entry of the data describes.
    pub(super) fn resources(&self, entry: &Node) -> Vec<Member> {
        let resources = entry.get("resources").map_or(&[][..], Node::members);
        let made = resources
            .iter()
            .filter_map(|member| self.member(member, MAX_DEPTH));
        made.collect()
    }

    /// The statements of a list in the data; one without a resource is left out.
    pub(super) fn statements(&self, list: Option<&Node>) -> Vec<Node> {
        let statements = list.map_or(&[][..], Node::items).iter();
        let filled = statements.filter_map(|statement| self.value(statement));
        let is_about_something = |statement: &Node| {
            let resource = statement.get("Resource");
            resource.is_some_and(|resource| !resource.is_array() || !resource.items().is_empty())
        };
        filled.filter(is_about_something).collect()
    }

    /// A value of the data; nothing where what it asks for is not there.
    pub(super) fn value(&self, node: &Node) -> Option<Node> {
        self.filled(node, MAX_DEPTH)
    }

    fn filled(&self, node: &Node, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        match &node.kind {
            Kind::Text(text) => Some(Node::text(self.named(text.as_str()?), self.span)),
            Kind::Array(items) => Some(self.list(items, depth)),
            Kind::Object(members) => self.object(node, members, depth),
            _ => Some(Node::new(node.kind.clone(), self.span)),
        }
    }

    fn list(&self, items: &[Node], depth: usize) -> Node {
        let filled = items.iter().flat_map(|item| {
            let Some((each, wanted)) = item.str("@each").zip(item.get("@as")) else {
                return Vec::from_iter(self.filled(item, depth));
            };
            let each = self.property(each).map_or(&[][..], Node::each);
            let of_item = |item: &Node| {
                let mut inner = self.clone();
                inner.values.push(("item", item.clone()));
                inner.filled(wanted, depth)
            };
            each.iter().filter_map(of_item).collect()
        });
        Node::array(filled.collect(), self.span)
    }

    fn object(&self, node: &Node, members: &[Member], depth: usize) -> Option<Node> {
        let otherwise = || self.filled(node.get("@else")?, depth);
        if !self.asks_for(node) {
            return otherwise();
        }
        if let Some(value) = node.get("@value").or_else(|| node.get("@list")) {
            return self.filled(value, depth);
        }
        if let Some(name) = node.str("@") {
            return self.asked(name).cloned().or_else(otherwise);
        }
        let filled: Vec<Member> = members
            .iter()
            .filter_map(|member| self.member(member, depth))
            .collect();
        let own = members.iter().filter(|m| !m.key.text.starts_with('@'));
        let is_call = |member: &Member| member.key.text.starts_with("Fn::");
        // A call without what it is about says nothing.
        let is_whole = own.clone().count() == filled.len() || !own.clone().any(is_call);
        is_whole.then(|| Node::new(Kind::Object(filled.into()), self.span))
    }

    fn member(&self, member: &Member, depth: usize) -> Option<Member> {
        if member.key.text.starts_with('@') {
            return None;
        }
        let name = self.named(member.key.text.trim()).with_holes_as("");
        let place = member.value.str("@at").and_then(|name| self.place(name));
        let own = place.filter(|place| *place != self.span).map(|span| Fill {
            span,
            ..self.clone()
        });
        let fill = own.as_ref().unwrap_or(self);
        Some(Member {
            key: Key {
                text: name.into(),
                span: fill.span,
            },
            value: fill.filled(&member.value, depth)?,
        })
    }

    /// Where a property is named that asks for something of its own.
    fn place(&self, name: &str) -> Option<Span> {
        let member = self.properties.member(name)?;
        let value = &member.value;
        // What stands in the place of a value that is written has the place of that.
        Some(match value.is_object() || value.is_array() {
            true => value.span,
            false => member.key.span,
        })
    }

    /// A property, or one inside it after a dot; one that is null is not there.
    pub(super) fn property(&self, path: &str) -> Option<&Node> {
        let found = self.properties.at(&path.split('.').collect::<Vec<&str>>());
        found.filter(|node| !node.is_null())
    }

    fn asked(&self, name: &str) -> Option<&Node> {
        match name.strip_prefix('$') {
            None => self.property(name),
            Some(name) => {
                let mut values = self.values.iter().rev();
                values
                    .find(|(own, _)| *own == name)
                    .map(|(_, value)| value)
                    .filter(|node| !node.is_null())
            }
        }
    }

    /// Whether everything is so that must be so.
    fn asks_for(&self, node: &Node) -> bool {
        let is_set = |name: &str| self.property(name).is_some_and(is_set);
        let is_true = |name: &str| self.property(name).is_some_and(is_true);
        let is_text = |name: &str| self.property(name).is_some_and(|n| n.as_text().is_some());
        let matches = |member: &Member| {
            let value = self.property(&member.key.text).and_then(Node::scalar);
            let mut wanted = member.value.each().iter().filter_map(Node::as_str);
            value.is_some_and(|value| wanted.any(|wanted| wanted == value))
        };
        let members = |name: &str| node.get(name).map_or(&[][..], Node::members).iter();
        node.str("@with").is_none_or(is_set)
            && !node.str("@without").is_some_and(is_set)
            && node.str("@when").is_none_or(is_true)
            && !node.str("@unless").is_some_and(is_true)
            && node.str("@text").is_none_or(is_text)
            && members("@is").all(matches)
            && !members("@not").any(matches)
    }

    /// A text of the data with the names in it.
    fn named(&self, text: &str) -> Text {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('{') {
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            let known = self.names.iter().find(|(own, _)| *own == name);
            pieces.push(Piece::Known(before.into()));
            match known {
                Some((_, text)) => pieces.extend(text.pieces()),
                None => pieces.push(Piece::Known("{".into())),
            }
            rest = if known.is_some() { after } else { tail };
        }
        pieces.push(Piece::Known(rest.into()));
        Text::of(pieces)
    }
}

/// Whether a value counts as given: JavaScript takes neither nothing nor `false` nor an empty text for it.
pub(super) fn is_set(node: &Node) -> bool {
    !node.is_null() && node.as_bool() != Some(false) && node.as_str() != Some("")
}

fn is_true(node: &Node) -> bool {
    node.as_bool() == Some(true) || node.as_str() == Some("true")
}
