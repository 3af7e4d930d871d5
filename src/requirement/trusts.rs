//! A service is allowed to assume a role.

use super::authorization::{Access, not_at_hand};
use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional, required};
use super::near_miss;
use super::remedy;
use super::rule_metadata::RuleMetadata;
use super::service_caller;
use super::verdict::{Reason, Refusal, Verdict};
use crate::catalogue::{CallPlace, Catalogue};
use crate::diagnostics::{Allow, Finding, Label, NewStatement, PolicyKind};
use crate::iam::{Arn, Context, Element, PolicyDocument, PolicyType};
use crate::model::{Organization, PolicyBundle, Role};
use crate::source::Span;
use crate::syntax::{Fields, Node, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "trusts",
    summary: "The trust policy of the role allows the service to assume it. For a node that belongs to a function, its execution role is checked.",
    selects: "a role, a trust policy, or a node that belongs to a function",
    members: &[
        required("service", Form::Text, "The service principal."),
        optional(
            "beside",
            Form::Text,
            "Another service principal: only documents that trust it are checked.",
        ),
    ],
    note: "",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct Trusts {
    service: String,
    /// Ask it only of documents that let this other service assume the role.
    beside: Option<String>,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let service = fields.text("service").map(str::to_owned);
    let beside = fields.optional_text("beside").map(str::to_owned);
    Some(Box::new(Trusts {
        service: service?,
        beside,
    }))
}

const MEMBER: &str = "AssumeRolePolicyDocument";

impl Requirement for Trusts {
    fn is_of_trust_policy(&self) -> bool {
        true
    }

    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let names = matched.subject.map(|subject| subject.function.names());
        let assumer = Assumer {
            service: &self.service,
            beside: self.beside.as_deref(),
            region: names.as_ref().and_then(|names| names.get("region")),
            context: None,
        };
        check_role(cx, rule, assumer, matched.node, matched, result);
    }
}

/// A service that is to assume a role.
#[derive(Clone, Copy)]
pub(super) struct Assumer<'a> {
    pub(super) service: &'a str,
    /// Another service: the role is checked only where it trusts that one.
    pub(super) beside: Option<&'a str>,
    /// Where the service is, as far as that is known.
    pub(super) region: Option<&'a Text>,
    /// What is known of its request.
    pub(super) context: Option<&'a Context>,
}

/// Checks a trust policy, or that of a role, which need not be what was selected.
pub(super) fn check_role(
    cx: LintContext<'_>,
    rule: &RuleMetadata,
    assumer: Assumer<'_>,
    node: &Node,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Asked { trust, role, node } = Asked::of(node, matched);
    let Some(trust) = trust else {
        let undecided = unknown(node).map(|r| r.of(rule, matched.function(), matched.place()));
        result.undecided.extend(undecided);
        return;
    };
    let organization = &cx.inventory.organization;
    let policies = policies(cx, trust, organization);
    let verdict = |service| {
        let by = Assumer { service, ..assumer };
        verdict(cx.catalogue, &policies, role, by)
    };
    let beside = assumer.beside;
    if beside.is_some_and(|other| !matches!(verdict(other), Verdict::Granted)) {
        return;
    }
    match verdict(assumer.service) {
        Verdict::Granted => {}
        Verdict::Open(reason) => {
            let undecided = reason.of(rule, matched.function(), trust.span);
            result.undecided.push(undecided);
        }
        Verdict::Refused(refusal) => {
            let place = place(&cx.document(trust), assumer.service, &refusal);
            let role = (role, trust.span);
            let finding = finding(cx, rule, assumer, role, place, &refusal);
            result.findings.push(finding.function(matched.function()));
        }
    }
}

/// What is checked: a stand-alone document, or a role with its trust policy.
struct Asked<'n> {
    trust: Option<&'n Node>,
    role: Option<Role<'n>>,
    node: &'n Node,
}

impl<'n> Asked<'n> {
    /// What belongs to a function is about its execution role.
    fn of(node: &'n Node, matched: Match<'n, '_>) -> Self {
        if node.get("Statement").is_some() {
            return Asked {
                trust: Some(node),
                role: None,
                node,
            };
        }
        let is_role = node.get(MEMBER).is_some() || node.get("RoleName").is_some();
        let of_function = matched.subject.and_then(|subject| subject.function.role());
        let role = of_function.filter(|_| !is_role).unwrap_or(Role::new(node));
        Asked {
            trust: role.trust_policy(),
            role: Some(role),
            node: role.node,
        }
    }
}

/// Whether the role's trust policy is known and certainly does not trust the service.
pub(super) fn excludes(cx: LintContext<'_>, role: Role<'_>, service: &str) -> bool {
    role.trust_policy().is_some_and(|trust| {
        let policies = policies(cx, trust, &Organization::default());
        let assumer = Assumer {
            service,
            beside: None,
            region: None,
            context: None,
        };
        let verdict = verdict(cx.catalogue, &policies, Some(role), assumer);
        matches!(verdict, Verdict::Refused(refusal) if refusal.denied_by().is_none())
    })
}

fn policies(cx: LintContext<'_>, trust: &Node, organization: &Organization) -> PolicyBundle {
    let mut policies = PolicyBundle::default();
    let document = cx.document(trust);
    policies.add(
        "the trust policy".to_owned(),
        PolicyType::Resource,
        document,
    );
    policies.add_organization(organization);
    policies
}

/// Whether a service may assume the role.
fn verdict<'p>(
    catalogue: &Catalogue,
    policies: &'p PolicyBundle,
    role: Option<Role<'_>>,
    assumer: Assumer<'_>,
) -> Verdict<'p> {
    let arn = role.and_then(|role| role.node.get("Arn")?.as_text().cloned());
    let partition = arn.as_ref().and_then(Arn::parse).map(|arn| arn.partition);
    let place = CallPlace {
        partition: partition.as_ref(),
        from: assumer.region,
        to: None,
    };
    let caller = service_caller::caller(catalogue, &Text::from(assumer.service), place);
    let access = Access::of(policies, Some(caller));
    let role = arn.unwrap_or_else(|| Text::from("*"));
    let action = catalogue.assume_role_action();
    let nothing = Context::default();
    let context = assumer.context.unwrap_or(&nothing);
    access.decide(action, role.clone(), role, context)
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
    if let Some(deny) = refusal.denied_by() {
        return at(Some(deny.span), format!("this Deny excludes {service}"));
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
            at(span, format!("{service} is not one of these principals"))
        }
        Some(Element::Action) => {
            let actions = statement.and_then(|s| s.actions.as_ref()).map(|a| a.span);
            at(
                actions,
                format!("{} is not one of these actions", refusal.action),
            )
        }
        Some(Element::Condition(condition)) => at(
            Some(condition.span),
            format!("this condition excludes {service}"),
        ),
        _ => at(None, format!("no statement allows {service}")),
    }
}

fn finding(
    cx: LintContext<'_>,
    rule: &RuleMetadata,
    assumer: Assumer<'_>,
    (role, trust): (Option<Role<'_>>, Span),
    primary: Label,
    refusal: &Refusal<'_>,
) -> Finding {
    let service = assumer.service;
    let message = match (role, assumer.beside) {
        (Some(role), _) => format!("{} does not allow {service} to assume it", role.label()),
        (None, Some(other)) => {
            format!("the trust policy allows {other}, but not {service}, to assume the role")
        }
        (None, None) => format!("the trust policy does not allow {service} to assume the role"),
    };
    let refusals = std::slice::from_ref(refusal);
    let mut notes = near_miss::notes(cx, refusals, service);
    notes.retain(|note| note.span != Some(primary.span));
    let names = Text::from(service);
    notes.extend(service_caller::notes(cx.catalogue, &names, refusals));
    let addition = "add this to the trust policy:";
    let remedy = remedy::of_resource_policy(refusals, "the trust policy", addition);
    let statement = NewStatement {
        principal: Some(("Service".to_owned(), service.into())),
        actions: vec![refusal.action.clone()],
        ..NewStatement::default()
    };
    let fix = Allow::new(PolicyKind::TrustPolicy, vec![statement])
        .owner(role.and_then(Role::name).map(str::to_owned))
        .documents([trust]);
    rule.finding(message, primary.span)
        .label(primary.text)
        .notes(notes)
        .help(remedy.help)
        .policy(PolicyKind::TrustPolicy)
        .actions([refusal.action.clone()])
        .principal(Some(service.to_owned()))
        .fix(Some(fix).filter(|_| remedy.add))
}
