//! Allow statements that a Deny of the same document makes dead.

use super::judge::{Hit, Judged};
use super::near::called;
use super::verdict::note;
use crate::document::Text;
use crate::finding::{Confidence, Finding, Label, Subject};
use crate::iam::{Context, Decision, Effect, Listed, PolicyDocument, Request, Statement, evaluate};
use crate::pack::Rule;
use crate::source::Span;

pub(super) fn check(rule: &Rule, hit: Hit<'_, '_>, judged: &mut Judged) {
    let document = PolicyDocument::read(hit.node);
    let denies = document
        .statements
        .iter()
        .any(|s| s.effect == Some(Effect::Deny));
    if !denies {
        return;
    }
    for statement in document
        .statements
        .iter()
        .filter(|s| s.effect == Some(Effect::Allow))
    {
        if let Some((deny, place)) = taken_away(&document, statement) {
            judged
                .findings
                .push(finding(rule, hit, statement, deny, place));
        }
    }
}

/// The Deny that takes away everything that a statement names, and where the first of that is
/// written. Without regard to who asks and under which conditions, only a Deny that holds for
/// everybody and always counts.
fn taken_away<'p>(
    document: &'p PolicyDocument,
    statement: &Statement,
) -> Option<(&'p Statement, Span)> {
    let actions = statement
        .actions
        .as_ref()
        .filter(|actions| !actions.negated)?;
    let place = actions.entries.first()?.node.span;
    let resources = match &statement.resources {
        Some(resources) if resources.negated => return None,
        Some(resources) => resources
            .entries
            .iter()
            .map(|entry| entry.text.clone())
            .collect(),
        None => vec![Text::from("*")],
    };
    let context = Context::default();
    let mut deny = None;
    for action in &actions.entries {
        for resource in &resources {
            let request = Request {
                caller: Some(crate::iam::Caller::Unknown),
                action: action.text.clone(),
                resource: resource.clone(),
                context: &context,
            };
            let evaluation = evaluate(&[document], &request);
            if evaluation.decision != Decision::ExplicitDeny {
                return None;
            }
            let whole = |s: &&&Statement| covers_whole(s, &action.text, resource);
            deny = Some(evaluation.deciding.iter().find(whole).copied()?);
        }
    }
    deny.map(|deny| (deny, place))
}

/// Whether a Deny covers all that a pattern stands for: what a pattern is compared with is its own
/// text, which tells nothing of an exception that the pattern reaches into.
fn covers_whole(deny: &Statement, action: &Text, resource: &Text) -> bool {
    let safe = |listed: &Option<Listed>, text: &Text| {
        let pattern = text.as_str().is_none_or(|text| text.contains(['*', '?']));
        !pattern || listed.as_ref().is_none_or(|listed| !listed.negated)
    };
    safe(&deny.actions, action) && safe(&deny.resources, resource)
}

fn finding(
    rule: &Rule,
    hit: Hit<'_, '_>,
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
            function: hit.function(),
            actions,
            ..Subject::default()
        },
        fix: None,
        pointer: String::new(),
    }
}
