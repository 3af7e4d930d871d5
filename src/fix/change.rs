//! Changes of documents, by where they are in the tree: they can be joined before they become text.

use std::sync::Arc;

use crate::diagnostics::Shown;
use crate::source::{Edit, Span};
use crate::syntax::{Key, Kind, Member, Node};

/// One step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(Arc<str>),
    Item(usize),
}

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// The place of the document's root among all that were read.
    pub(super) document: usize,
    pub(super) steps: Vec<Step>,
}

/// A change of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// Adds elements to a list; a value that is not a list becomes the first element of one.
    Append { to: Path, items: Vec<Node> },
    /// Adds a member to an object that has none of that name.
    Insert {
        into: Path,
        key: String,
        value: Node,
    },
    /// Writes something else.
    Replace(Edit),
    /// Writes into configuration, whose values are no parts of a document.
    Write {
        /// The edits.
        edits: Vec<Edit>,
        /// What of them is worth showing.
        shown: Shown,
    },
}

impl Path {
    /// The value that was written at exactly that place in one of some documents.
    pub(super) fn to(documents: &[Node], span: Span) -> Option<Self> {
        let covers = |root: &Node| root.span.contains(span);
        let document = documents.iter().position(covers)?;
        let mut node = documents.get(document)?;
        let mut steps = Vec::new();
        while node.span != span {
            let (step, inner) = children(node).find(|(_, inner)| inner.span.contains(span))?;
            steps.push(step);
            node = inner;
        }
        Some(Path { document, steps })
    }

    /// The value of a member of this one.
    pub(super) fn key(&self, name: &str) -> Self {
        self.then(Step::Key(name.into()))
    }

    fn then(&self, step: Step) -> Self {
        let mut path = self.clone();
        path.steps.push(step);
        path
    }

    /// The value in a document.
    pub(super) fn find<'n>(&self, documents: &'n [Node]) -> Option<&'n Node> {
        let root = documents.get(self.document)?;
        self.steps.iter().try_fold(root, |node, step| match step {
            Step::Key(name) => node.get(name),
            Step::Item(index) => node.items().get(*index),
        })
    }
}

/// The values in a value, each with the step to it; of members with one name, the last, which counts.
fn children(node: &Node) -> impl Iterator<Item = (Step, &Node)> {
    let members = node.members().iter();
    let members = members.map(|member| (Step::Key(Arc::clone(&member.key.text)), &member.value));
    let items = node.items().iter().enumerate();
    members.chain(items.map(|(index, item)| (Step::Item(index), item)))
}

/// The change that adds a member under a route of names from a value, with the objects on the way that are not there
/// yet; nothing where there is something else.
pub(super) fn added(
    documents: &[Node],
    root: &Path,
    route: &[String],
    (key, value): (&str, Node),
) -> Option<Change> {
    let mut into = root.clone();
    for (at, name) in route.iter().enumerate() {
        let node = into.find(documents)?;
        match node.get(name) {
            Some(inner) if inner.is_object() => into = into.key(name),
            Some(_) => return None,
            None => {
                let rest = route.get(at + 1..).unwrap_or(&[]).iter();
                let inner = rest
                    .rev()
                    .fold(Node::object([(key, value)], node.span), |inner, name| {
                        Node::object([(name.as_str(), inner)], node.span)
                    });
                return Some(Change::Insert {
                    into,
                    key: name.clone(),
                    value: inner,
                });
            }
        }
    }
    let node = into.find(documents)?;
    let is_free = node.is_object() && node.get(key).is_none();
    is_free.then(|| Change::Insert {
        into,
        key: key.to_owned(),
        value,
    })
}

/// Changes as one: each target is changed once; nothing where two of them contradict each other.
pub(super) fn joined(changes: impl IntoIterator<Item = Change>) -> Option<Vec<Change>> {
    let mut all: Vec<Change> = Vec::new();
    for change in changes {
        let mut others = all.iter_mut();
        match others.find(|known| known.is_of_same(&change)) {
            Some(known) => known.join(change)?,
            None => all.push(change),
        }
    }
    Some(all)
}

impl Change {
    /// Whether both change one and the same thing.
    fn is_of_same(&self, other: &Change) -> bool {
        match (self, other) {
            (Change::Append { to: own, .. }, Change::Append { to: other, .. }) => own == other,
            (
                Change::Insert {
                    into: own,
                    key: name,
                    ..
                },
                Change::Insert { into, key, .. },
            ) => own == into && name == key,
            (own, other) => own == other,
        }
    }

    /// Takes another change of the same in; nothing where both contradict each other.
    fn join(&mut self, other: Change) -> Option<()> {
        match (self, other) {
            (Change::Append { items, .. }, Change::Append { items: more, .. }) => {
                *items = all_of(items, &more);
            }
            (Change::Insert { value, .. }, Change::Insert { value: more, .. })
                if *value != more =>
            {
                *value = both(value, &more)?;
            }
            _ => {}
        }
        Some(())
    }
}

/// The elements of two lists, where those that can be one are.
fn all_of(known: &[Node], more: &[Node]) -> Vec<Node> {
    let mut all = known.to_vec();
    for item in more {
        if !all.iter_mut().any(|known| absorbs(known, item)) {
            all.push(item.clone());
        }
    }
    all
}

/// Makes one statement of two that differ in their actions alone, or one policy of two that differ in their
/// statements alone; returns whether that was done.
fn absorbs(known: &mut Node, new: &Node) -> bool {
    if known == new {
        return true;
    }
    let joined = match (known.get("Action"), new.get("Action")) {
        (Some(own), Some(more)) if known.without("Action") == new.without("Action") => {
            let actions = Node::array(all_of(own.each(), more.each()), own.span);
            Some(replaced(known, "Action", actions))
        }
        (None, None) => joined_policies(known, new),
        _ => None,
    };
    match joined {
        Some(joined) => *known = joined,
        None => return false,
    }
    true
}

/// Two policies with the same name, or without one, as one.
fn joined_policies(known: &Node, new: &Node) -> Option<Node> {
    const CONTENT: [&str; 2] = ["PolicyDocument", "Statement"];
    let name = CONTENT.into_iter().find(|name| known.get(name).is_some())?;
    let is_same = known.without(name) == new.without(name);
    let content = both(known.get(name)?, new.get(name)?).filter(|_| is_same)?;
    Some(replaced(known, name, content))
}

/// Two values for one and the same member; nothing where they contradict each other.
fn both(known: &Node, new: &Node) -> Option<Node> {
    match (&known.kind, &new.kind) {
        (Kind::Array(items), Kind::Array(more)) => {
            Some(Node::array(all_of(items, more), known.span))
        }
        (Kind::Object(_), Kind::Object(more)) => {
            let mut all = known.clone();
            for member in more.iter() {
                all = match all.get(&member.key.text) {
                    Some(own) if *own == member.value => all,
                    Some(own) => {
                        let value = both(own, &member.value)?;
                        replaced(&all, &member.key.text, value)
                    }
                    None => all.with(&member.key.text, member.value.clone()),
                };
            }
            Some(all)
        }
        _ => None,
    }
}

/// An object with another value for a member, in its place.
fn replaced(object: &Node, name: &str, value: Node) -> Node {
    let members = object
        .members()
        .iter()
        .map(|member| match &*member.key.text == name {
            true => Member {
                key: member.key.clone(),
                value: value.clone(),
            },
            false => member.clone(),
        });
    let members: Vec<Member> = members.collect();
    Node::new(Kind::Object(members.into()), object.span)
}

/// A document, of that number among all, with changes made in it; nothing where a change has no place. Changes of
/// other documents and files are left out.
pub(super) fn applied(number: usize, root: &Node, changes: &[Change]) -> Option<Node> {
    let mut root = root.clone();
    for change in changes {
        let path = match change {
            Change::Append { to: path, .. } | Change::Insert { into: path, .. } => path,
            Change::Replace(_) | Change::Write { .. } => continue,
        };
        if path.document != number {
            continue;
        }
        root = changed(&root, &path.steps, &|node| match change {
            Change::Append { items, .. } => Some(appended(node, items)),
            Change::Insert { key, value, .. } => inserted(node, key, value),
            Change::Replace(_) | Change::Write { .. } => None,
        })?;
    }
    Some(root)
}

fn changed(node: &Node, steps: &[Step], made: &dyn Fn(&Node) -> Option<Node>) -> Option<Node> {
    let Some((step, rest)) = steps.split_first() else {
        return made(node);
    };
    match step {
        Step::Key(name) => {
            let inner = changed(node.get(name)?, rest, made)?;
            let last = node.members().iter().rposition(|m| m.key.text == *name)?;
            let mut members = node.members().to_vec();
            members.get_mut(last)?.value = inner;
            Some(Node::new(Kind::Object(members.into()), node.span))
        }
        Step::Item(index) => {
            let mut items = node.items().to_vec();
            let item = items.get_mut(*index)?;
            *item = changed(item, rest, made)?;
            Some(Node::array(items, node.span))
        }
    }
}

fn appended(node: &Node, more: &[Node]) -> Node {
    let mut items = node.each().to_vec();
    items.extend(more.iter().cloned());
    Node::array(items, node.span)
}

fn inserted(node: &Node, key: &str, value: &Node) -> Option<Node> {
    let is_new = node.is_object() && node.get(key).is_none();
    let mut members = node.members().to_vec();
    members.push(Member {
        key: Key {
            text: key.into(),
            span: value.span,
        },
        value: value.clone(),
    });
    is_new.then(|| Node::new(Kind::Object(members.into()), node.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::json;

    fn read(text: &str) -> Node {
        json::read(crate::source::FileId::NOWHERE, text)
            .roots
            .remove(0)
    }

    fn append(items: &[&str]) -> Change {
        let path = Path {
            document: 0,
            steps: vec![Step::Key("Statement".into())],
        };
        Change::Append {
            to: path,
            items: items.iter().map(|item| read(item)).collect(),
        }
    }

    fn insert(value: &str) -> Change {
        let into = Path {
            document: 0,
            steps: Vec::new(),
        };
        Change::Insert {
            into,
            key: "Policies".to_owned(),
            value: read(value),
        }
    }

    const SEND: &str = r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "q"}"#;
    const READ: &str = r#"{"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": "q"}"#;

    #[test]
    fn two_statements_that_differ_in_their_actions_are_one() {
        let changes = joined([append(&[SEND]), append(&[READ, SEND])]).unwrap();
        let both = r#"{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": "q"}"#;
        assert_eq!(changes, [append(&[both])]);
        let other = SEND.replace("\"q\"", "\"other\"");
        let changes = joined([append(&[SEND]), append(&[&other])]).unwrap();
        assert_eq!(changes, [append(&[SEND, &other])]);
    }

    #[test]
    fn two_policies_of_one_name_are_one() {
        let policy = |statement: &str| {
            format!(r#"[{{"PolicyName": "p", "PolicyDocument": {{"Statement": [{statement}]}}}}]"#)
        };
        let other = SEND.replace("\"q\"", "\"other\"");
        let changes = joined([insert(&policy(SEND)), insert(&policy(&other))]).unwrap();
        assert_eq!(changes, [insert(&policy(&format!("{SEND}, {other}")))]);
        assert_eq!(joined([insert("1"), insert("2")]), None);
    }

    #[test]
    fn changes_are_made_in_the_tree() {
        let document = read(&format!(r#"{{"Version": "x", "Statement": {SEND}}}"#));
        let changes = [append(&[READ]), insert("[]")];
        let wanted =
            format!(r#"{{"Version": "x", "Statement": [{SEND}, {READ}], "Policies": []}}"#);
        assert_eq!(applied(0, &document, &changes), Some(read(&wanted)));
        assert_eq!(applied(1, &document, &changes), Some(document.clone()));
        let again = applied(0, &document, &changes).unwrap();
        assert_eq!(applied(0, &again, &[insert("[]")]), None);
    }
}
