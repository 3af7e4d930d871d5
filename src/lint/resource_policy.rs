//! Whether the policy of a key or another resource lets a service use it.

use super::access::{depends, settled};
use super::judge::{LintResult, Match};
use super::near_miss;
use super::verdict::{Refusal, to_write};
use crate::diagnostics::{Confidence, Finding, Fix, Label, NewStatement, PolicyKind, Subject};
use crate::iam::{Caller, Context, Decision, NearMiss, PolicyDocument, PrincipalMatch, Request};
use crate::rules::{Rule, ServiceNeeds};
use crate::syntax::Text;

pub(super) fn check(
    rule: &Rule,
    needs: &ServiceNeeds,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(written) = needs.policy.first(matched.node) else {
        return;
    };
    let document = PolicyDocument::read(written);
    let resource = needs.resource.fill(&matched.node.names());
    let context = Context::default();
    let mut refusals = Vec::new();
    let mut open = None;
    for action in &needs.actions {
        let request = Request {
            caller: Some(Caller::Service(Text::from(needs.service.as_str()))),
            named: PrincipalMatch::Account,
            action: Text::from(action.as_str()),
            resource: resource.clone(),
            context: &context,
        };
        let evaluation = settled(&[&document], &request);
        match evaluation.decision {
            Decision::Allowed => {}
            Decision::Unknown => {
                open.get_or_insert_with(|| depends(&evaluation, &request));
            }
            Decision::ExplicitDeny | Decision::ImplicitDeny => refusals.push(Refusal {
                denied_by: evaluation.deciding.first().copied(),
                near: NearMiss::find(&[&document], &request),
                ..Refusal::of(&request, resource.clone())
            }),
        }
    }
    if !refusals.is_empty() {
        let finding = finding(rule, needs, &document, matched, &refusals);
        result.findings.push(finding);
    } else if let Some(reason) = open {
        result
            .undecided
            .push(reason.of(rule, matched.function(), document.span));
    }
}

fn finding(
    rule: &Rule,
    needs: &ServiceNeeds,
    document: &PolicyDocument,
    matched: Match<'_, '_>,
    refusals: &[Refusal<'_>],
) -> Finding {
    let actions: Vec<String> = refusals.iter().map(|r| r.action.clone()).collect();
    let denied = refusals.iter().any(|refusal| refusal.denied_by.is_some());
    let mut notes = vec![super::role::missing(refusals)];
    notes.extend(near_miss::notes(refusals, &needs.service));
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        confidence: Confidence::Certain,
        message: rule.title.clone(),
        primary: Label {
            span: document.span,
            text: format!("{} is not let in here", needs.service),
        },
        notes,
        help: Some(match denied {
            true => "remove the Deny, or narrow it".to_owned(),
            false => "add this to the policy:".to_owned(),
        }),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: matched.function(),
            policy: Some(needs.kind),
            actions: actions.clone(),
            resource: refusals.first().map(|r| to_write(&r.resource, false)),
            principal: Some(needs.service.clone()),
        },
        fix: (!denied).then(|| Fix::Allow {
            policy: needs.kind,
            owner: None,
            qualifier: None,
            condition: None,
            declared: false,
            statements: vec![NewStatement {
                principal: Some(("Service".to_owned(), needs.service.clone())),
                actions,
                resources: resources(needs.kind, refusals),
                ..NewStatement::default()
            }],
        }),
        pointer: String::new(),
    }
}

/// What to write as the resource: in the policy of a key, `*` is the key itself.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>
fn resources(kind: PolicyKind, refusals: &[Refusal<'_>]) -> Vec<String> {
    match kind {
        PolicyKind::KeyPolicy => vec!["*".to_owned()],
        _ => refusals
            .first()
            .map(|r| to_write(&r.resource, false))
            .into_iter()
            .collect(),
    }
}
