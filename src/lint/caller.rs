//! Whether the role with which a source invokes a function lets it: by what it allows, and by whom
//! it trusts.

use super::access::{Access, context_of, not_at_hand};
use super::invoke::{unplaced, who};
use super::judge::{Known, LintResult, Match, Subject};
use super::named_role;
use super::near_miss;
use super::role::{effect, missing, statements};
use super::trust;
use super::verdict::{Reason, Refusal, Verdict};
use crate::catalogue::{Need, PushSource};
use crate::diagnostics::{Confidence, Finding, Fix, Label, Note, PolicyKind, Severity, quoted};
use crate::iam::{Context, PolicyDocument};
use crate::model::{FunctionName, Role, Trigger};
use crate::rules::Rule;
use crate::syntax::{Names, Piece, Text};

/// A source that invokes a function with a role.
struct Asking<'k, 'n> {
    source: &'k PushSource,
    trigger: Trigger<'n>,
    role_arn: &'n Text,
    function: FunctionName,
}

pub(super) fn allows(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some((asking, subject)) = Asking::of(known, matched) else {
        return;
    };
    let Some(role) = asking.trigger.role() else {
        result.undecided.push(asking.no_role(rule, matched));
        return;
    };
    let access = Access::of(role);
    let context = context_of("role", &Names::new(), known.catalogue);
    let mut refusals = Vec::new();
    let mut open = None;
    for action in asking.actions() {
        match asking.decide(&access, action, &context, subject) {
            Verdict::Granted => {}
            Verdict::Refused(refusal) => refusals.push(refusal),
            Verdict::Open(reason) => {
                open.get_or_insert(reason);
            }
        }
    }
    if !refusals.is_empty() {
        let finding = asking.finding(rule, role, subject, &refusals);
        result.findings.push(finding);
    } else if let Some(reason) = open {
        let place = asking.trigger.place().span;
        result
            .undecided
            .push(reason.of(rule, matched.function(), place));
    }
}

pub(super) fn trusts(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some((asking, _)) = Asking::of(known, matched) else {
        return;
    };
    let used = asking.source.role.as_ref();
    let Some(service) = used.and_then(|used| used.service.as_deref()) else {
        return;
    };
    let Some(role) = asking.trigger.role() else {
        result.undecided.push(asking.no_role(rule, matched));
        return;
    };
    let before = result.findings.len();
    let who = who(asking.source, asking.trigger);
    trust::check(rule, (service, None), role.node, matched, result);
    for finding in result.findings.iter_mut().skip(before) {
        finding.notes.insert(
            0,
            Note {
                word: "note",
                text: format!("{who} invokes the function with this role"),
                span: Some(asking.trigger.place().span),
            },
        );
        finding.url = asking.source.needs.references.first().cloned();
        asking.weaken(finding);
    }
}

impl<'k, 'n> Asking<'k, 'n> {
    fn of<'s>(known: Known<'k>, matched: Match<'n, 's>) -> Option<(Self, &'s Subject<'n>)> {
        let subject = matched.subject?;
        let trigger = Trigger::new(matched.node);
        let source = known.catalogue.push_source(trigger.kind())?;
        // API Gateway can also hand on who asks it: `arn:aws:iam::*:user/*`.
        let is_role = |arn: &&Text| arn.as_str().is_none_or(|arn| arn.contains(":role/"));
        let role_arn = trigger.role_arn().filter(is_role)?;
        let function = trigger
            .function()
            .filter(|name| name.arn.is_some())
            .unwrap_or_else(|| subject.function.name());
        let asking = Asking {
            source,
            trigger,
            role_arn,
            function,
        };
        Some((asking, subject))
    }

    fn actions(&self) -> impl Iterator<Item = &'k str> {
        let grants = self.source.needs.grants.iter();
        let required = grants.filter(|grant| grant.need == Need::Required);
        required.flat_map(|grant| grant.actions.iter().map(String::as_str))
    }

    /// What is invoked. A call of the function itself may be one of `$LATEST` by its name.
    fn resources(&self) -> Vec<Text> {
        let invoked = self.function.invoked_arn();
        let invoked = invoked.unwrap_or_else(|| unplaced(&self.function));
        match self.function.qualifier {
            Some(_) => vec![invoked],
            None => {
                let latest = latest(&invoked);
                vec![invoked, latest]
            }
        }
    }

    fn decide<'a>(
        &self,
        access: &'a Access,
        action: &str,
        context: &Context,
        subject: &Subject<'_>,
    ) -> Verdict<'a> {
        let resources = self.resources();
        let own = resources.iter().map(|resource| {
            let write = resources.first().unwrap_or(resource).clone();
            access.decide(action, resource.clone(), write, context)
        });
        match Verdict::any(own) {
            Verdict::Refused(refusal) if refusal.can_be_granted_elsewhere() => {
                self.by_function_policy(refusal, context, subject)
            }
            verdict => verdict,
        }
    }

    /// The function policy may name the role.
    fn by_function_policy<'a>(
        &self,
        refusal: Refusal<'a>,
        context: &Context,
        subject: &Subject<'_>,
    ) -> Verdict<'a> {
        let policies = subject.policies().iter();
        let documents: Vec<&PolicyDocument> = policies.map(|(_, document)| document).collect();
        let qualifier = self.function.qualifier.as_ref();
        match named_role::granted(&documents, self.role_arn, &refusal, context) {
            Some(verdict) => verdict,
            None if !subject.function.knows_policy_of(qualifier) => {
                Verdict::Open(self.policy_not_at_hand(subject))
            }
            None => Verdict::Refused(refusal),
        }
    }

    fn policy_not_at_hand(&self, subject: &Subject<'_>) -> Reason {
        let absent = subject.function.absent();
        let policies = absent.iter().find(|absent| absent.member == "Policies");
        let reason = || Reason::new("the function policy was not handed over, and may grant it");
        policies.map_or_else(reason, not_at_hand)
    }

    fn no_role(&self, rule: &Rule, matched: Match<'_, '_>) -> crate::diagnostics::Undecided {
        let name = self
            .role_arn
            .as_str()
            .and_then(|arn| arn.rsplit('/').next());
        let reason = match name {
            Some(name) => Reason {
                text: format!("role `{name}` was not handed over"),
                fetch: Some(format!("aws iam get-role --role-name {}", quoted(name))),
                of_document: true,
            },
            None => Reason {
                text: format!("the role is not known before the deploy: {}", self.role_arn),
                fetch: None,
                of_document: true,
            },
        };
        reason.of(rule, matched.function(), self.trigger.place().span)
    }

    fn finding(
        &self,
        rule: &Rule,
        role: Role<'_>,
        subject: &Subject<'_>,
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let who = who(self.source, self.trigger);
        let target = match (subject.name(), &self.function.qualifier) {
            (Some(name), Some(qualifier)) => format!("`{name}:{qualifier}`"),
            _ => subject.label(),
        };
        let is_missing = refusals.iter().any(Refusal::can_be_granted);
        let mut notes = vec![missing(refusals)];
        notes.extend(effect(&self.source.needs));
        notes.extend(near_miss::notes(refusals, &who));
        let mut finding = Finding {
            rule: rule.id.clone(),
            severity: rule.severity,
            confidence: Confidence::Certain,
            message: format!("{} does not let {who} invoke {target}", role.label()),
            primary: Label {
                span: self.trigger.place().span,
                text: format!("this is invoked with {}", role.label()),
            },
            notes,
            help: Some(match is_missing {
                true => addition(role),
                false if refusals.iter().any(Refusal::by_organization) => format!(
                    "ask whoever runs the organization to allow it, or to exempt {}",
                    role.label()
                ),
                false => format!(
                    "remove the Deny, or allow it in the boundary of {}",
                    role.label()
                ),
            }),
            url: self.source.needs.references.first().cloned(),
            subject: crate::diagnostics::Subject {
                function: subject.name(),
                policy: Some(PolicyKind::CallerRole),
                actions: refusals.iter().map(|r| r.action.clone()).collect(),
                resource: refusals
                    .first()
                    .map(|refusal| refusal.write.filled().with_holes_as("*")),
                principal: Some(self.role_arn.filled().with_holes_as("*")),
            },
            fix: is_missing.then(|| Fix::Allow {
                policy: PolicyKind::CallerRole,
                owner: role.name().map(str::to_owned),
                qualifier: None,
                condition: None,
                declared: role.is_declared(),
                statements: statements(refusals),
            }),
            pointer: String::new(),
        };
        self.weaken(&mut finding);
        finding
    }

    /// Makes a warning of what AWS does not tell for sure.
    fn weaken(&self, finding: &mut Finding) {
        let is_sure = self.source.role.as_ref().is_some_and(|role| role.verified);
        if !self.source.needs.verified || !is_sure {
            finding.severity = finding.severity.min(Severity::Warning);
            finding.confidence = Confidence::Likely;
        }
    }
}

fn latest(function: &Text) -> Text {
    let suffix = Piece::Known(":$LATEST".into());
    Text::of(function.pieces().into_iter().chain([suffix]))
}

/// Where a statement for a role belongs.
fn addition(role: Role<'_>) -> String {
    match role.named_by() {
        Some(property) => {
            format!("SAM makes this role: name one of your own in {property}, and allow it this:")
        }
        None => format!("add this to a policy of {}:", role.label()),
    }
}
