//! Whether who may send to an encrypted queue or topic may use its key as well.

use super::access::{Access, context_of};
use super::judge::{Known, LintResult, Match};
use super::role::{missing, statements};
use super::verdict::{Refusal, Verdict};
use crate::diagnostics::{Confidence, Finding, Fix, Label, Note, PolicyKind, Subject};
use crate::iam::{Context, Effect, PolicyDocument, Statement, Truth};
use crate::model::LoneType;
use crate::rules::{KeyUse, Rule};
use crate::syntax::{Names, Node, Template, Text};

/// An encrypted resource.
struct Encrypted<'n> {
    arn: &'n Text,
    key: Text,
    place: &'n Node,
}

pub(super) fn check(
    known: Known<'_>,
    rule: &Rule,
    asked: &KeyUse,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let Some(encrypted) = Encrypted::of(matched.node, asked) else {
        return;
    };
    let Some(inventory) = known.inventory else {
        return;
    };
    let lone = inventory.lone_policies();
    let identity = lone.filter(|policy| policy.of_type == LoneType::Identity);
    let lone = identity.map(|policy| Access::of_document(PolicyDocument::read(policy.document)));
    let of_functions = inventory.functions().filter_map(|function| function.role());
    let roles = of_functions.chain(inventory.roles()).map(Access::of);
    let whole = roles.filter(Access::is_complete);
    for access in lone.chain(whole) {
        let context = context_of("function", &Names::new(), known.catalogue);
        let sends = access.statements().find(|s| asked.sends(s, &encrypted));
        let Some(sender) = sends else { continue };
        let verdicts = asked.key_actions.iter().map(|action| {
            let (key, write) = (encrypted.key.clone(), encrypted.key.clone());
            access.decide(action, key, write, &context)
        });
        let refusals: Vec<Refusal<'_>> = verdicts
            .filter_map(|verdict| match verdict {
                Verdict::Refused(refusal) => Some(refusal),
                _ => None,
            })
            .collect();
        if !refusals.is_empty() {
            let finding = encrypted.finding(rule, sender, &refusals);
            result.findings.push(finding);
        }
    }
}

impl KeyUse {
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

impl<'n> Encrypted<'n> {
    /// A queue or topic with a key of the user's own, which goes by its ARN or its id. What an alias
    /// stands for is not known.
    fn of(resource: &'n Node, asked: &KeyUse) -> Option<Self> {
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

    fn finding(&self, rule: &Rule, sender: &Statement, refusals: &[Refusal<'_>]) -> Finding {
        let sent = sender.actions.as_ref().map_or(sender.span, |a| a.span);
        Finding {
            rule: rule.id.clone(),
            severity: rule.severity,
            confidence: Confidence::Likely,
            message: "a policy lets somebody send here, but not use the key".to_owned(),
            primary: Label {
                span: self.place.span,
                text: "what is sent is encrypted with this key".to_owned(),
            },
            notes: vec![
                missing(refusals),
                Note {
                    word: "note",
                    text: "this statement lets somebody send".to_owned(),
                    span: Some(sent),
                },
            ],
            help: Some(
                "if the key's policy does not name the role, add this to its policy:".to_owned(),
            ),
            url: rule.references.first().cloned(),
            subject: Subject {
                policy: Some(PolicyKind::ExecutionRole),
                actions: refusals.iter().map(|r| r.action.clone()).collect(),
                resource: Some(self.key.to_string()),
                ..Subject::default()
            },
            fix: Some(Fix::Allow {
                policy: PolicyKind::ExecutionRole,
                owner: None,
                qualifier: None,
                condition: None,
                declared: false,
                statements: statements(refusals),
            }),
            pointer: String::new(),
        }
    }
}

fn is_id(written: &str) -> bool {
    !written.is_empty() && !written.contains(['/', ':'])
}
