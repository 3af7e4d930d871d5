//! What the catalogue says of event sources, actions and policies, as plain descriptions.

use crate::catalogue::{Action, Catalogue, Grant, ManagedPolicy, Need, PollSource, PushSource};
use crate::diagnostics::{
    ActionDescription, ActionGroup, CatalogueDescription, PolicyDescription, SourceDescription,
};
use crate::syntax::Template;

/// An event source that invokes the function itself; `granted_by` is the policy that must grant it.
pub(super) fn push_source(source: &PushSource, granted_by: &'static str) -> SourceDescription {
    let texts = |all: &[Template]| all.iter().map(|one| one.as_str().to_owned()).collect();
    SourceDescription {
        id: source.id.clone(),
        name: source.name.clone(),
        is_polled: false,
        invocation: source.invocation.as_str(),
        granted_by,
        configured_in: source.configured_in.clone(),
        principals: texts(&source.principals),
        arns: texts(&source.source_arn),
        required: groups(&source.needs.grants, Need::Required),
        recommended: groups(&source.needs.grants, Need::Recommended),
        impact: source.needs.impact.clone(),
        is_documented: source.needs.verified,
        references: source.needs.references.clone(),
    }
}

/// An event source that Lambda polls; `granted_by` is the policy that must grant it.
pub(super) fn poll_source(source: &PollSource, granted_by: &'static str) -> SourceDescription {
    let arns = source.arn.iter().map(|arn| arn.as_str().to_owned());
    SourceDescription {
        id: source.id.clone(),
        name: source.name.clone(),
        is_polled: true,
        invocation: "synchronous",
        granted_by,
        configured_in: String::new(),
        principals: Vec::new(),
        arns: arns.collect(),
        required: groups(&source.needs.grants, Need::Required),
        recommended: groups(&source.needs.grants, Need::Recommended),
        impact: source.needs.impact.clone(),
        is_documented: source.needs.verified,
        references: source.needs.references.clone(),
    }
}

fn groups(grants: &[Grant], need: Need) -> Vec<ActionGroup> {
    let grants = grants.iter().filter(|grant| grant.need == need);
    let groups = grants.map(|grant| ActionGroup {
        actions: grant.actions.clone(),
        is_any: grant.any_action,
        is_conditional: !grant.is_unconditional(),
    });
    groups.collect()
}

/// How much the catalogue holds, and of when.
pub(super) fn catalogue(catalogue: &Catalogue) -> Vec<CatalogueDescription> {
    let (table, policies) = (&catalogue.actions.table, &catalogue.managed);
    vec![
        CatalogueDescription {
            kind: "actions",
            count: table.action_count(),
            date: table.date().to_owned(),
            source: table.source().to_owned(),
        },
        CatalogueDescription {
            kind: "policies",
            count: policies.count(),
            date: policies.date().to_owned(),
            source: policies.source().to_owned(),
        },
    ]
}

/// An action, its resources, condition keys, and what it depends on.
pub(super) fn action(action: Action<'_>) -> ActionDescription {
    let resources = action.resources().map(|(resource, is_required)| {
        let (name, arn) = (resource.name().to_owned(), resource.arn().to_owned());
        (name, arn, is_required)
    });
    let keys = action.keys();
    let mut keys: Vec<(String, String)> = keys
        .map(|key| (key.name().to_owned(), key.kind().to_owned()))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    ActionDescription {
        name: action.full_name(),
        level: action.level(),
        resources: resources.collect(),
        keys,
        needs: action.needs().collect(),
    }
}

/// An AWS managed policy.
pub(super) fn policy(policy: &ManagedPolicy) -> PolicyDescription {
    PolicyDescription {
        arn: format!("arn:aws:iam::aws:policy/{}", policy.path),
        version: policy.version.clone(),
        document: policy.document.clone(),
    }
}
