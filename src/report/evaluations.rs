//! Results of evaluated requests, for a person.

use super::human::Printer;
use super::{Look, clean};
use crate::diagnostics::{
    ActionResult, EvaluationResult, Label, MatchedStatement, Nearest, Ruling, Severity,
};
use crate::source::SourceMap;

/// The results for a person: a line each, and the deciding statement.
#[must_use]
pub fn evaluations(sources: &SourceMap, results: &[ActionResult], look: Look) -> String {
    let mut printer = Printer::new(sources, look);
    for result in results.iter().flat_map(ActionResult::each) {
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
