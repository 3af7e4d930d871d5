//! Allow statements that a Deny of the same document makes dead.

use super::judge::{LintResult, Match};
use super::near_miss::called;
use super::verdict::note;
use crate::diagnostics::{Confidence, Finding, Label, Subject};
use crate::iam::{
    Caller, Context, Effect, ElementPatterns, PatternEntry, PolicyDocument, PrincipalMatch,
    Request, Statement, Truth,
};
use crate::rules::Rule;
use crate::source::Span;
use crate::syntax::Text;

/// IAM takes no document that has room for more statements; each is compared with every Deny.
const MOST_STATEMENTS: usize = 500;

pub(super) fn check(rule: &Rule, matched: Match<'_, '_>, result: &mut LintResult) {
    let count = matched
        .node
        .get("Statement")
        .map_or(0, |statements| statements.items().len());
    if count > MOST_STATEMENTS {
        return;
    }
    let document = PolicyDocument::read(matched.node);
    let (allows, others): (Vec<_>, Vec<_>) = document
        .statements
        .iter()
        .partition(|s| s.effect == Some(Effect::Allow));
    let denies: Vec<_> = others
        .into_iter()
        .filter(|s| s.effect == Some(Effect::Deny))
        .collect();
    for statement in allows {
        if let Some((deny, place)) = taken_away(&denies, statement) {
            let found = finding(rule, matched, statement, deny, place);
            result.findings.push(found);
        }
    }
}

/// The Deny that takes away everything that a statement names, and where the first of that is
/// written. Without regard to who asks and under which conditions, only a Deny that holds for
/// everybody and always counts.
fn taken_away<'p>(
    denies: &[&'p Statement],
    statement: &Statement,
) -> Option<(&'p Statement, Span)> {
    let actions = statement
        .actions
        .as_ref()
        .filter(|actions| !actions.negated)?;
    let place = actions.entries.first()?.node.span;
    let everything = Text::from("*");
    let resources: Vec<&Text> = match &statement.resources {
        Some(resources) if resources.negated => return None,
        Some(resources) => resources.entries.iter().map(|entry| &entry.text).collect(),
        None => vec![&everything],
    };
    let context = Context::default();
    let mut found = None;
    for action in &actions.entries {
        for resource in &resources {
            let request = Request {
                caller: statement.principal.as_ref().map(|_| Caller::Unknown),
                named: PrincipalMatch::Account,
                action: action.text.clone(),
                resource: (*resource).clone(),
                context: &context,
            };
            let deny = denies.iter().find(|deny| {
                deny.matches(&request) == Truth::Yes && covers_whole(deny, &action.text, resource)
            })?;
            found = Some((*deny, place));
        }
    }
    found
}

/// Whether a Deny covers all that a pattern stands for: what a pattern is compared with is its own
/// text, which tells nothing of an exception that the pattern reaches into.
fn covers_whole(deny: &Statement, action: &Text, resource: &Text) -> bool {
    let safe = |listed: &Option<ElementPatterns>, text: &Text| {
        let pattern = text.as_str().is_none_or(|text| text.contains(['*', '?']));
        let one = |entry: &PatternEntry| entry.text.as_str().is_none_or(|text| text.contains('?'));
        !pattern
            || listed
                .as_ref()
                .is_none_or(|l| !l.negated && !l.entries.iter().any(one))
    };
    safe(&deny.actions, action) && safe(&deny.resources, resource)
}

fn finding(
    rule: &Rule,
    matched: Match<'_, '_>,
    statement: &Statement,
    deny: &Statement,
    place: Span,
) -> Finding {
    let actions = statement
        .actions
        .iter()
        .flat_map(|actions| &actions.entries);
    let actions: Vec<String> = actions.map(|entry| entry.text.to_string()).collect();
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        confidence: Confidence::Certain,
        message: format!(
            "{} allows nothing: a Deny takes all of it away",
            called(statement)
        ),
        primary: Label {
            span: place,
            text: "denied by another statement".to_owned(),
        },
        notes: vec![note(
            "this Deny wins over every Allow".to_owned(),
            deny.span,
        )],
        help: Some("remove one of the two, or narrow the Deny".to_owned()),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: matched.function(),
            actions,
            ..Subject::default()
        },
        fix: None,
        pointer: String::new(),
    }
}
