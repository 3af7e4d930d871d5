//! What the attributes of a type hold, as far as it decides what a reference in them can mean.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::catalogue::{Catalogue, Mapping, TerraformResource};
use crate::syntax::Template;

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum AttributeRole<'c> {
    /// The name, ARN or ID of another resource, and nothing else.
    Reference,
    /// A text of this form around what it refers to.
    Form(&'c Template),
    /// A text that can have more than what it refers to, such as a pattern.
    Composed,
    /// JSON, the name of the resource itself, or something that is not used.
    Other,
}

impl AttributeRole<'_> {
    /// Whether the form says that it refers to an ARN.
    pub(super) fn takes_arn(self) -> bool {
        match self {
            AttributeRole::Form(form) => form.names().any(|name| name == "arn"),
            _ => false,
        }
    }
}

/// The roles of attributes, by type.
pub(super) struct AttributeRoles<'c> {
    catalogue: &'c Catalogue,
    known: RefCell<HashMap<(&'c str, bool), Rc<References>>>,
}

/// The attributes of a type that name other resources.
type References = HashSet<Vec<String>>;

impl<'c> AttributeRoles<'c> {
    /// The roles that the catalogue describes.
    pub(super) fn of(catalogue: &'c Catalogue) -> Self {
        AttributeRoles {
            catalogue,
            known: RefCell::default(),
        }
    }

    /// The role of an attribute at a path of names.
    pub(super) fn role(&self, type_name: &str, is_data: bool, path: &[&str]) -> AttributeRole<'c> {
        let Some(entry) = self.entry(type_name, is_data) else {
            return AttributeRole::Other;
        };
        if !entry.documents.is_empty() {
            return AttributeRole::Composed;
        }
        if let Some(form) = entry.references.get(&path.join(".")) {
            return AttributeRole::Form(form);
        }
        let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        match self.references(entry, is_data).contains(&path) {
            true => AttributeRole::Reference,
            false => AttributeRole::Other,
        }
    }

    /// Whether the provider computes an attribute.
    pub(super) fn is_computed(&self, type_name: &str, is_data: bool, name: &str) -> bool {
        let entry = self.entry(type_name, is_data);
        name == "id"
            || entry.is_some_and(|entry| {
                let is_document = entry.documents.iter().any(|own| own == name);
                is_document || entry.attributes.contains_key(name)
            })
    }

    /// The attribute of a type that is an ARN, where there is one alone.
    pub(super) fn only_arn(&self, type_name: &str, is_data: bool) -> Option<&'c str> {
        let attributes = &self.entry(type_name, is_data)?.attributes;
        let mut arns = attributes.keys().filter(|name| name.ends_with("arn"));
        let only = arns.next().filter(|_| arns.next().is_none());
        only.map(String::as_str)
    }

    /// Whether more usually follows an attribute where it is referred to.
    pub(super) fn is_completed(&self, type_name: &str, is_data: bool, name: &str) -> bool {
        let entry = self.entry(type_name, is_data);
        entry.is_some_and(|entry| entry.completed.iter().any(|own| own == name))
    }

    /// The attributes of a data source that are the account and Region of its provider.
    pub(super) fn place_attributes(&self, type_name: &str) -> [Option<&'c str>; 2] {
        let entry = self.catalogue.terraform_data_source(type_name);
        let entry = entry.filter(|entry| entry.kind.is_none());
        ["AWS::AccountId", "AWS::Region"].map(|place| {
            let entry = entry?;
            let form = format!("{{{place}}}");
            let mut attributes = entry.attributes.iter();
            let own = attributes.find(|(_, own)| own.as_str() == form);
            own.map(|(name, _)| name.as_str())
        })
    }

    fn entry(&self, type_name: &str, is_data: bool) -> Option<&'c TerraformResource> {
        match is_data {
            true => self.catalogue.terraform_data_source(type_name),
            false => self.catalogue.terraform_resource(type_name),
        }
    }

    fn references(&self, entry: &'c TerraformResource, is_data: bool) -> Rc<References> {
        let mut known = self.known.borrow_mut();
        let own = known.entry((&entry.name, is_data));
        Rc::clone(own.or_insert_with(|| Rc::new(references(entry))))
    }
}

/// The attributes of a type that name other resources: those that become properties, without its own name.
fn references(entry: &TerraformResource) -> References {
    let mut found = References::new();
    for part in std::iter::once(entry).chain(&entry.parts) {
        let element = part.for_each.as_deref().unwrap_or_default();
        for (_, mapping) in &part.properties {
            add(mapping, &[], element, &mut found);
        }
        if let Some(named) = &part.reference {
            add(named, &[], element, &mut found);
        }
        found.extend(part.extends.iter().map(|extends| extends.by.clone()));
    }
    found.retain(|path| match path.as_slice() {
        [only] => !entry.attributes.contains_key(only),
        _ => true,
    });
    found
}

/// Adds the attributes that a mapping takes references from; `outer` leads to the block that it is in.
fn add(mapping: &Mapping, outer: &[String], element: &[String], found: &mut References) {
    let at = |path: &[String]| -> Vec<String> {
        let path = match path.split_first() {
            Some((first, rest)) if first == "each" && outer.is_empty() => [element, rest].concat(),
            _ => path.to_vec(),
        };
        [outer, &path].concat()
    };
    match mapping {
        Mapping::Path(path) | Mapping::Value { path, .. } => {
            found.insert(at(path));
        }
        Mapping::Object { from, members } => {
            let inner = at(from);
            for (_, mapping) in members {
                add(mapping, &inner, element, found);
            }
        }
        Mapping::Each { path, value, .. } => add(value, &at(path), element, found),
        Mapping::List(all) | Mapping::First(all) => {
            for mapping in all {
                add(mapping, outer, element, found);
            }
        }
        Mapping::Join { of, .. } => {
            for mapping in of {
                add(mapping, outer, element, found);
            }
        }
        Mapping::Capture { of, .. }
        | Mapping::Matching { of, .. }
        | Mapping::Prefixed { of, .. } => {
            add(of, outer, element, found);
        }
        _ => {}
    }
}
