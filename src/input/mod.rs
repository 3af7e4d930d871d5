//! Dialects to the model: documents are recognised by their content and joined into functions.
//!
//! Owns every dialect's quirks: policies by themselves, outputs of the AWS CLI, bundles of them,
//! templates, and what flags say of a function. Each emits the same facts, which `link` joins. It
//! must not decide whether something is permitted.

mod cli_output;
mod cloudformation;
mod detect;
mod emitter;
mod facts;
mod hints;
mod infra;
mod link;
mod parameters;
mod policy;
mod scope;
mod vocabulary;

use std::ops::Range;

use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, json, yaml};
use cloudformation::{StackGroup, Stacks, Template};
use detect::DocumentKind;
use emitter::Emitter;

pub(crate) use cloudformation::{Branch, Links, TemplateView, only_if, short_form};
pub(crate) use detect::SERVERLESS_HELP;
pub(crate) use facts::Facts;
pub(crate) use link::link;

pub use hints::{Hint, Hints};
pub use parameters::{Parameter, Parameters, Undeclared};
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
}

/// Reads all inputs into facts.
pub(crate) fn read(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    catalogue: &Catalogue,
) -> Reading {
    let mut door = Door {
        sources,
        hints,
        catalogue,
        vocabulary: Vocabulary::new(catalogue),
        stacks: Stacks::default(),
        reading: Reading::default(),
    };
    door.reading.problems.extend(hints.mistakes(catalogue));
    for input in inputs {
        let file = door.sources.file(input.file);
        let recognised = match file.map(|file| file.text().clone()) {
            Some(text) => door.read_text(input, &text),
            None => false,
        };
        door.reading.recognised.push(recognised);
    }
    // Templates wait until all are read: they can nest and import each other.
    let stacks = std::mem::take(&mut door.stacks);
    door.reading.problems.extend(stacks.problems());
    let groups = stacks.groups(catalogue, &hints.parameters.values());
    for (index, group) in groups.iter().enumerate() {
        door.emit_group(group);
        door.reading.templates.extend(group.views(index));
    }
    let mut reading = door.reading;
    let mistakes = hints.parameters.mistakes(reading.documents.iter());
    reading.problems.extend(mistakes);
    reading
}

/// Where documents come in: each goes to the reader of its kind.
struct Door<'r> {
    sources: &'r mut SourceMap,
    hints: &'r Hints,
    catalogue: &'r Catalogue,
    vocabulary: Vocabulary,
    stacks: Stacks,
    reading: Reading,
}

/// The documents of a text. CloudFormation reads a template that is no JSON as YAML, in which a comma may
/// end a list.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html>
fn parsed(file: FileId, text: &str) -> json::Documents {
    let as_yaml = || yaml::read(file, text, &cloudformation::long_form);
    if !is_json(text) {
        return as_yaml();
    }
    let documents = json::read(file, text);
    if documents.errors.is_empty() || !text.contains("Resources") {
        return documents;
    }
    let other = as_yaml();
    let is_template = matches!(other.roots.as_slice(), [root] if detect::is_template(root));
    match other.errors.is_empty() && is_template {
        true => other,
        false => documents,
    }
}

impl Door<'_> {
    /// Reads one text; returns whether a document in it is something that we know.
    fn read_text(&mut self, input: &Input, text: &str) -> bool {
        // Nothing would be said of it.
        if !input.named && !self.vocabulary.may_be_ours(text) {
            return false;
        }
        let (errors, text) = cli_output::cli_error::take(text);
        let documents = parsed(input.file, &text);
        let is_several = documents.roots.len() > 1;
        let mut recognised = false;
        for (index, root) in documents.roots.iter().enumerate() {
            let scope = match is_several {
                true => input.scope.inner(&index.to_string()),
                false => input.scope.clone(),
            };
            recognised |= self.read_root(root, &scope, input);
        }
        // A text of another program can quote such an error.
        if recognised || input.named || text.trim().is_empty() {
            recognised |= !errors.is_empty();
            for error in &errors {
                let span = span_of(input.file, &error.range);
                self.cli_output(|reader| reader.error(error, span, &input.scope));
            }
        }
        let start = Span::new(input.file, 0, 0);
        let is_unknown = input.named && !recognised;
        let foreign = || detect::foreign_text(&input.scope.path(), &text, start);
        if let Some(problem) = is_unknown.then(foreign).flatten() {
            self.reading.problems.push(problem);
        } else if documents.errors.is_empty() && is_unknown {
            let problem = unknown(input, &text, &documents, self.catalogue);
            self.reading.problems.push(problem);
        } else if input.named || recognised || detect::looks_familiar(&text, self.catalogue) {
            let problems = syntax_errors(documents.errors, &text);
            // A file of ours that is broken is not one that nobody knows.
            recognised |= !input.named && !problems.is_empty();
            self.reading.problems.extend(problems);
        }
        self.reading.documents.extend(documents.roots);
        recognised
    }

    /// Reads a document of a text; returns whether it is something that we know.
    fn read_root(&mut self, root: &Node, scope: &Scope, input: &Input) -> bool {
        if let Some(problem) = detect::foreign_document(root) {
            self.reading
                .problems
                .extend(Some(problem).filter(|_| input.named));
            return input.named;
        }
        if self.read_document(root, scope, &input.scope.path()) {
            self.reading.facts.inputs.push(root.clone());
            return true;
        }
        let problem = detect::nearly_right(root);
        let is_nearly_right = problem.is_some();
        self.reading.problems.extend(problem);
        is_nearly_right
    }

    /// Hands a document to the reader of its kind; returns whether it is something that we know.
    fn read_document(&mut self, root: &Node, scope: &Scope, path: &str) -> bool {
        match detect::detect(root) {
            DocumentKind::List => {
                let items = root.items().iter().enumerate();
                items.fold(false, |known, (index, item)| {
                    let scope = scope.inner(&index.to_string());
                    self.read_document(item, &scope, path) | known
                })
            }
            DocumentKind::Template => {
                self.stacks.add(Template {
                    root: root.clone(),
                    scope: scope.of_bundle(root.span.start),
                    path: path.to_owned(),
                });
                true
            }
            DocumentKind::Manifest => {
                self.stacks.add_manifest(root, path);
                true
            }
            DocumentKind::Package => {
                self.reading.facts.packages.push(root.clone());
                true
            }
            DocumentKind::Terraform | DocumentKind::Serverless => false,
            DocumentKind::Policy => {
                let given = self.hints.parameters.values();
                let document = cloudformation::resolved_alone(root, &given, self.catalogue);
                self.cli_output(|reader| reader.document(&document, scope))
            }
            DocumentKind::Bundle | DocumentKind::Other => {
                self.cli_output(|reader| reader.document(root, scope))
            }
        }
    }

    fn cli_output<T>(&mut self, read: impl FnOnce(&mut cli_output::Reader<'_, '_>) -> T) -> T {
        read(&mut cli_output::Reader {
            emitter: &mut Emitter {
                sources: self.sources,
                facts: &mut self.reading.facts,
                problems: &mut self.reading.problems,
            },
            catalogue: self.catalogue,
            policy_type: self.hints.policy_type,
        })
    }

    /// Emits the facts of stacks that belong together, in their first contexts and in each of their
    /// other branches.
    fn emit_group(&mut self, group: &StackGroup<'_>) {
        self.reading.problems.extend(group.problems());
        let mut problems = Vec::new();
        let first = self.emit(&group.deployment(), group, &mut problems);
        self.reading.problems.append(&mut problems);
        for (branch, deployment) in group.branches() {
            // What is wrong with a text in it was reported with the first contexts.
            let mut facts = self.emit(&deployment, group, &mut problems);
            if facts != first {
                // The organization limits every branch.
                facts
                    .organization
                    .clone_from(&self.reading.facts.organization);
                self.reading.branches.push((branch, facts));
            }
        }
        self.reading.facts.append(first);
    }

    fn emit(
        &mut self,
        deployment: &infra::Deployment,
        group: &StackGroup<'_>,
        problems: &mut Vec<Problem>,
    ) -> Facts {
        let mut facts = Facts::default();
        let mut emitter = Emitter {
            sources: self.sources,
            facts: &mut facts,
            problems,
        };
        let (origin, scope) = (group.span(), group.scope());
        infra::emit(deployment, origin, &scope, self.catalogue, &mut emitter);
        facts
    }
}

/// Whether a document is one that somebody writes, and not what a program printed.
pub(crate) fn is_source(root: &Node) -> bool {
    let kind = detect::detect(root);
    matches!(kind, DocumentKind::Policy | DocumentKind::Template)
}

fn span_of(file: FileId, range: &Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(range.start), offset(range.end))
}

/// The errors of a text as problems; the first says what to give where the text is not JSON.
fn syntax_errors(errors: Vec<json::SyntaxError>, text: &str) -> Vec<Problem> {
    let mut problems: Vec<_> = errors.into_iter().map(Problem::from).collect();
    let is_json = text.trim_start().starts_with(['{', '[']);
    if let Some(first) = problems.first_mut().filter(|_| !is_json) {
        first.help.get_or_insert_with(|| INPUT.to_owned());
    }
    problems
}

/// That a document is an answer of the AWS CLI in which nothing is of use, and which command prints
/// what is.
fn other_answer(root: &Node, catalogue: &Catalogue) -> Option<Problem> {
    let mut answers = catalogue.other_answers.iter();
    let answer = answers.find(|answer| answer.recognizes(root))?;
    let message = format!(
        "the output of `{}` does not show {}",
        answer.command, answer.lacks
    );
    let help = format!("provide the output of `{}`", answer.instead);
    Some(Problem::at(root.span.at_start(), message).help(help))
}

/// Whether a text is JSON, or was meant to be.
fn is_json(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.is_empty() || start.starts_with(['{', '['])
}

/// What to hand over.
const INPUT: &str = "expected an IAM policy, a CloudFormation or SAM template, output of the AWS CLI about \
                     a function, its role or its triggers, a bundle of them, or a deployment package";

fn unknown(
    input: &Input,
    text: &str,
    documents: &json::Documents,
    catalogue: &Catalogue,
) -> Problem {
    let start = Span::new(input.file, 0, 0);
    let help = INPUT;
    if text.trim().is_empty() {
        return Problem::at(start, "the file is empty").help(help);
    }
    if ["//", "/*"]
        .iter()
        .any(|mark| text.trim_start().starts_with(mark))
    {
        return Problem::at(start, "JSON does not support comments").help("remove them");
    }
    let roots = documents.roots.iter();
    if let Some(problem) = roots
        .filter_map(|root| other_answer(root, catalogue))
        .next()
    {
        return problem;
    }
    let span = documents.roots.first().map_or(start, |root| root.span);
    Problem::at(
        span.at_start(),
        "this file does not contain a supported document",
    )
    .help(help)
}
