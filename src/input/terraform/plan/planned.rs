//! What a plan or a state lists: instances with the values that are known of them.

use std::collections::{HashMap, HashSet};

use super::configuration::{Configuration, ModulePath, items};
use crate::syntax::Node;

/// An instance that a plan or state lists.
#[derive(Debug)]
pub(super) struct Planned<'p> {
    pub(super) address: &'p str,
    pub(super) module: ModulePath,
    /// As in `data.aws_sqs_queue.q`, in its module.
    pub(super) declaration: &'p str,
    /// Its key in brackets, if it has one.
    pub(super) key: &'p str,
    pub(super) type_name: &'p str,
    pub(super) is_data: bool,
    /// The whole entry.
    pub(super) entry: &'p Node,
    pub(super) values: Option<&'p Node>,
    /// What is known after the deployment.
    pub(super) unknown: Option<&'p Node>,
    pub(super) sensitive: Option<&'p Node>,
    /// What its module says of it.
    pub(super) configuration: Option<&'p Node>,
}

/// The instances that a plan or state lists, by their addresses.
#[derive(Debug, Default)]
pub(super) struct PlannedInstances<'p> {
    pub(super) list: Vec<Planned<'p>>,
    by_address: HashMap<&'p str, usize>,
}

impl<'p> PlannedInstances<'p> {
    /// Those of a plan. Of what is deployed already, only what data sources read is of interest: the
    /// plan lists what is left of everything else.
    pub(super) fn of_plan(plan: &'p Node, configuration: &Configuration<'p>) -> Self {
        let changes = changes(plan);
        let mut instances = PlannedInstances::default();
        if let Some(root) = plan.at(&["planned_values", "root_module"]) {
            instances.add(root, false);
        }
        if let Some(root) = plan.at(&["prior_state", "values", "root_module"]) {
            instances.add(root, true);
        }
        instances.list.retain(|planned| {
            let change = changes.get(planned.address);
            change.is_none_or(|change| !is_removed(change))
        });
        for planned in &mut instances.list {
            let change = changes.get(planned.address).and_then(|c| c.get("change"));
            planned.configuration = configuration.resource(&planned.module, planned.declaration);
            if planned.values.is_none() {
                planned.values = change.and_then(|change| change.get("after"));
            }
            planned.unknown = change.and_then(|change| change.get("after_unknown"));
            let sensitive = change.and_then(|change| change.get("after_sensitive"));
            planned.sensitive = planned.sensitive.or(sensitive);
        }
        instances.index();
        instances
    }

    /// Those of a state.
    pub(super) fn of_state(state: &'p Node) -> Self {
        let mut instances = PlannedInstances::default();
        if let Some(root) = state.at(&["values", "root_module"]) {
            instances.add(root, false);
        }
        instances.index();
        instances
    }

    pub(super) fn at(&self, address: &str) -> Option<&Planned<'p>> {
        self.list.get(*self.by_address.get(address)?)
    }

    fn index(&mut self) {
        // What is planned is listed before what was there.
        let mut seen = HashSet::new();
        self.list.retain(|planned| seen.insert(planned.address));
        let each = self.list.iter().enumerate();
        self.by_address = each
            .map(|(index, planned)| (planned.address, index))
            .collect();
    }

    fn add(&mut self, module: &'p Node, only_data: bool) {
        let path = ModulePath::of(module.str("address").unwrap_or_default());
        for entry in items(module, "resources") {
            let planned = planned(entry, &path);
            self.list
                .extend(planned.filter(|one| one.is_data || !only_data));
        }
        for child in items(module, "child_modules") {
            self.add(child, only_data);
        }
    }
}

/// The changes of instances, by their addresses.
fn changes(plan: &Node) -> HashMap<&str, &Node> {
    let changes = items(plan, "resource_changes").iter();
    // An object that is left from an earlier replacement has the address of the one that stays.
    let current = changes.filter(|change| change.get("deposed").is_none());
    let current = current.filter_map(|change| Some((change.str("address")?, change)));
    current.collect()
}

/// Whether an instance is not there, or not managed, after the plan was applied.
fn is_removed(change: &Node) -> bool {
    let actions = change
        .at(&["change", "actions"])
        .map_or(&[][..], Node::items);
    let is_end = |action: &Node| matches!(action.as_str(), Some("delete" | "forget"));
    !actions.is_empty() && actions.iter().all(is_end)
}

fn planned<'p>(entry: &'p Node, module: &ModulePath) -> Option<Planned<'p>> {
    let (address, type_name) = (entry.str("address")?, entry.str("type")?);
    let is_data = match entry.str("mode") {
        Some("data") => true,
        Some("managed") | None => false,
        // What is opened for the time of a run is not deployed.
        Some(_) => return None,
    };
    let local = address.strip_prefix(&module.prefix()).unwrap_or(address);
    let end = match entry.get("index") {
        None => local.len(),
        Some(_) => local.find('[').unwrap_or(local.len()),
    };
    let (declaration, key) = local.split_at_checked(end)?;
    Some(Planned {
        address,
        module: module.clone(),
        declaration,
        key,
        type_name,
        is_data,
        entry,
        values: entry.get("values").filter(|values| values.is_object()),
        unknown: None,
        sensitive: entry.get("sensitive_values"),
        configuration: None,
    })
}
