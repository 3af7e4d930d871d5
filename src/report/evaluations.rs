//! Answers to questions: as the policy simulator prints them, and for a person.

use serde_json::{Map, Value, json};

use super::human::Printer;
use super::{Look, clean};
use crate::diagnostics::{EvaluationResult, Label, MatchedStatement, Nearest, Ruling, Severity};
use crate::source::{SourceMap, Span};

/// The answers in the shape of `aws iam simulate-custom-policy`, with members of our own in
/// camelCase.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>
#[must_use]
pub fn simulation(sources: &SourceMap, answers: &[EvaluationResult]) -> String {
    let results: Vec<Value> = answers
        .iter()
        .map(|answer| result(sources, answer))
        .collect();
    let value = json!({ "EvaluationResults": results, "IsTruncated": false });
    clean::in_json(&format!("{value:#}\n")).into_owned()
}

fn result(sources: &SourceMap, answer: &EvaluationResult) -> Value {
    let matched = answer.matched.iter().map(|found| statement(sources, found));
    let mut result = Map::new();
    let mut put = |name: &str, value: Value| result.insert(name.to_owned(), value);
    put("EvalActionName", json!(answer.action));
    put("EvalResourceName", json!(answer.resource));
    put("EvalDecision", json!(answer.decision.as_str()));
    put("MatchedStatements", matched.collect());
    put("MissingContextValues", json!(answer.missing));
    if let Some(allowed) = answer.organizations {
        put(
            "OrganizationsDecisionDetail",
            json!({ "AllowedByOrganizations": allowed }),
        );
    }
    if let Some(allowed) = answer.boundary {
        let detail = json!({ "AllowedByPermissionsBoundary": allowed });
        put("PermissionsBoundaryDecisionDetail", detail);
    }
    if answer.cross_account || answer.resource != "*" {
        put("EvalDecisionDetails", details(answer));
    }
    if let Some(why) = &answer.why {
        put("reason", json!(why));
    }
    if let Some(nearest) = &answer.nearest {
        let mut near = statement(sources, &nearest.statement);
        if let Value::Object(members) = &mut near {
            members.insert("stoppedBy".to_owned(), json!(nearest.elements));
        }
        put("nearestMiss", near);
    }
    Value::Object(result)
}

/// What each kind of policy contributes, which AWS tells of requests across accounts only.
fn details(answer: &EvaluationResult) -> Value {
    let details = answer.details.iter().filter(|_| answer.cross_account);
    details
        .map(|(kind, ruling)| ((*kind).to_owned(), json!(ruling.as_str())))
        .collect::<Map<String, Value>>()
        .into()
}

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

/// The answers for a person: a line each, and the statement that made it.
#[must_use]
pub fn answers(sources: &SourceMap, answers: &[EvaluationResult], look: Look) -> String {
    let mut printer = Printer::new(sources, look);
    for answer in answers {
        tell(&mut printer, answer);
    }
    printer.out
}

/// One answer, with the statement that made it.
pub(super) fn tell(printer: &mut Printer<'_>, answer: &EvaluationResult) {
    let (word, severity) = match answer.decision {
        Ruling::Allowed => ("allowed:", Severity::Info),
        Ruling::ExplicitDeny => ("denied:", Severity::Error),
        Ruling::ImplicitDeny => ("not allowed:", Severity::Error),
        Ruling::Unknown => ("not known:", Severity::Warning),
    };
    let mut message = format!("{} on {}", answer.action, answer.resource);
    if let Some(why) = &answer.why {
        message.push_str(": ");
        message.push_str(why);
    }
    match label(answer) {
        Some(label) => printer.snippet(word, severity, &message, &label),
        None => printer.line(word, severity, &clean(&message)),
    }
}

/// The statement that decides, or comes closest.
fn label(answer: &EvaluationResult) -> Option<Label> {
    if let Some(Nearest {
        statement,
        elements,
    }) = &answer.nearest
    {
        let verb = if elements.len() == 1 { "does" } else { "do" };
        let elements = elements.join(" and ");
        return Some(Label {
            span: statement.span,
            text: format!(
                "{} comes closest: its {elements} {verb} not match",
                named(statement)
            ),
        });
    }
    let first = answer.matched.first()?;
    let verb = match answer.decision {
        Ruling::Allowed => "allows it",
        Ruling::ExplicitDeny => "denies it",
        Ruling::ImplicitDeny | Ruling::Unknown => "may decide it",
    };
    Some(Label {
        span: first.span,
        text: format!("{} {verb}", named(first)),
    })
}

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
