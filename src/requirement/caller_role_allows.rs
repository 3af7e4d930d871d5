//! The role with which a source invokes a function allows it to.

use super::authorization::{Access, caller_of, context_of};
use super::caller_role::CallerRole;
use super::context::{LintContext, LintResult, Match, Subject};
use super::invocation::Invocation;
use super::kind::{Kind, Requirement, plain};
use super::misplaced_grant;
use super::near_miss;
use super::qualifiers;
use super::remedy::{Missing, Remedy};
use super::role_allows::{effect, missing, of_role, statements};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Refusal, Verdicts, weakened};
use crate::catalogue::Need;
use crate::diagnostics::{Allow, Finding, Note, PolicyKind, Severity};
use crate::iam::{Caller, Context, Element, PolicyType};
use crate::model::{FunctionName, MissingInput, PolicyBundle, Role};
use crate::source::Span;
use crate::syntax::Names;

/// The kind.
pub(super) const KIND: Kind = Kind {
    is_of_function: true,
    ..plain(
        "callerRoleAllows",
        "a trigger",
        "The role that the event source uses to invoke the function allows the invocation, or the function policy grants it to that role. Triggers without a role are skipped.",
        |_, _| Some(Box::new(CallerRoleAllows)),
    )
};

/// The requirement.
#[derive(Debug)]
struct CallerRoleAllows;

impl Requirement for CallerRoleAllows {
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
        let Some(role) = caller.call.trigger.role() else {
            result.undecided.push(caller.no_role(rule, matched));
            return;
        };
        let of_role = cx.policies_of(role);
        let of_function = subject.function_policy(cx, caller.call.function.policy_qualifier());
        let (by_role, context) = access_of(cx, role, &of_role);
        let on_function = by_role.on_resource(&of_function);
        let found = verdicts(&caller.call, &on_function, &context);
        if !found.refusals.is_empty() {
            let finding = caller.finding(cx, rule, (role, subject), &found.refusals);
            result.findings.push(finding);
        } else if let Some(reason) = found.open {
            let alone = verdicts(&caller.call, &by_role, &context).refusals;
            let missing = of_function.missing_of(PolicyType::Resource);
            let missing = missing.filter(|missing| !missing.is_open && !alone.is_empty());
            if let Some(missing) = missing {
                let finding = caller.finding(cx, rule, (role, subject), &alone);
                result.findings.push(unless_granted_by(missing, finding));
                return;
            }
            let place = caller.call.trigger.place().span;
            let undecided = reason.of(rule, matched.function(), place);
            result.undecided.push(undecided);
        }
    }
}

/// A refusal by the role that a function policy which is not at hand could make good. Few name a role
/// of their own account, which needs no permission there.
fn unless_granted_by(missing: &MissingInput, finding: Finding) -> Finding {
    let text = format!(
        "{} was not provided, and could allow this: `{}` prints it",
        missing.what, missing.fetch
    );
    let finding = finding.notes([Note::new("note", text)]);
    finding.at_most(Severity::Warning).likely()
}

/// Whether the policies of a role certainly do not allow a source to invoke the function with it.
pub(super) fn refuses(
    cx: LintContext<'_>,
    call: &Invocation<'_, '_>,
    role: Role<'_>,
    subject: &Subject<'_>,
) -> bool {
    let of_role = cx.policies_of(role);
    let of_function = subject.function_policy(cx, call.function.policy_qualifier());
    let (access, context) = access_of(cx, role, &of_role);
    let verdicts = verdicts(call, &access.on_resource(&of_function), &context);
    !verdicts.refusals.is_empty()
}

/// The places of the statements that let a source invoke the function with its role.
pub(super) fn allowing(
    cx: LintContext<'_>,
    call: &Invocation<'_, '_>,
    role: Role<'_>,
    subject: &Subject<'_>,
) -> Vec<Span> {
    let of_role = cx.policies_of(role);
    let of_function = subject.function_policy(cx, call.function.policy_qualifier());
    let (access, context) = access_of(cx, role, &of_role);
    let access = access.on_resource(&of_function);
    let grants = call.source.needs.grants.iter();
    let actions = grants.flat_map(|grant| &grant.actions);
    let statements =
        actions.flat_map(|action| access.allowing(action, call.invoked_arn(), &context));
    statements.map(|statement| statement.span).collect()
}

/// What a role may do by its own policies, and the keys of its requests.
fn access_of<'p>(
    cx: LintContext<'_>,
    role: Role<'_>,
    of_role: &'p PolicyBundle,
) -> (Access<'p>, Context) {
    let identity = caller_of(role);
    let mut context = context_of("role", &Names::new(), cx.catalogue);
    if let Some(Caller::Aws(identity)) = &identity {
        identity.state_keys(&mut context);
    }
    (Access::of(of_role, identity), context)
}

/// The verdicts on what the source needs, on the very ARN that it calls: one with a qualifier is
/// not covered by one without, nor the other way round.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html>
fn verdicts<'p>(call: &Invocation<'_, '_>, access: &Access<'p>, context: &Context) -> Verdicts<'p> {
    let invoked = call.invoked_arn();
    let grants = call.source.needs.grants.iter();
    let required = grants.filter(|grant| grant.need == Need::Required);
    let actions = required.flat_map(|grant| &grant.actions);
    let mut verdicts = Verdicts::default();
    verdicts.extend(
        actions.map(|action| access.decide(action, invoked.clone(), invoked.clone(), context)),
    );
    verdicts
}

impl CallerRole<'_, '_> {
    fn finding(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        (role, subject): (Role<'_>, &Subject<'_>),
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let who = self.call.who();
        let target = self.call.invoked(subject);
        let needs = &self.call.source.needs;
        let rename = self.name_to_give(cx, &target, refusals);
        let remedy = remedy((role, rename), refusals, PolicyKind::FunctionPolicy);
        let written = refusals
            .first()
            .map(|r| r.write.filled().with_holes_as("*"));
        let message = format!("{} does not allow {who} to invoke {target}", role.label());
        let allow = Allow::new(PolicyKind::CallerRole, statements(refusals));
        let fix = of_role(allow, role);
        let finding = rule
            .finding(message, self.call.trigger.place().span)
            .label(format!("this invokes the function with {}", role.label()))
            .notes([missing(refusals)])
            .notes(effect(needs))
            .notes(near_miss::notes(cx, refusals, &who))
            .notes(qualifiers::note(&self.call.function, refusals))
            .notes(misplaced_grant::to_logical_id(cx, role))
            .help(remedy.help)
            .url(needs.references.first())
            .function(subject.name())
            .policy(remedy.policy)
            .actions(refusals.iter().map(|r| r.action.clone()))
            .resource(written)
            .principal(Some(self.role_arn.filled().with_holes_as("*")))
            .fix(Some(fix).filter(|_| remedy.add));
        self.call.weighed(weakened(self.weaken(finding), refusals))
    }
}

impl CallerRole<'_, '_> {
    /// The advice to call the function as a policy that AWS manages asks for, as in `CodeDeployHook_*`.
    fn name_to_give(
        &self,
        cx: LintContext<'_>,
        target: &str,
        refusals: &[Refusal<'_>],
    ) -> Option<String> {
        let refusal = refusals.first()?;
        let miss = refusal.near.as_ref()?;
        let [Element::Resource] = miss.stopped_by.as_slice() else {
            return None;
        };
        let listed = miss.statement.resources.as_ref()?;
        let listed = listed.entries.iter().filter(|_| !listed.negated);
        let start = listed.into_iter().find_map(|entry| {
            let name = FunctionName::parse(&entry.text).name;
            let start = name.as_str()?.strip_suffix('*')?.to_owned();
            (!start.is_empty() && !start.contains(['*', '?', '$'])).then_some(start)
        })?;
        let is_plain = self.call.function.qualifier.is_none();
        (is_plain && near_miss::is_of_aws(cx, refusal)).then(|| {
            format!("rename {target} to begin with `{start}`, which the role is allowed to invoke")
        })
    }
}

/// What to do, and in which document; `rename` is a step that would do as well, and `of_resource` the kind
/// of policy that the resource has.
pub(super) fn remedy(
    (role, rename): (Role<'_>, Option<String>),
    refusals: &[Refusal<'_>],
    of_resource: PolicyKind,
) -> Remedy {
    let label = role.label();
    let rename = rename.map_or_else(String::new, |rename| format!("{rename}; or "));
    let missing = Missing {
        refusals,
        role: &label,
        needs: None,
        addition: match role.named_by() {
            Some(property) => format!(
                "SAM generates this role: {rename}specify your own role in {property}, and add this to its policy:"
            ),
            None => format!("{rename}add this to a policy of {label}:"),
        },
        own: PolicyKind::CallerRole,
        of_resource,
    };
    missing.remedy()
}
