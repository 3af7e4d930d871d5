//! A module as it is deployed, for those who write into it: what its expressions stand for, and what refers to what.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::declaration;
use super::evaluation::{Evaluate, ModuleInstance};
use super::names::{of_block, of_expression};
use super::references;
use super::variables;
use crate::catalogue::Catalogue;
use crate::input::links::{Expression, Links};
use crate::source::{FileId, Span};
use crate::syntax::Text;
use crate::syntax::hcl::Block;

/// A module as it is deployed, in one place from which it is called.
#[derive(Debug)]
pub(crate) struct ModuleView {
    /// What the addresses in it begin with; nothing for a root module.
    pub(crate) address: String,
    /// The files with its declarations.
    pub(crate) files: BTreeSet<FileId>,
    /// Its resources and data sources.
    pub(crate) declared: Vec<Declared>,
    /// The expressions by which things can be named in it.
    pub(crate) expressions: Vec<Expression>,
    links: Links,
}

/// A resource or data source of a module.
#[derive(Debug)]
pub(crate) struct Declared {
    /// What expressions call it: `aws_x.y`, or `data.aws_x.y`.
    pub(crate) key: String,
    /// Its type.
    pub(crate) type_name: String,
    /// Where it is written.
    pub(crate) span: Span,
    /// How often it is made, if it has `count` or `for_each`.
    pub(crate) repeats: Option<Repeats>,
}

/// How often something is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeats {
    /// Whether it is made by `for_each`.
    pub(crate) is_map: bool,
    /// The expression that decides.
    pub(crate) by: Span,
    /// Whether it is made once.
    pub(crate) is_once: bool,
}

impl ModuleView {
    /// What is known of a module.
    pub(super) fn of<'c>(evaluator: &dyn Evaluate<'c>, module: &Rc<ModuleInstance<'c>>) -> Self {
        let own = module.module;
        let blocks = own.resources.values().chain(own.variables.values());
        let blocks = blocks.chain(own.outputs.values()).chain(own.calls.values());
        let files = blocks.map(|block| block.span.file);
        let locals = own.locals.values().map(|local| local.name_span.file);
        let resources = own.resources.iter();
        let declared = resources.map(|(key, block)| Declared {
            key: key.clone(),
            type_name: block.label(0).unwrap_or_default().to_owned(),
            span: block.span,
            repeats: repeats(evaluator, module, key, block),
        });
        ModuleView {
            address: module.address.clone(),
            files: files.chain(locals).collect(),
            declared: declared.collect(),
            expressions: expressions(evaluator, module),
            links: links(module),
        }
    }

    /// What is written at a place, or around it.
    pub(crate) fn declared_at(&self, place: Span) -> Option<&Declared> {
        let mut declared = self.declared.iter();
        declared.find(|declared| declared.span.contains(place))
    }

    /// Whether a resource of a type has that name.
    pub(crate) fn is_taken(&self, type_name: &str, name: &str) -> bool {
        let key = format!("{type_name}.{name}");
        self.declared.iter().any(|declared| declared.key == key)
    }

    /// Which declaration refers to which, and the names that nothing declares.
    pub(crate) fn links(&self) -> &Links {
        &self.links
    }
}

fn repeats<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    key: &str,
    block: &Block,
) -> Option<Repeats> {
    let mut names = ["count", "for_each"].iter();
    let by = names.find_map(|name| block.body.attribute(name))?;
    let is_map = block.body.attribute("count").is_none();
    let is_aws = block.label(0).is_some_and(|kind| {
        let catalogue = evaluator.evaluation().catalogue;
        catalogue.terraform_resource(kind).is_some()
            || catalogue.terraform_data_source(kind).is_some()
    });
    let instances = is_aws.then(|| evaluator.instances(module, key)).flatten();
    Some(Repeats {
        is_map,
        by: by.span,
        is_once: instances.is_some_and(|made| made.list.len() == 1),
    })
}

/// The expressions that name something, those of ARNs first.
fn expressions<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
) -> Vec<Expression> {
    let catalogue = evaluator.evaluation().catalogue;
    let mut all = Vec::new();
    for (key, block) in &module.module.resources {
        let of_type = block.label(0).and_then(|name| match &*block.kind {
            "data" => catalogue.terraform_data_source(name),
            _ => catalogue.terraform_resource(name),
        });
        let Some(entry) = of_type.filter(|entry| entry.documents.is_empty()) else {
            continue;
        };
        let Some(instances) = evaluator.instances(module, key) else {
            continue;
        };
        if instances.expansion.open.is_some() && instances.expansion.is_map {
            continue;
        }
        for instance in &instances.list {
            let own = instance.address.strip_prefix(&module.address);
            // Other keys would have to be escaped.
            let own = own.filter(|own| {
                let is_key = own.matches('"').count() <= 2;
                is_key && !own.contains(['\\', '$', '%', '<']) && !own.chars().any(char::is_control)
            });
            for name in ordered(entry.attributes.keys()) {
                let value = declaration::attribute(instance, name, catalogue);
                let text = value.as_text().filter(|text| is_telling(text));
                all.extend(text.zip(own).map(|(text, own)| Expression {
                    text: text.clone(),
                    reference: format!("{own}.{name}"),
                }));
            }
        }
    }
    all.extend(given(evaluator, module));
    all
}

/// The attributes that are ARNs before the others.
fn ordered<'n>(names: impl Iterator<Item = &'n String>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    let rank = |name: &str| match name {
        "arn" => 0,
        name if name.ends_with("_arn") => 1,
        "name" => 2,
        _ => 3,
    };
    names.sort_by_key(|name| rank(name));
    names
}

/// The variables of a module, and the outputs of those that it calls once.
fn given<'c>(evaluator: &dyn Evaluate<'c>, module: &Rc<ModuleInstance<'c>>) -> Vec<Expression> {
    let mut all = Vec::new();
    let mut add = |value: Option<crate::syntax::Node>, reference: String| {
        let text = value.and_then(|value| value.as_text().cloned());
        let text = text.filter(is_telling);
        all.extend(text.map(|text| Expression { text, reference }));
    };
    for (name, block) in &module.module.variables {
        let value = variables::value(evaluator, module, name, block.span).ok();
        add(value, format!("var.{name}"));
    }
    for (name, call) in &module.module.calls {
        let children = evaluator.children(module, name);
        let children = children.filter(|children| children.expansion.entries.is_none());
        let only = children
            .as_ref()
            .and_then(|children| children.modules.first());
        let outputs = only
            .iter()
            .flat_map(|child| child.module.outputs.keys().map(|name| (*child, name)));
        for (child, output) in outputs {
            let value = references::output(evaluator, child, output, call.span).ok();
            add(value, format!("module.{name}.{output}"));
        }
    }
    all
}

/// Whether a text can be told from others: it is an ARN, or something of it is not known.
fn is_telling(text: &Text) -> bool {
    match text.as_str() {
        Some(known) => known.starts_with("arn:"),
        None => true,
    }
}

/// Which declaration of a module refers to which.
fn links(module: &Rc<ModuleInstance<'_>>) -> Links {
    let own = module.module;
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, block) in &own.resources {
        named.insert(key.clone(), of_block(block));
    }
    for (name, local) in &own.locals {
        named.insert(format!("local.{name}"), of_expression(&local.value));
    }
    for (name, call) in &own.calls {
        named.insert(format!("module.{name}"), of_block(call));
    }
    let mut links = Links::default();
    for (key, names) in &named {
        for name in names {
            let is_resource = name.starts_with("data.") || own.resources.contains_key(name);
            if named.contains_key(name) {
                links.edges.insert((key.clone(), name.clone()));
            } else if is_resource || is_of_type(name) {
                links.dangling.insert(name.clone());
            }
        }
    }
    links
}

/// Whether a name is that of a resource, by its form.
fn is_of_type(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(kind, _)| kind.contains('_'))
}

/// What a type of resources is in the catalogue, by the type of CloudFormation that it corresponds to.
pub(crate) fn type_of<'c>(
    catalogue: &'c Catalogue,
    kind: &str,
) -> Option<&'c crate::catalogue::TerraformResource> {
    let mut types = catalogue.terraform().resources();
    types.find(|own| own.kind.as_deref() == Some(kind) && own.extends.is_none())
}
