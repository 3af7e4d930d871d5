//! Which inputs are judged together, and which apart from all others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Session;
use crate::analysis::Analysis;
use crate::diagnostics::Finding;
use crate::input::Input;
use crate::source::FileId;

/// What reading and judging anything costs, beside a unit for each byte.
const LEAST: usize = 2_000;

/// The inputs in parts of which none has a say in another.
#[derive(Debug)]
pub(super) struct Components {
    parts: Vec<Vec<Input>>,
    /// What it costs to check changes of each part.
    costs: Vec<usize>,
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
            costs: vec![cost(session, session.inputs)],
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
            components.costs.push(cost(session, &inputs));
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

    /// The part that findings and the changes that mend them belong to.
    pub(super) fn of_changes(
        &self,
        session: Session<'_>,
        findings: &[&Finding],
        changed: &BTreeSet<FileId>,
    ) -> usize {
        let place = |finding: &&Finding| session.sources.resolve(finding.primary.span).file;
        let places = findings.iter().map(place);
        self.with(places.chain(changed.iter().copied()))
    }

    /// What it costs to check changes of a part.
    pub(super) fn cost(&self, part: usize) -> usize {
        self.costs.get(part).copied().unwrap_or(usize::MAX)
    }

    /// The inputs of a part.
    pub(super) fn inputs(&self, part: usize) -> &[Input] {
        self.parts.get(part).map_or(&[], Vec::as_slice)
    }
}

/// Reading and judging a byte costs one.
fn cost(session: Session<'_>, inputs: &[Input]) -> usize {
    let files = inputs.iter();
    let files = files.filter_map(|input| session.sources.file(input.file));
    LEAST + files.map(|file| file.text().len()).sum::<usize>()
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
