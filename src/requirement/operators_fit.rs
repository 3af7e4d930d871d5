//! The condition operators of a statement compare values of their keys' types, and have such values.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::Confidence;
use crate::iam::{Condition, Kind as OperatorKind};

/// The kind.
pub(super) const KIND: Kind = plain(
    "operatorsFit",
    "a statement",
    "Each condition operator fits the type of its condition key, and its values.",
    |_, _| Some(Box::new(OperatorsFit)),
);

/// The requirement.
#[derive(Debug)]
struct OperatorsFit;

impl Requirement for OperatorsFit {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = cx.statement(matched.node);
        for condition in &statement.conditions {
            let Some(kind) = condition.operator.kind() else {
                continue;
            };
            unfit_values(condition, kind, rule, matched, result);
            let own = cx.catalogue.key_type(condition.folded_key());
            if own.is_some_and(|own| !fits(kind, own)) {
                let own = own.unwrap_or("").trim_start_matches("ArrayOf");
                let mut found = rule
                    .finding_of(matched.node, condition.span)
                    .function(matched.function());
                found.confidence = Confidence::Likely;
                found.message = format!(
                    "`{}` cannot compare values of `{}`",
                    condition.operator.written, condition.key
                );
                found.primary.text = format!("values of this key have type {own}");
                found.help = Some(format!(
                    "use an operator for this type, such as {}",
                    operator_for(own)
                ));
                result.findings.push(found);
            }
        }
    }
}

/// Reports values that the operator cannot compare, which leave the condition undecided.
fn unfit_values(
    condition: &Condition,
    kind: OperatorKind,
    rule: &RuleMetadata,
    matched: Match<'_, '_>,
    result: &mut LintResult,
) {
    // A placeholder may become a value.
    let known = |text: &&str| !text.contains(['$', '{', '<']);
    for value in &condition.values {
        let Some(text) = value
            .as_str()
            .filter(known)
            .filter(|text| !kind.takes(text))
        else {
            continue;
        };
        let what = what_it_compares(kind);
        let mut found = rule
            .finding_of(matched.node, value.span)
            .function(matched.function());
        found.confidence = Confidence::Likely;
        let written = &condition.operator.written;
        found.message = format!("`{written}` compares {what}, but the value is `{text}`");
        found.primary.text = format!("not one of {what}");
        found.help = Some("write a value of this kind, or use another operator".to_owned());
        result.findings.push(found);
    }
}

fn what_it_compares(kind: OperatorKind) -> &'static str {
    match kind {
        OperatorKind::Text => "strings",
        OperatorKind::Arn => "ARNs",
        OperatorKind::Bool => "`true` and `false`",
        OperatorKind::Number => "numbers",
        OperatorKind::Date => "dates",
        OperatorKind::Binary => "values in Base64",
        OperatorKind::Ip => "IP addresses and ranges",
    }
}

/// Whether an operator can say yes to some value of the type. Texts are compared with numbers and
/// the like as they are written.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
fn fits(kind: OperatorKind, own: &str) -> bool {
    let own = own.trim_start_matches("ArrayOf");
    match kind {
        OperatorKind::Text | OperatorKind::Binary => true,
        OperatorKind::Arn => matches!(own, "ARN" | "String"),
        OperatorKind::Number => matches!(own, "Numeric" | "Date" | "String"),
        OperatorKind::Date => matches!(own, "Date" | "Numeric" | "String"),
        OperatorKind::Bool => matches!(own, "Bool" | "String"),
        OperatorKind::Ip => matches!(own, "IPAddress" | "String"),
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
