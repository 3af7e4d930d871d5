//! What stands beside an entry of a policy: the statement that it is in, and whether the same role allows
//! by another name what the entry was meant for.

use std::ptr;

use super::caches::{Covering, once};
use super::context::LintContext;
use super::surroundings::{Surroundings, statements};
use crate::iam::{Context, ElementPatterns, Pattern, PatternEntry, Statement, Style, Truth};
use crate::syntax::{Node, Text};

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
    let own = cx.statement(statement);
    let is_negated = own.actions.as_ref().is_some_and(|listed| listed.negated);
    let holds_in = |documents: &Vec<&Node>| {
        actions.iter().all(|action| {
            let action = Text::from(action.as_str());
            let others = || match covering(cx, documents, &action) {
                Some(others) => others.iter().any(|other| has_effect_of(other, &own)),
                None => true,
            };
            lists_also(&own, entry, &action) || !is_negated && others()
        })
    };
    groups.iter().all(holds_in)
}

/// The statements of documents of one role that are about an action, which are looked for once; `None` where
/// that is too much to look at.
fn covering(cx: LintContext<'_>, documents: &[&Node], action: &Text) -> Covering {
    let places = documents.iter().map(|document| document.span).collect();
    cx.caches.covering((places, action.to_string()), || {
        if !documents.iter().all(|document| cx.spend(size(document))) {
            return None;
        }
        let pattern = Pattern::new(action, Style::ACTION);
        let all = documents.iter().flat_map(|document| statements(document));
        let all = all.map(|statement| cx.statement(statement));
        let about = all.filter(|statement| is_about(statement, action, &pattern));
        Some(about.collect())
    })
}

/// Whether a statement lists an action by another entry than this one.
fn lists_also(statement: &Statement, entry: &Node, action: &Text) -> bool {
    let listed = statement.actions.iter().flat_map(|listed| &listed.entries);
    let mut others = listed.filter(|other| other.node.span != entry.span);
    let pattern = Pattern::new(action, Style::ACTION);
    others.any(|other| is_for(other, action, &pattern))
}

/// Whether a statement has the effect of another one on some of its resources.
fn has_effect_of(statement: &Statement, of: &Statement) -> bool {
    statement.effect == of.effect && overlap(statement.resources.as_ref(), of.resources.as_ref())
}

/// Whether a statement is about an action, of which this is the pattern.
fn is_about(statement: &Statement, action: &Text, pattern: &Pattern) -> bool {
    let covers = |listed: &ElementPatterns| match listed.negated {
        true => listed.covers(action, &Context::default()) == Truth::Yes,
        false => { listed.entries.iter() }.any(|entry| is_for(entry, action, pattern)),
    };
    statement.actions.as_ref().is_some_and(covers)
}

/// Whether an entry covers an action, or is covered by it where that has a wildcard: who writes
/// `service:*` may need no more than is listed beside it.
fn is_for(entry: &PatternEntry, action: &Text, pattern: &Pattern) -> bool {
    let context = Context::default();
    entry.matches(action, &context) == Truth::Yes
        || pattern.matches(&entry.text, &context) == Truth::Yes
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

/// How many entries the statements of a document list.
fn size(document: &Node) -> usize {
    let lists = ["Action", "NotAction", "Resource", "NotResource"];
    let entries = statements(document).iter().flat_map(|statement| {
        let lists = lists.iter().filter_map(|name| statement.get(name));
        lists.map(|list| list.each().len())
    });
    entries.sum()
}
