//! The logical id of a resource where its ARN should be: what to write in its place.

use super::context::LintContext;
use crate::source::Span;
use crate::syntax::Node;

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

/// The intrinsic function that returns the ARN of a resource, in the language of its file.
fn reference(cx: LintContext<'_>, id: &str, type_name: &str, place: Span) -> String {
    let shape = cx.catalogue.template_resource(type_name);
    let returns_arn = |template: &crate::syntax::Template| template.as_str() == "{arn}";
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
