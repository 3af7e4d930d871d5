//! Facts in the making, and what every dialect shares: the reading of policy documents and of the
//! catalogue's extractors of triggers.

use super::facts::{CompanionFact, DeclaredTrigger, Facts, LoneDocument, TriggerFact, push};
use super::policy;
use super::scope::Scope;
use crate::catalogue::{PushSource, TriggerExtractor};
use crate::diagnostics::Problem;
use crate::model::LoneType;
use crate::source::{SourceMap, Span};
use crate::syntax::{Node, Text, embed, read_partial_json};

/// Where facts and problems go.
pub(super) struct Emitter<'r> {
    pub(super) sources: &'r mut SourceMap,
    pub(super) facts: &'r mut Facts,
    pub(super) problems: &'r mut Vec<Problem>,
}

/// A document that is searched for triggers.
#[derive(Clone, Copy)]
pub(super) struct TriggerSource<'d> {
    pub(super) root: &'d Node,
    /// The whole document or deployment that it stands in.
    pub(super) origin: Span,
    pub(super) scope: &'d Scope,
    /// The resource of a template that it is.
    pub(super) declared: Option<&'d DeclaredTrigger>,
    /// What configures it, where that is not the whole output.
    pub(super) configured: Option<&'d Node>,
}

impl<'d> TriggerSource<'d> {
    /// An output, which makes no resource.
    pub(super) fn of_output(root: &'d Node, scope: &'d Scope) -> Self {
        TriggerSource {
            root,
            origin: root.span,
            scope,
            declared: None,
            configured: None,
        }
    }
}

impl Emitter<'_> {
    /// A policy document, which may be written as a text; what cannot be read stays as it is.
    pub(super) fn policy_document(&mut self, written: &Node, of_type: LoneType) -> Node {
        let document = match written.as_text() {
            Some(Text::Known(_)) => self.embedded(written),
            Some(open) => read_partial_json(open, written.span),
            None => Some(written.clone()),
        };
        match document {
            Some(document) if document.is_object() => self.regular(&document, of_type),
            _ => written.clone(),
        }
    }

    /// The document in regular form; what is known of it is noted down as a document that was read.
    pub(super) fn regular(&mut self, document: &Node, of_type: LoneType) -> Node {
        let document = policy::regular(document);
        let known = policy::known_part(&document);
        let known = known.map(|document| LoneDocument { of_type, document });
        self.facts.documents.extend(known);
        document
    }

    /// The document that a text holds; a mistake in it is a problem.
    pub(super) fn embedded(&mut self, text: &Node) -> Option<Node> {
        let mut documents = embed(self.sources, text)?.documents;
        let problems = documents.errors.drain(..).map(Problem::from);
        self.problems.extend(problems);
        let root = (!documents.roots.is_empty()).then(|| documents.roots.remove(0))?;
        self.facts.inputs.push(root.clone());
        Some(root)
    }

    /// The triggers of a source that a extractor finds.
    pub(super) fn triggers(
        &mut self,
        source: &PushSource,
        extractor: &TriggerExtractor,
        from: TriggerSource<'_>,
    ) {
        let asks_more = source.role_grants().next().is_some();
        // What leads to no function is a trigger of something else.
        let hits = extractor.extract(from.root).into_iter();
        let hits = hits.filter(|(_, names)| source.is_trigger(names));
        for (node, names) in hits {
            let fact = TriggerFact {
                kind: source.id.clone(),
                names,
                configuration: node.clone(),
                source: asks_more.then(|| from.configured.unwrap_or(from.root).clone()),
                origin: from.origin,
                is_own_form: false,
                declared: from.declared.cloned(),
            };
            push(&mut self.facts.triggers, fact, from.scope);
        }
    }

    /// The names for triggers of a source that a extractor finds.
    pub(super) fn companions(
        &mut self,
        source: &PushSource,
        extractor: &TriggerExtractor,
        from: TriggerSource<'_>,
    ) {
        for (node, names) in extractor.extract(from.root) {
            let fact = CompanionFact {
                kind: source.id.clone(),
                given_by: extractor.origin().to_owned(),
                names,
                configuration: node.clone(),
            };
            push(&mut self.facts.companions, fact, from.scope);
        }
    }
}
