//! The logical id of a resource, or its name, where its ARN should be: what to write in its place.

use super::context::LintContext;
use crate::source::Span;
use crate::syntax::{Node, Template};

/// What to do about a text that is the logical id of a resource in the template that it stands in, of a type
/// whose ARN is right there.
pub(super) fn refer_to_arn(
    cx: LintContext<'_>,
    node: &Node,
    is_right: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let id = node.as_str()?;
    let place = cx.sources.resolve(node.span);
    let type_name = declared_type(cx, place, id).filter(|name| is_right(name))?;
    let (attribute, by_ref) = arn_of(cx, type_name);
    let attribute = attribute.unwrap_or("Arn");
    Some(format!(
        "`{id}` is a resource of this template ({type_name}): refer to it with {}",
        reference(cx, id, (!by_ref).then_some(attribute), place)
    ))
}

/// What to do about a reference that returns something else than the ARN of its resource, where the ARN is
/// right.
pub(super) fn refer_to_arn_of(
    cx: LintContext<'_>,
    node: &Node,
    is_right: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let place = cx.sources.resolve(node.span);
    let written = roots(cx, place).find_map(|root| written_at(cx, root, place))?;
    let (call, id) = referred(written)?;
    let type_name = declared_type(cx, place, id).filter(|name| is_right(name))?;
    let (attribute, by_ref) = arn_of(cx, type_name);
    let right = match by_ref {
        true => reference(cx, id, None, place),
        false => reference(cx, id, Some(attribute?), place),
    };
    Some(format!(
        "`{call}` does not return the ARN of `{id}` ({type_name}): write {right}"
    ))
}

/// What to do about a text that a template makes with the name of a resource where its ARN belongs.
pub(super) fn refer_to_arn_inside(cx: LintContext<'_>, node: &Node) -> Option<String> {
    let place = cx.sources.resolve(node.span);
    let written = roots(cx, place).find_map(|root| written_at(cx, root, place))?;
    let (id, in_text) = written.walk().find_map(|inner| {
        let by_ref = inner.str("Ref").map(|id| (id, false));
        by_ref.or_else(|| Some((first_place(inner.as_str()?)?, true)))
    })?;
    let type_name = declared_type(cx, place, id)?;
    let (attribute, by_ref) = arn_of(cx, type_name);
    let attribute = attribute.filter(|_| !by_ref)?;
    Some(match in_text {
        true => format!("`${{{id}}}` is not the ARN of `{id}`: write `${{{id}.{attribute}}}`"),
        false => format!(
            "`Ref` does not return the ARN of `{id}`: refer to it with {}",
            reference(cx, id, Some(attribute), place)
        ),
    })
}

/// The name of the first `${…}` in a text.
fn first_place(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("${")?;
    Some(rest.split_once('}')?.0)
}

/// The function that refers to a resource, and the logical id.
fn referred(written: &Node) -> Option<(&'static str, &str)> {
    if let Some(id) = written.str("Ref") {
        return Some(("Ref", id));
    }
    let given = written.get("Fn::GetAtt")?;
    let id = given.items().first().unwrap_or(given).as_str()?;
    Some(("Fn::GetAtt", id.split('.').next().unwrap_or(id)))
}

/// Whether `Fn::Sub` replaces a name in the template of a place.
pub(super) fn is_substituted(cx: LintContext<'_>, place: Span, name: &str) -> bool {
    let name = name.split('.').next().unwrap_or(name);
    let place = cx.sources.resolve(place);
    let has = |root: &Node, section| root.get(section).is_some_and(|own| own.get(name).is_some());
    name.starts_with("AWS::")
        || roots(cx, place).any(|root| has(root, "Resources") || has(root, "Parameters"))
}

/// Whether the text of a node is written where it stands, and does not come from somewhere else.
pub(super) fn is_literal(cx: LintContext<'_>, node: &Node) -> bool {
    let place = cx.sources.resolve(node.span);
    let written = roots(cx, place).find_map(|root| written_at(cx, root, place));
    written.is_some_and(|written| written.as_str().is_some())
}

/// The documents in whose text a place is.
fn roots<'k>(cx: LintContext<'k>, place: Span) -> impl Iterator<Item = &'k Node> {
    let of_file = move |root: &&Node| cx.sources.resolve(root.span).contains(place);
    cx.inventory.inputs().filter(of_file)
}

/// The type of a resource in the template of a place.
fn declared_type<'k>(cx: LintContext<'k>, place: Span, id: &str) -> Option<&'k str> {
    let resource = roots(cx, place).find_map(|root| root.get("Resources")?.get(id))?;
    resource.str("Type")
}

/// What is written at a place.
fn written_at<'n>(cx: LintContext<'_>, node: &'n Node, place: Span) -> Option<&'n Node> {
    let own = cx.sources.resolve(node.span);
    if own == place {
        return Some(node);
    }
    let members = node.members().iter().map(|member| &member.value);
    let mut inner = members.chain(node.items());
    let inner = inner.find(|inner| cx.sources.resolve(inner.span).contains(place))?;
    written_at(cx, inner, place)
}

/// The attribute that is the ARN of resources of a type, and whether `Ref` returns it.
fn arn_of<'k>(cx: LintContext<'k>, type_name: &str) -> (Option<&'k str>, bool) {
    let shape = cx.catalogue.template_resource(type_name);
    let returns_arn = |template: &Template| template.as_str() == "{arn}";
    let by_ref = shape.and_then(|shape| shape.reference.as_ref());
    let mut attributes = shape.into_iter().flat_map(|shape| &shape.attributes);
    let attribute = attributes.find(|(_, template)| returns_arn(template));
    let attribute = attribute.map(|(name, _)| name.as_str());
    (attribute, by_ref.is_some_and(returns_arn))
}

/// The intrinsic function that returns an attribute of a resource, or refers to it, in the language of its file.
fn reference(cx: LintContext<'_>, id: &str, attribute: Option<&str>, place: Span) -> String {
    let file = cx.sources.file(place.file);
    let is_json = file.is_some_and(|file| file.text().trim_start().starts_with('{'));
    match (attribute, is_json) {
        (None, true) => format!("{{ \"Ref\": \"{id}\" }}"),
        (None, false) => format!("!Ref {id}"),
        (Some(attribute), true) => {
            format!("{{ \"Fn::GetAtt\": [\"{id}\", \"{attribute}\"] }}")
        }
        (Some(attribute), false) => format!("!GetAtt {id}.{attribute}"),
    }
}
