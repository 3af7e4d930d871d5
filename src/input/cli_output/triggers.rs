//! Triggers: in answers that list them, and in resources of templates, as the catalogue spells them.

use super::{Reader, push};
use crate::catalogue::{PushSource, TriggerExtractor};
use crate::input::facts::{CompanionFact, TriggerFact};
use crate::input::{Scope, cloudformation};
use crate::source::Span;
use crate::syntax::{Names, Node, embed};

impl Reader<'_> {
    /// Triggers that the catalogue knows the spelling of.
    pub(super) fn triggers(&mut self, root: &Node, scope: &Scope) -> bool {
        let mut known = false;
        let is = |told: &&TriggerExtractor| told.recognizes(root);
        for source in &self.catalogue.push {
            let answers: Vec<&TriggerExtractor> = source.cli_outputs.iter().filter(is).collect();
            let held = self.with_taken(&answers, root);
            for told in answers {
                known = true;
                self.trigger_hits(source, told, &held, root.span, scope);
            }
            for told in source.related_cli_outputs.iter().filter(is) {
                known = true;
                self.companion_hits(source, told, root, scope);
            }
        }
        known
    }

    /// An answer with what a text in it holds, which all forms of one source have in common.
    fn with_taken(&mut self, forms: &[&TriggerExtractor], root: &Node) -> Node {
        let json = forms.iter().find_map(|told| told.embedded_json.as_ref());
        let taken = json.and_then(|json| {
            let text = json.members.iter().find_map(|name| root.get(name))?;
            let documents = embed(self.sources, text)?.documents;
            Some((&json.exposed_as, json.collect(documents.roots.first()?)))
        });
        match taken {
            Some((name, taken)) => root.with(name, taken),
            None => root.clone(),
        }
    }

    /// The triggers that a resource of a template makes.
    pub(super) fn triggers_of(
        &mut self,
        resource: &cloudformation::Resource,
        answer: Span,
        scope: &Scope,
    ) {
        let node = &resource.node;
        let own = |told: &&TriggerExtractor| told.reads_type(resource.kind());
        for source in &self.catalogue.push {
            for told in source.cloudformation_resources.iter().filter(own) {
                self.trigger_hits(source, told, node, answer, scope);
            }
            for told in source.related_cloudformation_resources.iter().filter(own) {
                self.companion_hits(source, told, node, scope);
            }
        }
    }

    fn trigger_hits(
        &mut self,
        source: &PushSource,
        told: &TriggerExtractor,
        root: &Node,
        answer: Span,
        scope: &Scope,
    ) {
        let hits = told.extract(root).into_iter();
        // What has no function is a trigger of something else.
        for (node, names) in hits.filter(names_function) {
            let fact = TriggerFact {
                kind: source.id.clone(),
                names,
                node: node.clone(),
                answer,
                own: false,
                resource: root.get("LogicalId").is_some().then(|| root.clone()),
            };
            push(&mut self.facts.triggers, fact, scope);
        }
    }

    fn companion_hits(
        &mut self,
        source: &PushSource,
        told: &TriggerExtractor,
        root: &Node,
        scope: &Scope,
    ) {
        for (_, names) in told.extract(root) {
            let fact = CompanionFact {
                kind: source.id.clone(),
                told_by: told.origin().to_owned(),
                names,
            };
            push(&mut self.facts.companions, fact, scope);
        }
    }
}

fn names_function((_, names): &(&Node, Names)) -> bool {
    names.contains_key("function") || names.contains_key("functionName")
}
