//! Which inputs are judged together, and which apart from all others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Session;
use crate::analysis::Analysis;
use crate::input::Input;
use crate::source::FileId;

/// The inputs in parts of which none has a say in another.
#[derive(Debug)]
pub(super) struct Components {
    parts: Vec<Vec<Input>>,
    of_file: HashMap<FileId, usize>,
}

impl Components {
    /// The part that is everything.
    pub(super) const ALL: usize = 0;

    /// Templates that are deployed together are a part, if there is nothing but templates and configuration of
    /// Terraform; policies by themselves are one each, if there is nothing else.
    pub(super) fn of(session: Session<'_>) -> Self {
        let analysis = session.analysis;
        let mut components = Components {
            parts: vec![session.inputs.to_vec()],
            of_file: HashMap::new(),
        };
        let templates = analysis.templates.iter();
        let groups: HashMap<FileId, usize> = templates
            .map(|view| (view.span().file, view.group))
            .collect();
        let mut documents = analysis.documents.iter();
        let are_templates = documents.all(|root| groups.contains_key(&root.span.file));
        if !are_templates && !analysis.inventory.has_only_lone_policies() {
            return components;
        }
        let mut parts: BTreeMap<Part, Vec<Input>> = BTreeMap::new();
        let configuration = configuration(analysis);
        let inputs = session.inputs.iter();
        // What a module is called with can be anywhere.
        for input in inputs.filter(|input| !configuration.contains(&input.file)) {
            let group = groups.get(&input.file);
            let part = group.map_or(Part::File(input.file), |group| Part::Group(*group));
            parts.entry(part).or_default().push(input.clone());
        }
        for inputs in parts.into_values() {
            let files = inputs.iter().map(|input| input.file);
            let number = components.parts.len();
            components.of_file.extend(files.map(|file| (file, number)));
            components.parts.push(inputs);
        }
        components
    }

    /// The part that all of these files belong to; everything, if that is none.
    pub(super) fn with(&self, files: impl IntoIterator<Item = FileId>) -> usize {
        let part = |file| self.of_file.get(&file).copied().unwrap_or(Self::ALL);
        let parts: BTreeSet<usize> = files.into_iter().map(part).collect();
        match parts.first() {
            Some(part) if parts.len() == 1 => *part,
            _ => Self::ALL,
        }
    }

    /// The inputs of a part.
    pub(super) fn inputs(&self, part: usize) -> &[Input] {
        self.parts.get(part).map_or(&[], Vec::as_slice)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Group(usize),
    File(FileId),
}

/// The files of modules.
fn configuration(analysis: &Analysis) -> BTreeSet<FileId> {
    let modules = analysis.modules.iter();
    modules
        .flat_map(|view| view.files.iter().copied())
        .collect()
}
