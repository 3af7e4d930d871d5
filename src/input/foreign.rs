//! Files of other tools that describe the same things in a way that is not read.

use crate::diagnostics::Problem;
use crate::source::Span;
use crate::syntax::Node;

const HELP: &str = "hand over what the AWS CLI prints of the deployed function, its role and its triggers, or \
                    the policy documents by themselves";

/// A plan or state of Terraform as JSON.
///
/// <https://developer.hashicorp.com/terraform/internals/json-format>
pub(super) fn document(root: &Node) -> Option<Problem> {
    root.str("terraform_version")?;
    let message = "this is a plan or state of Terraform, which lint-lambda does not read";
    Some(Problem::at(root.span.at_start(), message).help(HELP))
}

/// Configuration of Terraform.
pub(super) fn text(text: &str, start: Span) -> Option<Problem> {
    const BLOCKS: [&str; 5] = [
        "resource \"",
        "data \"",
        "module \"",
        "provider \"",
        "variable \"",
    ];
    let is_block = |line: &str| {
        line.trim_end().ends_with('{') && BLOCKS.iter().any(|block| line.starts_with(block))
    };
    let message = "this is configuration of Terraform, which lint-lambda does not read";
    let found = text.lines().any(is_block);
    found.then(|| Problem::at(start, message).help(HELP))
}
