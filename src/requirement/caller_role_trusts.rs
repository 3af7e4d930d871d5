//! The role with which a source invokes a function trusts the source.

use super::caller_role::CallerRole;
use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::role_assumed;
use super::rule_metadata::RuleMetadata;
use super::service_caller::region_of;
use super::trusts::{self, Assumer};
use crate::diagnostics::Note;

/// The kind.
pub(super) const KIND: Kind = Kind {
    is_of_function: true,
    ..plain(
        "callerRoleTrusts",
        "a trigger",
        "The role that the event source uses to invoke the function trusts the event source. Triggers without a role are skipped.",
        |_, _| Some(Box::new(CallerRoleTrusts)),
    )
};

/// The requirement.
#[derive(Debug)]
struct CallerRoleTrusts;

impl Requirement for CallerRoleTrusts {
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
        let trigger = caller.call.trigger;
        let used = caller.call.source.role.as_ref();
        let Some((used, service)) = used.and_then(|used| Some((used, used.service.as_deref()?)))
        else {
            return;
        };
        let Some(role) = trigger.role() else {
            result.undecided.push(caller.no_role(rule, matched));
            return;
        };
        if trigger.assuming_role_arn().is_some() {
            role_assumed::check(cx, rule, &caller, role, matched, result);
            return;
        }
        let context = caller.context_of_service(used);
        let mut trust = LintResult::default();
        let names = subject.function.names();
        let region = region_of(trigger.source_arn(), &names);
        let assumer = Assumer {
            service,
            beside: None,
            region: region.as_ref(),
            context: Some(&context),
        };
        trusts::check_role(cx, rule, assumer, role.node, matched, &mut trust);
        result.undecided.extend(trust.undecided);
        for mut finding in trust.findings {
            let text = format!("{} invokes the function with this role", caller.call.who());
            let note = Note::at(text, caller.call.trigger.place().span);
            finding.notes.insert(0, note);
            let finding = finding.url(caller.call.source.needs.references.first());
            let finding = caller.weaken(finding);
            result.findings.push(match used.checked_first {
                true => finding,
                false => caller.call.weighed(finding),
            });
        }
    }
}
