//! Decoding steps that several kinds of catalogue entries share.

use std::collections::BTreeMap;

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Selector, Template};

/// Decodes every element of a list; a mistake in one becomes a problem and drops only that one.
pub(super) fn each<T>(
    nodes: &[Node],
    problems: &mut Vec<Problem>,
    decode: fn(&Node, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    nodes
        .iter()
        .filter_map(|node| decode(node, problems))
        .collect()
}

/// The strings of an object, by member name.
pub(super) fn text_map(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
) -> BTreeMap<String, String> {
    let members = fields.optional(name).map_or(&[][..], Node::members);
    let texts = members.iter().filter_map(|member| {
        let text = member.value.as_str()?;
        Some((member.key.text.to_string(), text.to_owned()))
    });
    texts.collect()
}

/// The templates of an object, by member name, in the order of the file.
pub(super) fn templates_by_name(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
) -> Vec<(String, Template)> {
    let members = fields.optional(name).map_or(&[][..], Node::members);
    let mut templates = Vec::new();
    for member in members {
        match member.value.as_str().map(Template::parse) {
            Some(Ok(template)) => templates.push((member.key.text.to_string(), template)),
            Some(Err(error)) => fields.wrong(name, error),
            None => fields.wrong(name, format!("`{}` must be a string", member.key.text)),
        }
    }
    templates
}

/// The JSONPaths of an object, by member name.
pub(super) fn selectors_by_name(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
) -> Vec<(String, Selector)> {
    let members = fields.optional(name).map_or(&[][..], Node::members);
    let mut selectors = Vec::new();
    for member in members {
        match Selector::parse(member.value.as_str().unwrap_or("")) {
            Ok(selector) => selectors.push((member.key.text.to_string(), selector)),
            Err(error) => fields.wrong(name, error.to_string()),
        }
    }
    selectors
}

/// The member `requestContext`: condition keys of a request, with templates of their values.
pub(super) fn request_context(fields: &mut Fields<'_, '_>) -> Vec<(String, Template)> {
    templates_by_name(fields, "requestContext")
}
