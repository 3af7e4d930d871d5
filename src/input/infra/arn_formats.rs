//! References, attributes and ARNs of declared resources, by the forms of their types.

use std::sync::Arc;

use crate::catalogue::{NameForm, TemplateResource};
use crate::model::FunctionName;
use crate::syntax::{CharSet, FormPart, Hole, Kind, Names, Node, Template, Text};

/// How deep values may refer to each other.
pub(in crate::input) const MAX_DEPTH: usize = 64;

/// How long a name or ARN can be, with what stands for its holes; AWS takes none of more than 2,048
/// characters.
const LONGEST_NAME: usize = 1 << 13;

/// How many pieces of a name or ARN are kept apart.
const MOST_PIECES: usize = 128;

/// A declared resource, whose properties fill in the forms of its type.
pub(in crate::input) trait Declared {
    /// What the declaration calls it.
    fn logical_id(&self) -> &str;
    /// What distinguishes the names of its stack from those of others.
    fn stack(&self) -> &Arc<str>;
    /// A property with everything resolved; nothing where it is not written.
    fn property(&self, name: &str, depth: usize) -> Option<Node>;
    /// Where it is deployed: the text of a name such as `AWS::Region`.
    fn place(&self, name: &str) -> Option<Text>;
    /// A text of its stack that is unknown before deployment.
    fn open(&self, name: &str) -> Text;
    /// How the declaration writes an attribute, or the reference to the resource.
    fn expression(&self, attribute: Option<&str>) -> String;
    /// Its ARN or reference, where the declaration says it.
    fn stated(&self, _form: &str) -> Option<Text> {
        None
    }
    /// The form of a name or ID that is not declared.
    fn name_form(&self, shape: &TemplateResource, property: &str) -> Option<Arc<NameForm>> {
        shape.forms.get(property).cloned()
    }
}

const ARN: &str = "arn";
const REFERENCE: &str = "ref";

/// What a reference to the resource gives; nothing where that is not known.
pub(in crate::input) fn reference(
    resource: &dyn Declared,
    shape: &TemplateResource,
    depth: usize,
) -> Option<Text> {
    if let Some(known) = resource.stated(REFERENCE) {
        return Some(known);
    }
    let form = form(resource, shape, Form::Reference, depth)?;
    Some(fill(form, resource, shape, depth))
}

/// An attribute of the resource; nothing where its type has none of that name.
pub(in crate::input) fn attribute(
    resource: &dyn Declared,
    shape: &TemplateResource,
    name: &str,
    depth: usize,
) -> Option<Text> {
    let form = shape.attributes.get(name)?;
    Some(fill(form, resource, shape, depth))
}

/// The ARN of the resource, where its type has one.
pub(in crate::input) fn arn(resource: &dyn Declared, shape: &TemplateResource) -> Option<Text> {
    shape.arn.as_ref()?;
    if let Some(known) = resource.stated(ARN) {
        return Some(known);
    }
    Some(match form(resource, shape, Form::Arn, 0) {
        Some(form) => fill(form, resource, shape, 0),
        // That it has one is known, and that it is the same wherever it is asked for.
        None => resource.open(&format!("{}.arn", resource.logical_id())),
    })
}

/// Which form of a resource's type.
#[derive(Clone, Copy, Debug)]
enum Form {
    Arn,
    Reference,
}

/// A form of a resource's type with its properties filled in. What the resource does not say
/// is a hole that no other resource has.
pub(in crate::input) fn fill(
    form: &Template,
    resource: &dyn Declared,
    shape: &TemplateResource,
    depth: usize,
) -> Text {
    let mut names = Names::new();
    for name in form.names() {
        let text = match name {
            ARN => own_form(resource, shape, Form::Arn, name, depth),
            REFERENCE => own_form(resource, shape, Form::Reference, name, depth),
            _ => {
                let text = property(resource, shape, name, depth);
                // AWS takes no name that would not fit in there.
                match form.takes_anything(name) {
                    true => text,
                    false => text.as_segment(),
                }
            }
        };
        names.insert(name.to_owned(), text);
    }
    let text = form.fill(&names);
    match text.len() > LONGEST_NAME || text.pieces().len() > MOST_PIECES {
        true => resource.open(resource.logical_id()),
        false => text,
    }
}

/// The ARN or reference of a resource inside another of its forms.
fn own_form(
    resource: &dyn Declared,
    shape: &TemplateResource,
    which: Form,
    name: &str,
    depth: usize,
) -> Text {
    if let Some(known) = resource.stated(name) {
        return known;
    }
    match form(resource, shape, which, depth) {
        // A form that names itself would never end.
        Some(own) if depth < MAX_DEPTH => fill(own, resource, shape, depth + 1),
        _ => resource.open(&format!("{}.{name}", resource.logical_id())),
    }
}

/// The form of an ARN or reference; nothing where there is none, or where it is not known which
/// one it is.
fn form<'s>(
    resource: &dyn Declared,
    shape: &'s TemplateResource,
    which: Form,
    depth: usize,
) -> Option<&'s Template> {
    let (first, other) = match which {
        Form::Arn => (&shape.arn, shape.variant.as_ref().map(|v| &v.arn)),
        Form::Reference => (
            &shape.reference,
            shape.variant.as_ref().map(|v| &v.reference),
        ),
    };
    let Some((variant, other)) = shape.variant.as_ref().zip(other) else {
        return first.as_ref();
    };
    let Some(written) = resource.property(&variant.property, depth) else {
        return first.as_ref();
    };
    let text = written.as_text()?;
    let named = shape.name_or_arn.get(&variant.property);
    let named = named.and_then(|form| form.capture(text)?.remove("name"));
    let text = named.as_ref().unwrap_or(text);
    let default = shape.defaults.get(&variant.property);
    let is_own_name = text.first_hole().is_some_and(|hole| hole.is_own());
    match text.as_str() {
        Some(known) if default.is_some_and(|default| default == known) => first.as_ref(),
        Some(_) => other.as_ref(),
        None if is_own_name => other.as_ref(),
        None => None,
    }
}

/// What a property says, or what stands for it in a form.
fn property(resource: &dyn Declared, shape: &TemplateResource, name: &str, depth: usize) -> Text {
    if let Some(place) = resource.place(name) {
        return place;
    }
    let value = resource.property(name, depth);
    let named = |text: &Text| shape.name_or_arn.get(name)?.capture(text)?.remove("name");
    match value.as_ref().map(|value| &value.kind) {
        // A version and an alias may name their function by its ARN.
        Some(Kind::Text(text)) if name == "FunctionName" => FunctionName::parse(text).name,
        Some(Kind::Text(text)) => named(text).unwrap_or_else(|| text.clone()),
        Some(Kind::Number(number)) => Text::from(&**number),
        None => match shape.defaults.get(name) {
            Some(default) => default.as_str().into(),
            None => own(resource, shape, name),
        },
        _ => own(resource, shape, name),
    }
}

/// What a resource does not say of itself: no other has the same.
fn own(resource: &dyn Declared, shape: &TemplateResource, property: &str) -> Text {
    let id = resource.logical_id();
    // What its name stands for is the resource's own.
    let hole = match property.ends_with("Name") {
        true => Hole::own(id),
        false => Hole::own(&format!("{id}.{property}")),
    };
    let hole = hole.of(resource.stack()).of_kind(&shape.name);
    let hole = match resource.name_form(shape, property) {
        Some(form) => {
            let mut form = form.of(id, |name| resource.place(name));
            form.extend(suffix(resource, shape));
            hole.formed(form)
        }
        None => hole,
    };
    Text::hole(match expression(resource, shape, property) {
        Some(expression) => hole.written(&expression),
        None => hole,
    })
}

/// What a generated name ends with.
fn suffix(resource: &dyn Declared, shape: &TemplateResource) -> Option<FormPart> {
    let (with, text) = shape.name_suffix.as_ref()?;
    let value = resource.property(with, 0)?;
    match value.scalar().as_deref() {
        Some("true") => Some(FormPart::Known(text.as_str().into())),
        Some(_) => None,
        // It may end with it.
        None => Some(FormPart::Chars {
            set: CharSet::of_segment(),
            least: 0,
            most: Some(text.len()),
            random: false,
        }),
    }
}

/// How the declaration writes what a resource does not say of itself.
fn expression(resource: &dyn Declared, shape: &TemplateResource, property: &str) -> Option<String> {
    let is = |form: &Template| form.as_str() == format!("{{{property}}}");
    if shape.reference.as_ref().is_some_and(is) {
        return Some(resource.expression(None));
    }
    let mut attributes = shape.attributes.iter();
    let (name, _) = attributes.find(|(_, form)| is(form))?;
    Some(resource.expression(Some(name)))
}
