//! The policy of a key or another resource lets a service use it.

use super::authorization::Access;
use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional, required};
use super::near_miss;
use super::remedy;
use super::role_allows::missing;
use super::rule_metadata::RuleMetadata;
use super::service_caller;
use super::verdict::{Refusal, Verdicts, to_write, weakened};
use crate::catalogue::CallPlace;
use crate::diagnostics::{Allow, Finding, NewStatement, Note, PolicyKind, Written};
use crate::iam::{Context, PolicyType};
use crate::model::PolicyBundle;
use crate::source::Span;
use crate::syntax::{Fields, Names, Node, Selector, Template};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "resourcePolicyAllows",
    summary: "The policy of a resource allows a service to use the resource. A policy that was not provided is not checked.",
    selects: "a node that names a KMS key or another resource",
    members: &[
        required(
            "service",
            Form::Template,
            "The service principal, in which `{name}` stands for a member of the selected node.",
        ),
        required(
            "actions",
            Form::Texts,
            "The actions that the service must be allowed.",
        ),
        required(
            "resource",
            Form::Template,
            "The ARN of the resource, in which `{Name}` stands for a member of the selected node.",
        ),
        required(
            "policy",
            Form::Path,
            "The path from the selected node to the policy of the resource.",
        ),
        optional(
            "kind",
            Form::Word(&["resource-policy", "key-policy"]),
            "The type of the policy; `resource-policy` by default.",
        ),
        optional(
            "user",
            Form::Template,
            "Who uses the resource at the selected node, as in `the {sender}`.",
        ),
    ],
    note: "In `message`, `{name}` stands for a member of the selected node.",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct ResourcePolicyAllows {
    service: Template,
    actions: Vec<String>,
    resource: Template,
    policy: Selector,
    kind: PolicyKind,
    user: Option<Template>,
}

/// The words for policies of resources.
const KINDS: [(&str, PolicyKind); 2] = [
    ("resource-policy", PolicyKind::ResourcePolicy),
    ("key-policy", PolicyKind::KeyPolicy),
];

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    fields.required("service");
    let service = fields.template("service");
    let actions = fields.texts("actions");
    fields.required("resource");
    let resource = fields.template("resource");
    fields.required("policy");
    let policy = fields.selector("policy");
    let kind = fields.optional_word("kind", &KINDS);
    let user = fields.template("user");
    Some(Box::new(ResourcePolicyAllows {
        service: service?,
        actions,
        resource: resource?,
        policy: policy?,
        kind: kind.unwrap_or(PolicyKind::ResourcePolicy),
        user,
    }))
}

impl Requirement for ResourcePolicyAllows {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some(written) = self.policy.first(matched.node) else {
            return;
        };
        let mut policies = PolicyBundle::default();
        let document = cx.document(written);
        policies.add("the policy".to_owned(), PolicyType::Resource, document);
        policies.add_organization(&cx.inventory.organization);
        let names = matched.node.names();
        let resource = self.resource.fill(&names);
        let function = matched.subject.map(|subject| subject.function.names());
        let part = |name: &str| function.as_ref().and_then(|names| names.get(name));
        let place = CallPlace {
            partition: part("partition"),
            from: part("region"),
            to: part("region"),
        };
        let service = self.service.fill(&names);
        let caller = service_caller::caller(cx.catalogue, &service, place);
        let access = Access::of(&policies, Some(caller));
        let context = Context::default();
        let mut verdicts = Verdicts::default();
        verdicts.extend(
            self.actions
                .iter()
                .map(|action| access.decide(action, resource.clone(), resource.clone(), &context)),
        );
        if !verdicts.refusals.is_empty() {
            let finding = self.finding(
                (cx, rule),
                (matched.node, &names),
                written.span,
                &verdicts.refusals,
            );
            result.findings.push(finding.function(matched.function()));
        } else if let Some(reason) = verdicts.open {
            let undecided = reason.of(rule, matched.function(), written.span);
            result.undecided.push(undecided);
        }
    }

    fn actions(&self) -> Vec<&str> {
        self.actions.iter().map(String::as_str).collect()
    }
}

impl ResourcePolicyAllows {
    fn finding(
        &self,
        (cx, rule): (LintContext<'_>, &RuleMetadata),
        (node, names): (&Node, &Names),
        place: Span,
        refusals: &[Refusal<'_>],
    ) -> Finding {
        let service = self.service.fill(names).to_string();
        let actions: Vec<String> = refusals.iter().map(|r| r.action.clone()).collect();
        let remedy = remedy::of_resource_policy(refusals, "the policy", "add this to the policy:");
        let statement = NewStatement {
            principal: Some(("Service".to_owned(), service.as_str().into())),
            actions: actions.clone(),
            resources: self.resources_to_write(refusals),
            ..NewStatement::default()
        };
        let mut notes = vec![missing(refusals)];
        notes.extend(near_miss::notes(cx, refusals, &service));
        let resource = refusals.first();
        let resource = resource.map(|r| to_write(&r.resource, false).outside());
        let user = self.user.as_ref().map(|user| user.fill(names));
        let user = user.map(|user| Note::at(format!("{user} uses it here"), node.span));
        notes.extend(user);
        let allow = Allow::new(self.kind, vec![statement]).documents([place]);
        let finding = rule
            .finding(self.message(rule, names), place)
            .label(format!("this policy does not allow {service}"))
            .notes(notes)
            .help(remedy.help)
            .policy(self.kind)
            .actions(actions)
            .resource(resource)
            .principal(Some(service))
            .fix(remedy.add.then_some(allow));
        weakened(finding, refusals)
    }

    fn message(&self, rule: &RuleMetadata, names: &Names) -> String {
        let own = rule.words().message.as_ref();
        let own = own.and_then(|own| Template::parse(own).ok());
        own.map_or_else(
            || rule.told().title.clone(),
            |own| own.fill(names).to_string(),
        )
    }

    /// What to write as the resource: in the policy of a key, `*` is the key itself.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>
    fn resources_to_write(&self, refusals: &[Refusal<'_>]) -> Vec<Written> {
        match self.kind {
            PolicyKind::KeyPolicy => vec![Written::from("*")],
            _ => {
                let first = refusals.first();
                first
                    .map(|r| to_write(&r.resource, false))
                    .into_iter()
                    .collect()
            }
        }
    }
}
