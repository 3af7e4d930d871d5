//! Dialects to the model: documents are recognised by their content and joined into functions.
//!
//! Owns every dialect's quirks: policies by themselves, outputs of the AWS CLI, bundles of them,
//! templates, and what flags say of a function. Each emits the same facts, which `link` joins. It
//! must not decide whether something is permitted.

mod cli_output;
mod cloudformation;
mod detect;
mod documents;
mod door;
mod emitter;
mod facts;
mod hints;
mod infra;
mod link;
mod links;
mod parameters;
mod policy;
mod scope;
mod serverless;
mod terraform;
mod vocabulary;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Node;
use cloudformation::Stacks;
use detect::DocumentKind;
use documents::ParsedText;
use door::Door;
use terraform::Configuration;

pub(crate) use cloudformation::{Branch, TemplateView, only_if, short_form};
pub(crate) use detect::SERVERLESS_HELP;
pub(crate) use facts::Facts;
pub(crate) use link::link;
pub(crate) use links::Links;
pub(crate) use serverless::named_files;
pub(crate) use terraform::{Declared, Repeats, type_of};
pub(crate) use terraform::{Mention, ModuleView, has_ending, is_configuration, mentions};

pub use hints::{Hint, Hints};
pub use parameters::{Parameter, Parameters, Undeclared, ValuesFormat};
pub use scope::Scope;
pub use vocabulary::Vocabulary;

/// A text to read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The text.
    pub file: FileId,
    /// Where it stands among the others.
    pub scope: Scope,
    /// Whether the user named it, so that it must be something we know.
    pub named: bool,
    /// What it is read for.
    pub role: InputRole,
}

/// What a text is read for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputRole {
    /// It is checked.
    #[default]
    Checked,
    /// Another text names it: it is checked only as a part of that.
    Supporting,
}

/// What the texts say, before it is joined.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The facts of every text, with templates in their first context.
    pub(crate) facts: Facts,
    /// The facts of templates in each of their other branches.
    pub(crate) branches: Vec<(Branch, Facts)>,
    /// What is wrong with the input.
    pub(crate) problems: Vec<Problem>,
    /// The roots of all documents that were read.
    pub(crate) documents: Vec<Node>,
    /// Whether each input contained a supported document.
    pub(crate) recognised: Vec<bool>,
    /// The templates.
    pub(crate) templates: Vec<TemplateView>,
    /// The modules of Terraform, once for each place from which they are called.
    pub(crate) modules: Vec<ModuleView>,
    /// Files that expressions read and that were not given.
    pub(crate) wanted: Vec<WantedFile>,
}

/// A file that an expression reads and that was not given.
#[derive(Clone, Debug)]
pub(crate) struct WantedFile {
    /// Its path from the working directory.
    pub(crate) path: String,
    /// The expression.
    pub(crate) span: Span,
    /// Whether a value cannot do without it.
    pub(crate) is_needed: bool,
}

/// Reads all inputs into facts.
pub(crate) fn read(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    (catalogue, vocabulary): (&Catalogue, &Vocabulary<'_>),
) -> Reading {
    let mut door = Door {
        sources,
        hints,
        catalogue,
        vocabulary,
        stacks: Stacks::default(),
        configuration: Configuration::default(),
        plans: Vec::new(),
        services: Vec::new(),
        parts: serverless::Files::new(),
        reading: Reading::default(),
    };
    let parts = parts_of_services(door.sources, inputs);
    door.reading.problems.extend(hints.mistakes(catalogue));
    for input in inputs {
        if let Some(file) = door.sources.file(input.file) {
            let text = file.text();
            door.configuration.add_text(file.name(), input.file, text);
        }
    }
    let mut parsed = documents::parsed_beforehand(door.sources, inputs, door.vocabulary);
    for (number, input) in inputs.iter().enumerate() {
        let file = door.sources.file(input.file);
        let recognised = match file.map(|file| file.text().clone()) {
            Some(text) if parts.contains(&input.scope.path()) => door.read_part(input, &text),
            Some(text) => {
                let known = parsed.get_mut(number).and_then(Option::take);
                door.read_text(input, &text, |vocabulary| {
                    known.or_else(|| ParsedText::of(input, &text, vocabulary))
                })
            }
            None => false,
        };
        door.reading.recognised.push(recognised);
    }
    // Configurations wait until what they include is read.
    door.compile_services();
    // Templates wait until all are read: they can nest and import each other.
    let stacks = std::mem::take(&mut door.stacks);
    door.reading.problems.extend(stacks.problems());
    let groups = stacks.groups(catalogue, &hints.parameters.values());
    for (index, group) in groups.iter().enumerate() {
        door.emit_group(group);
        door.reading.templates.extend(group.views(index));
    }
    let variables = door.configuration.variables();
    door.emit_roots();
    let mut reading = door.reading;
    let documents = reading.documents.iter();
    let mistakes = hints.parameters.mistakes(documents, &variables);
    reading.problems.extend(mistakes);
    reading
}

/// The paths of the inputs that configurations of the Serverless Framework include: they are read with those, and
/// not by themselves.
fn parts_of_services(sources: &SourceMap, inputs: &[Input]) -> BTreeSet<String> {
    let text = |input: &Input| sources.file(input.file).map(|file| file.text().clone());
    let texts: Vec<(String, Arc<str>)> = inputs
        .iter()
        .filter_map(|input| Some((input.scope.path(), text(input)?)))
        .collect();
    let is_service = |text: &str| serverless::is_service(text);
    let includes = |text: &str| text.contains("file(") && is_service(text);
    let services = texts.iter().filter(|(_, text)| includes(text));
    let mut parts = BTreeSet::new();
    for (service, text) in services {
        let mut open = vec![Arc::clone(text)];
        while let Some(text) = open.pop() {
            let named = named_files(&text);
            let named = named
                .iter()
                .map(|file| cloudformation::beside(service, file));
            let named: Vec<String> = named.collect();
            let is_named = |path: &str| named.iter().any(|name| serverless::fits(name, path));
            for (path, text) in texts.iter().filter(|(path, _)| is_named(path)) {
                if !is_service(text) && parts.insert(path.clone()) {
                    open.push(Arc::clone(text));
                }
            }
        }
    }
    parts
}

/// Whether a document is one that somebody writes, and not what a program printed.
pub(crate) fn is_source(root: &Node) -> bool {
    let kind = detect::detect(root);
    matches!(
        kind,
        DocumentKind::Policy | DocumentKind::Template | DocumentKind::Serverless
    )
}
