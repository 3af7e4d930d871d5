//! A role with which a source invokes a function is assumed by another role of the source.

use super::authorization::{Access, caller_of};
use super::caller_role::{CallerRole, not_provided};
use super::context::{LintContext, LintResult, Match};
use super::near_miss;
use super::remedy::Missing;
use super::role_allows::{missing, of_role, statements};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Refusal, Verdict, to_write, weakened};
use crate::diagnostics::{Allow, Finding, NewStatement, Note, PolicyKind};
use crate::iam::{Caller, Context, PolicyType};
use crate::model::{PolicyBundle, Role};
use crate::syntax::Text;

/// Checks whether the role that a trigger names as the assuming one can assume `role`.
pub(super) fn check(
    cx: LintContext<'_>,
    rule: &RuleMetadata,
    caller: &CallerRole<'_, '_>,
    role: Role<'_>,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let trigger = caller.call.trigger;
    let Some(assuming) = trigger.assuming_role_arn() else {
        return;
    };
    let Some(assumer) = trigger.assumer() else {
        let place = trigger.place().span;
        let reason = not_provided(assuming);
        result
            .undecided
            .push(reason.of(rule, matched.function(), place));
        return;
    };
    let of_assumer = cx.policies_of(assumer);
    let mut of_role = PolicyBundle {
        resource_required: true,
        ..PolicyBundle::default()
    };
    of_role.add_trust_policy(role, cx.read());
    let identity = caller_of(assumer);
    let mut context = Context::default();
    if let Some(Caller::Aws(identity)) = &identity {
        identity.state_keys(&mut context);
    }
    let access = Access::of(&of_assumer, identity).on_resource(&of_role);
    let action = cx.catalogue.assume_role_action();
    let arn = caller.role_arn.clone();
    match access.decide(action, arn.clone(), arn, &context) {
        Verdict::Granted => {}
        Verdict::Open(reason) => {
            let place = trigger.place().span;
            let undecided = reason.of(rule, matched.function(), place);
            result.undecided.push(undecided);
        }
        Verdict::Refused(refusal) => {
            let found = finding((cx, rule), caller, (assumer, assuming), role, refusal);
            result.findings.push(found.function(matched.function()));
        }
    }
}

fn finding(
    (cx, rule): (LintContext<'_>, &RuleMetadata),
    caller: &CallerRole<'_, '_>,
    (assumer, assuming): (Role<'_>, &Text),
    role: Role<'_>,
    refusal: Refusal<'_>,
) -> Finding {
    let who = caller.call.who();
    let (by, label) = (assumer.label(), role.label());
    let trust = role.trust_policy().filter(|_| lacks_trust(&refusal));
    let place = trust.map_or(caller.call.trigger.place().span, |trust| trust.span);
    let text = match trust {
        Some(_) => format!("{by} is not one of these principals"),
        None => format!("this is done with {label}, which {by} assumes"),
    };
    let refusals = [refusal];
    let remedy = Missing {
        refusals: &refusals,
        role: &by,
        needs: None,
        addition: format!("add this to a policy of {by}:"),
        own: PolicyKind::CallerRole,
        of_resource: PolicyKind::TrustPolicy,
    };
    let remedy = remedy.remedy();
    let help = match trust {
        Some(_) => format!("add this to the trust policy of {label}:"),
        None => remedy.help,
    };
    let used = caller.call.source.role.as_ref();
    let fix = fix(assumer, assuming, role, &refusals);
    let note = format!("{who} invokes the function with {label}, which {by} assumes");
    let finding = rule
        .finding(format!("{by} is not allowed to assume {label}"), place)
        .label(text)
        .notes([Note::at(note, caller.call.trigger.place().span)])
        .notes([missing(&refusals)])
        .notes(near_miss::notes(cx, &refusals, &by))
        .help(help)
        .url(used.and_then(|used| used.references.first()))
        .policy(remedy.policy)
        .actions(refusals.iter().map(|r| r.action.clone()))
        .resource(Some(caller.role_arn.filled().with_holes_as("*")))
        .principal(Some(assuming.filled().with_holes_as("*")))
        .fix(fix);
    weakened(caller.weaken(finding), &refusals)
}

fn lacks_trust(refusal: &Refusal<'_>) -> bool {
    refusal.layer(PolicyType::Resource).is_some()
}

/// The statement to add: to the trust policy where that lacks it, else to a policy of the role that
/// assumes.
fn fix(
    assumer: Role<'_>,
    assuming: &Text,
    role: Role<'_>,
    refusals: &[Refusal<'_>],
) -> Option<Allow> {
    let lacks = |of_type: PolicyType| {
        let mut layers = refusals.iter().filter_map(|refusal| refusal.layer(of_type));
        layers.any(|layer| layer.lacks)
    };
    let (policy, owner, statements) =
        match (lacks(PolicyType::Resource), lacks(PolicyType::Identity)) {
            (true, _) => {
                let statement = NewStatement {
                    principal: Some(("AWS".to_owned(), to_write(assuming, false))),
                    actions: refusals.iter().map(|r| r.action.clone()).collect(),
                    ..NewStatement::default()
                };
                (PolicyKind::TrustPolicy, role, vec![statement])
            }
            (false, true) => (PolicyKind::CallerRole, assumer, statements(refusals)),
            (false, false) => return None,
        };
    let allow = Allow::new(policy, statements);
    Some(match policy {
        PolicyKind::TrustPolicy => {
            let trust = owner.trust_policy().map(|trust| trust.span);
            allow
                .owner(owner.name().map(str::to_owned))
                .declared(owner.is_declared().then_some(owner.node.span))
                .documents(trust)
        }
        _ => of_role(allow, owner),
    })
}
