//! What the provided documents decide about an error.

use super::evaluate::evaluate;
use super::{answer, who};
use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::{
    Change, DeniedCaller, Document, Explanation, Finding, Judgement, PolicyKind, Severity,
};
use crate::lint::Outcome;
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
    let verdict = evaluate(catalogue, explanation, &analysis.inventory);
    let judgement = match verdict.judgement {
        Judgement::Open(_) | Judgement::Unrelated(_)
            if is_complete(explanation, analysis, outcome) =>
        {
            Judgement::Complete
        }
        judgement => judgement,
    };
    if let Judgement::Allowed(_) | Judgement::Complete = &judgement {
        rule_out(catalogue, explanation, verdict.assumed.is_some());
    }
    explanation.assumed = verdict.assumed;
    explanation.documents = Some(judgement);
}

/// Leaves the causes that documents which allow the request do not rule out, and adds what else can
/// deny it. A policy of which nothing says whose it is may not be attached.
fn rule_out(catalogue: &Catalogue, explanation: &mut Explanation, is_assumed: bool) {
    let request = &explanation.request;
    let refuses = |document: Document| match request.who {
        DeniedCaller::Service => document == Document::Policy(PolicyKind::FunctionPolicy),
        _ => document.is_of_role(),
    };
    let own = explanation
        .causes
        .iter()
        .find(|cause| refuses(cause.document));
    let own = own.filter(|cause| is_assumed && cause.document.is_of_role());
    let detached = own.map(|cause| Change {
        because: format!(
            "The policy allows the request, but is not attached to {}, or was attached only afterwards.",
            who::words(request)
        ),
        fix: "Attach the policy, and try again.".to_owned(),
        statements: Vec::new(),
        ..cause.clone()
    });
    explanation.causes.retain(|cause| !refuses(cause.document));
    let known: Vec<Document> = explanation.causes.iter().map(|c| c.document).collect();
    // What limits roles does not limit services.
    let is_service = request.who == DeniedCaller::Service;
    let left = catalogue.symptoms().other_causes.iter().filter(|c| {
        let is_meant = !is_service || c.document == Document::Ordering;
        is_meant && !known.contains(&c.document)
    });
    let left = left.map(|cause| answer::told(catalogue, cause, request));
    let left: Vec<Change> = left.collect();
    explanation.causes.extend(left);
    explanation.causes.splice(0..0, detached);
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
            owner: None,
            statements: Vec::new(),
            tell: Some("See the finding above.".to_owned()),
        });
    }
    explanation
        .causes
        .sort_by_key(|cause| !documents.contains(&cause.document));
}
