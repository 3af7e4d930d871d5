//! What the attributes of a resource or data source are.

use std::sync::Arc;

use super::instance::Instance;
use super::mapping::{Context, value};
use super::policy_document;
use crate::catalogue::{Catalogue, NameForm, TemplateResource, TerraformResource};
use crate::input::infra::arn_formats::{self, Declared, MAX_DEPTH};
use crate::syntax::{Hole, Node, Template, Text, read_partial_json};

/// The attribute with the ARN of what a data source names.
const ARN: &str = "arn";

/// What another expression gets for an attribute: what the configuration says, what follows from it, or
/// something that is not known.
pub(super) fn attribute(instance: &Instance, name: &str, catalogue: &Catalogue) -> Node {
    match entry(instance, catalogue) {
        Some(entry) => Declaration::new(instance, entry, catalogue).attribute(name),
        None => configured(instance, name).unwrap_or_else(|| open(instance, name)),
    }
}

/// What is known of the type of an instance.
pub(super) fn entry<'c>(
    instance: &Instance,
    catalogue: &'c Catalogue,
) -> Option<&'c TerraformResource> {
    let name = &instance.type_name;
    match instance.is_data {
        true => catalogue.terraform_data_source(name),
        false => catalogue.terraform_resource(name),
    }
}

/// An attribute as the configuration says it.
fn configured(instance: &Instance, name: &str) -> Option<Node> {
    let written = instance.body.get(name);
    written.filter(|value| !value.is_null()).cloned()
}

fn open(instance: &Instance, name: &str) -> Node {
    Node::text(Text::hole(hole(instance, name)), instance.name_span)
}

/// What is not known of an instance.
fn hole(instance: &Instance, name: &str) -> Hole {
    Hole::anything(&format!("{}.{name}", instance.address)).of(&instance.root)
}

/// An instance with what is known of its type.
#[derive(Clone)]
pub(super) struct Declaration<'d> {
    pub(super) instance: &'d Instance,
    pub(super) entry: &'d TerraformResource,
    pub(super) shape: &'d TemplateResource,
    catalogue: &'d Catalogue,
    /// Its properties, where they are known already.
    properties: Option<&'d Node>,
    depth: usize,
}

impl<'d> Declaration<'d> {
    /// An instance with what is known of its type.
    pub(super) fn new(
        instance: &'d Instance,
        entry: &'d TerraformResource,
        catalogue: &'d Catalogue,
    ) -> Self {
        let kind = entry.kind.as_deref();
        let known = kind.and_then(|kind| catalogue.template_resource(kind));
        Declaration {
            instance,
            entry,
            shape: known.unwrap_or(&entry.shape),
            catalogue,
            properties: None,
            depth: 0,
        }
    }

    /// The same with its properties.
    pub(super) fn with_properties(self, properties: &'d Node) -> Self {
        Declaration {
            properties: Some(properties),
            ..self
        }
    }

    /// What another expression gets for an attribute.
    pub(super) fn attribute(&self, name: &str) -> Node {
        if self.entry.documents.iter().any(|own| own == name) {
            return policy_document::document(&self.instance.body);
        }
        let instance = self.instance;
        if let Some(written) = configured(instance, name) {
            return match written.as_text().filter(|_| self.is_name(name)) {
                Some(text) => Node::text(text.clone().as_segment(), written.span),
                None => written,
            };
        }
        if self.entry.managed_document.as_deref() == Some(name)
            && let Some(document) = self.managed_document()
        {
            return document;
        }
        match self.entry.attributes.get(name) {
            Some(form) if self.depth < MAX_DEPTH => {
                Node::text(self.filled(form), instance.name_span)
            }
            _ => open(instance, name),
        }
    }

    /// Whether an attribute is a name, and nothing with separators.
    fn is_name(&self, attribute: &str) -> bool {
        let form = self.entry.attributes.get(attribute);
        let name = form.and_then(|form| form.as_str().strip_prefix('{')?.strip_suffix('}'));
        name.is_some_and(|name| {
            name != ARN && name != "ref" && name.chars().all(char::is_alphanumeric)
        })
    }

    /// The document of the AWS-managed policy that its ARN names.
    fn managed_document(&self) -> Option<Node> {
        let arn = self.deeper().attribute(ARN);
        let arn = arn.as_text()?.with_holes_as("-");
        let policy = self.catalogue.managed.policy(&arn)?;
        read_partial_json(&Text::from(policy.document), self.instance.name_span)
    }

    /// The texts of all its attributes that have a form.
    pub(super) fn texts(&self) -> impl Iterator<Item = Text> {
        let names = self.entry.attributes.keys();
        names.filter_map(|name| self.attribute(name).as_text().cloned())
    }

    /// Whether what is not said of a property is not made up for this resource alone: others can be about
    /// the same thing.
    fn may_be_elsewhere(&self, property: &str) -> bool {
        let entry = self.entry;
        let has_default = self.shape.defaults.contains_key(property);
        self.instance.is_data || entry.kind.is_none() || entry.extends.is_some() && !has_default
    }

    fn filled(&self, form: &Template) -> Text {
        arn_formats::fill(form, self, self.shape, self.depth)
    }

    fn deeper(&self) -> Self {
        Declaration {
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    /// What the body says of an attribute whose form is a name and nothing else.
    fn stated_as(&self, name: &str) -> Option<Node> {
        let is = |form: &Template| {
            let written = form.as_str().strip_prefix('{');
            let written = written.and_then(|form| form.strip_suffix('}'));
            written.is_some_and(|form| form.trim_end_matches(['+', '?']) == name)
        };
        let mut attributes = self.entry.attributes.iter();
        attributes.find_map(|(attribute, form)| match is(form) {
            true => configured(self.instance, attribute),
            false => None,
        })
    }
}

impl Context for Declaration<'_> {
    fn attribute(&self, name: &str) -> Node {
        Declaration::attribute(&self.deeper(), name)
    }

    fn place(&self, name: &str) -> Option<Text> {
        let place = &self.instance.place;
        Some(match name {
            "AWS::AccountId" => place.account.clone(),
            "AWS::Region" => place.region.clone(),
            "AWS::Partition" => place.partition.clone(),
            "AWS::URLSuffix" => {
                let partition = place.partition.as_str();
                let known = partition.and_then(|name| self.catalogue.principals.suffix_of(name));
                known.map_or_else(|| Text::hole(Hole::segment(name)), Text::from)
            }
            _ => return None,
        })
    }

    fn open(&self, name: &str) -> Text {
        Text::hole(hole(self.instance, name))
    }

    fn generated(&self) -> Hole {
        let hole = Hole::own(&self.instance.address).of(&self.instance.root);
        hole.of_kind(&self.shape.name)
    }

    fn is_managed_policy(&self, arn: &str) -> bool {
        self.catalogue.managed.policy(arn).is_some()
    }
}

impl Declared for Declaration<'_> {
    fn logical_id(&self) -> &str {
        &self.instance.address
    }

    fn stack(&self) -> &Arc<str> {
        &self.instance.root
    }

    fn property(&self, name: &str, depth: usize) -> Option<Node> {
        if let Some(known) = self.properties.and_then(|all| all.get(name)) {
            return Some(known.clone());
        }
        let entry = self.entry;
        let alone = entry.extends.as_ref().and_then(|own| own.alone.as_ref());
        let mut all = (entry.properties.iter())
            .chain(&entry.values)
            .chain(alone.into_iter().flatten());
        let mapping = all.find(|(own, _)| own == name);
        let within = Declaration {
            depth,
            ..self.clone()
        };
        let mapped = mapping.and_then(|(_, mapping)| {
            let mut read = |node: &Node| read_partial_json(node.as_text()?, node.span);
            value(mapping, &self.instance.body, &within, &mut read)
        });
        let known = mapped.or_else(|| self.stated_as(name));
        known.or_else(|| {
            let open = || Node::text(Context::open(self, name), self.instance.name_span);
            self.may_be_elsewhere(name).then(open)
        })
    }

    fn place(&self, name: &str) -> Option<Text> {
        Context::place(self, name)
    }

    fn open(&self, name: &str) -> Text {
        let address = &self.instance.address;
        let own = name.strip_prefix(address.as_str());
        let own = own.and_then(|rest| rest.strip_prefix('.'));
        Context::open(self, own.unwrap_or("id"))
    }

    fn expression(&self, attribute: Option<&str>) -> String {
        let form = match attribute {
            Some(name) => self.shape.attributes.get(name),
            None => self.shape.reference.as_ref(),
        };
        let mut attributes = self.entry.attributes.iter();
        let own = attributes.find(|(_, own)| form.is_some_and(|form| form == *own));
        let own = own.map_or("id", |(name, _)| name);
        format!("{}.{own}", self.instance.address)
    }

    fn stated(&self, form: &str) -> Option<Text> {
        self.stated_as(form)?.as_text().cloned()
    }

    fn name_form(&self, shape: &TemplateResource, property: &str) -> Option<Arc<NameForm>> {
        match shape.generates(property) {
            true => self.catalogue.terraform().generated_name.clone(),
            false => shape.forms.get(property).cloned(),
        }
    }
}

/// An instance as a value: what the configuration says of it, and all that follows.
pub(super) fn object(instance: &Instance, catalogue: &Catalogue) -> Node {
    let known = entry(instance, catalogue);
    let declaration = known.map(|entry| Declaration::new(instance, entry, catalogue));
    let names = known.into_iter().flat_map(|entry| entry.attributes.keys());
    let unset = names.filter(|name| configured(instance, name).is_none());
    let mut object = instance.body.clone();
    for name in unset {
        let value = declaration.as_ref().map(|own| own.attribute(name));
        object = object.with(name, value.unwrap_or_else(|| open(instance, name)));
    }
    // It has attributes that are not known here.
    let rest = Hole::anything(&instance.address).of(&instance.root);
    let key = format!("<{}>", instance.address);
    object.with(&key, Node::text(Text::hole(rest), instance.name_span))
}
