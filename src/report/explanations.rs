//! Explanations of errors: for a person, and as JSON.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Value, json};

use super::human::Printer;
use super::json::{finding, location, problem};
use super::statement::Form;
use super::{Look, clean, evaluations, statement};
use crate::diagnostics::{
    Allow, Change, Denied, DeniedCaller, Explanation, Fix, Judgement, NewPermission, PolicyKind,
    Problem, Severity, Written,
};
use crate::source::SourceMap;

/// Characters of an error that are shown.
const SHOWN: usize = 220;
/// Errors that are explained to a person; the most frequent of more.
const MOST: usize = 10;

/// Explanations of errors, for a person.
#[must_use]
pub fn explanations(sources: &SourceMap, list: &[Explanation], is_cut: bool, look: Look) -> String {
    let mut printer = Printer::new(sources, look);
    let mut shown: Vec<&Explanation> = list.iter().collect();
    if shown.len() > MOST {
        shown.sort_by_key(|explanation| std::cmp::Reverse(explanation.times));
        shown.truncate(MOST);
    }
    for explanation in &shown {
        write_explanation(&mut printer, explanation);
        printer.out.push('\n');
    }
    let more = list.len() - shown.len();
    if more > 0 {
        let line = format!("{more} more errors that occur less often (--format json lists all)");
        let _infallible = writeln!(printer.out, "{line}");
    }
    if is_cut {
        let line =
            "the log contains more errors than lint-lambda analyzes: provide only part of it";
        let _infallible = writeln!(printer.out, "{line}");
    }
    printer.out
}

/// Writes one explanation.
fn write_explanation(printer: &mut Printer<'_>, explanation: &Explanation) {
    let (name, line) = &explanation.at;
    let times = match explanation.times {
        1 => String::new(),
        times => format!(", {times} times"),
    };
    let resource = explanation.resource.as_deref();
    let resource = resource.map_or(String::new(), |id| format!(" (`{}`)", clean(id)));
    let at = format!("{}:{line}{resource}{times}", clean(name));
    printer.line(&at, Severity::Info, &shortened(&explanation.text));
    let word = if explanation.is_sure {
        "means"
    } else {
        "probably means"
    };
    write_line(printer, word, &explanation.means);
    if let Some(who) = denied_caller(&explanation.request) {
        write_line(printer, "denied", &who);
    }
    if let Some(what) = attempted(&explanation.request) {
        write_line(printer, "tried", &what);
    }
    let is_allowed = write_judgement(printer, explanation);
    // If the documents show the cause, possible causes would only distract.
    let is_shown = matches!(explanation.documents, Some(Judgement::Shown(_)));
    let is_refused = matches!(explanation.documents, Some(Judgement::Refused(_)));
    let causes = match (is_shown, is_refused) {
        (true, _) => &[][..],
        (_, true) if explanation.assumed.is_none() => explanation.causes.get(..1).unwrap_or(&[]),
        _ => &explanation.causes,
    };
    let mut written = None;
    for (index, change) in causes.iter().enumerate() {
        let word = match (index, is_allowed) {
            (0, false) => "likely cause",
            (0, true) => "remaining cause",
            _ => "possible cause",
        };
        let fix = fix_of(change, &explanation.request).filter(|fix| written.as_ref() != Some(fix));
        write_change(printer, word, change, causes.len() > 1, fix.as_ref());
        written = fix.or(written);
    }
    if let Some(not) = &explanation.not {
        write_line(printer, "ruled out", not);
    }
    if let Some(check) = explanation.check.as_ref().filter(|_| !is_shown) {
        write_line(printer, "check", check);
    }
    if let Some(page) = explanation.references.first().filter(|_| !is_shown) {
        write_line(printer, "see", page);
    }
}

/// Writes a labeled line.
fn write_line(printer: &mut Printer<'_>, word: &str, text: &str) {
    let line = printer.emphasised(&format!("{word}: {}", clean(text)));
    let _infallible = writeln!(printer.out, "  {line}");
}

/// Writes a cause with its evidence and fix.
fn write_change(
    printer: &mut Printer<'_>,
    word: &str,
    change: &Change,
    has_others: bool,
    fix: Option<&Fix>,
) {
    let document = match &change.owner {
        Some(owner) => Cow::Owned(format!("a policy of {owner}")),
        None => Cow::Borrowed(change.document.called()),
    };
    write_line(printer, word, &format!("{document}. {}", change.because));
    let out = &mut printer.out;
    if let Some(evidence) = change.tell.as_ref().filter(|_| has_others) {
        let _infallible = writeln!(out, "    if: {}", clean(evidence));
    }
    let _infallible = writeln!(out, "    fix: {}", clean(&change.fix));
    for line in fix.into_iter().flat_map(statement::lines) {
        let _infallible = writeln!(out, "        {}", clean(&line));
    }
}

/// The statements to add for a cause.
fn fix_of(change: &Change, request: &Denied) -> Option<Fix> {
    // Only statements of a function policy have a name.
    let is_function = change
        .statements
        .iter()
        .any(|statement| statement.sid.is_some());
    let policy = match is_function {
        true => PolicyKind::FunctionPolicy,
        false => PolicyKind::ExecutionRole,
    };
    let permission = NewPermission {
        qualifier: request.qualifier.as_deref().map(Written::from),
        ..NewPermission::default()
    };
    (!change.statements.is_empty()).then(|| {
        let allow = Allow::new(policy, change.statements.clone()).owner(request.function.clone());
        Allow {
            permission: is_function.then_some(permission),
            ..allow
        }
        .into()
    })
}

/// Writes what the provided documents decide; returns whether they allow the request.
fn write_judgement(printer: &mut Printer<'_>, explanation: &Explanation) -> bool {
    let assumed = explanation.assumed.as_deref();
    let decided = |plain: &str, with: &str| match assumed {
        Some(assumed) => format!("{assumed}, {with}"),
        None => plain.to_owned(),
    };
    let text = match &explanation.documents {
        None => return false,
        Some(Judgement::Shown(findings)) => {
            write_line(printer, "documents", "they show the cause:");
            printer.out.push('\n');
            for finding in findings {
                printer.finding(finding);
            }
            return false;
        }
        Some(Judgement::Refused(answer)) => {
            let text = decided(
                "they do not allow the request:",
                "the request is not allowed:",
            );
            write_line(printer, "documents", &text);
            evaluations::write_evaluation(printer, answer);
            return false;
        }
        Some(Judgement::Allowed(answer)) => {
            let plain = "they allow the request, so they are not the cause:";
            write_line(
                printer,
                "documents",
                &decided(plain, "the request is allowed:"),
            );
            evaluations::write_evaluation(printer, answer);
            return true;
        }
        Some(Judgement::Complete) => {
            let text = "they grant all the required permissions, so they are not the cause";
            write_line(printer, "documents", text);
            return true;
        }
        Some(Judgement::Open(why)) => {
            let with = format!("the decision is unknown: {why}");
            decided(&format!("they do not determine the decision: {why}"), &with)
        }
        Some(Judgement::Unrelated(why)) => format!("they are not relevant to this error: {why}"),
    };
    write_line(printer, "documents", &text);
    false
}

/// Who was denied, in words.
fn denied_caller(request: &Denied) -> Option<String> {
    let named = |name: &Option<String>| match name {
        Some(name) => format!(" `{name}`"),
        None => String::new(),
    };
    let role = match &request.role {
        Some(role) => format!("role `{role}`"),
        None => "the execution role".to_owned(),
    };
    let principal = request.principal.as_deref();
    Some(match request.who {
        DeniedCaller::Function if !request.is_sure => format!(
            "{role}, in session{}: the code of the function with this name, if there is one, or another user of the role",
            named(&request.function)
        ),
        DeniedCaller::Function => format!(
            "the code of the function{}, with {role}",
            named(&request.function)
        ),
        DeniedCaller::Caller => {
            format!("the caller: the code of the function, with {role}, or a deployment tool")
        }
        DeniedCaller::Lambda => format!("Lambda itself, acting with {role}"),
        _ if principal == Some("anonymous") => "a caller without credentials".to_owned(),
        DeniedCaller::Deployer if !request.is_sure => match &request.role {
            Some(role) => format!("probably the deployer, with role `{role}`"),
            None => "the deployer".to_owned(),
        },
        DeniedCaller::User => match principal {
            Some(user) if user.contains(":user/") => format!("the user {user}"),
            Some(principal) => {
                format!("a person, or a program with their credentials: {principal}")
            }
            None => "a person, or a program with their credentials".to_owned(),
        },
        DeniedCaller::Deployer => match principal {
            Some(principal) => format!("the deployer: {principal}"),
            None => "the deployer".to_owned(),
        },
        DeniedCaller::Service => match principal {
            Some(principal) => format!("the service {principal}"),
            None => "the service that invokes the function".to_owned(),
        },
        DeniedCaller::Role => match principal {
            Some(principal) => format!("another service, with the role passed to it: {principal}"),
            None => "another service, with the role passed to it".to_owned(),
        },
        DeniedCaller::Nobody => return None,
    })
}

/// The denied actions and their resource.
fn attempted(request: &Denied) -> Option<String> {
    let actions = request.actions.join(", ");
    match (&request.resource, actions.is_empty()) {
        (_, true) => None,
        (Some(resource), false) => Some(format!("{actions} on {resource}")),
        (None, false) => Some(actions),
    }
}

/// The beginning of a long error.
fn shortened(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.into_owned(),
    }
}

/// What errors mean, as JSON.
#[must_use]
pub fn explanations_json(
    sources: &SourceMap,
    list: &[Explanation],
    is_cut: bool,
    problems: &[Problem],
) -> String {
    let problems: Vec<Value> = problems.iter().map(|p| problem(sources, p)).collect();
    let each: Vec<Value> = list.iter().map(|one| value(sources, one)).collect();
    let value = json!({ "version": 1, "explanations": each, "more": is_cut, "problems": problems });
    clean::in_json(&format!("{value:#}\n")).into_owned()
}

/// One explanation as JSON.
fn value(sources: &SourceMap, explanation: &Explanation) -> Value {
    let request = &explanation.request;
    json!({
        "symptom": explanation.symptom,
        "confidence": if explanation.is_sure { "certain" } else { "likely" },
        "location": { "path": explanation.at.0, "line": explanation.at.1 },
        "logicalId": explanation.resource,
        "text": explanation.text,
        "times": explanation.times,
        "means": explanation.means,
        "refused": {
            "who": request.who.as_str(),
            "principal": request.principal,
            "role": request.role,
            "function": request.function,
            "actions": request.actions,
            "resource": request.resource,
        },
        "causes": explanation.causes.iter().map(cause).collect::<Vec<_>>(),
        "not": explanation.not,
        "check": explanation.check,
        "references": explanation.references,
        "documents": explanation.documents.as_ref().map(|judgement| documents(sources, judgement)),
        "assumed": explanation.assumed,
    })
}

/// One cause as JSON.
fn cause(change: &Change) -> Value {
    json!({
        "document": change.document.as_str(),
        "because": change.because,
        "fix": change.fix,
        "statement": change.statements.first().map(|new| statement::value(new, Form::Outside)),
        "statements": change.statements.iter().map(|new| statement::value(new, Form::Outside)).collect::<Vec<_>>(),
        "tell": change.tell,
    })
}

/// The judgement of the documents as JSON.
fn documents(sources: &SourceMap, judgement: &Judgement) -> Value {
    let (verdict, answer) = match judgement {
        Judgement::Shown(findings) => {
            let findings: Vec<Value> = findings.iter().map(|f| finding(sources, f)).collect();
            return json!({ "verdict": "shown", "findings": findings });
        }
        Judgement::Complete => return json!({ "verdict": "allowed", "statements": [] }),
        Judgement::Open(why) => return json!({ "verdict": "open", "reason": why }),
        Judgement::Unrelated(why) => return json!({ "verdict": "unrelated", "reason": why }),
        Judgement::Refused(answer) => ("refused", answer),
        Judgement::Allowed(answer) => ("allowed", answer),
    };
    let spans = answer.matched.iter().map(|matched| matched.span);
    let nearest = answer.nearest.iter().map(|near| near.statement.span);
    let places = spans.chain(nearest);
    json!({
        "verdict": verdict,
        "reason": answer.why,
        "statements": places.map(|span| location(sources, span, None)).collect::<Vec<_>>(),
    })
}
