//! The logical id of a resource where its ARN should be: what to write in its place.

use super::context::LintContext;
use crate::source::Span;
use crate::syntax::{Node, Template};

/// What to do about a text that is the logical id of a resource in the template that it stands in.
pub(super) fn refer_to_arn(cx: LintContext<'_>, node: &Node) -> Option<String> {
    let id = node.as_str()?;
    let place = cx.sources.resolve(node.span);
    let of_file = |root: &&Node| cx.sources.resolve(root.span).contains(place);
    let mut roots = cx.inventory.inputs().filter(of_file);
    let resource = roots.find_map(|root| root.get("Resources")?.get(id))?;
    let type_name = resource.str("Type")?;
    Some(format!(
        "`{id}` is a resource of this template ({type_name}): refer to it with {}",
        reference(cx, id, type_name, place)
    ))
}

/// What to do about a text that a template makes with the name of a resource where its ARN belongs.
pub(super) fn refer_to_arn_inside(cx: LintContext<'_>, node: &Node) -> Option<String> {
    let place = cx.sources.resolve(node.span);
    let of_file = |root: &&Node| cx.sources.resolve(root.span).contains(place);
    let root = cx.inventory.inputs().find(of_file)?;
    let resources = root.get("Resources")?;
    let is_there = |node: &&Node| cx.sources.resolve(node.span) == place;
    let written = resources.walk().find(is_there)?;
    let (id, in_text) = written.walk().find_map(|inner| {
        let by_ref = inner.str("Ref").map(|id| (id, false));
        by_ref.or_else(|| Some((first_place(inner.as_str()?)?, true)))
    })?;
    let type_name = resources.get(id)?.str("Type")?;
    let shape = cx.catalogue.template_resource(type_name)?;
    let returns_arn = |template: &Template| template.as_str() == "{arn}";
    let mut attributes = shape.attributes.iter();
    let (attribute, _) = attributes.find(|(_, template)| returns_arn(template))?;
    let is_name = shape
        .reference
        .as_ref()
        .is_some_and(|own| !returns_arn(own));
    is_name.then(|| match in_text {
        true => format!("`${{{id}}}` is not the ARN of `{id}`: write `${{{id}.{attribute}}}`"),
        false => format!(
            "`Ref` does not return the ARN of `{id}`: refer to it with {}",
            reference(cx, id, type_name, place)
        ),
    })
}

/// The name of the first `${…}` in a text.
fn first_place(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("${")?;
    Some(rest.split_once('}')?.0)
}

/// The intrinsic function that returns the ARN of a resource, in the language of its file.
fn reference(cx: LintContext<'_>, id: &str, type_name: &str, place: Span) -> String {
    let shape = cx.catalogue.template_resource(type_name);
    let returns_arn = |template: &Template| template.as_str() == "{arn}";
    let by_ref = shape.and_then(|shape| shape.reference.as_ref());
    let mut attributes = shape.iter().flat_map(|shape| &shape.attributes);
    let attribute = attributes.find(|(_, template)| returns_arn(template));
    let attribute = attribute.map_or("Arn", |(name, _)| name.as_str());
    let file = cx.sources.file(place.file);
    let is_json = file.is_some_and(|file| file.text().trim_start().starts_with('{'));
    match (by_ref.is_some_and(returns_arn), is_json) {
        (true, true) => format!("{{ \"Ref\": \"{id}\" }}"),
        (true, false) => format!("!Ref {id}"),
        (false, true) => format!("{{ \"Fn::GetAtt\": [\"{id}\", \"{attribute}\"] }}"),
        (false, false) => format!("!GetAtt {id}.{attribute}"),
    }
}
