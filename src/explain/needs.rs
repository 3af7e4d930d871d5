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
    let service = actions
        .first()
        .and_then(|action| action.split(':').next())?;
    let statements = statements_of(catalogue, names, needs, arn, Some(service));
    (!statements.is_empty()).then_some(statements)
}

/// What an entry of the catalogue always needs, or only what is of one service.
pub(super) fn statements_of(
    catalogue: &Catalogue,
    names: &Names<'_>,
    needs: &Needs,
    arn: Option<&Template>,
    service: Option<&str>,
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
    let prefix = service.map(|service| format!("{service}:"));
    let of_service = |action: &&String| {
        prefix
            .as_ref()
            .is_none_or(|prefix| action.starts_with(prefix.as_str()))
    };
    let is_sure = |grant: &&Grant| {
        grant.is_unconditional() && !grant.any_action && grant.need != Need::Optional
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
            actions: grant.actions.iter().filter(of_service).cloned().collect(),
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
