//! The tree that every document is read into, and that the model is made of.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::hole::Hole;
use super::text::{Piece, Text};
use crate::source::Span;
use crate::work::{Kind as Work, count};

/// How many members are searched one after the other.
const MOST_SEARCHED: usize = 32;

/// A value and the place where it was written.
///
/// Copies are cheap: children are shared. Equality looks at values alone, not at places.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    /// Where it was written.
    pub span: Span,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written: account ids keep their leading zeros, large ones their digits.
    Number(Arc<str>),
    /// A text.
    Text(Text),
    /// A list.
    Array(Arc<Vec<Node>>),
    /// Members in the order in which they were written, duplicates included.
    Object(Members),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// The name.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// The name of a member and the place where it was written.
#[derive(Clone, Debug)]
pub struct Key {
    /// The decoded name.
    pub text: Arc<str>,
    /// Where it was written.
    pub span: Span,
}

impl Key {
    /// Whether a part of the name is not known: it is then shown between angle brackets, as the holes
    /// of other texts are. No name that AWS knows has these.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.text.contains('<')
    }
}

/// Members in the order in which they were written, duplicates included.
///
/// Copies are cheap: they share the members.
#[derive(Clone, Debug)]
pub struct Members(Arc<MemberList>);

#[derive(Debug)]
struct MemberList {
    members: Vec<Member>,
    /// The index of a large object in which a member was looked for. Most objects have none, and little room for it.
    index: OnceLock<Box<NameIndex>>,
}

/// Where the last member of each name is.
#[derive(Debug)]
struct NameIndex(HashMap<Arc<str>, usize>);

impl Members {
    /// The last member of a name.
    fn named(&self, name: &str) -> Option<&Member> {
        let members = &self.0.members;
        if members.len() > MOST_SEARCHED {
            count(Work::Members, 1);
            let index = self.0.index.get_or_init(|| index(members));
            return members.get(*index.0.get(name)?);
        }
        let found = members.iter().rposition(|member| &*member.key.text == name);
        count(Work::Members, members.len() - found.unwrap_or(0));
        members.get(found?)
    }

    /// Whether two are the same members of the same object.
    fn is(&self, other: &Members) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

fn index(members: &[Member]) -> Box<NameIndex> {
    count(Work::Members, members.len());
    let names = members.iter().enumerate();
    let names = names.map(|(at, member)| (Arc::clone(&member.key.text), at));
    Box::new(NameIndex(names.collect()))
}

impl From<Vec<Member>> for Members {
    fn from(members: Vec<Member>) -> Self {
        let index = OnceLock::new();
        Members(Arc::new(MemberList { members, index }))
    }
}

impl Deref for Members {
    type Target = [Member];

    fn deref(&self) -> &[Member] {
        &self.0.members
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || **self == **other
    }
}

impl Eq for Members {}

impl Hash for Members {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.members.hash(state);
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Node {}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Node {
    /// A value that was written at a place.
    #[must_use]
    pub fn new(kind: Kind, span: Span) -> Self {
        Node { kind, span }
    }

    /// A text that follows from what was written at a place.
    #[must_use]
    pub fn text(text: impl Into<Text>, span: Span) -> Self {
        Node::new(Kind::Text(text.into()), span)
    }

    /// A list that follows from what was written at a place.
    #[must_use]
    pub fn array(items: Vec<Node>, span: Span) -> Self {
        Node::new(Kind::Array(Arc::new(items)), span)
    }

    /// An object that follows from what was written at a place; the keys have the same place.
    #[must_use]
    pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Node)>, span: Span) -> Self {
        let members: Vec<Member> = members
            .into_iter()
            .map(|(name, value)| Member {
                key: Key {
                    text: name.into(),
                    span,
                },
                value,
            })
            .collect();
        Node::new(Kind::Object(members.into()), span)
    }

    /// What the copies of an object have in common and no other object has, as long as one of them exists.
    pub(crate) fn address(&self) -> Option<usize> {
        match &self.kind {
            Kind::Object(members) => Some(Arc::as_ptr(&members.0).cast::<()>() as usize),
            _ => None,
        }
    }

    /// The member of that name; the last one where there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.member(name).map(|member| &member.value)
    }

    /// The member of that name with its key; the last one where there are several.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        match &self.kind {
            Kind::Object(members) => members.named(name),
            _ => None,
        }
    }

    /// The value under a route of member names.
    #[must_use]
    pub fn at(&self, route: &[&str]) -> Option<&Node> {
        route.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The known text under a member name.
    #[must_use]
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The value and everything in it, in the order in which it was written.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        self.walk_where(|_| true)
    }

    /// The value and everything in it, without the members that are to be left out.
    pub(crate) fn walk_where(&self, enters: fn(&Member) -> bool) -> impl Iterator<Item = &Node> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            count(Work::Visits, 1);
            open.extend(node.items().iter().rev());
            let members = node.members().iter().rev();
            let entered = members.filter(|member| enters(member));
            open.extend(entered.map(|member| &member.value));
            Some(node)
        })
    }

    /// A known text, a number or a truth value, as text.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) => text.as_str().map(str::to_owned),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The members of an object; none for another kind.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none for another kind.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The elements of a list, or the value itself where it is not a list: IAM writes one of
    /// something without brackets.
    #[must_use]
    pub fn each(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The known text of a text node.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_str()
    }

    /// The text of a text node.
    #[must_use]
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The hole that stands for the whole value: whatever the value is, it is not known yet.
    #[must_use]
    pub fn as_hole(&self) -> Option<&Hole> {
        match self.as_text()? {
            Text::Known(_) => None,
            Text::Partial(pieces) => match &**pieces {
                [Piece::Hole(hole)] => Some(hole),
                _ => None,
            },
        }
    }

    /// The value of a truth node.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_array(&self) -> bool {
        matches!(self.kind, Kind::Array(_))
    }

    /// What it is, in a word for messages.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a Boolean",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a string",
            Kind::Array(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }

    /// The object with the members of another one that it lacks.
    #[must_use]
    pub fn completed_by(&self, other: &Node) -> Node {
        let lacks = |member: &&Member| self.get(&member.key.text).is_none();
        let added = other.members().iter().filter(lacks);
        added.fold(self.clone(), |node, member| {
            node.with(&member.key.text, member.value.clone())
        })
    }

    /// The value in which every object has, of several members of one name, the last one alone.
    #[must_use]
    pub fn with_last_members(&self) -> Node {
        let has_duplicates = |node: &Node| {
            let mut seen = HashSet::new();
            let members = node.members();
            members.len() > 1 && !members.iter().all(|m| seen.insert(&*m.key.text))
        };
        match self.walk().any(has_duplicates) {
            true => self.last_members(),
            false => self.clone(),
        }
    }

    fn last_members(&self) -> Node {
        let kind = match &self.kind {
            Kind::Array(items) => {
                let items = items.iter().map(Node::last_members);
                Kind::Array(Arc::new(items.collect()))
            }
            Kind::Object(members) => {
                let mut seen = HashSet::new();
                let last = members.iter().rev().filter(|m| seen.insert(&*m.key.text));
                let mut last: Vec<Member> = last
                    .map(|member| Member {
                        key: member.key.clone(),
                        value: member.value.last_members(),
                    })
                    .collect();
                last.reverse();
                Kind::Object(last.into())
            }
            other => other.clone(),
        };
        Node::new(kind, self.span)
    }

    /// The object without the members of that name.
    #[must_use]
    pub fn without(&self, name: &str) -> Node {
        let Kind::Object(members) = &self.kind else {
            return self.clone();
        };
        let members = members.iter().filter(|member| &*member.key.text != name);
        let members: Vec<Member> = members.cloned().collect();
        Node::new(Kind::Object(members.into()), self.span)
    }

    /// The object with a member added, or replaced where there is one of that name.
    ///
    /// Another kind of value is returned as it is.
    #[must_use]
    pub fn with(&self, name: &str, value: Node) -> Node {
        let Kind::Object(members) = &self.kind else {
            return self.clone();
        };
        let key = Key {
            text: name.into(),
            span: value.span,
        };
        let mut members: Vec<Member> = members
            .iter()
            .filter(|member| &*member.key.text != name)
            .cloned()
            .collect();
        members.push(Member { key, value });
        Node {
            kind: Kind::Object(members.into()),
            ..self.clone()
        }
    }
}
