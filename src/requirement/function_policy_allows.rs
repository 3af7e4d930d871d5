//! The function policy lets a trigger invoke the function.

use super::authorization::{Access, context};
use super::caller_role_allows;
use super::context::{LintContext, LintResult, Match, Subject};
use super::invocation::Invocation;
use super::kind::{Form, Kind, Requirement, required};
use super::misplaced_grant;
use super::near_miss;
use super::qualifiers;
use super::remedy;
use super::role_allows::{effect, missing};
use super::rule_metadata::RuleMetadata;
use super::service_caller::{self, region_of};
use super::verdict::{Reason, Refusal, Verdict, to_write, weakened};
use crate::catalogue::{CallPlace, Grant, Need, SourceAccount};
use crate::diagnostics::{
    Allow, ConditionTest, Finding, NewPermission, NewStatement, Note, PolicyKind, Severity, Written,
};
use crate::iam::{Caller, Context};
use crate::model::PolicyBundle;
use crate::source::Span;
use crate::syntax::{Fields, Names, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "functionPolicyAllows",
    summary: "The function policy allows the trigger to invoke the function.",
    selects: "a trigger",
    members: &[required(
        "need",
        Form::Word(&["required", "recommended", "optional"]),
        "Which of the catalogue's grants are checked.",
    )],
    note: "",
    is_of_function: true,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct FunctionPolicyAllows(Need);

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let need = fields.word("need", &Need::WORDS)?;
    Some(Box::new(FunctionPolicyAllows(need)))
}

/// A trigger, with what a function policy must let through.
struct PermissionCheck<'k, 'n> {
    call: Invocation<'k, 'n>,
    /// The ARN that the function policy names.
    resource: Text,
    names: Names,
    /// By whom it is called: any of these; the first one is proposed.
    callers: Vec<Caller>,
}

impl Requirement for FunctionPolicyAllows {
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
        let Some(call) = Invocation::of(cx, matched.node, subject) else {
            return;
        };
        let check = PermissionCheck::of(cx, call, subject);
        let policies = check.policies(cx, subject);
        let mut refusals = Vec::new();
        let mut open = None;
        let grants = check.call.source.needs.grants.iter();
        for grant in grants.filter(|grant| grant.need == self.0) {
            if grant.needed_for(matched.node).is_empty() {
                continue;
            }
            let context = check.context(grant, cx);
            for action in &grant.actions {
                match check.decide(&policies, action, &context) {
                    Verdict::Granted => {}
                    Verdict::Refused(refusal) => refusals.push((refusal, grant)),
                    Verdict::Open(reason) => {
                        open.get_or_insert(reason);
                    }
                }
            }
        }
        let doubt = check.doubt(cx, subject);
        if let Some(doubt) = doubt.filter(|_| !refusals.is_empty()) {
            let place = check.call.trigger.place().span;
            let reason = Reason::new(doubt);
            let undecided = reason.of(rule, matched.function(), place);
            result.undecided.push(undecided);
        } else if !refusals.is_empty() {
            let finding = check.finding(cx, rule, subject, refusals);
            result.findings.push(finding);
        } else if let Some(reason) = open {
            let place = check.call.trigger.place().span;
            let undecided = reason.of(rule, matched.function(), place);
            result.undecided.push(undecided);
        }
    }
}

/// The places of the statements of the function policy that let a trigger invoke the function.
pub(super) fn allowing(
    cx: LintContext<'_>,
    call: Invocation<'_, '_>,
    subject: &Subject<'_>,
) -> Vec<Span> {
    let check = PermissionCheck::of(cx, call, subject);
    let policies = check.policies(cx, subject);
    let grants = check.call.source.needs.grants.iter();
    let statements = grants.flat_map(|grant| {
        let context = check.context(grant, cx);
        let callers = check.callers.iter().flat_map(|caller| {
            let access = Access::of(&policies, Some(caller.clone()));
            let actions = grant.actions.iter();
            let resource = || check.resource.clone();
            let allowing = actions.flat_map(|action| access.allowing(action, resource(), &context));
            allowing.collect::<Vec<_>>()
        });
        callers.map(|statement| statement.span).collect::<Vec<_>>()
    });
    statements.collect()
}

impl<'k, 'n> PermissionCheck<'k, 'n> {
    fn of(cx: LintContext<'_>, call: Invocation<'k, 'n>, subject: &Subject<'_>) -> Self {
        let mut names = subject.function.names();
        let from = region_of(call.trigger.source_arn(), &names);
        names.extend(call.trigger.names());
        let place = CallPlace {
            partition: names.get("partition"),
            from: from.as_ref(),
            to: names.get("region"),
        };
        let principals = call.source.principals.iter();
        let services =
            principals.map(|form| service_caller::caller(cx.catalogue, &form.fill(&names), place));
        let callers = match call.source.principals.is_empty() {
            true => vec![Caller::Anonymous],
            false => services.collect(),
        };
        PermissionCheck {
            resource: call.arn_in_policy(),
            call,
            names,
            callers,
        }
    }

    /// Why the source may be allowed to invoke the function though its policy does not allow it.
    fn doubt(&self, cx: LintContext<'_>, subject: &Subject<'_>) -> Option<&str> {
        let (trigger, source) = (self.call.trigger, self.call.source);
        let may_add = source.may_add_permission.as_deref();
        let is_declared = subject.function.logical_id().is_some();
        if let Some(reason) = may_add.filter(|_| is_declared) {
            return Some(reason);
        }
        let reason = source.role.as_ref()?.possible.as_deref()?;
        trigger.possible_role_arn()?;
        let role = trigger.possible_role();
        let refuses = |role| caller_role_allows::refuses(cx, &self.call, role, subject);
        (!role.is_some_and(refuses)).then_some(reason)
    }

    /// The function policy, and what the organization says.
    fn policies(&self, cx: LintContext<'_>, subject: &Subject<'_>) -> PolicyBundle {
        let mut policies = subject.function_policy(cx, self.call.function.policy_qualifier());
        policies.add_organization(&cx.inventory.organization);
        policies
    }

    fn context(&self, grant: &Grant, cx: LintContext<'_>) -> Context {
        let mut context = context(grant, &self.names, cx.catalogue);
        if let Some(arn) = self.call.trigger.source_arn() {
            context.set("aws:SourceArn", vec![arn.clone()]);
        }
        match (
            self.call.source.source_account,
            self.call.trigger.source_account(),
        ) {
            (SourceAccount::Sent, Some(account)) => {
                context.set("aws:SourceAccount", vec![account.clone()]);
            }
            (SourceAccount::NotSent, _) => context.set_absent("aws:SourceAccount"),
            _ => {}
        }
        for (key, template) in &self.call.source.request_context {
            context.set(key, vec![template.fill(&self.names)]);
        }
        context
    }

    /// The verdict for the principal that gets furthest.
    fn decide<'p>(
        &self,
        policies: &'p PolicyBundle,
        action: &str,
        context: &Context,
    ) -> Verdict<'p> {
        let verdicts = self.callers.iter().map(|caller| {
            let (resource, write) = (self.resource.clone(), self.resource.clone());
            let access = Access::of(policies, Some(caller.clone()));
            access.decide(action, resource, write, context)
        });
        Verdict::any(verdicts)
    }

    fn finding(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        subject: &Subject<'_>,
        refusals: Vec<(Refusal<'_>, &Grant)>,
    ) -> Finding {
        let who = self.call.who();
        let target = self.call.target(subject);
        let statements = self.statements(cx, subject, &refusals);
        let is_required = refusals
            .iter()
            .any(|(_, grant)| grant.need == Need::Required);
        let refusals: Vec<Refusal<'_>> = refusals.into_iter().map(|(refusal, _)| refusal).collect();
        let declared = subject.function.logical_id();
        let addition = self.how_to_allow(&target, declared);
        let declared = declared.is_some();
        let remedy = remedy::of_resource_policy(&refusals, "the function policy", addition);
        let needs = &self.call.source.needs;
        let label = rule.words().label.as_deref();
        // The effect is that of lacking what is required.
        let effect = effect(needs).filter(|_| is_required);
        let finding = rule
            .finding(
                format!(
                    "{who} {} not allowed to invoke {}",
                    self.call.be(),
                    self.call.invoked(subject)
                ),
                self.call.trigger.place().span,
            )
            .label(label.unwrap_or("the function policy must allow this"))
            .notes([missing(&refusals)])
            .notes(effect)
            .notes(near_miss::notes(cx, &refusals, &who))
            .notes(qualifiers::note(&self.call.function, &refusals))
            .notes(self.other_names(cx, &refusals))
            .notes(misplaced_grant::in_role(cx, subject, &refusals))
            .help(rule.words().help.clone().unwrap_or(remedy.help))
            .url(needs.references.first())
            .function(subject.name())
            .policy(PolicyKind::FunctionPolicy)
            .actions(refusals.iter().map(|refusal| refusal.action.clone()))
            .resource(Some(self.resource.filled().with_holes_as("*")))
            .principal(self.principal())
            .fix(remedy.add.then(|| self.fix(subject, declared, statements)));
        self.call
            .weighed(weakened(self.weaken(is_required, finding), &refusals))
    }

    fn fix(&self, subject: &Subject<'_>, declared: bool, statements: Vec<NewStatement>) -> Allow {
        let qualifier = self.call.function.policy_qualifier();
        let policies = subject.function.policies();
        let own = policies.filter(|(of, _)| qualifier.map(Text::as_str) == of.map(Some));
        let permission = NewPermission {
            qualifier: qualifier.map(|qualifier| to_write(qualifier, false)),
            function: to_write(&self.resource, false),
            source: self.call.source.id.clone(),
            trigger: Some(self.call.trigger.node.span),
            is_first: self.call.source.permission_first,
            condition: self.call.trigger.condition().map(str::to_owned),
        };
        let allow = Allow::new(PolicyKind::FunctionPolicy, statements)
            .owner(subject.name())
            .declared(declared.then_some(subject.function.node.span))
            .documents(own.map(|(_, document)| document.span));
        Allow {
            permission: Some(permission),
            ..allow
        }
    }

    fn how_to_allow(&self, target: &str, declared: Option<&str>) -> String {
        let name = &self.call.source.name;
        // Only the addresses of Terraform have dots in them.
        let (place, waits) = match declared {
            None => return format!("add this to the function policy of {target}:"),
            Some(id) if id.contains('.') => ("configuration", "depends_on"),
            Some(_) => ("template", "DependsOn"),
        };
        match self.call.source.permission_first {
            true => format!(
                "add a permission for {target}, and make the {name} depend on it (`{waits}`):"
            ),
            false => format!("add a permission for {target} to the {place}:"),
        }
    }

    /// Makes a warning of what AWS does not document.
    fn weaken(&self, is_required: bool, finding: Finding) -> Finding {
        match self.call.source.needs.verified && is_required {
            true => finding,
            false => finding.at_most(Severity::Warning).likely(),
        }
    }

    /// What to say of other names of the service that the policy has.
    fn other_names(&self, cx: LintContext<'_>, refusals: &[Refusal<'_>]) -> Vec<Note> {
        match self.callers.first() {
            Some(Caller::Service(service)) => {
                service_caller::notes(cx.catalogue, &service.name, refusals)
            }
            _ => Vec::new(),
        }
    }

    fn principal(&self) -> Option<String> {
        match self.callers.first() {
            Some(Caller::Service(service)) => Some(service.name.filled().to_string()),
            _ => Some("*".to_owned()),
        }
    }

    fn statements(
        &self,
        cx: LintContext<'_>,
        subject: &Subject<'_>,
        refusals: &[(Refusal<'_>, &Grant)],
    ) -> Vec<NewStatement> {
        let statements = refusals.iter().map(|(refusal, grant)| NewStatement {
            sid: Some(subject.new_sid(cx, &format!("allow-{}", self.call.source.id))),
            principal: Some(self.new_principal()),
            actions: vec![refusal.action.clone()],
            resources: vec![to_write(&self.resource, false)],
            conditions: self.conditions(cx, grant),
        });
        statements.collect()
    }

    fn new_principal(&self) -> (String, Written) {
        let name = self.principal().unwrap_or_default();
        let kind = if self.call.source.principals.is_empty() {
            "AWS"
        } else {
            "Service"
        };
        (kind.to_owned(), name.into())
    }

    fn conditions(&self, cx: LintContext<'_>, grant: &Grant) -> Vec<ConditionTest> {
        let test = |operator: &str, key: &str, value: String| ConditionTest {
            operator: operator.to_owned(),
            key: key.to_owned(),
            value: value.into(),
        };
        let mut conditions = self.call.source_conditions();
        let own = cx
            .catalogue
            .caller(&grant.caller)
            .map(|caller| &caller.request_context);
        for (key, template) in own.into_iter().flatten().chain(&grant.request_context) {
            let value = template.fill(&self.names).filled().to_string();
            let operator = match value.as_str() {
                "true" | "false" => "Bool",
                _ => "StringEquals",
            };
            conditions.push(test(operator, key, value));
        }
        conditions
    }
}
