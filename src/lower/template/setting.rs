//! What is known of a stack before it is made: its parameters, Region, account and partition.

use std::collections::BTreeMap;

use crate::document::{Hole, Kind, Node, Text};

/// Values for parameters and pseudo parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Setting {
    /// Values that the user gave.
    pub(super) given: BTreeMap<String, String>,
    /// Values that are assumed, so that a condition is met or not.
    pub(super) assumed: BTreeMap<String, String>,
}

impl Setting {
    /// A pseudo parameter.
    pub(super) fn pseudo(&self, name: &str) -> Option<Text> {
        if !name.starts_with("AWS::") {
            return None;
        }
        if let Some(known) = self.given.get(name) {
            return Some(Text::from(known.as_str()));
        }
        // Nearly every stack is made in the partition `aws`, whose name people write out beside it.
        match name {
            "AWS::Partition" => return Some(Text::from("aws")),
            "AWS::URLSuffix" => return Some(Text::from("amazonaws.com")),
            _ => {}
        }
        let hole = match name {
            "AWS::StackId" => Hole::anything(name),
            _ => Hole::segment(name),
        };
        Some(Text::hole(hole))
    }

    /// A parameter of a template: the value that was given, or a hole that probably has its default.
    pub(super) fn parameter(&self, template: &Node, name: &str) -> Option<Node> {
        let declared = template.get("Parameters")?.get(name)?;
        let is_list = declared
            .str("Type")
            .is_some_and(|kind| kind.contains("List"));
        let node = |text: Text| Node::text(text, declared.span);
        if let Some(given) = self.given.get(name) {
            let items = given.split(',').map(|item| node(Text::from(item.trim())));
            return Some(match is_list {
                true => Node::array(items.collect(), declared.span),
                false => node(Text::from(given.as_str())),
            });
        }
        let default = declared.get("Default").and_then(plain);
        if is_list && let Some(default) = &default {
            let items = default.split(',').enumerate().map(|(index, item)| {
                let id = format!("{name}[{index}]");
                node(Text::hole(Hole::anything(&id).likely(item.trim())))
            });
            return Some(Node::array(items.collect(), declared.span));
        }
        let hole = Hole::anything(name);
        Some(node(Text::hole(match &default {
            Some(default) => hole.likely(default),
            None => hole,
        })))
    }

    /// The text that a parameter is taken to have where a condition asks for it.
    pub(super) fn assumed(&self, template: &Node, name: &str) -> Option<String> {
        if let Some(value) = self.given.get(name).or_else(|| self.assumed.get(name)) {
            return Some(value.clone());
        }
        let declared = template.get("Parameters")?.get(name)?;
        declared.get("Default").and_then(plain)
    }
}

fn plain(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => text.as_str().map(str::to_owned),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
