//! The role with which a source invokes a function allows what else the source needs.

use super::authorization::caller_of;
use super::caller_role::CallerRole;
use super::caller_role_allows::remedy;
use super::context::{LintContext, LintResult, Match, Subject};
use super::kind::{Form, Kind, Requirement, optional};
use super::near_miss;
use super::required_grant::{RequiredGrant, required};
use super::role_allows::{missing, not_allowed, of_role, statements};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Refusal, Verdicts, weakened};
use crate::catalogue::Need;
use crate::diagnostics::{Allow, Finding, Note, PolicyKind};
use crate::model::{PolicyBundle, Role};
use crate::syntax::{Fields, Node};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "sourceRoleAllows",
    summary: "The role that the event source uses to invoke the function allows the other actions that the source needs, according to the catalogue, such as reading the source of a pipe. Triggers without a role are skipped.",
    selects: "a trigger",
    members: &[optional(
        "need",
        Form::Word(&["required", "recommended", "optional"]),
        "Which of the grants are checked; `required` by default.",
    )],
    note: "In `message`, `{role}`, `{source}` and `{purpose}` stand for the role, the source and what it does, as in \"read its queue\".",
    is_of_function: true,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct SourceRoleAllows {
    need: Need,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let need = fields.optional_word("need", &Need::WORDS);
    Some(Box::new(SourceRoleAllows {
        need: need.unwrap_or(Need::Required),
    }))
}

impl Requirement for SourceRoleAllows {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some((caller, subject)) = CallerRole::of(cx, matched) else {
            return;
        };
        let Some(source) = caller.call.trigger.source() else {
            return;
        };
        let mut names = subject.function.names();
        names.extend(source.names());
        let grants = caller.call.source.role_grants();
        let mut grants = required(grants, self.need, source, &names);
        if grants.is_empty() {
            return;
        }
        let Some(role) = caller.call.trigger.role() else {
            result.undecided.push(caller.no_role(rule, matched));
            return;
        };
        let of_role = cx.policies_of(role);
        while let Some(first) = grants.first() {
            let purpose = first.grant.purpose.clone();
            let (same, others): (Vec<_>, Vec<_>) = grants
                .into_iter()
                .partition(|required| required.grant.purpose == purpose);
            let check = Purpose {
                caller: &caller,
                role,
                grants: same,
            };
            check.decide(cx, rule, (&of_role, subject), result);
            grants = others;
        }
    }
}

/// The grants that serve one purpose.
struct Purpose<'c, 'k, 'n> {
    caller: &'c CallerRole<'k, 'n>,
    role: Role<'n>,
    grants: Vec<RequiredGrant<'k, 'n>>,
}

impl Purpose<'_, '_, '_> {
    fn decide(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        (of_role, subject): (&PolicyBundle, &Subject<'_>),
        result: &mut LintResult,
    ) {
        let identity = caller_of(self.role);
        let policies = self.grants.iter().map(|grant| grant.resource_policies(cx));
        let policies: Vec<Option<PolicyBundle>> = policies.collect();
        let mut verdicts = Verdicts::default();
        for (grant, of_resource) in self.grants.iter().zip(&policies) {
            verdicts.extend(grant.verdicts(cx, identity.clone(), of_role, of_resource.as_ref()));
        }
        if !verdicts.refusals.is_empty() {
            let finding = self.finding(cx, rule, &verdicts.refusals);
            result.findings.push(finding.function(subject.name()));
        } else if let Some(reason) = verdicts.open {
            let undecided = reason.of(rule, subject.name(), self.place().span);
            result.undecided.push(undecided);
        }
    }

    /// What makes the source need it.
    fn place(&self) -> &Node {
        let mut grants = self.grants.iter();
        let place = grants.find_map(|required| required.grant.place(required.node));
        place.unwrap_or_else(|| self.caller.call.trigger.place())
    }

    fn finding(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let who = self.caller.call.who();
        let label = self.role.label();
        let grants = || self.grants.iter().map(|required| required.grant);
        let purpose = grants().find_map(|grant| grant.purpose.as_deref());
        let purpose = purpose.unwrap_or("work");
        let message = match &rule.words().message {
            Some(own) => own
                .replace("{role}", &label)
                .replace("{source}", &who)
                .replace("{purpose}", purpose),
            None => not_allowed(&label, &format!("{who} to {purpose}"), refusals),
        };
        let impact = grants().find_map(|grant| grant.impact.as_ref());
        let mut actions = refusals.iter().map(|refusal| refusal.action.as_str());
        let own = actions.find_map(|action| cx.catalogue.required_policy(action));
        let of_resource = own.map_or(PolicyKind::ResourcePolicy, |own| own.kind);
        let remedy = remedy((self.role, None), refusals, of_resource);
        let fix = of_role(Allow::new(remedy.policy, statements(refusals)), self.role);
        let written = refusals
            .first()
            .map(|r| r.write.filled().with_holes_as("*"));
        let finding = rule
            .finding(message, self.place().span)
            .label(format!("{who} uses this with {label}"))
            .notes([missing(refusals)])
            .notes(impact.map(|impact| Note::new("effect", impact.clone())))
            .notes(near_miss::notes(cx, refusals, &who))
            .help(remedy.help)
            .url(grants().find_map(|grant| grant.reference.as_ref()))
            .policy(remedy.policy)
            .actions(refusals.iter().map(|r| r.action.clone()))
            .resource(written)
            .principal(Some(self.caller.role_arn.filled().with_holes_as("*")))
            .fix(Some(fix).filter(|_| remedy.add && remedy.policy == PolicyKind::CallerRole));
        weakened(finding, refusals)
    }
}
