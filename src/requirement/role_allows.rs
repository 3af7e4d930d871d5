//! The execution role allows what a mapping, a setting or a target needs.

use super::authorization::not_at_hand;
use super::context::{LintContext, LintResult, Match, Subject};
use super::cross_account;
use super::kind::{Form, Kind, Requirement, optional};
use super::misplaced_grant;
use super::near_miss;
use super::partial_role::PartialRole;
use super::remedy::{Missing, Remedy};
use super::required_grant::{Needed, PermissionCheck, RequiredGrant, unknown_kind};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Reason, Refusal, to_write, weakened};
use crate::catalogue::{Grant, Need, Needs};
use crate::diagnostics::{
    Allow, Cause, Finding, NewStatement, Note, PolicyKind, Severity, Undecided,
};
use crate::iam::PolicyType;
use crate::model::{PolicyBundle, Role, unknown_because};
use crate::source::FileId;
use crate::syntax::Fields;

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "roleAllows",
    summary: "The execution role grants the required permissions.",
    selects: "an event source mapping, a setting or a target",
    members: &[
        optional(
            "of",
            Form::Word(&["event source", "target"]),
            "The permissions that the catalogue lists for the event source of the selected mapping, or for the target whose ARN is selected.",
        ),
        optional(
            "feature",
            Form::Text,
            "The ID of a feature in the catalogue.",
        ),
        optional(
            "grants",
            Form::Grants,
            "Your own list of grants. `{TABLE_ARN}` stands for a member of the selected node; `{partition}`, `{region}`, `{account}`, `{functionName}` and `{functionArn}` are always available.",
        ),
        optional(
            "need",
            Form::Word(&["required", "recommended", "optional"]),
            "Which of the grants are checked; `required` by default.",
        ),
    ],
    note: "It takes exactly one of `of`, `feature` and `grants`. In `message`, `{role}` and `{function}` stand for the names of the role and the function.",
    is_of_function: true,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct RoleAllows {
    needed: Needed,
    need: Need,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let of = fields.optional_word("of", &[("event source", true), ("target", false)]);
    let feature = fields.optional_text("feature").map(str::to_owned);
    let grants = fields.list("grants");
    let need = fields.optional_word("need", &Need::WORDS);
    let given = [of.is_some(), feature.is_some(), !grants.is_empty()];
    if given.iter().filter(|given| **given).count() != 1 {
        fields.wrong(
            "",
            "`roleAllows` needs exactly one of `of`, `feature` and `grants`",
        );
    }
    let needed = match (of, feature) {
        (Some(true), _) => Needed::EventSource,
        (Some(false), _) => Needed::Target,
        (None, Some(feature)) => Needed::Feature(feature),
        (None, None) => {
            let problems = fields.problems();
            let grants = grants.iter();
            Needed::Grants(
                grants
                    .filter_map(|grant| Grant::decode(grant, problems))
                    .collect(),
            )
        }
    };
    Some(Box::new(RoleAllows {
        needed,
        need: need.unwrap_or(Need::Required),
    }))
}

impl Requirement for RoleAllows {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some(subject) = matched.subject else {
            return;
        };
        if let Some(reason) = unknown_kind(cx, &self.needed, matched.node) {
            let undecided = reason.of(rule, matched.function(), matched.place());
            result.undecided.push(undecided);
            return;
        }
        let check = PermissionCheck::of(cx, &self.needed, self.need, matched.node, subject);
        let Some(check) = check else { return };
        let of_resources = check.resource_policies(cx);
        let Some(verdicts) = check.verdicts(cx, subject, &of_resources) else {
            result.undecided.push(no_role(rule, &check, subject));
            return;
        };
        let refusals = verdicts.refusals;
        // A setting that may turn out to be none needs nothing then.
        let may_be_none = unknown_because(matched.node).map(Reason::new);
        if !refusals.is_empty() && may_be_none.is_none() {
            let finding = finding(cx, rule, &check, subject, &refusals);
            result.findings.push(finding);
        } else if let Some(reason) = may_be_none
            .filter(|_| !refusals.is_empty())
            .or(verdicts.open)
        {
            match self.presumed(cx, rule, &check, subject, &of_resources) {
                Some(finding) => result.findings.push(finding),
                None => {
                    let undecided = reason.of(rule, matched.function(), check.place.span);
                    result.undecided.push(undecided);
                }
            }
        }
    }

    fn actions(&self) -> Vec<&str> {
        match &self.needed {
            Needed::Grants(grants) => {
                let actions = grants.iter().flat_map(|grant| &grant.actions);
                actions.map(String::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    fn needs_of_role(&self) -> Option<(&Needed, Need)> {
        Some((&self.needed, self.need))
    }
}

impl RoleAllows {
    /// What there is to say where a flag asks, and only some policies of the role are at hand: they do not
    /// allow it.
    fn presumed(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        check: &PermissionCheck<'_, '_>,
        subject: &Subject<'_>,
        of_resources: &[Option<PolicyBundle>],
    ) -> Option<Finding> {
        let is_asked = cx.inventory.asked.contains(&check.place.span);
        let role = subject.function.role().filter(|_| is_asked)?;
        let partial = PartialRole::of(role)?;
        let at_hand = subject.role_policies_at_hand(cx)?;
        let verdicts = check.verdicts_by(cx, subject, at_hand, of_resources);
        let refusals = verdicts.refusals;
        let is_lack = |refusal: &Refusal<'_>| refusal.is_lack_of_identity();
        if refusals.is_empty() || !refusals.iter().all(is_lack) {
            return None;
        }
        let finding = finding(cx, rule, check, subject, &refusals);
        let finding = match rule.words().message.is_none() && check.needs.is_some() {
            true => finding.message(presumed_message(check, subject)),
            false => finding,
        };
        let most = match self.need {
            Need::Required => Severity::Warning,
            _ => Severity::Info,
        };
        Some(partial.presumed(finding).at_most(most))
    }
}

fn presumed_message(check: &PermissionCheck<'_, '_>, subject: &Subject<'_>) -> String {
    match named_role(subject) {
        Some(role) => format!(
            "none of the policies provided for {role} allows {}",
            check.does
        ),
        None => format!("none of the policies provided allows {}", check.does),
    }
}

fn no_role(
    rule: &RuleMetadata,
    check: &PermissionCheck<'_, '_>,
    subject: &Subject<'_>,
) -> Undecided {
    let absent = subject.function.absent();
    let missing = absent.iter().find(|absent| absent.member == "Role");
    let unnamed = || Reason::new("the execution role was not provided");
    let reason = missing.map_or_else(unnamed, not_at_hand);
    reason.of(rule, subject.name(), check.place.span)
}

/// The role as messages call it, where it has a name.
fn named_role(subject: &Subject<'_>) -> Option<String> {
    let role = subject.function.role().filter(|role| role.name().is_some());
    role.map(|role| role.label())
}

fn role_of(subject: &Subject<'_>) -> String {
    named_role(subject).unwrap_or_else(|| format!("the execution role of {}", subject.label()))
}

fn message(
    rule: &RuleMetadata,
    check: &PermissionCheck<'_, '_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> String {
    let role = role_of(subject);
    match (&rule.words().message, check.needs) {
        (Some(own), _) => own
            .replace("{role}", &role)
            .replace("{function}", &subject.label()),
        (None, None) => format!("{role}: {}", rule.told().title),
        (None, Some(_)) => {
            let is_named = check.does.starts_with(&subject.label());
            let short = || named_role(subject).unwrap_or_else(|| "the execution role".to_owned());
            let role = if is_named { short() } else { role };
            not_allowed(&role, &check.does, refusals)
        }
    }
}

/// That a role does not allow something, or that another document does not.
pub(super) fn not_allowed(role: &str, does: &str, refusals: &[Refusal<'_>]) -> String {
    match other_document(refusals) {
        Some(other) => format!("{role} allows {does}, but {other} does not"),
        None => format!("{role} does not allow {does}"),
    }
}

/// The document that refuses what the role's own policies allow.
fn other_document(refusals: &[Refusal<'_>]) -> Option<&'static str> {
    let layers = || refusals.iter().filter_map(Refusal::first_layer);
    if layers().any(|layer| layer.of_type == PolicyType::Identity) {
        return None;
    }
    Some(match layers().next()?.of_type {
        PolicyType::Identity => return None,
        PolicyType::Resource => "the policy of the resource",
        PolicyType::Boundary => "its permissions boundary",
        PolicyType::Session => "the session policy",
        PolicyType::ServiceControl => "a service control policy",
        PolicyType::ResourceControl => "a resource control policy",
        PolicyType::Endpoint => "the VPC endpoint policy",
    })
}

fn finding(
    cx: LintContext<'_>,
    rule: &RuleMetadata,
    check: &PermissionCheck<'_, '_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> Finding {
    let role = subject.function.role();
    let needs = check.needs;
    let remedy = remedy(cx, check, subject, refusals);
    // The effect is that of lacking what is required.
    let is_required = |required: &RequiredGrant<'_, '_>| required.grant.need == Need::Required;
    let effect = needs
        .filter(|_| check.grants.iter().any(is_required))
        .and_then(effect);
    let label = rule.words().label.as_deref().unwrap_or(check.label);
    let resource = refusals
        .first()
        .map(|r| r.resource.filled().with_holes_as("*"));
    let of_resource = cross_account::grant(role, remedy.policy, refusals);
    let (help, fix) = match of_resource {
        Some(grant) => (grant.help, Some(grant.fix)),
        None => {
            let fix = remedy.add.then(|| fix(role, remedy.policy, refusals));
            (remedy.help, fix)
        }
    };
    let finding = rule
        .finding(message(rule, check, subject, refusals), check.place.span)
        .label(label)
        .notes([missing(refusals)])
        .notes(effect)
        .notes(near_miss::notes(cx, refusals, "Lambda"))
        .notes(cross_account::note(role, refusals))
        .notes(misplaced_grant::in_function_policy(cx, subject, refusals))
        .notes(role.and_then(|role| misplaced_grant::to_logical_id(cx, role)))
        .help(rule.words().help.clone().unwrap_or(help))
        .url(needs.and_then(|needs| needs.references.first()))
        .function(subject.name())
        .policy(remedy.policy)
        .actions(refusals.iter().map(|refusal| refusal.action.clone()))
        .resource(resource)
        .cause(role.and_then(|role| cause(check, role, refusals)))
        .fix(fix);
    let finding = match role.is_some_and(Role::is_assumed) {
        true => finding.likely(),
        false => finding,
    };
    let finding = weakened(finding, refusals);
    match check.is_idle || needs.is_some_and(|needs| !needs.verified) {
        true => finding.at_most(Severity::Warning).likely(),
        false => finding,
    }
}

/// The role, and what it is needed for: a setting, or an access to certain resources. A setting needs the
/// same of every function, if on resources of its own.
fn cause(
    check: &PermissionCheck<'_, '_>,
    role: Role<'_>,
    refusals: &[Refusal<'_>],
) -> Option<Cause> {
    let span = Some(role.node.span).filter(|span| span.file != FileId::NOWHERE)?;
    let resources = refusals.iter().map(|refusal| refusal.resource.to_string());
    let resources: Vec<String> = match check.is_setting {
        true => Vec::new(),
        false => resources.collect(),
    };
    let purpose = format!("{} {}", check.name, resources.join(" "));
    Some(Cause { span, purpose })
}

fn remedy(
    cx: LintContext<'_>,
    check: &PermissionCheck<'_, '_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> Remedy {
    let actions = refusals.iter().map(|refusal| refusal.action.as_str());
    let managed = check.needs;
    let managed = managed.and_then(|needs| cx.catalogue.managed_arn(needs, actions.clone()));
    let mut required = actions.filter_map(|action| cx.catalogue.required_policy(action));
    let of_resource = required.next().map(|required| required.kind);
    let missing = Missing {
        refusals,
        role: &role_of(subject),
        needs: check.needs,
        addition: addition(subject, managed.as_deref()),
        own: PolicyKind::ExecutionRole,
        of_resource: of_resource.unwrap_or(PolicyKind::ResourcePolicy),
    };
    missing.remedy()
}

/// What introduces the statements to add; `managed` is the policy that grants all of it.
fn addition(subject: &Subject<'_>, managed: Option<&str>) -> String {
    let attach = managed.map_or_else(String::new, |arn| {
        format!(", or attach the managed policy {arn}")
    });
    let role = subject.function.role();
    let whose = match role.and_then(|role| role.implied_by()) {
        Some(function) => format!("`Policies` of function `{function}`"),
        None => format!("a policy of {}", role_of(subject)),
    };
    format!("add this to {whose}{attach}:")
}

fn fix(role: Option<Role<'_>>, policy: PolicyKind, refusals: &[Refusal<'_>]) -> Allow {
    let allow = Allow::new(policy, statements(refusals));
    match role {
        Some(role) => of_role(allow, role),
        None => allow,
    }
}

/// Statements for the identity policies of a role.
pub(super) fn of_role(allow: Allow, role: Role<'_>) -> Allow {
    let documents = role.policies().documents;
    allow
        .owner(role.name().map(str::to_owned))
        .declared(role.is_declared().then_some(role.node.span))
        .generated(role.named_by().is_some())
        .documents(documents.into_iter().map(|(_, document)| document.span))
}

pub(super) fn missing(refusals: &[Refusal<'_>]) -> Note {
    let actions = refusals.iter().map(|refusal| refusal.action.clone());
    Note::new("missing", unique(actions).join(", "))
}

/// What happens without the permission.
pub(super) fn effect(needs: &Needs) -> Option<Note> {
    (!needs.impact.is_empty()).then(|| Note::new("effect", needs.impact.clone()))
}

/// One statement for each resource, with the actions that are missing on it.
pub(super) fn statements(refusals: &[Refusal<'_>]) -> Vec<NewStatement> {
    let mut statements: Vec<NewStatement> = Vec::new();
    for refusal in refusals
        .iter()
        .filter(|refusal| refusal.is_lack_of_identity())
    {
        let resource = to_write(&refusal.write, false);
        let same = statements
            .iter_mut()
            .find(|s| s.resources == [resource.clone()]);
        match same {
            Some(statement) if statement.actions.contains(&refusal.action) => {}
            Some(statement) => statement.actions.push(refusal.action.clone()),
            None => statements.push(NewStatement {
                actions: vec![refusal.action.clone()],
                resources: vec![resource],
                ..NewStatement::default()
            }),
        }
    }
    statements
}

fn unique(actions: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for action in actions {
        if !unique.contains(&action) {
            unique.push(action);
        }
    }
    unique
}
