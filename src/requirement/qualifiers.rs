//! What a permission for one of a function's ARNs says of a call of another one.

use super::verdict::Refusal;
use crate::diagnostics::Note;
use crate::iam::Element;
use crate::model::FunctionName;
use crate::syntax::{Template, Text};

/// Why a permission that is nearly right does not apply: it names the function with another
/// qualifier than the call, or in an ARN that no function has.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html>
pub(super) fn note(called: &FunctionName, refusals: &[Refusal<'_>]) -> Option<Note> {
    let misses = refusals.iter().filter_map(|refusal| refusal.near.as_ref());
    let listed = misses
        .filter(|miss| matches!(miss.stopped_by.as_slice(), [Element::Resource]))
        .filter_map(|miss| miss.statement.resources.as_ref())
        .filter(|resources| !resources.negated);
    let mut entries = listed.flat_map(|resources| &resources.entries);
    let text = entries.find_map(|entry| why(called, &entry.text))?;
    Some(Note::new("note", text))
}

fn why(called: &FunctionName, written: &Text) -> Option<&'static str> {
    if is_too_long(called, written) {
        return Some("nothing can follow the version or alias in the ARN of a function");
    }
    let named = FunctionName::of_arn(written).filter(|named| named.can_be(called))?;
    match (&called.qualifier, &named.qualifier) {
        (Some(_), None) => {
            Some("a permission for the function itself does not apply to its versions and aliases")
        }
        (None, Some(any)) if any.as_str() == Some("*") => Some(
            "`:*` at the end of the ARN stands for all versions and aliases, but not for the function itself",
        ),
        (None, Some(_)) => {
            Some("a permission for a version or alias does not apply to the function itself")
        }
        (Some(own), Some(other)) if own != other => {
            Some("a permission for one version or alias does not apply to another")
        }
        _ => None,
    }
}

/// Whether an ARN goes on after the qualifier of the called function.
fn is_too_long(called: &FunctionName, written: &Text) -> bool {
    const FORM: &str =
        "arn:{partition}:lambda:{region}:{account}:function:{name}:{qualifier}:{rest+}";
    let form = Template::parse(FORM).ok();
    let names = form.and_then(|form| form.capture(written));
    names.is_some_and(|names| names.get("name") == Some(&called.name))
}
