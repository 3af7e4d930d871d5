//! What to write in a document so that a request goes through.

use crate::catalogue::{Catalogue, Grant, Need, Needs};
use crate::diagnostics::{ConditionTest, Denied, DeniedCaller, Document, NewStatement, PolicyKind};
use crate::syntax::Template;

/// The placeholder for a resource that an error does not contain.
const UNKNOWN: &str = "RESOURCE_ARN";

pub(super) fn of(
    catalogue: &Catalogue,
    document: Document,
    request: &Denied,
) -> Option<NewStatement> {
    if request.actions.is_empty() {
        return None;
    }
    let table = &catalogue.actions.table;
    let is_known = |action: &String| table.action(action).is_some();
    if !request.actions.iter().all(is_known) {
        return None;
    }
    let is_arn = |arn: &&String| arn.starts_with("arn:") || *arn == "*";
    let resource = request.resource.as_ref().filter(is_arn).cloned();
    let actions = request.actions.clone();
    let on_nothing = |action: &String| {
        let action = table.action(action);
        action.is_some_and(|action| action.resources().next().is_none())
    };
    let resource = match actions.iter().all(on_nothing) {
        true => Some("*".to_owned()),
        false => resource,
    };
    let of_role = |actions, resource: Option<String>| NewStatement {
        actions,
        resources: vec![resource.unwrap_or_else(|| UNKNOWN.to_owned()).into()],
        ..NewStatement::default()
    };
    match document {
        Document::Policy(PolicyKind::ExecutionRole) if request.who == DeniedCaller::Lambda => {
            let (actions, of_all) = together(catalogue, actions);
            Some(of_role(actions, resource.or(of_all)))
        }
        _ if document.is_of_role() => Some(of_role(actions, resource)),
        Document::Policy(PolicyKind::TrustPolicy) if request.who == DeniedCaller::Service => {
            Some(NewStatement {
                principal: Some(("Service".to_owned(), request.principal.clone()?.into())),
                actions,
                ..NewStatement::default()
            })
        }
        Document::Policy(PolicyKind::FunctionPolicy) if request.who == DeniedCaller::Service => {
            Some(NewStatement {
                sid: Some("allow-invoke".to_owned()),
                principal: Some(("Service".to_owned(), request.principal.clone()?.into())),
                actions,
                resources: Vec::new(),
                conditions: vec![ConditionTest {
                    operator: "ArnLike".to_owned(),
                    key: "aws:SourceArn".to_owned(),
                    value: "SOURCE_ARN".into(),
                }],
            })
        }
        _ => None,
    }
}

/// What Lambda needs together with some actions, of which errors name only the first, and the resource
/// where it is the same for all.
fn together(catalogue: &Catalogue, actions: Vec<String>) -> (Vec<String>, Option<String>) {
    let features = catalogue.features.iter().map(|feature| &feature.needs);
    let poll = catalogue.poll.iter().map(|source| &source.needs);
    let has = |needs: &&Needs| {
        let required = needs.grants.iter().filter(|g| g.need == Need::Required);
        let mut known = required.flat_map(|grant| &grant.actions);
        known.any(|action| actions.contains(action))
    };
    let Some(needs) = features.chain(poll).find(has) else {
        return (actions, None);
    };
    let first = actions.first().and_then(|action| action.split(':').next());
    let service = format!("{}:", first.unwrap_or(""));
    let grants = needs.grants.iter().filter(|grant| {
        let is_sure = grant.is_unconditional() && !grant.any_action;
        is_sure && grant.need != Need::Optional
    });
    let is_of_service = |grant: &&Grant| grant.actions.iter().any(|a| a.starts_with(&service));
    let grants: Vec<&Grant> = grants.filter(is_of_service).collect();
    let is_all = |template: &Template| template.as_str() == "*";
    let for_all = grants.iter().all(|grant| {
        let written = grant
            .suggested_resource
            .as_ref()
            .or(grant.resources.first());
        written.is_none_or(is_all)
    });
    let mut all: Vec<String> = Vec::new();
    for action in grants.iter().flat_map(|grant| &grant.actions) {
        if action.starts_with(&service) && !all.contains(action) {
            all.push(action.clone());
        }
    }
    match all.is_empty() {
        true => (actions, None),
        false => (all, for_all.then(|| "*".to_owned())),
    }
}
