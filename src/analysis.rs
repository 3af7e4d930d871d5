//! The one way in: from texts to what exists in them, ready to be asked about.
//!
//! Every command stands on an [`Analysis`]: it is made once, and nothing is read again.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::diagnostics::{Place, Problem};
use crate::input::{self, Hints, Input, TemplateView};
use crate::model::{Inventory, MissingInput};
use crate::source::{SourceMap, Span};
use crate::syntax::Node;

/// What the inputs say, joined.
#[derive(Debug, Default)]
pub struct Analysis {
    /// All functions with what belongs to them.
    pub inventory: Inventory,
    /// What templates say in the branches of their conditions that are not taken at first.
    pub branches: Vec<Branch>,
    /// What is wrong with the input.
    pub problems: Vec<Problem>,
    /// The roots of all documents that were read.
    pub documents: Vec<Node>,
    /// Whether each input held something that we know.
    pub recognised: Vec<bool>,
    /// The templates, for those who write into them.
    pub(crate) templates: Vec<TemplateView>,
}

/// A template re-evaluated with one of its conditions flipped.
#[derive(Debug)]
pub struct Branch {
    /// The functions of the template with what belongs to them.
    pub inventory: Inventory,
    /// When it is taken.
    pub when: String,
    /// Whether the parameters that decide have no defaults, so that this is no exception.
    pub is_open: bool,
    /// Whether they have no defaults but empty ones, for whoever needs them.
    pub is_optional: bool,
}

/// Reads all inputs and joins what they say.
///
/// Cannot fail: what is wrong with an input is a problem of the analysis and hides nothing of the
/// others.
pub fn analyze(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    catalogue: &Catalogue,
) -> Analysis {
    let input::Reading {
        facts,
        branches,
        mut problems,
        documents,
        recognised,
        templates,
    } = input::read(sources, inputs, hints, catalogue);
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
    }
}

impl Analysis {
    /// How many texts held something that we know.
    #[must_use]
    pub fn files(&self) -> usize {
        self.recognised.iter().filter(|known| **known).count()
    }

    /// How many functions there are in all branches together.
    #[must_use]
    pub fn functions(&self) -> usize {
        let first = self.inventory.functions();
        let mut places: BTreeSet<Span> = first.map(|f| f.node.span).collect();
        let more = self.branches.iter().flat_map(|b| b.inventory.functions());
        let new = more.filter(|function| places.insert(function.node.span));
        self.inventory.functions().count() + new.count()
    }

    /// What the inputs refer to and do not hold, each once.
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
