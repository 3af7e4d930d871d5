//! Whether a service may assume a role.

use super::access::{depends, not_at_hand, settled};
use super::judge::{LintResult, Match};
use super::near_miss;
use super::verdict::{Reason, Refusal};
use crate::diagnostics::{Confidence, Finding, Fix, Label, NewStatement, PolicyKind, Subject};
use crate::iam::{
    Caller, Context, Decision, Element, NearMiss, PolicyDocument, PrincipalMatch, Request,
};
use crate::model::Role;
use crate::rules::Rule;
use crate::source::Span;
use crate::syntax::{Node, Text};

const MEMBER: &str = "AssumeRolePolicyDocument";
/// The action that lets a service take on a role, whatever the service.
const ASSUME: &str = "sts:AssumeRole";

/// Judges a trust policy, or that of a role, which need not be what was selected.
pub(super) fn check(
    rule: &Rule,
    (service, beside): (&str, Option<&str>),
    node: &Node,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let is_role = node.get(MEMBER).is_some() || node.get("RoleName").is_some();
    let is_document = node.get("Statement").is_some();
    // What belongs to a function speaks of its execution role.
    let role = matched.subject.and_then(|subject| subject.function.role());
    let node = match role.filter(|_| !is_role && !is_document) {
        Some(role) => role.node,
        None => node,
    };
    let document = match is_document {
        true => Some(node),
        false => Role::new(node).trust_policy(),
    };
    let Some(trust) = document else {
        let span = matched.place();
        result
            .undecided
            .extend(unknown(node).map(|r| r.of(rule, matched.function(), span)));
        return;
    };
    let document = PolicyDocument::read(trust);
    let context = Context::default();
    if let Some(other) = beside
        && decision(&document, other) != Decision::Allowed
    {
        return;
    }
    let asked = request(service, &context);
    let evaluation = settled(&[&document], &asked);
    match evaluation.decision {
        Decision::Allowed => {}
        Decision::Unknown => {
            let reason = depends(&evaluation, &asked);
            result
                .undecided
                .push(reason.of(rule, matched.function(), trust.span));
        }
        Decision::ExplicitDeny | Decision::ImplicitDeny => {
            let refusal = Refusal {
                denied_by: evaluation.deciding.first().copied(),
                near: NearMiss::find(&[&document], &asked),
                ..Refusal::of(&asked, Text::from("*"))
            };
            let role = (!is_document).then(|| Role::new(node));
            let place = place(&document, service, &refusal);
            let finding = finding(rule, service, beside, role, place, &refusal);
            result.findings.push(Finding {
                subject: Subject {
                    function: matched.function(),
                    ..finding.subject
                },
                ..finding
            });
        }
    }
}

/// What a trust policy says of a service.
pub(super) fn decision(document: &PolicyDocument, service: &str) -> Decision {
    settled(&[document], &request(service, &Context::default())).decision
}

fn request<'c>(service: &str, context: &'c Context) -> Request<'c> {
    Request {
        caller: Some(Caller::Service(Text::from(service))),
        named: PrincipalMatch::Account,
        action: Text::from(ASSUME),
        resource: Text::from("*"),
        context,
    }
}

fn unknown(role: &Node) -> Option<Reason> {
    let absent = Role::new(role).absent();
    absent
        .iter()
        .find(|absent| absent.member == MEMBER)
        .map(not_at_hand)
}

/// The part of the document that keeps the service out.
fn place(document: &PolicyDocument, service: &str, refusal: &Refusal<'_>) -> Label {
    let at = |span: Option<Span>, text: String| Label {
        span: span.unwrap_or(document.span),
        text,
    };
    if let Some(deny) = refusal.denied_by {
        return at(Some(deny.span), format!("this Deny keeps {service} out"));
    }
    let near = refusal.near.as_ref();
    let statement = near.map(|miss| miss.statement);
    let elements = near.map_or(&[][..], |miss| &miss.stopped_by);
    let names_others = elements
        .iter()
        .any(|element| matches!(element, Element::Principal));
    match elements.first() {
        _ if names_others => {
            let principal = statement.and_then(|s| s.principal.as_ref()).map(|p| p.span);
            let span = principal.or(statement.map(|s| s.span));
            at(span, format!("{service} is not among these"))
        }
        Some(Element::Action) => {
            let actions = statement.and_then(|s| s.actions.as_ref()).map(|a| a.span);
            at(actions, format!("{ASSUME} is not among these"))
        }
        Some(Element::Condition(condition)) => at(
            Some(condition.span),
            format!("this condition keeps {service} out"),
        ),
        _ => at(None, format!("no statement lets {service} in")),
    }
}

fn finding(
    rule: &Rule,
    service: &str,
    beside: Option<&str>,
    role: Option<Role<'_>>,
    primary: Label,
    refusal: &Refusal<'_>,
) -> Finding {
    let message = match (role, beside) {
        (Some(role), _) => format!("{} does not let {service} assume it", role.label()),
        (None, Some(other)) => {
            format!("this role can be assumed by {other}, but not by {service}")
        }
        (None, None) => format!("this trust policy does not let {service} assume the role"),
    };
    let denied = refusal.denied_by.is_some();
    let refusals = std::slice::from_ref(refusal);
    let mut notes = near_miss::notes(refusals, service);
    notes.retain(|note| note.span != Some(primary.span));
    let help = match denied {
        true => "remove the Deny from the trust policy, or narrow it",
        false => "add this to the trust policy:",
    };
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        confidence: Confidence::Certain,
        message,
        primary,
        notes,
        help: Some(help.to_owned()),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: None,
            policy: Some(PolicyKind::TrustPolicy),
            actions: vec![ASSUME.to_owned()],
            resource: None,
            principal: Some(service.to_owned()),
        },
        fix: (!denied).then(|| Fix::Allow {
            policy: PolicyKind::TrustPolicy,
            owner: role.and_then(Role::name).map(str::to_owned),
            qualifier: None,
            condition: None,
            declared: false,
            statements: vec![NewStatement {
                principal: Some(("Service".to_owned(), service.to_owned())),
                actions: vec![ASSUME.to_owned()],
                ..NewStatement::default()
            }],
        }),
        pointer: String::new(),
    }
}
