//! What a folder of configuration declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::file_paths;
use crate::source::Span;
use crate::syntax::hcl::{Attribute, Block, Body, Expression};

/// The declarations of a folder.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The folder, from the working directory.
    pub(super) folder: String,
    /// Variables by name.
    pub(super) variables: BTreeMap<Arc<str>, Block>,
    /// Local values by name.
    pub(super) locals: BTreeMap<Arc<str>, Attribute>,
    /// Outputs by name.
    pub(super) outputs: BTreeMap<Arc<str>, Block>,
    /// Calls of other modules by name.
    pub(super) calls: BTreeMap<Arc<str>, Block>,
    /// Resources and data sources, by what expressions call them: `aws_x.y` and `data.aws_x.y`.
    pub(super) resources: BTreeMap<String, Block>,
    /// Configurations of providers.
    pub(super) providers: Vec<Block>,
    /// Values that files give to variables, in the order in which Terraform reads them.
    pub(super) given: Vec<(String, Attribute)>,
    /// Whether it says how a root module is deployed: with a provider, or where its state lies.
    pub(super) is_root: bool,
    /// Where the first file begins.
    pub(super) span: Option<Span>,
    /// Whether some file of it cannot be read, so that it may declare more.
    pub(super) is_broken: bool,
}

impl Module {
    /// Adds the content of a file.
    pub(super) fn add(&mut self, file: Body, path: &str) {
        self.span.get_or_insert(file.span);
        let name = file_paths::name(path);
        if is_values(name) {
            let given = file.attributes.into_iter();
            self.given
                .extend(given.map(|attribute| (name.to_owned(), attribute)));
            return;
        }
        let overrides = is_override(name);
        for block in file.blocks {
            self.block(block, overrides);
        }
    }

    /// Adds a block. Those of a file that overrides change the arguments of another.
    fn block(&mut self, block: Block, overrides: bool) {
        let first = block.labels.first().map(|label| Arc::clone(&label.text));
        let second = block.label(1).map(str::to_owned);
        match (&*block.kind, first, second) {
            ("resource", Some(kind), Some(name)) => {
                add(
                    &mut self.resources,
                    format!("{kind}.{name}"),
                    block,
                    overrides,
                );
            }
            ("data", Some(kind), Some(name)) => {
                let key = format!("data.{kind}.{name}");
                add(&mut self.resources, key, block, overrides);
            }
            ("variable", Some(name), _) => add(&mut self.variables, name, block, overrides),
            ("output", Some(name), _) => add(&mut self.outputs, name, block, overrides),
            ("module", Some(name), _) => add(&mut self.calls, name, block, overrides),
            ("provider", Some(_), _) => {
                self.is_root |= !block.body.attributes.is_empty();
                self.providers.push(block);
            }
            ("locals", _, _) => {
                let locals = block.body.attributes.into_iter();
                self.locals
                    .extend(locals.map(|local| (Arc::clone(&local.name), local)));
            }
            ("terraform", _, _) => {
                let mut blocks = block.body.blocks.iter();
                self.is_root |= blocks.any(|inner| matches!(&*inner.kind, "backend" | "cloud"));
            }
            _ => {}
        }
    }

    /// Whether others are to call it: it needs values, and does not say how it is deployed.
    pub(super) fn is_to_be_called(&self) -> bool {
        let has_default = |variable: &Block| variable.body.attribute("default").is_some();
        !self.is_root && self.given.is_empty() && !self.variables.values().all(has_default)
    }

    /// Whether it declares nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.calls.is_empty()
    }

    /// The sources of the modules that it calls, where they are written out.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &Expression)> {
        let calls = self.calls.iter();
        calls.filter_map(|(name, call)| Some((&**name, call.body.attribute("source")?)))
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, Block>, key: K, block: Block, overrides: bool) {
    match all.get_mut(&key).filter(|_| overrides) {
        Some(known) => override_arguments(known, block),
        None => {
            all.insert(key, block);
        }
    }
}

/// <https://developer.hashicorp.com/terraform/language/files/override>
fn override_arguments(known: &mut Block, by: Block) {
    for attribute in by.body.attributes {
        known
            .body
            .attributes
            .retain(|own| own.name != attribute.name);
        known.body.attributes.push(attribute);
    }
    for block in &by.body.blocks {
        known.body.blocks.retain(|own| own.kind != block.kind);
    }
    known.body.blocks.extend(by.body.blocks);
}

/// Whether a file gives values to variables without being named.
///
/// <https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files>
pub(super) fn is_values(name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap_or(name);
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

fn is_override(name: &str) -> bool {
    let stem = name.split(".tf").next().unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

/// Whether a file is read as a part of the module of its folder.
pub(super) fn is_configuration(name: &str) -> bool {
    let endings = [".tf", ".tf.json", ".tofu", ".tofu.json"];
    endings.iter().any(|ending| name.ends_with(ending)) || is_values(name)
}
