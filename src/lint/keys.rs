//! Whether condition keys and operators are those of a statement's actions.

use super::expand_actions;
use super::judge::{Known, LintResult, Match};
use super::syntax_checks::finding;
use crate::catalogue::{Action, ActionTable, ConditionKey};
use crate::diagnostics::Confidence;
use crate::iam::{Condition, ElementPatterns, Kind, PolicyDocument};
use crate::rules::Rule;
use crate::syntax::nearest;

/// How many services of a statement are searched for a key that was meant.
const MOST_SERVICES: usize = 10;

/// Some action of the statement offers each condition key.
pub(super) fn offered(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let statement = PolicyDocument::read_statement(matched.node);
    let table = known.table();
    for condition in &statement.conditions {
        let key = condition.folded_key();
        let message = if is_of_identity_provider(key) || is_global(table, key) {
            continue;
        } else if key.starts_with("aws:") {
            format!("there is no condition key `{}`", condition.key)
        } else {
            let actions = statement
                .actions
                .as_ref()
                .filter(|actions| !actions.negated);
            match actions.map(|actions| offers(known, actions, key)) {
                Some(false) => format!("no action of this statement offers `{}`", condition.key),
                _ => continue,
            }
        };
        let mut found = finding(rule, matched, condition.span);
        found.confidence = Confidence::Likely;
        found.message = message;
        found.primary.text = without_key(condition);
        found.help = Some(help(known, &statement.actions, condition));
        result.findings.push(found);
    }
}

/// The operator compares values of the key's type.
pub(super) fn operators_fit(
    known: Known<'_>,
    rule: &Rule,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    let statement = PolicyDocument::read_statement(matched.node);
    let table = known.table();
    for condition in &statement.conditions {
        let Some(kind) = condition.operator.kind() else {
            continue;
        };
        let own = type_of(table, condition.folded_key());
        if own.is_some_and(|own| !fits(kind, own)) {
            let own = own.unwrap_or("").trim_start_matches("ArrayOf");
            let mut found = finding(rule, matched, condition.span);
            found.confidence = Confidence::Likely;
            found.message = format!(
                "`{}` does not compare values of `{}`",
                condition.operator.written, condition.key
            );
            found.primary.text = format!("the values of this key are of type {own}");
            found.help = Some(format!("use an operator such as {}", operator_for(own)));
            result.findings.push(found);
        }
    }
}

/// Keys of identity providers are made of their host's name, or of `saml`.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
fn is_of_identity_provider(key: &str) -> bool {
    let issuer = key.rsplit_once(':').map_or(key, |(issuer, _)| issuer);
    issuer.contains('.') || issuer == "saml"
}

fn is_global(table: &ActionTable, key: &str) -> bool {
    table.keys().any(|known| is(known, key))
}

/// Whether a key is the known one; a variable part of that can be anything.
fn is(known: ConditionKey<'_>, key: &str) -> bool {
    match known.name().split_once("${") {
        Some((start, _)) => key
            .get(..start.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(start)),
        None => known.name().eq_ignore_ascii_case(key),
    }
}

/// Whether some action that is listed offers the key, as far as can be known.
fn offers(known: Known<'_>, actions: &ElementPatterns, key: &str) -> bool {
    actions.entries.iter().any(|entry| {
        let written = entry.text.as_str();
        let actions = written.and_then(|written| expand_actions::actions(known, written));
        actions.is_none_or(|actions| {
            !known.spend(actions.len()) || actions.into_iter().any(|action| has(action, key))
        })
    })
}

fn has(action: Action<'_>, key: &str) -> bool {
    action.keys().any(|known| is(known, key))
}

/// What a request without the key does to the condition.
fn without_key(condition: &Condition) -> String {
    match condition.confines() {
        true => "no request has this key, so the condition is never met".to_owned(),
        false => "no request has this key".to_owned(),
    }
}

fn help(known: Known<'_>, actions: &Option<ElementPatterns>, condition: &Condition) -> String {
    let table = known.table();
    let key = condition.folded_key();
    let entries = actions.iter().flat_map(|actions| &actions.entries);
    let prefixes = entries.filter_map(|entry| Some(entry.text.as_str()?.split_once(':')?.0));
    let of_key = key.split_once(':').map(|(prefix, _)| prefix);
    let services: Vec<_> = of_key
        .into_iter()
        .chain(prefixes.take(MOST_SERVICES))
        .filter_map(|prefix| table.service(prefix))
        .collect();
    let look_up = || {
        let date = table.date();
        format!(
            "look it up: it is right if AWS made it after the list of keys was gathered ({date})"
        )
    };
    if !known.spend(services.iter().map(|service| service.size()).sum()) {
        return look_up();
    }
    let mut offering = services.iter().flat_map(|service| service.actions());
    if let Some(action) = offering.find(|action| has(*action, key)) {
        let name = action.full_name();
        return format!(
            "`{name}` has it, for one: move the condition to a statement of such actions"
        );
    }
    let own = services.iter().flat_map(|service| service.keys());
    let names = table.keys().chain(own).map(|key| key.name());
    nearest(&condition.key, names).map_or_else(look_up, |near| format!("did you mean `{near}`?"))
}

/// The type of a key's values, where it is known.
fn type_of<'t>(table: &'t ActionTable, key: &str) -> Option<&'t str> {
    let prefix = key.split_once(':')?.0;
    let service = table.service(prefix);
    let own = service.into_iter().flat_map(|service| service.keys());
    let kind = table
        .keys()
        .chain(own)
        .find(|known| is(*known, key))?
        .kind();
    (!kind.is_empty()).then_some(kind)
}

/// Whether an operator can say yes to some value of the type. Texts are compared with numbers and
/// the like as they are written.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
fn fits(kind: Kind, own: &str) -> bool {
    let own = own.trim_start_matches("ArrayOf");
    match kind {
        Kind::Text | Kind::Binary => true,
        Kind::Arn => matches!(own, "ARN" | "String"),
        Kind::Number => matches!(own, "Numeric" | "Date" | "String"),
        Kind::Date => matches!(own, "Date" | "Numeric" | "String"),
        Kind::Bool => matches!(own, "Bool" | "String"),
        Kind::Ip => matches!(own, "IPAddress" | "String"),
    }
}

fn operator_for(own: &str) -> &'static str {
    match own {
        "ARN" => "ArnLike",
        "Numeric" => "NumericEquals",
        "Date" => "DateGreaterThan",
        "Bool" => "Bool",
        "IPAddress" => "IpAddress",
        _ => "StringEquals",
    }
}
