//! Policies that grant one part of what serves a single purpose, and not the rest.
//!
//! Of a policy by itself nothing is known but what it grants; so only actions that are named in
//! full count as a sign of the purpose, and resources are compared only where they are exact.

use super::access::Access;
use super::judge::{Known, LintResult, Match};
use super::verdict::Verdict;
use crate::catalogue::{Feature, Grant, Need, Needs, PollSource};
use crate::diagnostics::{
    Confidence, Finding, Fix, Label, NewStatement, Note, PolicyKind, Subject,
};
use crate::iam::{Context, Decision, Effect, PatternEntry, PolicyDocument, Statement, Truth};
use crate::model::Role;
use crate::rules::{Asked, Rule};
use crate::syntax::{Names, Node, Text};

/// Something that a policy can be for.
struct Purpose<'k> {
    does: String,
    needs: &'k Needs,
    source: Option<&'k PollSource>,
}

pub(super) fn check(
    known: Known<'_>,
    rule: &Rule,
    asked: &Asked,
    trusted_by: Option<&str>,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    if trusted_by.is_some_and(|service| is_for_others(Role::new(matched.node), service)) {
        return;
    }
    let access = match matched.node.get("PolicyDocument") {
        Some(document) => Access::of_document(PolicyDocument::read(document)),
        None => Access::of(Role::new(matched.node)),
    };
    if !access.is_complete() {
        return;
    }
    for purpose in purposes(known, asked) {
        for (statement, sign) in purpose.signs(&access) {
            let missing = purpose.missing(known, &access, statement);
            if !missing.is_empty() {
                result
                    .findings
                    .push(purpose.finding(rule, statement, sign, missing));
                break;
            }
        }
    }
}

/// Whether the role's trust policy is known and does not let the service in.
fn is_for_others(role: Role<'_>, service: &str) -> bool {
    role.trust_policy().is_some_and(|node| {
        let document = PolicyDocument::read(node);
        super::trust::decision(&document, service) == Decision::ImplicitDeny
    })
}

fn purposes<'k>(known: Known<'k>, asked: &Asked) -> Vec<Purpose<'k>> {
    match asked {
        Asked::EventSources => known
            .catalogue
            .poll
            .iter()
            .map(Purpose::of_source)
            .collect(),
        Asked::Features(ids) => {
            let features = ids.iter().filter_map(|id| known.catalogue.feature(id));
            features.map(Purpose::of_feature).collect()
        }
    }
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

    /// Statements that name an action of the signature, with the place where they do.
    fn signs<'a>(&self, access: &'a Access) -> Vec<(&'a Statement, &'a PatternEntry)> {
        let allows = |s: &&Statement| s.effect == Some(Effect::Allow);
        let mut signs = Vec::new();
        for statement in access.statements().filter(allows) {
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
    fn missing(&self, known: Known<'_>, access: &Access, statement: &Statement) -> Vec<String> {
        let resources = statement.resources.iter().flat_map(|r| &r.entries);
        let exact: Vec<&Text> = resources
            .map(|entry| &entry.text)
            .filter(|text| text.as_str().is_some_and(|t| !t.contains(['*', '?', '$'])))
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
                (Some(source), Some(arn)) => self.lacking_on(known, access, source, arn, grant),
                _ => lacking_anywhere(access, grant),
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
        known: Known<'_>,
        access: &Access,
        source: &PollSource,
        arn: &Text,
        grant: &Grant,
    ) -> Vec<String> {
        let span = crate::source::Span::new(crate::source::FileId::NOWHERE, 0, 0);
        let mapping = Node::object([("EventSourceArn", Node::text(arn.clone(), span))], span);
        if !source.recognizes(&mapping) {
            return lacking_anywhere(access, grant);
        }
        let names: Names = source.names(&mapping);
        let verdicts = access.grants(grant, &names, known.catalogue);
        let refused = verdicts.into_iter().filter_map(|verdict| match verdict {
            Verdict::Refused(refusal) => Some(refusal.action),
            _ => None,
        });
        refused.collect()
    }

    fn finding(
        &self,
        rule: &Rule,
        statement: &Statement,
        sign: &PatternEntry,
        missing: Vec<String>,
    ) -> Finding {
        let resources: Vec<String> = statement
            .resources
            .iter()
            .flat_map(|resources| &resources.entries)
            .map(|entry| entry.text.to_string())
            .collect();
        let attach = match self.needs.managed_policy_name() {
            Some(policy) => format!(", or attach {policy} instead"),
            None => String::new(),
        };
        let resources = match self.source {
            Some(_) if !resources.is_empty() => resources,
            _ => vec!["*".to_owned()],
        };
        Finding {
            rule: rule.id.clone(),
            severity: rule.severity,
            confidence: Confidence::Likely,
            message: format!(
                "this grants only a part of what Lambda needs to {}",
                self.does
            ),
            primary: Label {
                span: sign.node.span,
                text: "Lambda needs this together with the others".to_owned(),
            },
            notes: vec![Note {
                word: "missing",
                text: missing.join(", "),
                span: None,
            }],
            help: Some(format!(
                "if the role has no other policy that allows it, add this{attach}:"
            )),
            url: self.needs.references.first().cloned(),
            subject: Subject {
                function: None,
                policy: Some(PolicyKind::ExecutionRole),
                actions: missing.clone(),
                resource: resources.first().cloned(),
                ..Subject::default()
            },
            fix: Some(Fix::Allow {
                policy: PolicyKind::ExecutionRole,
                owner: None,
                qualifier: None,
                condition: None,
                declared: false,
                statements: vec![NewStatement {
                    actions: missing,
                    resources,
                    ..NewStatement::default()
                }],
            }),
            pointer: String::new(),
        }
    }
}

/// Actions of a grant that no statement allows on any resource; where one of them is enough, none
/// if there is one.
fn lacking_anywhere(access: &Access, grant: &Grant) -> Vec<String> {
    let context = Context::default();
    let allowed = |action: &&String| {
        access.statements().any(|statement| {
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
