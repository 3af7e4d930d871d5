//! Triggers in outputs that list them, as the catalogue spells them.

use super::Reader;
use crate::catalogue::TriggerExtractor;
use crate::input::emitter::TriggerSource;
use crate::input::scope::Scope;
use crate::syntax::{Node, embed};

impl Reader<'_, '_> {
    /// Emits the triggers of an output; returns whether it is one that lists triggers.
    pub(super) fn triggers(&mut self, root: &Node, scope: &Scope) -> bool {
        let mut is_known = false;
        let recognizes = |extractor: &&TriggerExtractor| extractor.recognizes(root);
        for source in &self.catalogue.push {
            let extractors = source.cli_outputs.iter().filter(recognizes);
            let extractors: Vec<&TriggerExtractor> = extractors.collect();
            let root_with_json = self.with_embedded_json(&extractors, root);
            for extractor in extractors {
                is_known = true;
                let from = TriggerSource::of_output(&root_with_json, scope);
                self.emitter.triggers(source, extractor, from);
            }
            for extractor in source.related_cli_outputs.iter().filter(recognizes) {
                is_known = true;
                let from = TriggerSource::of_output(root, scope);
                self.emitter.companions(source, extractor, from);
            }
        }
        is_known
    }

    /// An output with what a text in it holds, which all extractors of one source have in common.
    fn with_embedded_json(&mut self, extractors: &[&TriggerExtractor], root: &Node) -> Node {
        let json = extractors
            .iter()
            .find_map(|extractor| extractor.embedded_json.as_ref());
        let taken = json.and_then(|json| {
            let text = json.members.iter().find_map(|name| root.get(name))?;
            let documents = embed(self.emitter.sources, text)?.documents;
            Some((&json.exposed_as, json.collect(documents.roots.first()?)))
        });
        match taken {
            Some((name, taken)) => root.with(name, taken),
            None => root.clone(),
        }
    }
}
