//! Dialects to the model: documents are recognised by their content and joined into functions.
//!
//! Owns every dialect's quirks: policies by themselves, answers of the AWS CLI, bundles of them,
//! templates, and what flags say of a function. It must not decide whether something is permitted.

mod cli_output;
mod cloudformation;
mod facts;
mod foreign;
mod hints;
mod link;
mod managed;
mod nearly;
mod parameters;
mod policy;
mod scope;

use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap};
use crate::syntax::{Node, json, yaml};
use cloudformation::Stacks;

pub(crate) use cloudformation::Branch;
pub(crate) use facts::Facts;
pub(crate) use link::link;

pub use hints::{Hint, Hints};
pub use parameters::{Parameter, Parameters};
pub use scope::Scope;

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
    /// Whether each input held something that we know.
    pub(crate) recognised: Vec<bool>,
}

/// Reads all inputs into facts.
pub(crate) fn read(
    sources: &mut SourceMap,
    inputs: &[Input],
    hints: &Hints,
    catalogue: &Catalogue,
) -> Reading {
    let mut reading = Reading::default();
    reading.problems.extend(hints.mistakes(catalogue));
    let mut stacks = Stacks::default();
    let mut reader = cli_output::Reader {
        sources,
        catalogue,
        hints,
        facts: &mut reading.facts,
        problems: &mut reading.problems,
        way: String::new(),
        stacks: &mut stacks,
        branches: &mut reading.branches,
    };
    for input in inputs {
        let Some(text) = reader
            .sources
            .file(input.file)
            .map(|file| file.text().clone())
        else {
            reading.recognised.push(false);
            continue;
        };
        reader.way = input.scope.way();
        let (documents, recognised) = read_text(&mut reader, input, &text);
        reading.documents.extend(documents);
        reading.recognised.push(recognised);
    }
    let stacks = std::mem::take(reader.stacks);
    reader.problems.extend(stacks.problems());
    for deployment in stacks.deployments(catalogue, &hints.parameters.values()) {
        reader.deployment(&deployment);
    }
    let mistakes = hints.parameters.mistakes(reading.documents.iter());
    reading.problems.extend(mistakes);
    reading
}

/// Reads one text; tells its documents, and whether one of them is something that we know.
fn read_text(reader: &mut cli_output::Reader<'_>, input: &Input, text: &str) -> (Vec<Node>, bool) {
    let (errors, text) = cli_output::cli_error::take(text);
    errors.iter().for_each(|error| reader.error(error, input));
    let documents = match is_json(&text) {
        true => json::read(input.file, &text),
        false => yaml::read(input.file, &text, &cloudformation::long_form),
    };
    let several = documents.roots.len() > 1;
    let mut recognised = !errors.is_empty();
    for (index, root) in documents.roots.iter().enumerate() {
        let scope = match several {
            true => input.scope.inner(&index.to_string()),
            false => input.scope.clone(),
        };
        if let Some(problem) = foreign::document(root) {
            recognised |= input.named;
            reader
                .problems
                .extend(Some(problem).filter(|_| input.named));
        } else if reader.document(root, &scope) {
            recognised = true;
            reader.facts.inputs.push(root.clone());
        } else if let Some(problem) = nearly::problem(root) {
            recognised = true;
            reader.problems.push(problem);
        }
    }
    let told = input.named || recognised || looks_familiar(&text);
    let start = crate::source::Span::new(input.file, 0, 0);
    let foreign = foreign::text(&text, start).filter(|_| input.named && !recognised);
    if let Some(problem) = foreign {
        reader.problems.push(problem);
    } else if documents.errors.is_empty() && input.named && !recognised {
        reader.problems.push(unknown(input, &text, &documents));
    } else if told {
        let is_no_json = !text.trim_start().starts_with(['{', '[']);
        let mut problems: Vec<_> = documents.errors.into_iter().map(Problem::from).collect();
        if let Some(first) = problems.first_mut().filter(|_| is_no_json) {
            first.help.get_or_insert_with(|| INPUT.to_owned());
        }
        reader.problems.extend(problems);
    }
    (documents.roots, recognised)
}

/// Whether a text is JSON, or was meant to be.
fn is_json(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.is_empty() || start.starts_with(['{', '['])
}

/// What to hand over.
const INPUT: &str = "give an IAM policy, a CloudFormation or SAM template, an answer of the AWS CLI about \
                     a function, its role or its triggers, a bundle of them, or a deployment package";

fn unknown(input: &Input, text: &str, documents: &json::Documents) -> Problem {
    let start = crate::source::Span::new(input.file, 0, 0);
    let help = INPUT;
    if text.trim().is_empty() {
        return Problem::at(start, "the file is empty").help(help);
    }
    if ["//", "/*"]
        .iter()
        .any(|mark| text.trim_start().starts_with(mark))
    {
        return Problem::at(start, "JSON has no comments").help("remove them");
    }
    let span = documents.roots.first().map_or(start, |root| root.span);
    Problem::at(
        span.at_start(),
        "nothing in this file is known to lint-lambda",
    )
    .help(help)
}

/// Whether a text that could not be read was probably meant for us.
fn looks_familiar(text: &str) -> bool {
    const WORDS: [&str; 11] = [
        "AWS::IAM::",
        "AWS::Lambda::",
        "AWS::Serverless::",
        "\"Statement\"",
        "\"FunctionArn\"",
        "\"FunctionName\"",
        "\"AssumeRolePolicyDocument\"",
        "\"PolicyDocument\"",
        "\"EventSourceMappings\"",
        "\"LambdaFunctionConfigurations\"",
        "\"AttachedPolicies\"",
    ];
    WORDS.iter().any(|word| text.contains(word))
}
