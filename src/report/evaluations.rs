//! Results of evaluated requests: as the policy simulator prints them, and for a person.

use serde_json::{Map, Value, json};

use super::human::Printer;
use super::{Look, clean};
use crate::diagnostics::{EvaluationResult, Label, MatchedStatement, Nearest, Ruling, Severity};
use crate::source::{SourceMap, Span};

/// The results in the format of `aws iam simulate-custom-policy`, with additional members in
/// camelCase.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>
#[must_use]
pub fn simulation(sources: &SourceMap, results: &[EvaluationResult]) -> String {
    let values: Vec<Value> = results
        .iter()
        .map(|result| value_of(sources, result))
        .collect();
    let value = json!({ "EvaluationResults": values, "IsTruncated": false });
    clean::in_json(&format!("{value:#}\n")).into_owned()
}

/// One entry of `EvaluationResults`.
fn value_of(sources: &SourceMap, result: &EvaluationResult) -> Value {
    let matched = result.matched.iter().map(|found| statement(sources, found));
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("EvalActionName", json!(result.action));
    put("EvalResourceName", json!(result.resource));
    put("EvalDecision", json!(result.decision.as_str()));
    put("MatchedStatements", matched.collect());
    put("MissingContextValues", json!(result.missing));
    if let Some(allowed) = result.organizations {
        put(
            "OrganizationsDecisionDetail",
            json!({ "AllowedByOrganizations": allowed }),
        );
    }
    if let Some(allowed) = result.boundary {
        let detail = json!({ "AllowedByPermissionsBoundary": allowed });
        put("PermissionsBoundaryDecisionDetail", detail);
    }
    if result.cross_account || result.resource != "*" {
        put("EvalDecisionDetails", details(result));
    }
    if let Some(why) = &result.why {
        put("reason", json!(why));
    }
    if let Some(nearest) = &result.nearest {
        let mut near = statement(sources, &nearest.statement);
        if let Value::Object(members) = &mut near {
            members.insert("stoppedBy".to_owned(), json!(nearest.elements));
        }
        put("nearestMiss", near);
    }
    Value::Object(members)
}

/// The decision of each type of policy, which AWS reports for cross-account requests only.
fn details(result: &EvaluationResult) -> Value {
    let details = result.details.iter().filter(|_| result.cross_account);
    details
        .map(|(kind, ruling)| ((*kind).to_owned(), json!(ruling.as_str())))
        .collect::<Map<String, Value>>()
        .into()
}

/// One entry of `MatchedStatements`.
fn statement(sources: &SourceMap, found: &MatchedStatement) -> Value {
    let mut value = json!({
        "SourcePolicyId": found.policy,
        "SourcePolicyType": found.kind,
        "StartPosition": position(sources, found.span, found.span.start),
        "EndPosition": position(sources, found.span, found.span.end),
    });
    if let (Some(sid), Value::Object(members)) = (&found.sid, &mut value) {
        members.insert("sid".to_owned(), json!(sid));
    }
    value
}

/// Line and column in the text of the policy itself.
fn position(sources: &SourceMap, span: Span, offset: u32) -> Value {
    let file = sources.file(span.file);
    let (line, column) = file.map_or((0, 0), |file| file.position(offset));
    json!({ "Line": line, "Column": column })
}

/// The results for a person: a line each, and the deciding statement.
#[must_use]
pub fn evaluations(sources: &SourceMap, results: &[EvaluationResult], look: Look) -> String {
    let mut printer = Printer::new(sources, look);
    for result in results {
        write_evaluation(&mut printer, result);
    }
    printer.out
}

/// Writes one result, with the deciding statement.
pub(super) fn write_evaluation(printer: &mut Printer<'_>, result: &EvaluationResult) {
    let (word, severity) = match result.decision {
        Ruling::Allowed => ("allowed:", Severity::Info),
        Ruling::ExplicitDeny => ("denied:", Severity::Error),
        Ruling::ImplicitDeny => ("not allowed:", Severity::Error),
        Ruling::Unknown => ("undecided:", Severity::Warning),
    };
    let mut message = format!("{} on {}", result.action, result.resource);
    if let Some(why) = &result.why {
        message.push_str(": ");
        message.push_str(why);
    }
    match label(result) {
        Some(label) => printer.snippet(word, severity, &message, &label),
        None => printer.line(word, severity, &clean(&message)),
    }
}

/// The statement that decides, or comes closest to allowing the request.
fn label(result: &EvaluationResult) -> Option<Label> {
    if let Some(Nearest {
        statement,
        elements,
    }) = &result.nearest
    {
        let verb = if elements.len() == 1 { "does" } else { "do" };
        let elements = elements.join(" and ");
        return Some(Label {
            span: statement.span,
            text: format!(
                "closest match: the {elements} of {} {verb} not match",
                named(statement)
            ),
        });
    }
    let first = result.matched.first()?;
    let verb = match result.decision {
        Ruling::Allowed => "allows it",
        Ruling::ExplicitDeny => "denies it",
        Ruling::ImplicitDeny | Ruling::Unknown => "could decide it",
    };
    Some(Label {
        span: first.span,
        text: format!("{} {verb}", named(first)),
    })
}

/// The statement and its policy, for a label.
fn named(statement: &MatchedStatement) -> String {
    let policy = match statement.policy.contains(' ') {
        true => statement.policy.clone(),
        false => format!("`{}`", statement.policy),
    };
    match &statement.sid {
        Some(sid) => format!("`{sid}` of {policy}"),
        None => format!("this statement of {policy}"),
    }
}
