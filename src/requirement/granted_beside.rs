//! What stands beside an entry of a policy: the statement that it is in, and whether the same role allows
//! by another name what the entry was meant for.

use std::ptr;
use std::sync::Arc;

use super::context::LintContext;
use crate::iam::{Context, ElementPatterns, Pattern, PatternEntry, Statement, Style, Truth};
use crate::model::Role;
use crate::source::Span;
use crate::syntax::{Node, Text};

/// Whether other entries have the effect that an entry of `Action` or `NotAction` was meant to have: they
/// stand in the same statement, or in a statement of the same role about the same resources.
///
/// Where that is too much to look at, it is taken to be so: the finding is then the milder one.
pub(super) fn is_granted_beside(cx: LintContext<'_>, entry: &Node, actions: &[String]) -> bool {
    let Some((document, statement)) = statement_of(cx, entry.span) else {
        return false;
    };
    let key = (
        ptr::from_ref(cx.inventory) as usize,
        statement.span,
        actions.to_vec(),
    );
    if let Some(known) = cx.caches.granted_beside.borrow().get(&key) {
        return *known;
    }
    let found = look_beside(cx, entry, document, statement, actions);
    cx.caches.granted_beside.borrow_mut().insert(key, found);
    found
}

fn look_beside(
    cx: LintContext<'_>,
    entry: &Node,
    document: &Node,
    statement: &Node,
    actions: &[String],
) -> bool {
    let roles: Vec<Vec<&Node>> = roles_with(cx, document);
    let groups = match roles.is_empty() {
        true => vec![vec![document]],
        false => roles,
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

/// The document and the statement that a place lies in.
pub(super) fn statement_of<'k>(cx: LintContext<'k>, place: Span) -> Option<(&'k Node, &'k Node)> {
    let documents = cx.inventory.documents();
    documents
        .filter(|document| document.span.contains(place))
        .find_map(|document| {
            let mut statements = statements(document).iter();
            let holds = |statement: &&Node| statement.span.contains(place);
            Some((document, statements.find(holds)?))
        })
}

/// The policies of each role that has a document.
fn roles_with<'k>(cx: LintContext<'k>, document: &Node) -> Vec<Vec<&'k Node>> {
    let of_functions = cx.inventory.functions().filter_map(|f| f.role());
    let roles = of_functions.chain(cx.inventory.roles());
    let policies = roles.map(|role: Role<'k>| {
        let documents = role.policies().documents.into_iter();
        documents.map(|(_, document)| document).collect::<Vec<_>>()
    });
    let has = |list: &Vec<&Node>| list.iter().any(|own| own.span == document.span);
    policies.filter(has).collect()
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
