//! Some action of a statement offers each condition key.

use super::context::{LintContext, LintResult, Match};
use super::expand_actions;
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::catalogue::{Action, ActionTable};
use crate::diagnostics::Confidence;
use crate::iam::{Condition, ElementPatterns};
use crate::syntax::nearest;

/// The kind.
pub(super) const KIND: Kind = plain(
    "keysAreOffered",
    "a statement",
    "At least one action of the statement supports each condition key. A key that begins with `aws:` must be a global condition key. Keys of identity providers are skipped.",
    |_, _| Some(Box::new(KeysAreOffered)),
);

/// The requirement.
#[derive(Debug)]
struct KeysAreOffered;

/// How many services of a statement are searched for a key that was meant.
const MOST_SERVICES: usize = 10;

impl Requirement for KeysAreOffered {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = cx.statement(matched.node);
        let table = cx.table();
        for condition in &statement.conditions {
            let key = condition.folded_key();
            let is_fine = is_of_identity_provider(key) || is_global(table, key);
            let message = if is_fine || condition.is_open() {
                continue;
            } else if key.starts_with("aws:") {
                format!("unknown condition key `{}`", condition.key)
            } else {
                let actions = statement
                    .actions
                    .as_ref()
                    .filter(|actions| !actions.negated);
                match actions.map(|actions| offers(cx, actions, key)) {
                    Some(false) if !lacks_actions(cx, key) => {
                        format!(
                            "no action of this statement supports condition key `{}`",
                            condition.key
                        )
                    }
                    _ => continue,
                }
            };
            let mut found = rule
                .finding_of(matched.node, condition.span)
                .function(matched.function());
            found.confidence = Confidence::Likely;
            found.message = message;
            found.primary.text = without_key(condition);
            found.help = Some(help(cx, &statement.actions, condition));
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
    table.keys().any(|known| known.is(key))
}

/// Whether some action that is listed offers the key, as far as is known.
fn offers(cx: LintContext<'_>, actions: &ElementPatterns, key: &str) -> bool {
    actions.entries.iter().any(|entry| {
        let written = entry.text.as_str();
        let actions = written.and_then(|written| expand_actions::actions(cx, written));
        actions.is_none_or(|actions| {
            !cx.spend(actions.len()) || actions.into_iter().any(|action| has(action, key))
        })
    })
}

/// Whether a service has the key and lists no action with it: for which it is, is not known.
fn lacks_actions(cx: LintContext<'_>, key: &str) -> bool {
    let prefix = key.split_once(':').map_or(key, |(prefix, _)| prefix);
    cx.table().service(prefix).is_some_and(|service| {
        service.keys().any(|known| known.is(key))
            && cx.spend(service.size())
            && !service.actions().any(|action| has(action, key))
    })
}

fn has(action: Action<'_>, key: &str) -> bool {
    action.keys().any(|known| known.is(key))
}

/// What a request without the key does to the condition.
fn without_key(condition: &Condition) -> String {
    match condition.confines() {
        true => "requests never contain this key, so the condition is never met".to_owned(),
        false => "requests never contain this key".to_owned(),
    }
}

fn help(cx: LintContext<'_>, actions: &Option<ElementPatterns>, condition: &Condition) -> String {
    let table = cx.table();
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
            "check the Service Authorization Reference: AWS might have added it after {date}, the date of the built-in list"
        )
    };
    if !cx.spend(services.iter().map(|service| service.size()).sum()) {
        return look_up();
    }
    let mut offering = services.iter().flat_map(|service| service.actions());
    if let Some(action) = offering.find(|action| has(*action, key)) {
        let name = action.full_name();
        return format!(
            "`{name}` supports it: move the condition to a statement with such actions"
        );
    }
    let own = services.iter().flat_map(|service| service.keys());
    let names: Vec<&str> = table.keys().chain(own).map(|key| key.name()).collect();
    // Such as `aws:RequestTag/${TagKey}`.
    let is_begun = |form: &&&str| {
        let begun = form.split_once("${").map(|(begun, _)| begun);
        let begun = begun.and_then(|begun| begun.strip_suffix([':', '/']));
        begun.is_some_and(|begun| begun.eq_ignore_ascii_case(key))
    };
    if let Some(form) = names.iter().find(is_begun) {
        return format!("the key is incomplete: it has the form `{form}`");
    }
    nearest(&condition.key, names).map_or_else(look_up, |near| format!("did you mean `{near}`?"))
}
