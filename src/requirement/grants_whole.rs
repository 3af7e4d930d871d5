//! Policies that grant one part of what serves a single purpose grant the rest of it, too.
//!
//! Of a policy by itself nothing is known but what it grants; so only actions that are named in
//! full count as a sign of the purpose, and resources are compared only where they are exact.

use super::authorization::Access;
use super::context::{LintContext, LintResult, Match, Subject};
use super::kind::{Form, Kind, Requirement, optional};
use super::partial_role::PartialRole;
use super::rule_metadata::RuleMetadata;
use super::trusts;
use super::verdict::{Verdict, to_write};
use crate::catalogue::{Feature, Grant, Need, Needs, PollSource};
use crate::diagnostics::{Allow, Finding, NewStatement, Note, PolicyKind, Written};
use crate::iam::{Context, Effect, PatternEntry, Statement, Truth};
use crate::model::{PolicyBundle, Role};
use crate::source::{FileId, Span};
use crate::syntax::{Fields, Names, Node, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "grantsWhole",
    summary: "A policy that grants one of the actions of a feature or event source grants all the actions that it needs.",
    selects: "a stand-alone policy, or a role",
    members: &[
        optional(
            "of",
            Form::Word(&["event sources"]),
            "All event sources that Lambda polls.",
        ),
        optional("features", Form::Texts, "IDs of features in the catalogue."),
        optional(
            "trustedBy",
            Form::Text,
            "A service principal: roles that certainly do not trust it are skipped.",
        ),
    ],
    note: "It takes exactly one of `of` and `features`.",
    is_of_function: false,
    needs_message: false,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct GrantsWhole {
    purposes: Purposes,
    /// Ask it only of roles that this service may assume, where that is known.
    trusted_by: Option<String>,
}

/// Entries of the catalogue whose grants belong together.
#[derive(Debug)]
enum Purposes {
    EventSources,
    Features(Vec<String>),
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let sources = fields.optional_word("of", &[("event sources", ())]);
    let features = fields.texts("features");
    let trusted_by = fields.optional_text("trustedBy").map(str::to_owned);
    if sources.is_some() != features.is_empty() {
        fields.wrong("", "`grantsWhole` needs exactly one of `of` and `features`");
    }
    let purposes = match sources {
        Some(()) => Purposes::EventSources,
        None => Purposes::Features(features),
    };
    Some(Box::new(GrantsWhole {
        purposes,
        trusted_by,
    }))
}

impl Requirement for GrantsWhole {
    fn looks_at_findings(&self) -> bool {
        true
    }

    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let role = Role::new(matched.node);
        let trusted_by = self.trusted_by.as_deref();
        if trusted_by.is_some_and(|service| trusts::excludes(cx, role, service)) {
            return;
        }
        let organization = &cx.inventory.organization;
        let policies = match matched.node.get("PolicyDocument") {
            Some(document) => PolicyBundle::of_document(document, organization, cx.read()).into(),
            None => cx.policies_of(role),
        };
        let partial = PartialRole::of(role);
        let policies = match partial {
            Some(_) => PartialRole::at_hand(&policies),
            None => policies,
        };
        let is_decided = || matched.subject.is_some_and(Subject::names_role) && partial.is_none();
        if !policies.missing.is_empty() || is_decided() {
            return;
        }
        for purpose in self.purposes(cx) {
            if matched
                .subject
                .is_some_and(|subject| !purpose.is_for(subject))
            {
                continue;
            }
            for (statement, sign) in purpose.signs(&policies) {
                let missing = purpose.missing(cx, &policies, statement);
                if missing.is_empty() {
                    continue;
                }
                if !result.asks_for(matched.function(), &missing) {
                    let holding = policies.holding(statement);
                    let document = holding.map(|policy| policy.document.span);
                    let finding = purpose.finding(rule, (statement, document), sign, missing);
                    let note = partial.as_ref().map(PartialRole::note);
                    result.findings.push(finding.notes(note));
                }
                break;
            }
        }
    }
}

impl GrantsWhole {
    fn purposes<'k>(&self, cx: LintContext<'k>) -> Vec<Purpose<'k>> {
        match &self.purposes {
            Purposes::EventSources => cx.catalogue.poll.iter().map(Purpose::of_source).collect(),
            Purposes::Features(ids) => {
                let features = ids.iter().filter_map(|id| cx.catalogue.feature(id));
                features.map(Purpose::of_feature).collect()
            }
        }
    }
}

/// Something that a policy can be for.
struct Purpose<'k> {
    does: String,
    needs: &'k Needs,
    source: Option<&'k PollSource>,
}

impl<'k> Purpose<'k> {
    fn of_source(source: &'k PollSource) -> Self {
        Purpose {
            does: format!("read an event source ({})", source.name),
            needs: &source.needs,
            source: Some(source),
        }
    }

    fn of_feature(feature: &'k Feature) -> Self {
        Purpose {
            does: feature.purpose.clone(),
            needs: &feature.needs,
            source: None,
        }
    }

    /// Whether a function whose configuration is known has something to do with it: one that reads other
    /// event sources does not have to read this kind.
    fn is_for(&self, subject: &Subject<'_>) -> bool {
        let Some(source) = self.source.filter(|_| subject.names_role()) else {
            return true;
        };
        let mut mappings = subject.function.mappings();
        mappings.any(|mapping| mapping.source() == Some(source.id.as_str()))
    }

    /// Statements that name an action of the signature, with the place where they do.
    fn signs<'a>(&self, policies: &'a PolicyBundle) -> Vec<(&'a Statement, &'a PatternEntry)> {
        let allows = |s: &&Statement| s.effect == Some(Effect::Allow);
        let mut signs = Vec::new();
        for statement in policies.identity_statements().filter(allows) {
            let entries = statement.actions.iter().filter(|actions| !actions.negated);
            let named = entries.flat_map(|actions| &actions.entries).find(|entry| {
                let written = entry.text.as_str().unwrap_or("");
                self.needs
                    .distinctive_actions
                    .iter()
                    .any(|action| action.eq_ignore_ascii_case(written))
            });
            let named = named.filter(|entry| !self.is_for_something_else(statement, entry));
            signs.extend(named.map(|entry| (statement, entry)));
        }
        signs
    }

    /// A statement that allows more of the service than this asks for is there for code that works
    /// with the service itself.
    fn is_for_something_else(&self, statement: &Statement, sign: &PatternEntry) -> bool {
        let sign = sign.text.as_str().unwrap_or("");
        let known = |action: &str| {
            let grants = self.needs.grants.iter().flat_map(|grant| &grant.actions);
            grants
                .into_iter()
                .any(|known| known.eq_ignore_ascii_case(action))
        };
        !statement.actions_of_same_service(sign).all(known)
    }

    /// The required actions that the policies do not allow together with this statement.
    fn missing(
        &self,
        cx: LintContext<'_>,
        policies: &PolicyBundle,
        statement: &Statement,
    ) -> Vec<String> {
        let resources = statement.resources.iter().flat_map(|r| &r.entries);
        let exact: Vec<&Text> = resources
            .map(|entry| &entry.text)
            .filter(|text| text.as_str().is_some_and(is_exact))
            .collect();
        let mut missing = Vec::new();
        for grant in self
            .needs
            .grants
            .iter()
            .filter(|g| g.need == Need::Required)
        {
            if !grant.is_unconditional() {
                continue;
            }
            let lacks: Vec<String> = match (self.source, exact.first()) {
                (Some(source), Some(arn)) => self.lacking_on(cx, policies, source, arn, grant),
                _ => lacking_anywhere(policies, grant),
            };
            missing.extend(
                lacks
                    .into_iter()
                    .filter(|action| !missing.contains(action))
                    .collect::<Vec<_>>(),
            );
        }
        missing
    }

    fn lacking_on(
        &self,
        cx: LintContext<'_>,
        policies: &PolicyBundle,
        source: &PollSource,
        arn: &Text,
        grant: &Grant,
    ) -> Vec<String> {
        let span = Span::new(FileId::NOWHERE, 0, 0);
        let mapping = Node::object([("EventSourceArn", Node::text(arn.clone(), span))], span);
        if !source.recognizes(&mapping) {
            return lacking_anywhere(policies, grant);
        }
        let names: Names = source.names(&mapping);
        let access = Access::of(policies, None);
        let verdicts = access.grants(grant, &names, cx.catalogue);
        let refused = verdicts.into_iter().filter_map(|verdict| match verdict {
            Verdict::Refused(refusal) => Some(refusal.action),
            _ => None,
        });
        refused.collect()
    }

    /// What to write for a resource of a statement: the ARN of a source in its place, where it is that of
    /// something else.
    fn resource_to_write(&self, resource: &Text) -> Written {
        let form = self.source.and_then(|source| source.arn.as_ref());
        let is_exact = resource.as_str().is_some_and(is_exact);
        let other = form.filter(|form| is_exact && form.capture(resource).is_none());
        match other {
            Some(form) => to_write(&form.fill(&Names::new()), false),
            None => to_write(resource, false),
        }
    }

    fn finding(
        &self,
        rule: &RuleMetadata,
        (statement, document): (&Statement, Option<Span>),
        sign: &PatternEntry,
        missing: Vec<String>,
    ) -> Finding {
        let entries = statement
            .resources
            .iter()
            .flat_map(|resources| &resources.entries);
        let resources: Vec<Written> = entries.map(|e| self.resource_to_write(&e.text)).collect();
        let resources = match self.source {
            Some(_) if !resources.is_empty() => resources,
            _ => vec![Written::from("*")],
        };
        let attach = match self.needs.managed_policy_name() {
            Some(policy) => format!(", or attach {policy} instead"),
            None => String::new(),
        };
        let statement = NewStatement {
            actions: missing.clone(),
            resources: resources.clone(),
            ..NewStatement::default()
        };
        let allow = Allow::new(PolicyKind::ExecutionRole, vec![statement]).documents(document);
        let message = format!(
            "this grants only some of the actions that Lambda needs to {}",
            self.does
        );
        rule.finding(message, sign.node.span)
            .likely()
            .label("Lambda needs the other actions as well")
            .notes([Note::new("missing", missing.join(", "))])
            .help(format!(
                "if no other policy of the role allows it, add this{attach}:"
            ))
            .url(self.needs.references.first())
            .policy(PolicyKind::ExecutionRole)
            .actions(missing)
            .resource(resources.first().map(Written::outside))
            .fix(Some(allow))
    }
}

/// Whether a resource is a single one.
fn is_exact(resource: &str) -> bool {
    !resource.contains(['*', '?', '$'])
}

/// Actions of a grant that no statement allows on any resource; where one of them is enough, none
/// if there is one.
fn lacking_anywhere(policies: &PolicyBundle, grant: &Grant) -> Vec<String> {
    let context = Context::default();
    let allowed = |action: &&String| {
        policies.identity_statements().any(|statement| {
            statement.effect != Some(Effect::Deny)
                && statement.actions.as_ref().is_none_or(|actions| {
                    actions.covers(&Text::from(action.as_str()), &context) != Truth::No
                })
        })
    };
    let lacking: Vec<String> = grant
        .actions
        .iter()
        .filter(|a| !allowed(a))
        .cloned()
        .collect();
    if grant.any_action && lacking.len() < grant.actions.len() {
        return Vec::new();
    }
    match grant.any_action {
        true => lacking.into_iter().take(1).collect(),
        false => lacking,
    }
}
