//! The explanation of one error, with the names that it contains.

use super::names::Names;
use super::remedy::Writer;
use super::request::request;
use super::search::Found;
use super::who;
use crate::catalogue::{Catalogue, Cause};
use crate::diagnostics::{Change, Denied, DeniedCaller, Document, Explanation};

pub(super) fn explanation(
    catalogue: &Catalogue,
    found: &Found,
    input: &str,
) -> Option<Explanation> {
    let symptoms = catalogue.symptoms();
    let symptom = symptoms.errors.get(found.symptom)?;
    let mut names = Names::new(&found.names);
    let request = request(catalogue, symptom, &names);
    names.know(catalogue, &request);
    let diagnosis = &symptom.diagnosis;
    let writer = Writer {
        catalogue,
        names: &names,
        request: &request,
    };
    let is_by_name = symptom.denied_caller.is_none();
    let causes = causes(&diagnosis.causes, &request, is_by_name).into_iter();
    let causes = causes.map(|(cause, document)| change(&writer, cause, document, is_by_name));
    Some(Explanation {
        symptom: diagnosis.id.clone(),
        is_sure: symptom.is_exact_wording,
        at: (input.to_owned(), found.line),
        resource: found.resource.clone(),
        text: found.text.clone(),
        times: found.times,
        means: names.fill(&symptom.meaning),
        causes: causes.collect(),
        not: diagnosis.ruled_out.as_deref().map(|text| names.fill(text)),
        check: diagnosis.check.as_deref().map(|text| names.command(text)),
        references: diagnosis.references.clone(),
        request,
        documents: None,
        assumed: None,
    })
}

/// The causes that the message leaves, each with its document, those first that fit who was denied.
/// Where the message names who that was, only its own policies count of those that can be those of
/// several callers.
fn causes<'c>(all: &'c [Cause], request: &Denied, is_by_name: bool) -> Vec<(&'c Cause, Document)> {
    let action = request.actions.first().map(String::as_str);
    let crosses = who::crosses_accounts(request);
    let left = all.iter().filter(|cause| cause.applies_to(action, crosses));
    let mut left: Vec<(&Cause, Document)> = left.map(|cause| (cause, cause.document)).collect();
    let Some(own) = request.who.own_policies().filter(|_| is_by_name) else {
        return left;
    };
    let of_role = |(_, document): &(&Cause, Document)| document.is_of_role();
    let is_there = left.iter().any(|(_, document)| *document == own);
    let kept = match left.iter_mut().find(|cause| of_role(cause)) {
        Some(first) if !is_there && (request.is_sure || request.principal.is_none()) => {
            first.1 = own;
            own
        }
        Some(first) if request.principal.is_some() && !request.is_sure => first.1,
        _ => own,
    };
    if request.is_sure || request.principal.is_some() {
        left.retain(|cause| !of_role(cause) || cause.1 == kept);
    }
    left.sort_by_key(|cause| of_role(cause) && cause.1 != kept);
    // Where a policy of a role comes first, it is that of whom it was.
    let first_of_role = left.first().is_some_and(of_role);
    let at = left.iter().position(|(_, document)| *document == kept);
    if let Some(at) = at.filter(|_| first_of_role) {
        let cause = left.remove(at);
        left.insert(0, cause);
    }
    left
}

fn change(writer: &Writer<'_>, cause: &Cause, document: Document, is_by_name: bool) -> Change {
    let names = writer.names;
    let (fix, statements) = writer.fix(cause);
    Change {
        document,
        owner: owner(document, writer.request, is_by_name),
        because: capitalised(names.fill(&cause.reason)),
        fix,
        statements,
        tell: cause.evidence.as_deref().map(|text| names.fill(text)),
    }
}

/// A sentence that may begin with the words for the caller.
fn capitalised(sentence: String) -> String {
    let mut rest = sentence.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => sentence,
    }
}

/// Whose policies must change, where the message says so.
fn owner(document: Document, request: &Denied, is_by_name: bool) -> Option<String> {
    let is_named = is_by_name && request.principal.is_some() && document.is_of_role();
    let is_own = request.role.is_some() && request.who.own_policies() == Some(document);
    let is_service = request.who == DeniedCaller::Service;
    (!is_service && (is_named || is_own)).then(|| who::words(request))
}

/// A cause of something that is no error message, or that no error message says.
pub(super) fn told(catalogue: &Catalogue, cause: &Cause, request: &Denied) -> Change {
    let mut names = Names::new(&[]);
    names.know(catalogue, request);
    let writer = Writer {
        catalogue,
        names: &names,
        request,
    };
    change(&writer, cause, cause.document, false)
}
