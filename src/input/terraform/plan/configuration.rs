//! The configuration in a plan: the expressions of resources, variables and outputs.

use std::collections::HashMap;

use super::reference::{Step, steps};
use crate::syntax::Node;

/// The way to an instance of a module: the names of its calls with their keys in brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ModulePath(Vec<(String, String)>);

impl ModulePath {
    /// The way that an address such as `module.a["x"].module.b` describes.
    pub(super) fn of(address: &str) -> Self {
        let mut path = Vec::new();
        let mut steps = steps(address).into_iter().peekable();
        while steps.next() == Some(Step::Name("module".to_owned())) {
            let Some(Step::Name(name)) = steps.next() else {
                break;
            };
            let key = match steps.peek() {
                Some(Step::Key(key)) => key.clone(),
                _ => String::new(),
            };
            if !key.is_empty() {
                steps.next();
            }
            path.push((name, key));
        }
        ModulePath(path)
    }

    /// What the addresses in it begin with, such as `module.a["x"].`.
    pub(super) fn prefix(&self) -> String {
        let steps = self.0.iter();
        steps
            .map(|(name, key)| format!("module.{name}{key}."))
            .collect()
    }

    /// The way to an instance of a module that it calls.
    pub(super) fn child(&self, name: &str, key: Option<&str>) -> Self {
        let mut path = self.clone();
        let key = key.unwrap_or_default().to_owned();
        path.0.push((name.to_owned(), key));
        path
    }

    /// The module that calls it; nothing for the root module.
    pub(super) fn parent(&self) -> Option<Self> {
        let (_, outer) = self.0.split_last()?;
        Some(ModulePath(outer.to_vec()))
    }

    /// The same for all instances.
    fn names(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.join(".")
    }

    /// The key of the last call, in brackets.
    pub(super) fn key(&self) -> &str {
        self.0.last().map_or("", |(_, key)| key)
    }
}

/// The configuration in a plan, by the names of modules.
#[derive(Debug, Default)]
pub(super) struct Configuration<'p> {
    modules: HashMap<String, &'p Node>,
    calls: HashMap<String, &'p Node>,
    resources: HashMap<(String, &'p str), &'p Node>,
}

impl<'p> Configuration<'p> {
    /// The configuration in a plan; nothing in a state.
    pub(super) fn of(plan: &'p Node) -> Self {
        let mut configuration = Configuration::default();
        if let Some(root) = plan.at(&["configuration", "root_module"]) {
            configuration.add(root, String::new());
        }
        configuration
    }

    fn add(&mut self, module: &'p Node, names: String) {
        for resource in items(module, "resources") {
            if let Some(address) = resource.str("address") {
                self.resources.insert((names.clone(), address), resource);
            }
        }
        for call in module.get("module_calls").map_or(&[][..], Node::members) {
            let inner = match names.as_str() {
                "" => call.key.text.to_string(),
                outer => format!("{outer}.{}", call.key.text),
            };
            self.calls.insert(inner.clone(), &call.value);
            if let Some(module) = call.value.get("module") {
                self.add(module, inner);
            }
        }
        self.modules.insert(names, module);
    }

    /// The declaration of a resource, by what it is called in its module.
    pub(super) fn resource(&self, module: &ModulePath, declaration: &'p str) -> Option<&'p Node> {
        self.resources.get(&(module.names(), declaration)).copied()
    }

    /// The expression of an output.
    pub(super) fn output(&self, module: &ModulePath, name: &str) -> Option<&'p Node> {
        // Without a key, a call that makes several modules is meant as a whole.
        let call = self.calls.get(&module.names())?;
        let is_repeated =
            call.get("count_expression").is_some() || call.get("for_each_expression").is_some();
        if is_repeated && module.key().is_empty() {
            return None;
        }
        let module = self.modules.get(&module.names())?;
        module.at(&["outputs", name, "expression"])
    }

    /// What a call gives for a variable.
    pub(super) fn argument(&self, module: &ModulePath, variable: &str) -> Option<&'p Node> {
        let call = self.calls.get(&module.names())?;
        call.at(&["expressions", variable])
    }

    /// The declaration of a variable.
    pub(super) fn variable(&self, module: &ModulePath, name: &str) -> Option<&'p Node> {
        let module = self.modules.get(&module.names())?;
        module.at(&["variables", name])
    }
}

/// The elements of a list that may be there.
pub(super) fn items<'n>(node: &'n Node, name: &str) -> &'n [Node] {
    node.get(name).map_or(&[][..], Node::items)
}
