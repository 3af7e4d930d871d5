//! What `Ref`, `Fn::GetAtt` and ARNs give of the resources of a template, by the forms of their
//! types.

use super::resolve::{MAX_DEPTH, Resolver, text_of};
use crate::catalogue::TemplateResource;
use crate::model::FunctionName;
use crate::syntax::{Hole, Kind, Names, Node, Template, Text};

/// How long a name or ARN can be, with what stands for its holes; AWS takes none of more than 2,048
/// characters.
const LONGEST_NAME: usize = 1 << 13;

/// How many pieces of a name or ARN are kept apart.
const MOST_PIECES: usize = 128;

impl Resolver<'_> {
    pub(super) fn attribute_call(&self, given: &Node, depth: usize) -> Option<Text> {
        if let Some((resource, name)) = given.as_str().and_then(|text| text.split_once('.')) {
            return self.attribute(resource, name, depth);
        }
        let [resource, name] = given.items() else {
            return None;
        };
        // With the language extensions, both may be calls.
        let [resource, name] = [resource, name].map(|part| self.deep(part, depth));
        self.attribute(resource?.as_str()?, name?.as_str()?, depth)
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(&self, resource: &str, name: &str, depth: usize) -> Option<Text> {
        let key = format!("{resource}.{name}");
        if let Some(known) = self.setting.around.outputs.get(&key) {
            return Some(known.clone());
        }
        let made = self.once(&key, || {
            let (node, shape) = self.declared(resource)?;
            let form = shape?.attributes.get(name)?;
            Some(self.fill(form, resource, node, shape, depth))
        });
        Some(made.unwrap_or_else(|| self.open(&key)))
    }

    /// The path that a resource is in or makes, where all steps before it are known.
    ///
    /// A step that does not lead to another is the root.
    pub(super) fn path(&self, resource: &Node, depth: usize) -> Option<Text> {
        let kind = resource.str("Type")?;
        let form = self.catalogue.template_resource(kind)?.path.as_ref()?;
        if depth > MAX_DEPTH {
            return None;
        }
        let parent = resource.at(&["Properties", &form.parent])?;
        let before = match parent.str("Ref") {
            Some(name) => self.path(self.resources.get(name)?, depth + 1)?,
            None => {
                let call = parent.get("Fn::GetAtt")?;
                let name = call.as_str().or_else(|| call.items().first()?.as_str())?;
                let name = name.split('.').next().unwrap_or(name);
                self.resources.get(name)?;
                Text::from("")
            }
        };
        let Some(part) = &form.part else {
            return Some(match before.as_str() {
                Some("") => Text::from("/"),
                _ => before,
            });
        };
        let part = self.value(resource.at(&["Properties", part])?)?;
        let parts = [before, text_of(&part)?];
        self.put_together("/", &parts)
    }

    /// The ARN of a resource, where its type has one.
    pub(super) fn arn(&self, name: &str) -> Option<Text> {
        let (resource, shape) = self.declared(name)?;
        shape?.arn.as_ref()?;
        Some(match self.form(resource, shape?, Form::Arn, 0) {
            Some(form) => self.fill(form, name, resource, shape, 0),
            // That it has one is known, and that it is the same wherever it is asked for.
            None => self.open(&format!("{name}.arn")),
        })
    }

    /// What `Ref` gives of a resource.
    pub(super) fn id(&self, name: &str) -> Text {
        self.referred(name, 0).unwrap_or_else(|| self.open(name))
    }

    /// A form of a resource's type with its properties filled in. What the resource does not say
    /// is a hole that no other resource has.
    pub(super) fn fill(
        &self,
        form: &Template,
        resource: &str,
        node: &Node,
        shape: Option<&TemplateResource>,
        depth: usize,
    ) -> Text {
        let mut names = Names::new();
        for name in form.names() {
            let which = match name {
                "arn" => Some(Form::Arn),
                "ref" => Some(Form::Reference),
                _ => None,
            };
            let own = which
                .zip(shape)
                .map(|(which, shape)| self.form(node, shape, which, depth));
            let text = match own {
                // A form that names itself would never end.
                Some(Some(own)) if depth < MAX_DEPTH => {
                    self.fill(own, resource, node, shape, depth + 1)
                }
                Some(_) => self.open(&format!("{resource}.{name}")),
                None => {
                    let text = self.property(resource, node, shape, name, depth);
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
            true => self.open(resource),
            false => text,
        }
    }

    /// The form of an ARN or reference; nothing where there is none, or where it is not known which
    /// one it is.
    pub(super) fn form<'s>(
        &self,
        node: &Node,
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
        let Some(written) = node.at(&["Properties", &variant.property]) else {
            return first.as_ref();
        };
        let Some(written) = self.deep(written, depth + 1) else {
            return first.as_ref();
        };
        let text = written.as_text()?;
        let named = shape.name_or_arn.get(&variant.property);
        let named = named.and_then(|form| form.capture(text)?.remove("name"));
        let text = named.as_ref().unwrap_or(text);
        let is_own_name = text.first_hole().is_some_and(|hole| hole.is_own());
        match text.as_str() {
            Some(known)
                if shape
                    .defaults
                    .get(&variant.property)
                    .is_some_and(|d| d == known) =>
            {
                first.as_ref()
            }
            Some(_) => other.as_ref(),
            None if is_own_name => other.as_ref(),
            None => None,
        }
    }

    /// What a resource does not say of itself: no other has the same.
    fn own(&self, resource: &str, shape: Option<&TemplateResource>, name: &str) -> Text {
        let hole = Hole::own(&own_hole(resource, name)).of(&self.setting.around.stack);
        let written = shape.and_then(|shape| written(resource, shape, name));
        let is_dashed = shape.is_some_and(|shape| shape.generated_name.as_deref() == Some(name));
        let hole = if is_dashed { hole.dashed() } else { hole };
        let hole = match shape {
            Some(shape) => hole.of_kind(&shape.name),
            None => hole,
        };
        Text::hole(match written {
            Some(written) => hole.written(&written),
            None => hole,
        })
    }

    pub(super) fn property(
        &self,
        resource: &str,
        node: &Node,
        shape: Option<&TemplateResource>,
        name: &str,
        depth: usize,
    ) -> Text {
        if let Some(pseudo) = self.setting.pseudo(name) {
            return pseudo;
        }
        let written = node.at(&["Properties", name]);
        let value = written.and_then(|value| self.deep(value, depth + 1));
        let default = shape.and_then(|shape| shape.defaults.get(name));
        let named = |text: &Text| {
            let form = shape?.name_or_arn.get(name)?;
            form.capture(text)?.remove("name")
        };
        match value.as_ref().map(|value| &value.kind) {
            // A version and an alias may name their function by its ARN.
            Some(Kind::Text(text)) if name == "FunctionName" => FunctionName::parse(text).name,
            Some(Kind::Text(text)) => named(text).unwrap_or_else(|| text.clone()),
            Some(Kind::Number(number)) => Text::from(&**number),
            None if default.is_some() => default.map_or("", String::as_str).into(),
            _ => self.own(resource, shape, name),
        }
    }
}

/// How a template writes what a resource does not say of itself.
fn written(resource: &str, shape: &TemplateResource, property: &str) -> Option<String> {
    let is = |form: &Template| form.as_str() == format!("{{{property}}}");
    if shape.reference.as_ref().is_some_and(is) {
        return Some(resource.to_owned());
    }
    let mut attributes = shape.attributes.iter();
    let (name, _) = attributes.find(|(_, form)| is(form))?;
    Some(format!("{resource}.{name}"))
}

/// The name of what a resource does not say of itself; that of its name is the resource's own.
fn own_hole(resource: &str, property: &str) -> String {
    match property.ends_with("Name") {
        true => resource.to_owned(),
        false => format!("{resource}.{property}"),
    }
}

/// Which form of a resource's type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Arn,
    Reference,
}
