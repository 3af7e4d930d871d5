//! What stands beside an entry of a policy: the statement that it is in, and whether the same role allows
//! by another name what the entry was meant for.

use std::collections::{HashMap, HashSet};
use std::ptr;
use std::sync::{Arc, RwLock};

use super::caches::once;
use super::context::LintContext;
use crate::iam::{Context, ElementPatterns, Pattern, PatternEntry, Statement, Style, Truth};
use crate::model::Inventory;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Text};

/// Whether something beside a statement grants actions, by the address of an inventory, the place of the
/// statement in it, and the actions.
pub(super) type Grants = RwLock<HashMap<(usize, Span, Vec<String>), bool>>;

/// The documents of an inventory, and those that belong to the same role.
#[derive(Debug)]
pub(super) struct Surroundings {
    documents: HashMap<FileId, Vec<Node>>,
    /// The policies of each role, by the place of each of them.
    roles_of: HashMap<Span, Vec<Arc<[Node]>>>,
}

/// Whether other entries have the effect that an entry of `Action` or `NotAction` was meant to have: they
/// stand in the same statement, or in a statement of the same role about the same resources.
///
/// Where that is too much to look at, it is taken to be so: the finding is then the milder one.
pub(super) fn is_granted_beside(cx: LintContext<'_>, entry: &Node, actions: &[String]) -> bool {
    let around = cx.surroundings();
    let Some((document, statement)) = around.statement_at(entry.span) else {
        return false;
    };
    let inventory = ptr::from_ref(cx.inventory) as usize;
    let key = (inventory, statement.span, actions.to_vec());
    once(&cx.caches.grants, key, || {
        look_beside(cx, &around, entry, (document, statement), actions)
    })
}

fn look_beside(
    cx: LintContext<'_>,
    around: &Surroundings,
    entry: &Node,
    (document, statement): (&Node, &Node),
    actions: &[String],
) -> bool {
    let roles = around.policies_beside(document);
    let groups: Vec<Vec<&Node>> = match roles.is_empty() {
        true => vec![vec![document]],
        false => roles.iter().map(|role| role.iter().collect()).collect(),
    };
    let mut nodes = groups.iter().flatten();
    if !nodes.all(|document| cx.spend(size(document))) {
        return true;
    }
    let own = cx.statement(statement);
    let is_negated = own.actions.as_ref().is_some_and(|listed| listed.negated);
    let holds_in = |documents: &Vec<&Node>| {
        let others = documents.iter().flat_map(|d| statements(d));
        let others: Vec<Arc<Statement>> = match is_negated {
            true => Vec::new(),
            false => others.map(|other| cx.statement(other)).collect(),
        };
        actions.iter().all(|action| {
            let action = Text::from(action.as_str());
            let other = |other: &Arc<Statement>| has_effect_of(other, &own, &action);
            lists_also(&own, entry, &action) || others.iter().any(other)
        })
    };
    groups.iter().all(holds_in)
}

/// Whether a statement lists an action by another entry than this one.
fn lists_also(statement: &Statement, entry: &Node, action: &Text) -> bool {
    let listed = statement.actions.iter().flat_map(|listed| &listed.entries);
    let mut others = listed.filter(|other| other.node.span != entry.span);
    others.any(|other| is_for(other, action))
}

/// Whether a statement has the effect of another one for an action, on some of its resources.
fn has_effect_of(statement: &Statement, of: &Statement, action: &Text) -> bool {
    let covers = |listed: &ElementPatterns| match listed.negated {
        true => listed.covers(action, &Context::default()) == Truth::Yes,
        false => listed.entries.iter().any(|entry| is_for(entry, action)),
    };
    statement.effect == of.effect
        && statement.actions.as_ref().is_some_and(covers)
        && overlap(statement.resources.as_ref(), of.resources.as_ref())
}

/// Whether an entry covers an action, or is covered by it where that has a wildcard: who writes
/// `service:*` may need no more than is listed beside it.
fn is_for(entry: &PatternEntry, action: &Text) -> bool {
    let context = Context::default();
    let pattern = || Pattern::new(action, Style::ACTION);
    entry.matches(action, &context) == Truth::Yes
        || pattern().matches(&entry.text, &context) == Truth::Yes
}

/// Whether two statements may be about a common resource.
fn overlap(one: Option<&ElementPatterns>, other: Option<&ElementPatterns>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let context = Context::default();
    let touches = |left: &ElementPatterns, right: &ElementPatterns| {
        let mut entries = right.entries.iter();
        entries.any(|entry| left.covers(&entry.text, &context) != Truth::No)
    };
    one.negated || other.negated || touches(one, other) || touches(other, one)
}

impl Surroundings {
    /// Looks at all documents and roles once.
    pub(super) fn of(inventory: &Inventory) -> Self {
        let mut documents: HashMap<FileId, Vec<Node>> = HashMap::new();
        for document in inventory.documents() {
            let of_file = documents.entry(document.span.file).or_default();
            of_file.push(document.clone());
        }
        let of_functions = inventory.functions().filter_map(|f| f.role());
        let roles = of_functions.chain(inventory.roles());
        let mut roles_of: HashMap<Span, Vec<Arc<[Node]>>> = HashMap::new();
        let mut seen = HashSet::new();
        for role in roles.filter(|role| seen.insert((role.node.address(), role.node.span))) {
            let documents = role.policies().documents.into_iter();
            let policies: Arc<[Node]> = documents.map(|(_, document)| document.clone()).collect();
            let places: HashSet<Span> = policies.iter().map(|document| document.span).collect();
            for place in places {
                roles_of
                    .entry(place)
                    .or_default()
                    .push(Arc::clone(&policies));
            }
        }
        Surroundings {
            documents,
            roles_of,
        }
    }

    /// The document and the statement that a place lies in.
    pub(super) fn statement_at(&self, place: Span) -> Option<(&Node, &Node)> {
        let documents = self.documents.get(&place.file)?.iter();
        documents
            .filter(|document| document.span.contains(place))
            .find_map(|document| Some((document, statement_in(document, place)?)))
    }

    /// The policies of each role that has a document.
    fn policies_beside(&self, document: &Node) -> &[Arc<[Node]>] {
        self.roles_of.get(&document.span).map_or(&[], Vec::as_slice)
    }
}

/// The statement of a document that a place lies in: most stand in the order of their places.
fn statement_in(document: &Node, place: Span) -> Option<&Node> {
    let statements = statements(document);
    let holds = |statement: &&Node| statement.span.contains(place);
    let behind = statements.partition_point(|statement| statement.span <= place);
    let before = behind.checked_sub(1).and_then(|at| statements.get(at));
    before
        .filter(holds)
        .or_else(|| statements.iter().find(holds))
}

fn statements(document: &Node) -> &[Node] {
    document.get("Statement").map_or(&[], Node::each)
}

/// How many entries the statements of a document list.
fn size(document: &Node) -> usize {
    let lists = ["Action", "NotAction", "Resource", "NotResource"];
    let entries = statements(document).iter().flat_map(|statement| {
        let lists = lists.iter().filter_map(|name| statement.get(name));
        lists.map(|list| list.each().len())
    });
    entries.sum()
}
