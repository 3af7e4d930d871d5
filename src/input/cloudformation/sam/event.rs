//! What the data about SAM says, with what it asks of an event or of the function filled in.

use super::resources::{Made, attribute, reference};
use crate::source::Span;
use crate::syntax::{Key, Kind, Member, Node};

/// How deep the data is nested.
const MAX_DEPTH: usize = 32;

/// An event or a property of a resource, with the names that the data can ask for.
#[derive(Clone, Debug)]
pub(super) struct Event<'e> {
    /// The event's properties.
    pub(super) properties: &'e Node,
    /// Logical id of the function, or of the resource in its place.
    pub(super) function: &'e str,
    /// What stands for a name between braces in the data's texts.
    pub(super) names: Vec<(&'static str, String)>,
    /// The alias that is invoked in place of the function.
    pub(super) alias: Option<&'e str>,
    pub(super) span: Span,
}

impl Event<'_> {
    /// The resources that an entry of the data describes.
    pub(super) fn resources(&self, entry: &Node) -> Vec<Made> {
        let resources = entry.get("resources").map_or(&[][..], Node::members);
        let asked = resources
            .iter()
            .filter(|member| self.asks_for(&member.value));
        asked.filter_map(|member| self.made(member)).collect()
    }

    fn made(&self, member: &Member) -> Option<Made> {
        let mut made = Made::from(self.member(member, MAX_DEPTH)?);
        made.generated.named_by = member.value.str("@namedBy").map(str::to_owned);
        Some(made)
    }

    /// Whether a resource or a value is wanted: the property of its `@when` is true, that of its `@unless` not,
    /// that of its `@with` is there, and that of its `@without` is not.
    fn asks_for(&self, entry: &Node) -> bool {
        let is_true = |name: &str| {
            let value = self.properties.get(name);
            value.is_some_and(|value| {
                value.as_bool() == Some(true) || value.as_str() == Some("true")
            })
        };
        let is_there = |name: &str| self.property(name).is_some();
        entry.str("@when").is_none_or(is_true)
            && !entry.str("@unless").is_some_and(is_true)
            && entry.str("@with").is_none_or(is_there)
            && !entry.str("@without").is_some_and(is_there)
    }

    /// The statements that an entry of the data has for the role; one of which something is missing is left
    /// out.
    pub(super) fn statements(&self, entry: &Node) -> Vec<Node> {
        let statements = entry.get("statements").map_or(&[][..], Node::items);
        let asked = statements.iter().filter(|statement| {
            let kinds = statement.get("@if");
            let has_kind = kinds.is_none_or(|kinds| !self.uris(kinds, None).is_empty());
            let with = statement.str("@with");
            has_kind && with.is_none_or(|name| self.property(name).is_some())
        });
        let filled = asked.filter_map(|statement| self.filled(statement, MAX_DEPTH));
        filled
            .filter(|statement| statement.get("Resource").is_some())
            .collect()
    }

    /// A value of the data with what it asks for; nothing where that is not there.
    pub(super) fn value(&self, node: &Node) -> Option<Node> {
        self.filled(node, MAX_DEPTH)
    }

    fn filled(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth == 0 {
            return None;
        }
        let span = self.span;
        match &node.kind {
            Kind::Text(text) => Some(Node::text(self.named(text.as_str()?), span)),
            Kind::Array(items) => {
                let asked = items.iter().filter(|item| self.asks_for(item));
                let items = asked.map(|item| self.filled(item, depth - 1));
                Some(Node::array(items.collect::<Option<Vec<Node>>>()?, span))
            }
            Kind::Object(members) => match node.str("@") {
                Some("*") => Some(self.with_all(members, depth)),
                Some(name) => self.asked(name, node, depth),
                None => self.object(node, members, depth),
            },
            _ => Some(Node::new(node.kind.clone(), span)),
        }
    }

    fn object(&self, node: &Node, members: &[Member], depth: usize) -> Option<Node> {
        if let Some(kinds) = node.get("@uri") {
            let uris = self.uris(kinds, node.str("@of"));
            return (!uris.is_empty()).then(|| Node::array(uris, self.span));
        }
        if let Some(name) = node.str("@path") {
            return Some(self.changed(name, "", path_in_arn));
        }
        if let Some(name) = node.str("@route") {
            return Some(self.changed(name, "", route_in_arn));
        }
        if let Some(name) = node.str("@method") {
            return Some(self.changed(name, "*", method_in_arn));
        }
        if let Some(name) = node.str("@arn") {
            let referred = self.properties.get(name)?.str("Ref")?;
            return Some(attribute(referred, "Arn", self.span));
        }
        let is_call = matches!(members, [only] if only.key.text.starts_with("Fn::"));
        let filled: Vec<Member> = members
            .iter()
            .filter_map(|member| self.member(member, depth))
            .collect();
        // A call without what it is about says nothing.
        let whole = !is_call || filled.len() == members.len();
        whole.then(|| Node::new(Kind::Object(filled.into()), self.span))
    }

    fn member(&self, member: &Member, depth: usize) -> Option<Member> {
        if member.key.text.starts_with('@') || !self.asks_for(&member.value) {
            return None;
        }
        Some(Member {
            key: Key {
                text: self.named(&member.key.text).into(),
                span: self.span,
            },
            value: self.filled(&member.value, depth.checked_sub(1)?)?,
        })
    }

    /// A text of the data with the names in it.
    fn named(&self, text: &str) -> String {
        let text = text.replace("{function}", self.function);
        let names = self.names.iter();
        names.fold(text, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// All properties of the event, and the members that the data adds.
    fn with_all(&self, members: &[Member], depth: usize) -> Node {
        let added = members
            .iter()
            .filter_map(|member| self.member(member, depth));
        let node = added.fold(self.properties.clone(), |node, member| {
            node.with(&member.key.text, member.value)
        });
        Node {
            span: self.span,
            ..node
        }
    }

    fn asked(&self, name: &str, node: &Node, depth: usize) -> Option<Node> {
        let invoked = self.alias.unwrap_or(self.function);
        match (name, self.alias) {
            ("self", _) => Some(reference(self.function, self.span)),
            ("function", _) | ("functionArn", Some(_)) => Some(reference(invoked, self.span)),
            ("functionArn", None) => Some(attribute(invoked, "Arn", self.span)),
            _ => match self.property(name) {
                Some(value) => Some(value.clone()),
                None => self.filled(node.get("@else")?, depth - 1),
            },
        }
    }

    /// A property, or one inside it after a dot.
    fn property(&self, path: &str) -> Option<&Node> {
        self.properties.at(&path.split('.').collect::<Vec<&str>>())
    }

    /// A property as it stands in an ARN; what a call gives is not known and stays.
    fn changed(&self, name: &str, default: &str, change: fn(&str) -> String) -> Node {
        match self.properties.get(name) {
            Some(value) => match value.as_str() {
                Some(text) => Node::text(change(text), self.span),
                None => value.clone(),
            },
            None => Node::text(default, self.span),
        }
    }

    /// The secrets and networks that the event names for these kinds of access, in the property of
    /// that name.
    fn uris(&self, kinds: &Node, of: Option<&str>) -> Vec<Node> {
        let kinds: Vec<&str> = kinds.items().iter().filter_map(Node::as_str).collect();
        let listed = self.property(of.unwrap_or("SourceAccessConfigurations"));
        let listed = listed.map_or(&[][..], Node::items);
        let of_kind = listed
            .iter()
            .filter(|access| access.str("Type").is_some_and(|k| kinds.contains(&k)));
        of_kind
            .filter_map(|access| access.get("URI").cloned())
            .collect()
    }
}

/// A path of a REST API as the transform writes it in an ARN: `*` for what is between braces, no
/// slash at its end.
fn path_in_arn(path: &str) -> String {
    starred(path, |_| true)
}

/// The same of an HTTP API, in which the transform leaves greedy names but `{proxy+}` as they are.
fn route_in_arn(path: &str) -> String {
    match path {
        "$default" => String::new(),
        _ => starred(path, |inside| inside == "proxy+" || !inside.ends_with('+')),
    }
}

fn starred(path: &str, is_open: fn(&str) -> bool) -> String {
    let path = match path.strip_suffix('/') {
        Some(before) if !before.is_empty() => before,
        _ => path,
    };
    let mut written = String::new();
    let mut rest = path;
    while let Some((before, tail)) = rest.split_once('{') {
        let (inside, after) = tail.split_once('}').unwrap_or((tail, ""));
        written.push_str(before);
        match is_open(inside) {
            true => written.push('*'),
            false => written.push_str(&format!("{{{inside}}}")),
        }
        rest = after;
    }
    written.push_str(rest);
    written
}

fn method_in_arn(method: &str) -> String {
    match method.to_lowercase().as_str() {
        "any" | "x-amazon-apigateway-any-method" => "*".to_owned(),
        _ => method.to_uppercase(),
    }
}
