//! Whether the function policy lets a trigger invoke the function.

use super::access::{depends, not_at_hand, settled};
use super::judge::{Known, LintResult, Match, Subject};
use super::misplaced_grant;
use super::near_miss;
use super::role::{effect, missing};
use super::verdict::{Reason, Refusal, Verdict, to_write};
use crate::catalogue::{Grant, Need, PushSource, SourceAccount};
use crate::diagnostics::{
    ConditionTest, Confidence, Finding, Fix, Label, NewStatement, PolicyKind, Severity, quoted,
};
use crate::iam::{Caller, Context, Decision, NearMiss, PolicyDocument, PrincipalMatch, Request};
use crate::model::{FunctionName, Trigger};
use crate::rules::Rule;
use crate::syntax::{Hole, Names, Node, Text};

/// A trigger, with what a function policy must let through.
struct Asking<'k, 'n> {
    source: &'k PushSource,
    trigger: Trigger<'n>,
    function: FunctionName,
    resource: Text,
    names: Names,
}

pub(super) fn check(
    known: Known<'_>,
    rule: &Rule,
    need: Need,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(subject) = matched.subject else {
        return;
    };
    let Some(asking) = Asking::of(known, matched.node, subject) else {
        return;
    };
    let mut refusals = Vec::new();
    let mut open = None;
    for grant in asking
        .source
        .needs
        .grants
        .iter()
        .filter(|grant| grant.need == need)
    {
        if grant.needed_for(asking.trigger.node).is_empty() {
            continue;
        }
        let context = asking.context(grant, known);
        for action in &grant.actions {
            match asking.decide(subject, action, &context) {
                Verdict::Granted => {}
                Verdict::Refused(refusal) => {
                    refusals.push((refusal, grant));
                }
                Verdict::Open(reason) => {
                    open.get_or_insert(reason);
                }
            }
        }
    }
    if !refusals.is_empty() {
        let finding = asking.finding(known, rule, subject, refusals);
        result.findings.push(finding);
    } else if let Some(reason) = open {
        result
            .undecided
            .push(reason.of(rule, matched.function(), asking.trigger.place().span));
    }
}

impl<'k, 'n> Asking<'k, 'n> {
    fn of(known: Known<'k>, node: &'n Node, subject: &Subject<'_>) -> Option<Self> {
        let trigger = Trigger::new(node);
        let source = known.catalogue.push_source(trigger.kind())?;
        let function = trigger
            .function()
            .filter(|name| name.arn.is_some())
            .unwrap_or_else(|| subject.function.name());
        let resource = function
            .invoked_arn()
            .unwrap_or_else(|| unplaced(&function));
        let mut names = subject.function.names();
        names.extend(trigger.names());
        Some(Asking {
            source,
            trigger,
            function,
            resource,
            names,
        })
    }

    fn callers(&self) -> Vec<Caller> {
        let principals = &self.source.principals;
        match principals.is_empty() {
            true => vec![Caller::Anonymous],
            false => principals
                .iter()
                .map(|form| Caller::Service(form.fill(&self.names)))
                .collect(),
        }
    }

    fn context(&self, grant: &Grant, known: Known<'_>) -> Context {
        let mut context = super::access::context(grant, &self.names, known.catalogue);
        if let Some(arn) = self.trigger.source_arn() {
            context.set("aws:SourceArn", vec![arn.clone()]);
        }
        match (self.source.source_account, self.trigger.source_account()) {
            (SourceAccount::Sent, Some(account)) => {
                context.set("aws:SourceAccount", vec![account.clone()]);
            }
            (SourceAccount::NotSent, _) => context.set_absent("aws:SourceAccount"),
            _ => {}
        }
        for (key, template) in &self.source.request_context {
            context.set(key, vec![template.fill(&self.names)]);
        }
        context
    }

    /// The verdict for the principal that gets furthest: which one a source uses depends on
    /// Regions that the documents do not tell.
    fn decide<'s>(&self, subject: &'s Subject<'_>, action: &str, context: &Context) -> Verdict<'s> {
        let documents: Vec<&PolicyDocument> = subject
            .policies()
            .iter()
            .map(|(_, document)| document)
            .collect();
        let verdicts = self.callers().into_iter().map(|caller| {
            let request = Request {
                caller: Some(caller),
                named: PrincipalMatch::Account,
                action: Text::from(action),
                resource: self.resource.clone(),
                context,
            };
            let evaluation = settled(&documents, &request);
            match evaluation.decision {
                Decision::Allowed => Verdict::Granted,
                Decision::Unknown => Verdict::Open(depends(&evaluation, &request)),
                Decision::ImplicitDeny if !self.knows_all(subject) => {
                    Verdict::Open(self.policy_not_at_hand(subject))
                }
                _ => Verdict::Refused(Refusal {
                    denied_by: evaluation.deciding.first().copied(),
                    near: NearMiss::find(&documents, &request),
                    ..Refusal::of(&request, self.resource.clone())
                }),
            }
        });
        Verdict::any(verdicts)
    }

    fn knows_all(&self, subject: &Subject<'_>) -> bool {
        subject
            .function
            .knows_policy_of(self.function.qualifier.as_ref())
    }

    fn policy_not_at_hand(&self, subject: &Subject<'_>) -> Reason {
        let absent = subject.function.absent();
        if let Some(absent) = absent.iter().find(|absent| absent.member == "Policies") {
            return not_at_hand(absent);
        }
        let name = subject.name().unwrap_or_else(|| "FUNCTION".to_owned());
        let (of, option) = match &self.function.qualifier {
            Some(qualifier) => {
                let quoted = quoted(&qualifier.to_string());
                (
                    format!("{name}:{qualifier}"),
                    format!(" --qualifier {quoted}"),
                )
            }
            None => (name.clone(), String::new()),
        };
        let name = quoted(&name);
        Reason {
            text: format!("the function policy of `{of}` was not handed over"),
            fetch: Some(format!(
                "aws lambda get-policy --function-name {name}{option}"
            )),
            of_document: true,
        }
    }

    fn finding(
        &self,
        known: Known<'_>,
        rule: &Rule,
        subject: &Subject<'_>,
        refusals: Vec<(Refusal<'_>, &Grant)>,
    ) -> Finding {
        let name = subject.name();
        let who = who(self.source, self.trigger);
        let statements = self.statements(known, subject, &refusals);
        let refusals: Vec<Refusal<'_>> = refusals.into_iter().map(|(refusal, _)| refusal).collect();
        let denied = refusals.iter().any(|refusal| refusal.denied_by.is_some());
        let mut notes = vec![missing(&refusals)];
        notes.extend(effect(&self.source.needs));
        notes.extend(near_miss::notes(&refusals, &who));
        notes.extend(misplaced_grant::in_role(subject, &refusals));
        let declared = subject.function.logical_id().is_some();
        let qualifier = self.function.qualifier.as_ref();
        let written = qualifier.map(|qualifier| match declared {
            true => to_write(qualifier, false),
            false => qualifier.to_string(),
        });
        let target = match (&name, &qualifier) {
            (Some(name), Some(qualifier)) => format!("`{name}:{qualifier}`"),
            _ => subject.label(),
        };
        let help = match denied {
            true => "remove the Deny from the function policy, or narrow it".to_owned(),
            false => self.how_to_allow(&target, declared),
        };
        let mut finding = Finding {
            rule: rule.id.clone(),
            severity: rule.severity,
            confidence: Confidence::Certain,
            message: format!("{who} may not invoke {target}"),
            primary: Label {
                span: self.trigger.place().span,
                text: "this needs a statement in the function policy".to_owned(),
            },
            notes,
            help: rule.words.help.clone().or(Some(help)),
            url: self.source.needs.references.first().cloned(),
            subject: crate::diagnostics::Subject {
                function: name.clone(),
                policy: Some(PolicyKind::FunctionPolicy),
                actions: refusals
                    .iter()
                    .map(|refusal| refusal.action.clone())
                    .collect(),
                resource: Some(self.resource.filled().with_holes_as("*")),
                principal: self.principal(),
            },
            fix: (!denied).then_some(Fix::Allow {
                policy: PolicyKind::FunctionPolicy,
                owner: name,
                qualifier: written,
                declared,
                condition: self.trigger.node.str("condition").map(str::to_owned),
                statements,
            }),
            pointer: String::new(),
        };
        self.weaken(&refusals, &mut finding);
        finding
    }

    fn how_to_allow(&self, target: &str, declared: bool) -> String {
        let name = &self.source.name;
        match (declared, self.source.permission_first) {
            (true, true) => format!(
                "allow it by a permission for {target}, on which the {name} must depend (`DependsOn`):"
            ),
            (true, false) => format!("allow it by a permission for {target} in the template:"),
            (false, _) => format!("allow it in the function policy of {target}:"),
        }
    }

    /// Makes a warning of what AWS does not document.
    fn weaken(&self, refusals: &[Refusal<'_>], finding: &mut Finding) {
        let without_qualifier = self.granted_without_qualifier(refusals);
        if !self.source.needs.verified || without_qualifier {
            finding.severity = finding.severity.min(Severity::Warning);
            finding.confidence = Confidence::Likely;
        }
        if without_qualifier {
            finding.notes.push(crate::diagnostics::Note {
                word: "note",
                text: "AWS does not say whether a grant on the function is one on its aliases and versions"
                    .to_owned(),
                span: None,
            });
        }
    }

    /// AWS does not say whether a grant on the function covers calls that name an alias or
    /// version, so such a refusal is never certain.
    fn granted_without_qualifier(&self, refusals: &[Refusal<'_>]) -> bool {
        let Some(plain) = self
            .function
            .qualifier
            .as_ref()
            .and(self.function.arn.as_ref())
        else {
            return false;
        };
        refusals.iter().all(|refusal| {
            refusal.near.as_ref().is_some_and(|miss| {
                let only_resource =
                    matches!(miss.stopped_by.as_slice(), [crate::iam::Element::Resource]);
                let names_function = miss.statement.resources.as_ref().is_some_and(|resources| {
                    resources.covers(plain, &Context::default()) == crate::iam::Truth::Yes
                });
                only_resource && names_function
            })
        })
    }

    fn principal(&self) -> Option<String> {
        match self.source.principals.first() {
            Some(form) => Some(form.fill(&self.names).filled().to_string()),
            None => Some("*".to_owned()),
        }
    }

    fn statements(
        &self,
        known: Known<'_>,
        subject: &Subject<'_>,
        refusals: &[(Refusal<'_>, &Grant)],
    ) -> Vec<NewStatement> {
        let statements = refusals.iter().map(|(refusal, grant)| NewStatement {
            sid: Some(subject.new_sid(&format!("allow-{}", self.source.id))),
            principal: Some(self.new_principal()),
            actions: vec![refusal.action.clone()],
            resources: vec![self.resource.filled().to_string()],
            conditions: self.conditions(known, grant),
        });
        statements.collect()
    }

    fn new_principal(&self) -> (String, String) {
        let name = self.principal().unwrap_or_default();
        let kind = if self.source.principals.is_empty() {
            "AWS"
        } else {
            "Service"
        };
        (kind.to_owned(), name)
    }

    /// The source's ARN as a new permission asks for it. The name that is made up for what must come
    /// after the permission cannot stand in it: the account is then all that it asks for.
    fn written_source(&self) -> Option<String> {
        let arn = self.trigger.source_arn()?;
        let is_first = self.source.permission_first;
        let by_account = self.source.source_account == SourceAccount::Sent
            && self.trigger.source_account().is_some();
        if is_first && by_account && arn.holes().any(Hole::is_own) {
            return None;
        }
        let written = self.trigger.node.str("writtenArn").filter(|_| !is_first);
        Some(written.map_or_else(|| to_write(arn, is_first), |way| format!("${{{way}}}")))
    }

    fn conditions(&self, known: Known<'_>, grant: &Grant) -> Vec<ConditionTest> {
        let test = |operator: &str, key: &str, value: String| ConditionTest {
            operator: operator.to_owned(),
            key: key.to_owned(),
            value,
        };
        let mut conditions = Vec::new();
        conditions.extend(
            self.written_source()
                .map(|arn| test("ArnLike", "aws:SourceArn", arn)),
        );
        if self.source.source_account == SourceAccount::Sent
            && let Some(account) = self.trigger.source_account()
        {
            let account = to_write(account, false);
            conditions.push(test("StringEquals", "aws:SourceAccount", account));
        }
        let own = known
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

/// Who a trigger is, as in "SNS topic `orders`".
pub(super) fn who(source: &PushSource, trigger: Trigger<'_>) -> String {
    let short = trigger.source_arn().and_then(|arn| source.short_name(arn));
    match short {
        _ if source.is_anonymous() => format!("callers of the {}", source.name),
        Some(short) => format!("{} `{short}`", source.name),
        None => format!("the {}", source.name),
    }
}

/// The ARN of a function of which only the name is known.
pub(super) fn unplaced(function: &FunctionName) -> Text {
    let template = crate::syntax::Template::parse(
        "arn:{partition}:lambda:{region?}:{account?}:function:{name}",
    );
    let mut names = Names::new();
    names.insert(
        "partition".to_owned(),
        Text::hole(Hole::segment("the partition").likely("aws")),
    );
    names.insert("name".to_owned(), function.name.clone());
    template.map_or_else(|_| function.name.clone(), |template| template.fill(&names))
}
