//! The log groups that a deployment makes or needs, and whether a function can find its own there.

use super::names::may_equal;
use super::resource::Resource;
use crate::catalogue::Catalogue;
use crate::model::FunctionName;
use crate::model::members::{EXISTS, LOG_GROUP, MISSING};
use crate::syntax::{Node, Text};

/// The property by which resources name a log group, whatever they do with it.
const NAME: &str = "LogGroupName";

/// The names of log groups that are there once the deployment is.
#[derive(Debug)]
pub(super) struct LogGroups {
    names: Vec<Text>,
    /// Whether all of them are known.
    is_whole: bool,
}

impl LogGroups {
    /// Of these resources, and of what may be added to them.
    pub(super) fn of(resources: &[Resource], catalogue: &Catalogue, adds_more: bool) -> Self {
        let mut groups = LogGroups {
            names: Vec::new(),
            is_whole: !adds_more,
        };
        for resource in resources {
            let named = resource.property(NAME);
            groups.is_whole &= named.is_none_or(|name| name.as_text().is_some());
            groups.names.extend(named.and_then(Node::as_text).cloned());
            let shape = catalogue.template_resource(&resource.type_name);
            if shape.is_some_and(|shape| shape.forms.contains_key(NAME)) {
                groups.names.push(resource.reference.clone());
            }
        }
        groups
    }

    /// What is known of a function's log group: it is there, or there is certainly none, as the name of
    /// the function is new and nothing makes a log group for it.
    pub(super) fn of_function(&self, function: &Resource) -> Option<Node> {
        let custom = function.property("LoggingConfig");
        let custom = custom.and_then(|config| config.get("LogGroup"));
        let name = match custom {
            Some(custom) => custom.as_text()?.clone(),
            None => FunctionName::default_log_group(&function.reference),
        };
        let span = function.name_span;
        let state = |member| Some(Node::object([(member, Node::from(true))], span));
        if self.names.contains(&name) {
            return state(EXISTS);
        }
        let is_new = custom.is_none() && is_made_up(&function.reference);
        let is_there = || self.names.iter().any(|known| may_equal(known, &name));
        (is_new && self.is_whole && !is_there())
            .then(|| state(MISSING))
            .flatten()
    }
}

/// The configuration of a function with what is known of its log group.
pub(super) fn with_log_group(configuration: Node, known: Option<Node>) -> Node {
    match known {
        Some(known) => configuration.with(LOG_GROUP, known),
        None => configuration,
    }
}

fn is_made_up(name: &Text) -> bool {
    let mut holes = name.holes();
    holes.any(|hole| hole.is_own())
}
