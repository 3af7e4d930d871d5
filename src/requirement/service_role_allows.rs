//! A role that a service assumes allows everything that the service does with it.

use super::authorization::caller_of;
use super::caller_role_allows::remedy;
use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional, required as member};
use super::near_miss;
use super::required_grant::required;
use super::role_allows::{missing, not_allowed, of_role, statements};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Refusal, Verdicts, weakened};
use crate::catalogue::{Grant, Need};
use crate::diagnostics::{Allow, Finding, PolicyKind};
use crate::iam::Arn;
use crate::model::Role;
use crate::syntax::{Fields, Names, Node};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "serviceRoleAllows",
    summary: "A role that a service assumes allows everything that the service does with it. Roles whose policies are not all known are undecided.",
    selects: "a role",
    members: &[
        member("grants", Form::Grants, "What the role must allow."),
        member(
            "does",
            Form::Text,
            "Who does what with the role, as in \"Lambda to read the queue\".",
        ),
        optional(
            "managedPolicy",
            Form::Text,
            "The ARN of a managed policy that allows all of it.",
        ),
    ],
    note: "",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct ServiceRoleAllows {
    grants: Vec<Grant>,
    does: String,
    managed_policy: Option<String>,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let does = fields.text("does").map(str::to_owned);
    let managed_policy = fields.optional_text("managedPolicy").map(str::to_owned);
    fields.required("grants");
    let grants = fields.list("grants");
    let problems = fields.problems();
    let grants = grants.iter();
    let grants = grants.filter_map(|grant| Grant::decode(grant, problems));
    let grants = grants.collect();
    Some(Box::new(ServiceRoleAllows {
        grants,
        does: does?,
        managed_policy,
    }))
}

impl Requirement for ServiceRoleAllows {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let role = Role::new(matched.node);
        let policies = cx.policies_of(role);
        let caller = caller_of(role);
        let mut verdicts = Verdicts::default();
        for grant in required(&self.grants, Need::Required, role.node, &place(role)) {
            verdicts.extend(grant.verdicts(cx, caller.clone(), &policies, None));
        }
        if !verdicts.refusals.is_empty() {
            let finding = self.finding(cx, rule, role, &verdicts.refusals);
            result.findings.push(finding);
        } else if let Some(reason) = verdicts.open {
            let undecided = reason.of(rule, matched.function(), matched.place());
            result.undecided.push(undecided);
        }
    }

    fn actions(&self) -> Vec<&str> {
        let actions = self.grants.iter().flat_map(|grant| &grant.actions);
        actions.map(String::as_str).collect()
    }
}

/// The partition and account of a role, where its ARN tells them.
fn place(role: Role<'_>) -> Names {
    let arn = role.node.get("Arn").and_then(Node::as_text);
    let arn = arn.and_then(Arn::parse);
    let parts = arn.map(|arn| [("partition", arn.partition), ("account", arn.account)]);
    let parts = parts.into_iter().flatten();
    parts.map(|(name, part)| (name.to_owned(), part)).collect()
}

impl ServiceRoleAllows {
    fn finding(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        role: Role<'_>,
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let label = role.label();
        let (who, _) = self.does.split_once(" to ").unwrap_or((&self.does, ""));
        let remedy = remedy((role, None), refusals, PolicyKind::ResourcePolicy);
        let fix = of_role(Allow::new(remedy.policy, statements(refusals)), role);
        let written = refusals.first();
        let written = written.map(|first| first.write.filled().with_holes_as("*"));
        let help = match &self.managed_policy {
            Some(managed) if remedy.add => {
                format!(
                    "attach the managed policy {managed} to {label}, or add this to one of its policies:"
                )
            }
            _ => remedy.help,
        };
        let finding = rule
            .finding(not_allowed(&label, &self.does, refusals), role.node.span)
            .label(rule.words().label.as_deref().unwrap_or(""))
            .notes([missing(refusals)])
            .notes(near_miss::notes(cx, refusals, who))
            .help(rule.words().help.clone().unwrap_or(help))
            .policy(remedy.policy)
            .actions(refusals.iter().map(|refusal| refusal.action.clone()))
            .resource(written)
            .fix(Some(fix).filter(|_| remedy.add));
        weakened(finding, refusals)
    }
}
