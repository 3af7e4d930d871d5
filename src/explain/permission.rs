//! What lets a service invoke a function, as statements of the function policy.

use super::names::Names;
use crate::catalogue::{Catalogue, PushSource, SourceAccount};
use crate::diagnostics::{ConditionTest, Denied, NewStatement, Written};
use crate::syntax::{Names as Variables, Text};

/// What stands for the ARN of a source whose form is not known.
const SOURCE_ARN: &str = "SOURCE_ARN";
/// What stands for the account of a source.
const ACCOUNT: &str = "ACCOUNT";

/// The permission for the service that was denied, with the form of the ARN that it sends where
/// all its sources send the same.
pub(super) fn for_service(
    catalogue: &Catalogue,
    names: &Names<'_>,
    request: &Denied,
) -> Vec<NewStatement> {
    let service = request.principal.as_deref().unwrap_or("");
    let is_of = |source: &&PushSource| {
        let mut principals = source.principals.iter();
        principals.any(|form| {
            catalogue
                .principals
                .is_of(&Text::from(service), form.as_str())
        })
    };
    let mut sources = catalogue.push.iter().filter(is_of);
    if let (Some(only), None) = (sources.next(), sources.next()) {
        let principal = Some(("Service".to_owned(), service.into()));
        let of_source = of_source(catalogue, names, only).into_iter();
        return of_source
            .map(|statement| NewStatement {
                principal: principal.clone(),
                ..statement
            })
            .collect();
    }
    vec![NewStatement {
        sid: Some("allow-invoke".to_owned()),
        principal: Some(("Service".to_owned(), service.into())),
        actions: request.actions.clone(),
        resources: Vec::new(),
        conditions: conditions(catalogue, Some(SOURCE_ARN.to_owned()), None),
    }]
}

/// The permissions with which a source invokes the function.
pub(super) fn of_source(
    catalogue: &Catalogue,
    names: &Names<'_>,
    source: &PushSource,
) -> Vec<NewStatement> {
    let principal = source
        .principals
        .first()
        .map(|form| names.write_template(form, Variables::new()));
    let principal = match principal {
        Some(service) => ("Service".to_owned(), Written::from(service)),
        None => ("AWS".to_owned(), "*".into()),
    };
    let forms = source
        .source_arn
        .iter()
        .filter(|form| form.as_str().starts_with("arn:"));
    let arn = forms.min_by_key(|form| form.names().count());
    let told = names.get("source").map(str::to_owned);
    let arn = told.or_else(|| Some(names.write_source(arn?)));
    let account = (source.source_account == SourceAccount::Sent).then_some(ACCOUNT);
    let sent = conditions(catalogue, arn, account);
    let statements = source.needs.grants.iter().flat_map(|grant| {
        let own = grant.request_context.iter().map(|(key, value)| {
            let operator = match value.as_str() {
                "true" | "false" => "Bool",
                _ => "StringEquals",
            };
            test(operator, key, value.as_str().to_owned())
        });
        let conditions: Vec<ConditionTest> = sent.iter().cloned().chain(own).collect();
        let principal = principal.clone();
        grant.actions.iter().map(move |action| NewStatement {
            sid: Some(format!("allow-{}", source.id)),
            principal: Some(principal.clone()),
            actions: vec![action.clone()],
            resources: Vec::new(),
            conditions: conditions.clone(),
        })
    });
    let mut unique: Vec<NewStatement> = Vec::new();
    for statement in statements {
        if !unique.contains(&statement) {
            unique.push(statement);
        }
    }
    unique
}

/// Conditions on what a source sends.
fn conditions(
    catalogue: &Catalogue,
    arn: Option<String>,
    account: Option<&str>,
) -> Vec<ConditionTest> {
    let sent = catalogue.symptoms().source_conditions.iter();
    let tests = sent.filter_map(|sent| {
        let value = match sent.is_account {
            true => account.map(str::to_owned),
            false => arn.clone(),
        };
        Some(test(&sent.operator, &sent.key, value?))
    });
    tests.collect()
}

fn test(operator: &str, key: &str, value: String) -> ConditionTest {
    ConditionTest {
        operator: operator.to_owned(),
        key: key.to_owned(),
        value: value.into(),
    }
}
