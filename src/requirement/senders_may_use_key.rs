//! A principal that can send to an encrypted queue or topic can use its key as well.

use std::sync::Arc;

use super::authorization::{Access, context_of};
use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, required};
use super::role_allows::{missing, statements};
use super::rule_metadata::RuleMetadata;
use super::verdict::{Refusal, Verdict};
use crate::diagnostics::{Allow, Finding, Note, PolicyKind};
use crate::iam::{Context, Effect, Statement, Truth};
use crate::model::{LoneType, PolicyBundle};
use crate::source::Span;
use crate::syntax::{Fields, Names, Node, Selector, Template, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "sendersMayUseKey",
    summary: "Each stand-alone identity policy, and each role whose policies are all known, that names the queue or topic in a statement for one of `actions` also allows all `keyActions` on its KMS key.",
    selects: "a queue or topic",
    members: &[
        required("actions", Form::Texts, "The actions that send."),
        required(
            "keyActions",
            Form::Texts,
            "The actions that sending needs on the key.",
        ),
        required(
            "key",
            Form::Path,
            "The path from the resource to its key, an ID or ARN.",
        ),
        required(
            "keyArn",
            Form::Template,
            "The format of a key's ARN, with `{key}` for its ID.",
        ),
    ],
    note: "",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct SendersMayUseKey {
    actions: Vec<String>,
    key_actions: Vec<String>,
    key: Selector,
    key_arn: Template,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let actions = fields.texts("actions");
    let key_actions = fields.texts("keyActions");
    fields.required("key");
    let key = fields.selector("key");
    fields.required("keyArn");
    let key_arn = fields.template("keyArn");
    Some(Box::new(SendersMayUseKey {
        actions,
        key_actions,
        key: key?,
        key_arn: key_arn?,
    }))
}

impl Requirement for SendersMayUseKey {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some(encrypted) = Encrypted::of(matched.node, self) else {
            return;
        };
        let context = context_of("function", &Names::new(), cx.catalogue);
        for policies in senders(cx) {
            let mut statements = policies.identity_statements();
            let Some(sender) = statements.find(|s| self.sends(s, &encrypted)) else {
                continue;
            };
            let access = Access::of(&policies, None);
            let verdicts = self.key_actions.iter().map(|action| {
                let (key, write) = (encrypted.key.clone(), encrypted.key.clone());
                access.decide(action, key, write, &context)
            });
            let refused = verdicts.filter_map(|verdict| match verdict {
                Verdict::Refused(refusal) => Some(refusal).filter(|refusal| !refusal.is_likely),
                _ => None,
            });
            let refusals: Vec<Refusal<'_>> = refused.collect();
            if !refusals.is_empty() {
                let document = policies.holding(sender).map(|policy| policy.document.span);
                let finding = encrypted.finding(rule, (sender, document), &refusals);
                result.findings.push(finding);
            }
        }
    }
}

/// The identity policies by themselves, and the roles of which all policies are known.
fn senders(cx: LintContext<'_>) -> Vec<Arc<PolicyBundle>> {
    let inventory = cx.inventory;
    let organization = &inventory.organization;
    let lone = inventory.lone_policies();
    let identity = lone.filter(|policy| policy.of_type == LoneType::Identity);
    let lone = identity
        .map(|policy| PolicyBundle::of_document(policy.document, organization, cx.read()).into());
    let of_functions = inventory.functions().filter_map(|function| function.role());
    let roles = of_functions.chain(inventory.roles());
    let roles = roles.map(|role| cx.policies_of(role));
    let whole = roles.filter(|policies| policies.missing.is_empty());
    lone.chain(whole).collect()
}

impl SendersMayUseKey {
    /// Whether a statement lets somebody send to the resource by its name.
    fn sends(&self, statement: &Statement, to: &Encrypted<'_>) -> bool {
        let context = Context::default();
        let covers = |action: &String| {
            let actions = statement.actions.as_ref().filter(|listed| !listed.negated);
            actions.is_some_and(|a| a.covers(&Text::from(action.as_str()), &context) == Truth::Yes)
        };
        let resources = statement.resources.as_ref();
        let names_it = resources.is_some_and(|resources| {
            let is_it = |text: &Text| text == to.arn;
            resources.entries.iter().any(|entry| is_it(&entry.text))
        });
        statement.effect == Some(Effect::Allow) && names_it && self.actions.iter().any(covers)
    }
}

/// An encrypted resource.
struct Encrypted<'n> {
    arn: &'n Text,
    key: Text,
    place: &'n Node,
}

impl<'n> Encrypted<'n> {
    /// A queue or topic with a customer managed key, given by ARN or ID. The key of an alias is
    /// unknown.
    fn of(resource: &'n Node, asked: &SendersMayUseKey) -> Option<Self> {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
        const ARN: &str = "arn:{partition}:{service}:{region}:{account}:{name+}";
        let arn = resource.get("Arn")?.as_text()?;
        let place = asked.key.first(resource)?;
        let written = place.as_text()?;
        let key = match asked.key_arn.capture(written) {
            Some(_) => written.clone(),
            None if is_id(written.as_str()?) => {
                let mut names = Template::parse(ARN).ok()?.capture(arn)?;
                names.insert("key".to_owned(), written.clone());
                asked.key_arn.fill(&names)
            }
            None => return None,
        };
        Some(Encrypted { arn, key, place })
    }

    fn finding(
        &self,
        rule: &RuleMetadata,
        (sender, document): (&Statement, Option<Span>),
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let sent = sender.actions.as_ref().map_or(sender.span, |a| a.span);
        let message =
            "a policy allows sending to this resource, but not using its KMS key".to_owned();
        let fix = Allow::new(PolicyKind::ExecutionRole, statements(refusals)).documents(document);
        rule.finding(message, self.place.span)
            .likely()
            .label("messages are encrypted with this key")
            .notes([
                missing(refusals),
                Note::at("this statement allows sending", sent),
            ])
            .help("if the key policy does not allow the role, add this to the role's policy:")
            .policy(PolicyKind::ExecutionRole)
            .actions(refusals.iter().map(|r| r.action.clone()))
            .resource(Some(self.key.to_string()))
            .fix(Some(fix))
    }
}

fn is_id(written: &str) -> bool {
    !written.is_empty() && !written.contains(['/', ':'])
}
