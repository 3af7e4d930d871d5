//! The functions of Terraform and OpenTofu, on values that may be known in part.
//!
//! A result is known only as far as it is the same for every text that the holes of the arguments can hold. Left out are
//! `try`, `can`, `templatefile` and `templatestring`, which evaluate expressions.
#![allow(
    dead_code,
    unused_imports,
    reason = "the evaluator that calls them is on its way"
)]

mod access;
mod calling;
mod collections;
mod conversions;
mod dates;
mod decimal;
mod encodings;
mod files;
mod format;
mod identity;
mod json_text;
mod maps;
mod network;
mod numbers;
mod paths;
mod patterns;
mod providers;
mod sets;
mod strings;
mod substrings;
#[cfg(test)]
mod tests;
mod values;
mod yaml_text;

pub(super) use calling::{Context, Fault, Texts};
pub(super) use json_text::json_text;
pub(super) use values::same;

use crate::source::Span;
use crate::syntax::{Node, nearest};
use calling::{Call, Function};

const FUNCTIONS: &[&[Function]] = &[
    access::FUNCTIONS,
    collections::FUNCTIONS,
    conversions::FUNCTIONS,
    dates::FUNCTIONS,
    encodings::FUNCTIONS,
    files::FUNCTIONS,
    format::FUNCTIONS,
    maps::FUNCTIONS,
    network::FUNCTIONS,
    numbers::FUNCTIONS,
    paths::FUNCTIONS,
    patterns::FUNCTIONS,
    providers::FUNCTIONS,
    sets::FUNCTIONS,
    strings::FUNCTIONS,
    substrings::FUNCTIONS,
];

/// The functions that an evaluator of expressions provides itself.
const OF_EXPRESSIONS: &[&str] = &["can", "templatefile", "templatestring", "try"];

/// The value that a function has for these arguments.
///
/// # Errors
///
/// When there is no such function, or it has no value for these arguments: what Terraform reports as well.
pub(super) fn call(
    name: &str,
    arguments: &[Node],
    span: Span,
    cx: &Context<'_>,
) -> Result<Node, Fault> {
    let local = name.strip_prefix("core::").unwrap_or(name);
    let mut functions = FUNCTIONS.iter().flat_map(|group| group.iter());
    let Some(function) = functions.find(|function| function.name == local) else {
        // What a provider defines is its affair.
        if name.starts_with("provider::") {
            return Ok(Call::new(name, arguments, span, cx).unknown());
        }
        return Err(Fault::Unknown(suggestion(local)));
    };
    let call = Call::new(function.name, arguments, span, cx);
    call.check_count(function)?;
    let value = (function.run)(&call)?;
    call.check_size(&value)?;
    Ok(value)
}

/// The known name that a misspelt one is nearest to.
fn suggestion(name: &str) -> Option<&'static str> {
    let names = FUNCTIONS.iter().flat_map(|group| group.iter());
    let names = names.map(|function| function.name);
    nearest(name, names.chain(OF_EXPRESSIONS.iter().copied()))
}
