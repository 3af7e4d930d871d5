//! The policy document that the blocks of a data source declare.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>

use super::mapping::is_open;
use crate::source::Span;
use crate::syntax::{Hole, Key, Kind, Member, Node, Piece, Text, read_partial_json};

/// The version of documents in which the source does not give another one.
const VERSION: &str = "2012-10-17";

/// The lists of a statement, with the elements of the policy that they become, and whether policy variables
/// can be in them.
const LISTS: [(&str, &str, bool); 4] = [
    ("actions", "Action", false),
    ("not_actions", "NotAction", false),
    ("resources", "Resource", true),
    ("not_resources", "NotResource", true),
];

const PRINCIPALS: [(&str, &str); 2] = [
    ("principals", "Principal"),
    ("not_principals", "NotPrincipal"),
];

/// The document that a data source with this body makes. What is not known of it is a hole in the list of
/// its statements.
pub(super) fn document(body: &Node) -> Node {
    if body.as_hole().is_some() {
        return body.clone();
    }
    let mut merged = Statements::default();
    for source in documents(body, "source_json", "source_policy_documents") {
        merged.add(&source);
    }
    let own = set(body, "statement").map_or(&[][..], Node::each);
    merged.merge(own.iter().map(statement).collect());
    for other in documents(body, "override_json", "override_policy_documents") {
        merged.add(&other);
    }
    if is_open(body) {
        merged.list.push(unknown_statement(body));
    }
    let version = set(body, "version").cloned().or(merged.version);
    let version = version.unwrap_or_else(|| Node::text(VERSION, body.span));
    let id = set(body, "policy_id").map(|id| member("Id", id.clone()));
    let statements = Node::array(merged.list, body.span);
    let members = [member("Version", version)].into_iter().chain(id);
    let members = members.chain([member("Statement", statements)]);
    Node::new(Kind::Object(members.collect::<Vec<_>>().into()), body.span)
}

/// How many statements are put together; a policy of AWS is too small for as many.
const MOST_STATEMENTS: usize = 1000;

/// The statements of several documents.
#[derive(Default)]
struct Statements {
    version: Option<Node>,
    list: Vec<Node>,
}

impl Statements {
    /// Adds a document, as an object or a text.
    fn add(&mut self, written: &Node) {
        let read = match written.as_text() {
            Some(text) => read_partial_json(text, written.span),
            None => Some(written.clone()),
        };
        let Some(document) = read.filter(Node::is_object) else {
            self.add_unknown(written);
            return;
        };
        let version = document.get("Version");
        self.version = version.cloned().or(self.version.take());
        let statements = document.get("Statement").map_or(&[][..], Node::each);
        self.merge(statements.to_vec());
    }

    /// Adds statements; one with the ID of an earlier one takes its place.
    fn merge(&mut self, statements: Vec<Node>) {
        for statement in statements {
            let sid = sid(&statement);
            let same = sid.and_then(|sid| {
                let mut known = self.list.iter_mut();
                known.find(|known| self::sid(known) == Some(sid))
            });
            match same {
                Some(same) => *same = statement,
                None => self.list.push(statement),
            }
        }
        if self.list.len() > MOST_STATEMENTS {
            self.list.truncate(MOST_STATEMENTS);
            let rest = self.list.last().map(unknown_statement);
            self.list.extend(rest);
        }
    }

    /// Adds a document that is not known, which may take the place of any statement with an ID.
    fn add_unknown(&mut self, written: &Node) {
        let unknown = match written.as_hole() {
            Some(_) => written.clone(),
            None => {
                let shown = written.as_text().map_or_else(String::new, Text::to_string);
                Node::text(Text::hole(Hole::anything(&shown)), written.span)
            }
        };
        self.list.retain(|statement| sid(statement).is_none());
        self.list.push(unknown);
    }
}

/// What stands for statements that are not known, at the place of one.
fn unknown_statement(at: &Node) -> Node {
    Node::text(Text::hole(Hole::anything("statement")), at.span)
}

fn sid(statement: &Node) -> Option<&Text> {
    let sid = statement.get("Sid")?.as_text()?;
    (!sid.is_empty()).then_some(sid)
}

/// The documents in the attribute for one and in the attribute for several.
fn documents(body: &Node, one: &str, several: &str) -> Vec<Node> {
    let one = set(body, one).into_iter();
    let several = set(body, several).map_or(&[][..], Node::each);
    let all = one.chain(several).filter(|node| !node.is_null());
    all.filter(|node| node.as_str() != Some(""))
        .cloned()
        .collect()
}

/// An attribute that is set.
fn set<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let value = node.get(name)?;
    let is_none = value.is_null()
        || value.as_str() == Some("")
        || value.is_array() && value.items().is_empty();
    (!is_none).then_some(value)
}

/// A statement in the form of a policy document.
fn statement(block: &Node) -> Node {
    if block.as_hole().is_some() {
        return block.clone();
    }
    if is_open(block) {
        return unknown_statement(block);
    }
    let mut members = Vec::new();
    if let Some(sid) = set(block, "sid") {
        members.push(member("Sid", sid.clone()));
    }
    let effect = set(block, "effect").cloned();
    let effect = effect.unwrap_or_else(|| Node::text("Allow", block.span));
    members.push(member("Effect", effect));
    for (name, element) in PRINCIPALS {
        let written = set(block, name).and_then(principals);
        members.extend(written.map(|value| member(element, value)));
    }
    for (name, element, has_variables) in LISTS {
        let written = set(block, name).map(|list| match has_variables {
            true => with_variables(list),
            false => list.clone(),
        });
        members.extend(written.map(|value| member(element, value)));
    }
    let conditions = set(block, "condition").and_then(conditions);
    members.extend(conditions.map(|value| member("Condition", value)));
    Node::new(Kind::Object(members.into()), block.span)
}

/// The principals of a statement: by type, or everybody.
fn principals(blocks: &Node) -> Option<Node> {
    let blocks = blocks.each();
    let is_unknown = |block: &&Node| block.as_hole().is_some() || is_open(block);
    if let Some(unknown) = blocks.iter().find(is_unknown) {
        let hole = || Node::text(Text::hole(Hole::anything("principals")), unknown.span);
        return Some(unknown.as_hole().map_or_else(hole, |_| unknown.clone()));
    }
    let mut kinds: Vec<Member> = Vec::new();
    for block in blocks {
        let Some((kind, names)) = set(block, "type").zip(set(block, "identifiers")) else {
            continue;
        };
        let names = with_variables(names);
        let is_everybody = |node: &Node| node.as_str() == Some("*");
        if let [only] = names.each()
            && is_everybody(kind)
            && is_everybody(only)
        {
            return Some(only.clone());
        }
        append(&mut kinds, kind, names.each());
    }
    let span = blocks.first()?.span;
    Some(Node::new(Kind::Object(kinds.into()), span))
}

/// The conditions of a statement, by operator and key.
fn conditions(blocks: &Node) -> Option<Node> {
    let blocks = blocks.each();
    let mut operators: Vec<(Member, Vec<Member>)> = Vec::new();
    let mut unknown = None;
    for block in blocks {
        if block.as_hole().is_some() || is_open(block) {
            let hole = || Node::text(Text::hole(Hole::anything("condition")), block.span);
            unknown = Some(block.as_hole().map_or_else(hole, |_| block.clone()));
            continue;
        }
        let Some((test, key)) = set(block, "test").zip(set(block, "variable")) else {
            continue;
        };
        let values = block.get("values").cloned().unwrap_or_default();
        let values = with_variables(&values);
        let operator = member_of(test, block.clone());
        let known = operators.iter_mut();
        let mut same = known.filter(|(known, _)| known.key == operator.key);
        match same.next() {
            Some((_, keys)) => append(keys, key, values.each()),
            None => {
                let mut keys = Vec::new();
                append(&mut keys, key, values.each());
                operators.push((operator, keys));
            }
        }
    }
    let known = operators.into_iter().map(|(operator, keys)| Member {
        value: Node::new(Kind::Object(keys.into()), operator.value.span),
        ..operator
    });
    let unknown = unknown.map(|hole| {
        let shown = hole.as_text().map_or_else(String::new, Text::to_string);
        member(&shown, hole)
    });
    let members: Vec<Member> = known.chain(unknown).collect();
    let span = blocks.first()?.span;
    Some(Node::new(Kind::Object(members.into()), span))
}

/// Adds values to those of a name.
fn append(members: &mut Vec<Member>, name: &Node, values: &[Node]) {
    let added = member_of(name, Node::array(values.to_vec(), name.span));
    match members.iter_mut().find(|known| known.key == added.key) {
        Some(known) => {
            let all = known.value.each().iter().chain(values).cloned();
            known.value = Node::array(all.collect(), known.value.span);
        }
        None => members.push(added),
    }
}

/// A member whose name is a value; what is not known of it is between angle brackets.
fn member_of(name: &Node, value: Node) -> Member {
    let text = name.as_text().map_or_else(String::new, Text::to_string);
    Member {
        key: key(&text, name.span),
        value,
    }
}

fn member(name: &str, value: Node) -> Member {
    Member {
        key: key(name, value.span),
        value,
    }
}

fn key(name: &str, span: Span) -> Key {
    Key {
        text: name.into(),
        span,
    }
}

/// A list in which policy variables have the form that IAM gives them.
fn with_variables(list: &Node) -> Node {
    match &list.kind {
        Kind::Array(items) => {
            let items = items.iter().map(with_variables);
            Node::array(items.collect(), list.span)
        }
        Kind::Text(text) => Node::text(replaced(text), list.span),
        _ => list.clone(),
    }
}

/// A text with `${` for `&{`.
fn replaced(text: &Text) -> Text {
    let pieces = text.pieces().into_iter().map(|piece| match piece {
        Piece::Known(known) => Piece::Known(known.replace("&{", "${").into()),
        hole @ Piece::Hole(_) => hole,
    });
    Text::of(pieces)
}
