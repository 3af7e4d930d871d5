//! Actions that are of use only together, granted to the same principals.

use super::forms;
use super::judge::{Hit, Judged};
use crate::document::Text;
use crate::iam::{Context, Effect, Listed, PolicyDocument, Statement, Truth};
use crate::pack::{Pair, Rule};

/// Whoever is allowed the one action by a statement is allowed the other by some statement.
pub(super) fn check(rule: &Rule, pair: &Pair, hit: Hit<'_, '_>, judged: &mut Judged) {
    let document = PolicyDocument::read(hit.node);
    for statement in document
        .statements
        .iter()
        .filter(|s| allows(s, &pair.action))
    {
        let mut others = document.statements.iter().filter(|s| allows(s, &pair.with));
        if others.any(|other| speaks_of(other, statement)) {
            continue;
        }
        let place = statement
            .actions
            .as_ref()
            .map_or(statement.span, |a| a.span);
        let mut finding = forms::finding(rule, hit, place);
        finding.subject.actions = vec![pair.with.clone()];
        judged.findings.push(finding);
    }
}

fn allows(statement: &Statement, action: &str) -> bool {
    let action = Text::from(action);
    let covers = |listed: &Listed| {
        !listed.negated && listed.covers(&action, &Context::default()) == Truth::Yes
    };
    statement.effect == Some(Effect::Allow) && statement.actions.as_ref().is_some_and(covers)
}

/// Whether a statement speaks of some principal of another, or of everybody.
fn speaks_of(statement: &Statement, other: &Statement) -> bool {
    let (Some(own), Some(others)) = (&statement.principal, &other.principal) else {
        return true;
    };
    let mut entries = own.entries.iter();
    own.negated
        || own.is_everybody()
        || entries.any(|entry| others.entries.iter().any(|known| known.name == entry.name))
}
