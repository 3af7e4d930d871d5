//! Texts as documents, and what is said of those that nobody knows.

use std::borrow::Cow;
use std::ops::Range;

use super::cli_output::cli_error::{self, CliError};
use super::terraform::is_configuration;
use super::{Input, InputRole, Vocabulary, cloudformation, detect};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Node, json, yaml};
use crate::work::in_parallel;

/// The documents of a text. CloudFormation reads a template that is no JSON as YAML, in which a comma may
/// end a list.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html>
pub(super) fn parsed(file: FileId, text: &str) -> json::Documents {
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

/// A text of ours as documents.
#[derive(Debug)]
pub(super) struct ParsedText {
    /// What the AWS CLI printed of errors.
    pub(super) errors: Vec<CliError>,
    /// The text without them, where there are any.
    pub(super) without_errors: Option<String>,
    pub(super) documents: json::Documents,
}

impl ParsedText {
    /// Reads a text, if it can be one of ours.
    pub(super) fn of(input: &Input, text: &str, vocabulary: &Vocabulary) -> Option<Self> {
        if !input.named && !vocabulary.may_be_ours(text) {
            return None;
        }
        let (errors, rest) = cli_error::take(text);
        let documents = parsed(input.file, &rest);
        let without_errors = match rest {
            Cow::Borrowed(_) => None,
            Cow::Owned(rest) => Some(rest),
        };
        Some(ParsedText {
            errors,
            without_errors,
            documents,
        })
    }
}

/// Several texts as documents, read by as many threads as there are; what is not read here is read when its turn
/// comes.
pub(super) fn parsed_beforehand(
    sources: &SourceMap,
    inputs: &[Input],
    vocabulary: &Vocabulary,
) -> Vec<Option<ParsedText>> {
    let parsed = |input: &Input| {
        let file = sources.file(input.file)?;
        let is_of_terraform = is_configuration(file.name()) || detect::is_hcl(file.text());
        let is_other = is_of_terraform || input.role == InputRole::Supporting;
        let text = Some(file.text()).filter(|_| !is_other)?;
        ParsedText::of(input, text, vocabulary)
    };
    match inputs.len() {
        0..FEW => Vec::new(),
        _ => in_parallel(inputs, parsed),
    }
}

/// To start threads for fewer texts costs more than to read them.
const FEW: usize = 8;

/// A range of a file.
pub(super) fn span_of(file: FileId, range: &Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(range.start), offset(range.end))
}

/// The errors of a text as problems; the first says what to give where the text is not JSON.
pub(super) fn syntax_errors(errors: Vec<json::SyntaxError>, text: &str) -> Vec<Problem> {
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
const INPUT: &str = "expected an IAM policy, a CloudFormation or SAM template, Terraform configuration or a plan, \
                     configuration of the Serverless Framework, output of the \
                     AWS CLI about a function, its role or its triggers, a bundle of them, or a deployment package";

/// That a text holds nothing that is known.
pub(super) fn unknown(
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
