//! A resource of a template with every reference in it resolved.

use super::embedded_json;
use super::evaluation::Resolve;
use super::intrinsics::put_together;
use super::partial_string::text_of;
use super::resolve::{Resolver, adds_members, is_intrinsic};
use super::{attributes, sam};
use crate::catalogue::TemplateResource;
use crate::input::infra::Resource;
use crate::input::infra::arn_formats::MAX_DEPTH;
use crate::syntax::{Member, Node, Text};

/// The resource of a template, resolved; nothing where it has no type.
pub(super) fn resolved(
    resolver: &Resolver<'_>,
    member: &Member,
    expansion: &sam::Generation,
) -> Option<Resource> {
    let evaluation = resolver.evaluation();
    let (name, node) = (&*member.key.text, &member.value);
    let type_name = node.str("Type")?;
    let shape = evaluation.catalogue.template_resource(type_name);
    let unknown = unknown_properties(node);
    let properties = node.get("Properties");
    let properties = properties.and_then(|properties| resolver.value(properties));
    let properties = properties.filter(Node::is_object);
    let properties = properties.unwrap_or_else(|| Node::object([], node.span));
    let json = shape.and_then(|shape| shape.embedded_json.as_ref());
    let embedded = json.and_then(|json| embedded_json::taken(json, &properties));
    let updates = node.get("UpdatePolicy");
    let reference = attributes::referred(resolver, name, 0);
    Some(Resource {
        type_name: type_name.to_owned(),
        logical_id: name.to_owned(),
        reference: reference.unwrap_or_else(|| evaluation.open(name)),
        arn: attributes::arn(resolver, name),
        account: evaluation.context.pseudo("AWS::AccountId"),
        region: evaluation.context.pseudo("AWS::Region"),
        attributes: shape.map_or_else(Vec::new, |shape| own_attributes(resolver, shape, name)),
        path: path(resolver, node, 0),
        condition: node.str("Condition").map(str::to_owned),
        construct_path: construct_path(node).map(str::to_owned),
        update_policy: updates.and_then(|policy| resolver.value(policy)),
        embedded: embedded.map(|(name, node)| (name.to_owned(), node)),
        external_grant: unknown.then(|| format!("what is added to `{name}`")),
        generated: expansion.get(name).cloned().unwrap_or_default(),
        span: node.span,
        name_span: member.key.span,
        properties,
    })
}

/// Whether a resource has properties that are not known.
pub(super) fn unknown_properties(resource: &Node) -> bool {
    let properties = resource.get("Properties");
    let members = properties.map_or(&[][..], Node::members);
    members.iter().any(adds_members) || properties.is_some_and(is_call)
}

fn is_call(node: &Node) -> bool {
    matches!(node.members(), [only] if is_intrinsic(&only.key.text))
}

/// The attributes of a resource but for its ARN and what `Ref` gives.
fn own_attributes(
    resolver: &Resolver<'_>,
    shape: &TemplateResource,
    name: &str,
) -> Vec<(String, Text)> {
    let forms = shape.attributes.iter();
    let own = forms.filter(|(_, form)| !matches!(form.as_str(), "{arn}" | "{ref}"));
    let filled = own.filter_map(|(attribute, _)| {
        let text = attributes::attribute(resolver, name, attribute, 0)?;
        Some((attribute.clone(), text))
    });
    filled.collect()
}

/// Where the code of a CDK app makes a resource.
fn construct_path(resource: &Node) -> Option<&str> {
    let path = resource.at(&["Metadata", "aws:cdk:path"])?.as_str()?;
    Some(path.strip_suffix("/Resource").unwrap_or(path))
}

/// The path that a resource is in or makes, where all steps before it are known.
///
/// A step that does not lead to another is the root.
fn path(resolver: &Resolver<'_>, resource: &Node, depth: usize) -> Option<Text> {
    let evaluation = resolver.evaluation();
    let shape = evaluation
        .catalogue
        .template_resource(resource.str("Type")?)?;
    let form = shape.path.as_ref()?;
    if depth > MAX_DEPTH {
        return None;
    }
    let parent = resource.at(&["Properties", &form.parent])?;
    let before = match parent.str("Ref") {
        Some(name) => path(resolver, evaluation.resources.get(name)?, depth + 1)?,
        None => {
            let call = parent.get("Fn::GetAtt")?;
            let name = call.as_str().or_else(|| call.items().first()?.as_str())?;
            let name = name.split('.').next().unwrap_or(name);
            evaluation.resources.get(name)?;
            Text::from("")
        }
    };
    let Some(part) = &form.part else {
        return Some(match before.as_str() {
            Some("") => Text::from("/"),
            _ => before,
        });
    };
    let part = resolver.value(resource.at(&["Properties", part])?)?;
    put_together(resolver, "/", &[before, text_of(&part)?])
}
