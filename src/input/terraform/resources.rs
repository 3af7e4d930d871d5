//! The resources that instances of Terraform are, by the types that CloudFormation gives them.

use std::collections::HashMap;

use super::declaration::{Declaration, entry};
use super::extensions::{self, Made, Part};
use super::instance::Instance;
use super::mapping::{Context, find, is_open, value};
use super::paths;
use crate::catalogue::{Catalogue, Mapping, TemplateResource, TerraformResource};
use crate::input::infra::arn_formats;
use crate::input::infra::{Generated, Resource};
use crate::source::SourceMap;
use crate::syntax::{Hole, Key, Kind, Member, Node, Text, embed, read_partial_json};

/// The attribute that identifies a resource or data source.
const ID: &str = "id";

/// The resources that instances declare. Those of types of which nothing is known are left out.
pub(super) fn resources(
    instances: &[Instance],
    sources: &mut SourceMap,
    catalogue: &Catalogue,
) -> Vec<Resource> {
    let mut builder = Builder {
        sources,
        catalogue,
        made: Vec::new(),
        parts: Vec::new(),
        roots: HashMap::new(),
    };
    for instance in instances {
        builder.add(instance);
    }
    let Builder {
        made, parts, roots, ..
    } = builder;
    let made = extensions::merged(made, parts);
    let (mut resources, open): (Vec<Resource>, Vec<Option<Hole>>) = made
        .into_iter()
        .map(|made| (made.resource, made.path_hole))
        .unzip();
    paths::set(&mut resources, &roots, &open, catalogue);
    resources
}

struct Builder<'b> {
    sources: &'b mut SourceMap,
    catalogue: &'b Catalogue,
    /// The resources that stand by themselves.
    made: Vec<Made>,
    /// The parts of others.
    parts: Vec<Part>,
    /// What the first segments of paths are below, with the path that leads there.
    roots: HashMap<Text, Text>,
}

impl Builder<'_> {
    fn add(&mut self, instance: &Instance) {
        let catalogue = self.catalogue;
        let Some(entry) = entry(instance, catalogue) else {
            return;
        };
        let declaration = Declaration::new(instance, entry, catalogue);
        let text = |name: &str| declaration.attribute(name).as_text().cloned();
        if let Some(root) = &entry.path_root {
            self.roots.extend(text(root).zip(Some(Text::from(""))));
        }
        if instance.is_data {
            let path = entry.path.as_deref().and_then(text);
            let path = path.map(|path| match path.as_str() {
                Some("/") => Text::from(""),
                _ => path,
            });
            self.roots.extend(text(ID).zip(path));
            return;
        }
        self.add_as(instance, entry, entry);
        for (index, part) in entry.parts.iter().enumerate() {
            let before = self.made.len();
            self.add_as(instance, part, entry);
            // Each has a name of its own.
            for made in self.made.iter_mut().skip(before).filter(|_| index > 0) {
                made.resource.logical_id = format!("{} ({})", instance.address, index + 1);
            }
        }
    }

    /// Adds what an instance declares by its type, or by a part of its type; `own` is the type.
    fn add_as(&mut self, instance: &Instance, part: &TerraformResource, own: &TerraformResource) {
        let Some(path) = &part.for_each else {
            self.add_one(instance, part, own);
            return;
        };
        let context = Declaration::new(instance, own, self.catalogue);
        let list = find(&instance.body, path, &context);
        for element in list.as_ref().map_or(&[][..], Node::each) {
            let one = Instance {
                body: instance.body.with("each", element.clone()),
                ..instance.clone()
            };
            self.add_one(&one, part, own);
        }
    }

    fn add_one(&mut self, instance: &Instance, part: &TerraformResource, own: &TerraformResource) {
        let Some(kind) = &part.kind else {
            return;
        };
        let context = Declaration::new(instance, own, self.catalogue);
        let is_set = |path: &Vec<String>| {
            let value = find(&instance.body, path, &context);
            let wanted = part.when_is.as_deref();
            value.is_some_and(|value| wanted.is_none_or(|wanted| value.as_str() == Some(wanted)))
        };
        if !part.when.as_ref().is_none_or(is_set) {
            return;
        }
        let properties = self.properties(&part.properties, instance, &context);
        let Some(extension) = &part.extends else {
            let resource = self.resource(kind, instance, part, properties);
            let declaration = Declaration::new(instance, part, self.catalogue);
            let declaration = declaration.with_properties(&resource.properties);
            let names = declaration.texts().collect();
            self.made.push(Made {
                names,
                path_hole: path_hole(instance, part),
                resource,
            });
            return;
        };
        let by = find(&instance.body, &extension.by, &context);
        let alone = extension.alone.as_ref().map(|alone| {
            let own = self.properties(alone, instance, &context);
            let all = own.completed_by(&properties);
            self.resource(kind, instance, part, all)
        });
        let place = &instance.place;
        self.parts.push(Part {
            kind: kind.clone(),
            by: by.and_then(|by| by.as_text().cloned()),
            account: place.account.clone(),
            region: place.region.clone(),
            properties,
            alone,
        });
    }

    fn properties(
        &mut self,
        mappings: &[(String, Mapping)],
        instance: &Instance,
        context: &dyn Context,
    ) -> Node {
        let mut read = |text: &Node| json(self.sources, text);
        let members = mappings.iter().filter_map(|(name, mapping)| {
            let value = value(mapping, &instance.body, context, &mut read)?;
            Some(Member {
                key: Key {
                    text: name.as_str().into(),
                    span: value.span,
                },
                value,
            })
        });
        let members: Vec<Member> = members.collect();
        Node::new(Kind::Object(members.into()), instance.span)
    }

    fn resource(
        &self,
        kind: &str,
        instance: &Instance,
        part: &TerraformResource,
        properties: Node,
    ) -> Resource {
        let declaration = Declaration::new(instance, part, self.catalogue);
        let declaration = declaration.with_properties(&properties);
        let shape = declaration.shape;
        let name = part.reference.as_ref().map(|mapping| {
            let mut read = |_: &Node| None;
            let named = value(mapping, &instance.body, &declaration, &mut read);
            named.unwrap_or_else(|| Node::text(open(&declaration), instance.name_span))
        });
        let own = || arn_formats::reference(&declaration, shape, 0);
        let reference = match &name {
            Some(name) => name.as_text().cloned(),
            None => own(),
        };
        let arn = name
            .is_none()
            .then(|| arn_formats::arn(&declaration, shape))
            .flatten();
        Resource {
            type_name: kind.to_owned(),
            logical_id: instance.address.clone(),
            reference: reference.unwrap_or_else(|| open(&declaration)),
            arn,
            account: Some(instance.place.account.clone()),
            region: Some(instance.place.region.clone()),
            attributes: attributes(&declaration, shape),
            path: None,
            condition: instance.condition.clone(),
            construct_path: None,
            update_policy: None,
            embedded: embedded(shape, &properties),
            external_grant: external_grant(instance),
            generated: Generated::default(),
            span: instance.span,
            name_span: name.map_or(instance.name_span, |name| name.span),
            properties,
        }
    }
}

/// The document that a text holds; nothing where it is not JSON.
fn json(sources: &mut SourceMap, text: &Node) -> Option<Node> {
    if text.as_str().is_none() {
        return read_partial_json(text.as_text()?, text.span);
    }
    let mut documents = embed(sources, text)?.documents;
    let is_right = documents.errors.is_empty() && documents.roots.len() == 1;
    documents.roots.pop().filter(|_| is_right)
}

/// What is not known of what names a resource.
fn open(declaration: &Declaration<'_>) -> Text {
    Context::open(declaration, ID)
}

/// What expressions have for the path of a resource.
fn path_hole(instance: &Instance, part: &TerraformResource) -> Option<Hole> {
    let path = part.path.as_ref()?;
    let hole = Hole::anything(&format!("{}.{path}", instance.address));
    Some(hole.of(&instance.root))
}

/// The attributes of a type but for its ARN and what names it.
fn attributes(declaration: &Declaration<'_>, shape: &TemplateResource) -> Vec<(String, Text)> {
    let forms = shape.attributes.iter();
    let own = forms.filter(|(_, form)| !matches!(form.as_str(), "{arn}" | "{ref}"));
    let filled = own.map(|(name, form)| {
        let text = arn_formats::fill(form, declaration, shape, 0);
        (name.clone(), text)
    });
    filled.collect()
}

/// What a property holds as JSON.
fn embedded(shape: &TemplateResource, properties: &Node) -> Option<(String, Node)> {
    let json = shape.embedded_json.as_ref()?;
    let written = json.members.iter().find_map(|name| properties.get(name))?;
    let document = Some(written).filter(|written| written.as_text().is_none())?;
    Some((json.exposed_as.clone(), json.collect(document)))
}

/// What may grant more to a resource than is seen.
fn external_grant(instance: &Instance) -> Option<String> {
    let body = &instance.body;
    let is_unknown = body.as_hole().is_some() || is_open(body);
    let unknown = is_unknown.then(|| format!("what is added to `{}`", instance.address));
    instance.external_grant.clone().or(unknown)
}
