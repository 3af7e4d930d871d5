//! Actions that are of use only together, granted to the same principals.

use super::judge::{LintResult, Match};
use super::syntax_checks;
use crate::iam::{Context, Effect, ElementPatterns, PolicyDocument, Statement, Truth};
use crate::rules::{Pair, Rule};
use crate::syntax::Text;

/// Whoever is allowed the one action by a statement is allowed the other by some statement.
pub(super) fn check(rule: &Rule, pair: &Pair, matched: Match<'_, '_>, result: &mut LintResult) {
    let document = PolicyDocument::read(matched.node);
    for statement in document
        .statements
        .iter()
        .filter(|s| allows(s, &pair.action))
    {
        let mut others = document.statements.iter().filter(|s| allows(s, &pair.with));
        if others.any(|other| matches(other, statement)) {
            continue;
        }
        let place = statement
            .actions
            .as_ref()
            .map_or(statement.span, |a| a.span);
        let mut finding = syntax_checks::finding(rule, matched, place);
        finding.subject.actions = vec![pair.with.clone()];
        result.findings.push(finding);
    }
}

fn allows(statement: &Statement, action: &str) -> bool {
    let action = Text::from(action);
    let covers = |listed: &ElementPatterns| {
        !listed.negated && listed.covers(&action, &Context::default()) == Truth::Yes
    };
    statement.effect == Some(Effect::Allow) && statement.actions.as_ref().is_some_and(covers)
}

/// Whether a statement speaks of some principal of another, or of everybody.
fn matches(statement: &Statement, other: &Statement) -> bool {
    let (Some(own), Some(others)) = (&statement.principal, &other.principal) else {
        return true;
    };
    let mut entries = own.entries.iter();
    own.negated
        || own.is_everybody()
        || entries.any(|entry| others.entries.iter().any(|known| known.name == entry.name))
}
