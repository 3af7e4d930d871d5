//! The entry point: from texts to the inventory.
//!
//! Every command uses an [`Analysis`], which is created once.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::diagnostics::{Place, Problem};
use crate::input::{self, Hints, Input, ModuleView, TemplateView, Vocabulary, WantedFile};
use crate::model::{Inventory, MissingInput};
use crate::source::{SourceMap, Span};
use crate::syntax::Node;

/// The joined content of all inputs.
#[derive(Debug, Default)]
pub struct Analysis {
    /// All functions with their roles, policies, mappings and triggers.
    pub inventory: Inventory,
    /// The further branches of templates, each with a condition flipped.
    pub branches: Vec<Branch>,
    /// What is wrong with the input.
    pub problems: Vec<Problem>,
    /// The roots of all documents that were read.
    pub documents: Vec<Node>,
    /// Whether each input contained a supported document.
    pub recognised: Vec<bool>,
    /// Files that expressions read and that were not given.
    pub(crate) wanted: Vec<WantedFile>,
    /// The templates, for fixes that edit them.
    pub(crate) templates: Vec<TemplateView>,
    /// The modules of Terraform, for fixes that edit them.
    pub(crate) modules: Vec<ModuleView>,
}

/// A template re-evaluated with one of its conditions flipped.
#[derive(Debug)]
pub struct Branch {
    /// The functions of the template with their roles, policies, mappings and triggers.
    pub inventory: Inventory,
    /// The condition under which it applies.
    pub when: String,
    /// Whether the deciding parameters do not have defaults, so that this branch is not an exception.
    pub is_open: bool,
    /// Whether the deciding parameters have only empty defaults.
    pub is_optional: bool,
}

/// Reads and joins all inputs.
///
/// Cannot fail: an error in one input is a problem of the analysis and does not hide findings in
/// others.
pub fn analyze(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    catalogue: &Catalogue,
) -> Analysis {
    let vocabulary = Vocabulary::new(catalogue);
    analyze_known(sources, inputs, hints, (catalogue, &vocabulary))
}

/// The same with the words of the texts that can be for us, for those who analyze many times.
pub(crate) fn analyze_known(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    (catalogue, vocabulary): (&Catalogue, &Vocabulary<'_>),
) -> Analysis {
    let input::Reading {
        facts,
        branches,
        mut problems,
        documents,
        recognised,
        templates,
        modules,
        wanted,
    } = input::read(sources, inputs, hints, (catalogue, vocabulary));
    let branches = branches.into_iter().map(|(branch, facts)| {
        // What is wrong with a policy that is joined is reported with the first branch.
        let mut known = Vec::new();
        Branch {
            inventory: input::link(facts, hints, catalogue, sources, &mut known),
            when: branch.when,
            is_open: branch.is_open,
            is_optional: branch.is_optional,
        }
    });
    let branches = branches.collect();
    let inventory = input::link(facts, hints, catalogue, sources, &mut problems);
    problems.sort_by_cached_key(|problem| match &problem.place {
        Place::Path(path) => (path.clone(), 0, 0),
        Place::Text(label) => {
            let at = sources.locate(label.span);
            (at.path.to_string(), at.line, at.column)
        }
    });
    Analysis {
        inventory,
        branches,
        problems,
        documents,
        recognised,
        templates,
        modules,
        wanted,
    }
}

impl Analysis {
    /// How many texts contained a supported document.
    #[must_use]
    pub fn files(&self) -> usize {
        self.recognised.iter().filter(|known| **known).count()
    }

    /// The number of functions in all branches.
    #[must_use]
    pub fn functions(&self) -> usize {
        let first = self.inventory.functions();
        let mut places: BTreeSet<Span> = first.map(|f| f.node.span).collect();
        let more = self.branches.iter().flat_map(|b| b.inventory.functions());
        let new = more.filter(|function| places.insert(function.node.span));
        self.inventory.functions().count() + new.count()
    }

    /// What the inputs refer to but do not contain, without duplicates.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingInput> {
        let functions = self.inventory.functions();
        let of_function = functions.flat_map(|function| {
            let of_role = function.role().map(|role| role.absent());
            let mut missing = function.absent();
            missing.extend(of_role.into_iter().flatten());
            missing
        });
        let unique: BTreeSet<MissingInput> = of_function.collect();
        unique.into_iter().collect()
    }
}
