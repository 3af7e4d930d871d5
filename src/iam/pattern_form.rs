//! Patterns that AWS refuses, or of which it does not say what they match.

use super::arn;
use super::pattern::Style;
use crate::syntax::{Piece, Text};

/// What is wrong with the form of an entry of `Action` or `NotAction`: it is `*`, or the prefix of a service,
/// a colon and a name, of which only the name can have wildcards.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html#policies-grammar-notes-strings>
#[must_use]
pub fn malformed_action(text: &Text) -> Option<String> {
    // What is not known may hold whatever is missing, and a placeholder is told as such.
    let action = text.as_str().filter(|action| !action.contains("${"))?;
    let told = |what: &str| Some(format!("`{action}` is not a valid action{what}"));
    match action.split_once(':') {
        None if action == "*" => None,
        None | Some(("", _)) => told("; expected `SERVICE:ACTION`"),
        Some((service, _)) if service.contains(['*', '?']) => {
            told(": only the name after the colon can contain wildcards")
        }
        Some((_, name)) if name.contains(':') => told(": it contains more than one colon"),
        Some(_) => None,
    }
}

/// Whether what a resource matches is not known: one with a wildcard in its service, which IAM refuses, or
/// with a policy variable before the last part, where AWS's documents say that there can be none and
/// AWS's own managed policies have some.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards>
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement>
pub(super) fn is_doubtful_resource(text: &Text, style: Style) -> bool {
    // What has a wildcard must be an ARN, or nothing but wildcards.
    let is_wildcard = |text: &str| text.contains(['*', '?']);
    let known = text.as_str().unwrap_or("");
    let is_all = known.chars().all(|c| c == '*' || c == '?');
    if is_wildcard(known) && !is_all && !known.contains([':', '$']) {
        return true;
    }
    let complete = arn::completed(text, style.variables);
    let Some(parts) = arn::split(complete.as_ref().unwrap_or(text), style.variables) else {
        return false;
    };
    let [arn, partition, service, region, account, _] = &parts;
    if arn.as_str() != Some("arn") {
        return false;
    }
    let has = |part: &Text, what: &dyn Fn(&str) -> bool| {
        let mut pieces = part.pieces().into_iter();
        pieces.any(|piece| matches!(piece, Piece::Known(text) if what(&text)))
    };
    let is_variable = |text: &str| style.variables && text.contains("${");
    let mut before_last = [partition, service, region, account].into_iter();
    has(service, &is_wildcard) || before_last.any(|part| has(part, &is_variable))
}
