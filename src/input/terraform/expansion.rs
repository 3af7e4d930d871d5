//! What is declared several times: `count` and `for_each`.
//!
//! <https://developer.hashicorp.com/terraform/language/meta-arguments/for_each>

use std::rc::Rc;

use super::evaluated::evaluated;
use super::evaluation::{Children, Evaluate, Expansion, Instances, ModuleInstance, Scope, cycle};
use super::fault::Fault;
use super::instance::{Instance, Place};
use super::{blocks, file_paths, loops, operators, providers};
use crate::syntax::hcl::{Block, Body, Expression};
use crate::syntax::{Hole, Kind, Node, Text};

/// How many instances of one declaration are evaluated.
const MOST_INSTANCES: usize = 1_000;

/// How deep modules can call each other.
const MOST_CALLS: usize = 20;

/// How often something is declared.
pub(super) fn expand<'c>(
    evaluator: &dyn Evaluate<'c>,
    body: &'c Body,
    scope: &Scope<'c>,
) -> Expansion {
    if let Some(count) = body.attribute("count") {
        return counted(evaluator, count, scope);
    }
    match body.attribute("for_each") {
        Some(collection) => for_each(evaluator, collection, scope),
        None => Expansion::default(),
    }
}

fn counted<'c>(
    evaluator: &dyn Evaluate<'c>,
    count: &'c Expression,
    scope: &Scope<'c>,
) -> Expansion {
    let value = evaluated(evaluator, count, scope);
    let number = operators::number(&value).filter(|number| *number >= 0.0);
    let entry = |index: usize| {
        let key = Node::new(Kind::Number(index.to_string().into()), count.span);
        (key.clone(), key)
    };
    let Some(number) = number else {
        return Expansion {
            entries: Some(vec![entry(0)]),
            is_map: false,
            open: Some(evaluator.evaluation().written(count).into()),
        };
    };
    let most = MOST_INSTANCES as f64;
    let is_cut = number > most;
    if is_cut {
        too_many(evaluator, count, &format!("`count` is {number}"));
    }
    let number = number.min(most) as usize;
    Expansion {
        entries: Some((0..number).map(entry).collect()),
        is_map: false,
        open: is_cut.then(|| evaluator.evaluation().written(count).into()),
    }
}

fn for_each<'c>(
    evaluator: &dyn Evaluate<'c>,
    collection: &'c Expression,
    scope: &Scope<'c>,
) -> Expansion {
    let value = evaluated(evaluator, collection, scope);
    let entries = loops::entries(&value);
    let is_map = true;
    let Some(entries) = entries else {
        let open = |what: &str| match value.as_hole() {
            Some(hole) => {
                let inner = Hole::anything(&format!("{}.{what}", hole.id));
                let inner = match &hole.of {
                    Some(of) => inner.of(of),
                    None => inner,
                };
                Node::text(Text::hole(inner), collection.span)
            }
            None => evaluator.evaluation().unknown(what, collection.span),
        };
        return Expansion {
            entries: Some(vec![(open("key"), open("value"))]),
            is_map,
            open: Some(evaluator.evaluation().written(collection).into()),
        };
    };
    // The keys of a set are its elements.
    let is_set = value.is_array();
    let entries = entries.into_iter();
    let mut entries: Vec<(Node, Node)> = entries
        .map(|(key, value)| match is_set {
            true => (value.clone(), value),
            false => (key, value),
        })
        .collect();
    let is_open = value
        .items()
        .iter()
        .any(|item| super::steps::several(item).is_some())
        || value.members().iter().any(|member| member.key.is_open());
    if entries.len() > MOST_INSTANCES {
        let message = format!("`for_each` has {} elements", entries.len());
        too_many(evaluator, collection, &message);
        entries.truncate(MOST_INSTANCES);
    }
    Expansion {
        entries: Some(entries),
        is_map,
        open: is_open.then(|| evaluator.evaluation().written(collection).into()),
    }
}

fn too_many<'c>(evaluator: &dyn Evaluate<'c>, expression: &Expression, what: &str) {
    let message = format!("{what}: only the first {MOST_INSTANCES} instances are checked");
    let help = "check a configuration with fewer instances of it";
    let fault = Fault::at(expression.span, message, help);
    evaluator.evaluation().report(fault);
}

/// What an instance is called after the name of its declaration.
fn suffix(key: &Node, is_map: bool) -> String {
    let text = key.as_text().map(ToString::to_string);
    let text = text.or_else(|| key.scalar()).unwrap_or_default();
    match is_map {
        true => format!("[\"{text}\"]"),
        false => format!("[{text}]"),
    }
}

/// How often a block is declared, of that what may still be made, and whether a single one may be.
fn expanded<'c>(
    evaluator: &dyn Evaluate<'c>,
    block: &'c Block,
    module: &Rc<ModuleInstance<'c>>,
) -> (Expansion, bool) {
    let mut expansion = expand(evaluator, &block.body, &Scope::of(module));
    let wanted = expansion.entries.as_ref().map_or(1, Vec::len);
    let span = block.span.at_start();
    let allowed = evaluator.evaluation().may_make(wanted, span);
    if let Some(entries) = &mut expansion.entries {
        entries.truncate(allowed);
    }
    if allowed < wanted {
        expansion.open = Some("count".into());
    }
    (expansion, allowed == wanted)
}

/// The instances of a resource or data source; nothing where it is not declared.
pub(super) fn instances<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
) -> Option<Rc<Instances>> {
    let block = module.module.resources.get(name)?;
    if let Some(known) = module.instances.borrow().get(name) {
        if known.is_none() {
            let address = format!("{}{name}", module.address);
            evaluator
                .evaluation()
                .report(cycle(&address, block.span.at_start()));
        }
        return known.clone();
    }
    module.instances.borrow_mut().insert(name.to_owned(), None);
    let (expansion, is_made) = expanded(evaluator, block, module);
    let entries = expansion.keys(is_made);
    let list = entries.into_iter().map(|entry| {
        let scope = Scope::of_instance(module, entry, expansion.is_map);
        let condition = module.condition_of(&expansion);
        let made = instance(evaluator, name, block, entry, &scope);
        Rc::new(Instance { condition, ..made })
    });
    let made = Rc::new(Instances {
        list: list.collect(),
        expansion: expansion.clone(),
    });
    let known = Some(Rc::clone(&made));
    module.instances.borrow_mut().insert(name.to_owned(), known);
    Some(made)
}

fn instance<'c>(
    evaluator: &dyn Evaluate<'c>,
    name: &str,
    block: &'c Block,
    entry: Option<&(Node, Node)>,
    scope: &Scope<'c>,
) -> Instance {
    let suffix = entry.map(|(key, _)| suffix(key, scope.is_map));
    let provider = block.body.attribute("provider");
    let provider = provider.and_then(|provider| Some(provider.names()?.join(".")));
    let name_span = block.labels.get(1).map_or(block.span, |label| label.span);
    let body = blocks::body(evaluator, &block.body, scope);
    let place = placed(&body, scope.place(provider.as_deref()));
    Instance {
        address: format!(
            "{}{name}{}",
            scope.module.address,
            suffix.unwrap_or_default()
        ),
        type_name: block.label(0).unwrap_or_default().to_owned(),
        is_data: &*block.kind == "data",
        body,
        place,
        root: evaluator.evaluation().id.clone(),
        condition: None,
        external_grant: None,
        span: block.span,
        name_span,
    }
}

/// Where a resource is deployed that can have a Region of its own.
///
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support>
fn placed(body: &Node, place: Place) -> Place {
    match body.get("region").and_then(Node::as_text) {
        Some(region) => Place {
            region: region.clone(),
            ..place
        },
        None => place,
    }
}

/// The modules that a call makes; nothing where it is not known what they contain.
pub(super) fn children<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
) -> Option<Rc<Children<'c>>> {
    if let Some(known) = module.children.borrow().get(name) {
        return known.clone();
    }
    module.children.borrow_mut().insert(name.to_owned(), None);
    let made = called(evaluator, module, name).map(Rc::new);
    module
        .children
        .borrow_mut()
        .insert(name.to_owned(), made.clone());
    made
}

fn called<'c>(
    evaluator: &dyn Evaluate<'c>,
    module: &Rc<ModuleInstance<'c>>,
    name: &str,
) -> Option<Children<'c>> {
    let call = module.module.calls.get(name)?;
    let evaluation = evaluator.evaluation();
    let source = call.body.attribute("source")?.as_str()?;
    let key = match module.key.is_empty() {
        true => name.to_owned(),
        false => format!("{}.{name}", module.key),
    };
    let folder = match is_local(source) {
        true => file_paths::within(&module.module.folder, source),
        false => evaluation.installed.get(&key)?.clone(),
    };
    let Some(inner) = evaluation.modules.get(&folder) else {
        if is_local(source) {
            let span = call
                .body
                .attribute("source")
                .map_or(call.span, |source| source.span);
            let message =
                format!("module `{name}` is not in `{folder}`: no configuration was found there");
            let help = "correct the path, which is relative to the folder of this file";
            evaluation.report(Fault::at(span, message, help));
        }
        return None;
    };
    if is_cycle(module, inner) {
        let help = "remove one of the calls: a module cannot contain itself";
        let message = format!("module `{name}` calls itself");
        evaluation.report(Fault::at(call.span.at_start(), message, help));
        return None;
    }
    let (expansion, is_made) = expanded(evaluator, call, module);
    let entries = expansion.keys(is_made);
    let modules = entries.into_iter().map(|entry| {
        let scope = Scope::of_instance(module, entry, expansion.is_map);
        let suffix = entry.map(|(key, _)| suffix(key, expansion.is_map));
        let suffix = suffix.unwrap_or_default();
        let address = format!("{}module.{name}{suffix}.", module.address);
        let outer = &module.places;
        let places = providers::passed(call, outer);
        let call = Some((call, scope));
        let names = (address, key.clone());
        let mut child = ModuleInstance::new(inner, names, call, places);
        child.condition = module.condition_of(&expansion);
        Rc::new(child)
    });
    let modules = modules.collect();
    Some(Children { expansion, modules })
}

/// Whether a source is a folder of the same repository.
pub(super) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..")
}

/// Whether a module is called by itself, or calls are nested too deeply.
fn is_cycle(module: &ModuleInstance<'_>, inner: &super::module::Module) -> bool {
    let mut depth = 0;
    let mut current = module;
    loop {
        if std::ptr::eq(current.module, inner) || depth > MOST_CALLS {
            return true;
        }
        match &current.call {
            Some((_, scope)) => current = &scope.module,
            None => return false,
        }
        depth += 1;
    }
}
