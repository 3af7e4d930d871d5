//! What Lambda needs of a role, as statements: all of a feature or event source, of which errors name
//! only the first action.

use super::names::Names;
use crate::catalogue::{Catalogue, Grant, Need, Needs};
use crate::diagnostics::NewStatement;
use crate::syntax::{Names as Variables, Template, Text};

/// What Lambda needs together with the denied actions, of which errors name only the first.
pub(super) fn together(
    catalogue: &Catalogue,
    names: &Names<'_>,
    actions: &[String],
) -> Option<Vec<NewStatement>> {
    let features = catalogue
        .features
        .iter()
        .map(|feature| (&feature.needs, None));
    let poll = catalogue
        .poll
        .iter()
        .map(|source| (&source.needs, source.arn.as_ref()));
    let has = |(needs, _): &(&Needs, Option<&Template>)| {
        let required = needs.grants.iter().filter(|g| g.need == Need::Required);
        let mut known = required.flat_map(|grant| &grant.actions);
        known.any(|action| actions.contains(action))
    };
    let (needs, arn) = features.chain(poll).find(has)?;
    let statements = statements_of(catalogue, names, needs, arn, actions);
    (!statements.is_empty()).then_some(statements)
}

/// What an entry of the catalogue always needs; where actions were denied, only what is of their service.
pub(super) fn statements_of(
    catalogue: &Catalogue,
    names: &Names<'_>,
    needs: &Needs,
    arn: Option<&Template>,
    denied: &[String],
) -> Vec<NewStatement> {
    let resource = names.resource().unwrap_or("");
    let captured = arn.and_then(|form| form.capture(&Text::from(resource)));
    let general = &catalogue.symptoms().general;
    let mut known = captured.clone().unwrap_or_default();
    let source = match (captured, arn) {
        (Some(_), _) => Some(general.of(&catalogue.actions.table, resource)),
        (None, Some(form)) => Some(names.write_template(form, Variables::new())),
        (None, None) => None,
    };
    known.extend(source.map(|arn| ("EventSourceArn".to_owned(), Text::from(arn))));
    let service = denied.first().and_then(|action| action.split(':').next());
    let prefix = service.map(|service| format!("{service}:"));
    let of_service = |action: &&String| {
        prefix
            .as_ref()
            .is_none_or(|prefix| action.starts_with(prefix.as_str()))
    };
    // Of several actions, the right one depends on what they work on.
    let is_known = |grant: &Grant| grant.resources.iter().all(|form| form.is_fillable(&known));
    let is_sure = |grant: &&Grant| {
        let is_one = !grant.any_action || is_known(grant);
        grant.is_unconditional() && is_one && grant.need != Need::Optional
    };
    let grants = needs.grants.iter().filter(is_sure);
    let statements = grants.map(|grant| {
        let resources: Vec<&Template> = match &grant.suggested_resource {
            Some(suggested) => vec![suggested],
            // Any of them is enough: the one for all resources is the last.
            None if grant.any_resource => grant.resources.last().into_iter().collect(),
            None => grant.resources.iter().collect(),
        };
        let resources = resources.into_iter();
        let resources: Vec<String> = resources
            .map(|form| names.write_template(form, known.clone()))
            .collect();
        NewStatement {
            actions: actions_of(grant, denied)
                .filter(of_service)
                .cloned()
                .collect(),
            resources: if resources.is_empty() {
                vec!["*".into()]
            } else {
                resources.into_iter().map(Into::into).collect()
            },
            ..NewStatement::default()
        }
    });
    statements
        .filter(|statement| !statement.actions.is_empty())
        .collect()
}

/// The actions to allow for a grant: where one of several is enough, the one that was denied, or else the first.
fn actions_of<'g>(grant: &'g Grant, denied: &[String]) -> impl Iterator<Item = &'g String> {
    let mut known = grant.actions.iter();
    let one = known
        .position(|action| denied.contains(action))
        .unwrap_or(0);
    let chosen = grant.actions.iter().enumerate();
    let chosen = chosen.filter(move |(index, _)| !grant.any_action || *index == one);
    chosen.map(|(_, action)| action)
}
