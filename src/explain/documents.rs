//! What the provided documents decide about an error.

use super::answer;
use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{
    Change, Denied, DeniedCaller, Document, EvaluationResult, Explanation, Finding, Judgement,
    PolicyKind, Ruling, Severity,
};
use crate::lint::Outcome;
use crate::model::{FunctionName, Inventory};
use crate::simulate::{Question, can};
use crate::syntax::Text;

/// Evaluates the request of an error against the documents, and removes causes that they rule out.
pub fn judge(
    catalogue: &Catalogue,
    explanation: &mut Explanation,
    analysis: &Analysis,
    outcome: &Outcome,
) {
    let shown: Vec<Finding> = outcome
        .findings
        .iter()
        .filter(|finding| shows(catalogue, finding, explanation))
        .cloned()
        .collect();
    if !shown.is_empty() {
        promote(explanation, &shown);
        explanation.documents = Some(Judgement::Shown(shown));
        return;
    }
    let judgement = match evaluate(catalogue, explanation, &analysis.inventory) {
        Some(Judgement::Open(_)) if is_complete(explanation, analysis, outcome) => {
            Some(Judgement::Complete)
        }
        judgement => judgement,
    };
    if let Some(Judgement::Allowed(_) | Judgement::Complete) = &judgement {
        let refuses = |document: Document| match explanation.request.who {
            DeniedCaller::Service => document == Document::Policy(PolicyKind::FunctionPolicy),
            _ => document.is_of_role(),
        };
        explanation.causes.retain(|cause| !refuses(cause.document));
        let known: Vec<Document> = explanation.causes.iter().map(|c| c.document).collect();
        // What limits roles does not limit services.
        let is_service = explanation.request.who == DeniedCaller::Service;
        let left = catalogue.symptoms().other_causes.iter().filter(|c| {
            let is_meant = !is_service || c.document == Document::Ordering;
            is_meant && !known.contains(&c.document)
        });
        explanation.causes.extend(left.map(answer::told));
    }
    explanation.documents = judgement;
}

/// Whether the documents leave nothing open and no error: what stands in a template with names that
/// are not known yet grants what an error names with those that were made.
fn is_complete(explanation: &Explanation, analysis: &Analysis, outcome: &Outcome) -> bool {
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    explanation.request.who == DeniedCaller::Lambda
        && analysis.functions() > 0
        && outcome.undecided.is_empty()
        && !outcome.findings.iter().any(is_error)
}

/// Whether a finding is about what the error is about.
fn shows(catalogue: &Catalogue, finding: &Finding, explanation: &Explanation) -> bool {
    let request = &explanation.request;
    let subject = &finding.subject;
    let same_function = match (&subject.function, &request.function) {
        (Some(known), Some(wanted)) if request.is_sure => known == wanted,
        _ => true,
    };
    let same_action = subject.actions.iter().any(|action| {
        let mut wanted = request.actions.iter();
        wanted.any(|wanted| wanted.eq_ignore_ascii_case(action))
    });
    let same_principal = match (request.who, &subject.principal, &request.principal) {
        (DeniedCaller::Service, Some(known), Some(wanted)) => {
            let principals = &catalogue.principals;
            principals.is_of(&Text::from(known.as_str()), wanted)
        }
        _ => true,
    };
    let first = explanation.causes.first().map(|cause| cause.document);
    let by_document = first.filter(|document| {
        // Other findings about a role are not necessarily the cause of this error.
        matches!(
            document,
            Document::Policy(PolicyKind::FunctionPolicy)
                | Document::Policy(PolicyKind::TrustPolicy)
                | Document::Policy(PolicyKind::Package)
        )
    });
    let is_error = finding.severity == Severity::Error;
    let about = same_action && is_error
        || is_error && by_document.is_some() && document_of(finding) == by_document;
    same_function && same_principal && about
}

/// The document that must change for a finding.
fn document_of(finding: &Finding) -> Option<Document> {
    let by_pack = || match finding.rule.split('/').next() {
        Some("function-policy") => Some(Document::Policy(PolicyKind::FunctionPolicy)),
        Some("trust") => Some(Document::Policy(PolicyKind::TrustPolicy)),
        Some("package") => Some(Document::Policy(PolicyKind::Package)),
        _ => None,
    };
    finding
        .subject
        .policy
        .map(Document::Policy)
        .or_else(by_pack)
}

/// Puts the documents that findings show before the others.
fn promote(explanation: &mut Explanation, shown: &[Finding]) {
    let documents: Vec<Document> = shown.iter().filter_map(document_of).collect();
    let mut causes = explanation.causes.iter();
    if !causes.any(|cause| documents.contains(&cause.document))
        && let Some((finding, document)) = shown.iter().zip(&documents).next()
    {
        explanation.causes.push(Change {
            document: *document,
            because: finding.message.clone(),
            fix: finding.help.clone().unwrap_or_default(),
            statement: None,
            tell: Some("See the finding above.".to_owned()),
        });
    }
    explanation
        .causes
        .sort_by_key(|cause| !documents.contains(&cause.document));
}

/// What the documents decide of the request: a refusal of one of its actions counts before what is
/// open, and that before what is allowed.
fn evaluate(
    catalogue: &Catalogue,
    explanation: &Explanation,
    inventory: &Inventory,
) -> Option<Judgement> {
    let request = &explanation.request;
    let actions = request.actions.iter();
    let mut judged: Vec<Judgement> = actions
        .filter_map(|action| evaluate_action(catalogue, request, action, inventory))
        .collect();
    judged.sort_by_key(|judgement| match judgement {
        Judgement::Refused(_) => 0,
        Judgement::Open(_) => 1,
        _ => 2,
    });
    judged.into_iter().next()
}

fn evaluate_action(
    catalogue: &Catalogue,
    request: &Denied,
    action: &str,
    inventory: &Inventory,
) -> Option<Judgement> {
    let sole = sole_function(inventory);
    let is_service = request.who == DeniedCaller::Service;
    let names = match is_service {
        true => vec![request.principal.as_deref()],
        false => vec![
            request.role.as_deref(),
            request.function.as_deref(),
            request.principal.as_deref(),
            sole.as_deref(),
        ],
    };
    let own = request.function.as_deref();
    let mut resources = match is_service {
        true => vec![own, request.resource.as_deref(), sole.as_deref()],
        false => vec![request.resource.as_deref()],
    };
    resources.dedup();
    let pairs = names.into_iter().flatten().flat_map(|who| {
        let each = resources.iter();
        each.map(move |resource| (who, *resource))
    });
    let answer = pairs.into_iter().find_map(|(who, resource)| {
        answer(catalogue, inventory, who, action, resource, is_service)
    })?;
    Some(match answer.decision {
        Ruling::Allowed => Judgement::Allowed(Box::new(answer)),
        Ruling::Unknown => {
            let why = answer.why.unwrap_or_default();
            // That is a flag of `can`.
            let why = why.split(" (`--context`").next().unwrap_or("").to_owned();
            Judgement::Open(why)
        }
        Ruling::ExplicitDeny | Ruling::ImplicitDeny => Judgement::Refused(Box::new(answer)),
    })
}

fn sole_function(inventory: &Inventory) -> Option<String> {
    let mut functions = inventory.functions();
    let only = functions.next().filter(|_| functions.next().is_none())?;
    Some(only.called()).filter(|name| !name.is_empty())
}

/// The result of the documents; for a service, only for a function that they contain.
fn answer(
    catalogue: &Catalogue,
    inventory: &Inventory,
    who: &str,
    action: &str,
    resource: Option<&str>,
    is_service: bool,
) -> Option<EvaluationResult> {
    let tells_of = |resource: &str| {
        let wanted = FunctionName::parse(&Text::from(resource)).name;
        inventory.functions().any(|function| {
            function.name().name == wanted
                || Some(function.called()) == wanted.as_str().map(str::to_owned)
        })
    };
    if is_service && !resource.is_some_and(tells_of) {
        return None;
    }
    let question = Question {
        who,
        action,
        resource: resource.filter(|arn| arn.starts_with("arn:") || !arn.contains(['/', ' '])),
        context: &[],
    };
    can(catalogue, inventory, &question, &mut Vec::new())
}
