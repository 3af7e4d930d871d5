//! What is known of a stack before it is made: its parameters, Region, account and partition.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::comparisons::compared;
use super::parameter::{Limits, can_be_empty, default, is_list};
use super::partial_string::with_references_open;
use crate::catalogue::Catalogue;
use crate::source::Span;
use crate::syntax::{Hole, Node, Text};

/// What a parameter is assumed to have where it must only differ from something.
pub(super) const ANOTHER: &str = "(another)";

/// What other stacks hand to a stack: it is the same in all contexts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ParentStack {
    /// What distinguishes its names from those of other stacks.
    pub(super) stack: Arc<str>,
    /// Values that the parent gives for parameters.
    pub(super) values: BTreeMap<String, Node>,
    /// What nested stacks give, by `LogicalId.Outputs.Name`.
    pub(super) outputs: BTreeMap<String, Text>,
    /// What other stacks export.
    pub(super) exports: BTreeMap<String, Text>,
}

/// Values for parameters and pseudo parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct StackContext {
    /// Values that the user gave.
    pub(super) given: BTreeMap<String, String>,
    /// Values that are assumed, so that a condition is met or not.
    pub(super) assumed: BTreeMap<String, String>,
    /// Conditions that are taken to be met or not, where no value is known that makes them so.
    pub(super) forced: BTreeMap<String, bool>,
    /// Whether the stack may be made in another partition than `aws`. Nearly no stack is, and people
    /// write the name out beside the pseudo parameter, so it is taken for known until they name
    /// another.
    pub(super) abroad: bool,
    pub(super) parent: Arc<ParentStack>,
}

impl StackContext {
    /// Takes over the Region, account and partition of the parent.
    pub(super) fn inherit(&mut self, parent: &BTreeMap<String, String>) {
        for name in [
            "AWS::Region",
            "AWS::AccountId",
            "AWS::Partition",
            "AWS::URLSuffix",
        ] {
            if let Some(known) = parent.get(name) {
                let own = self.given.entry(name.to_owned());
                own.or_insert_with(|| known.clone());
            }
        }
    }

    /// A pseudo parameter.
    pub(super) fn pseudo(&self, name: &str) -> Option<Text> {
        if !name.starts_with("AWS::") {
            return None;
        }
        if let Some(known) = self.given.get(name) {
            return Some(Text::from(known.as_str()));
        }
        match name {
            "AWS::Partition" if !self.abroad => return Some(Text::from("aws")),
            "AWS::URLSuffix" if !self.abroad => return Some(Text::from("amazonaws.com")),
            _ => {}
        }
        let hole = match name {
            "AWS::StackId" => Hole::anything(name).of(&self.parent.stack),
            "AWS::StackName" => Hole::word(name).of(&self.parent.stack),
            "AWS::Region" | "AWS::AccountId" | "AWS::Partition" => Hole::word(name),
            _ => Hole::segment(name),
        };
        Some(Text::hole(hole.written(name)))
    }

    /// A parameter of a template: the value that was given, or a hole that probably has its default.
    pub(super) fn parameter(&self, template: &Node, name: &str) -> Option<Node> {
        let declared = template.get("Parameters")?.get(name)?;
        let is_list = is_list(declared);
        let node = |text: Text| Node::text(text, declared.span);
        let hole = |id: &str| Hole::anything(id).of(&self.parent.stack);
        if let Some(value) = self.parent.values.get(name) {
            return Some(match value.as_str().filter(|_| is_list) {
                Some(known) => list(known, declared.span),
                None => value.clone(),
            });
        }
        if let Some(given) = self.given.get(name) {
            return Some(match is_list {
                true => list(given, declared.span),
                false => node(with_references_open(Text::from(given.as_str()))),
            });
        }
        let default = self.likely(name, declared);
        let item = |index: usize| hole(&item_of(name, index));
        match default.as_deref().map(str::trim) {
            // Whether it stays empty is not known.
            Some("") if !is_list || can_be_empty(declared) => {}
            Some(default) if is_list && !default.is_empty() => {
                let items = default.split(',').enumerate();
                let items = items.map(|(at, text)| node(Text::hole(item(at).likely(text.trim()))));
                return Some(Node::array(items.collect(), declared.span));
            }
            // A list without a default must be given.
            _ if is_list => {
                let items = vec![node(Text::hole(item(0)))];
                return Some(Node::array(items, declared.span));
            }
            _ => {}
        }
        let hole = hole(name).written(name);
        Some(node(Text::hole(match &default {
            Some(default) => hole.likely(default),
            None => hole,
        })))
    }

    /// The default of a parameter, or what is assumed in its place.
    fn likely(&self, name: &str, declared: &Node) -> Option<String> {
        let default = default(declared)?;
        match self.assumed.get(name) {
            Some(assumed) if assumed == ANOTHER => None,
            Some(assumed) => Some(assumed.clone()),
            None => Some(default),
        }
    }

    /// The text that an item of a list parameter is taken to have, by the id of its hole, where a
    /// condition asks for it.
    pub(super) fn assumed_item(&self, id: &str) -> Option<String> {
        let (name, index) = id.strip_suffix(']')?.split_once('[')?;
        let list = self.assumed.get(name)?;
        let mut items = list.split(',').map(str::trim);
        match list == ANOTHER {
            true => Some(list.clone()),
            false => items.nth(index.parse().ok()?).map(str::to_owned),
        }
    }

    /// The text that a parameter is taken to have where a condition asks for it.
    pub(super) fn assumed(&self, template: &Node, name: &str) -> Option<String> {
        // What the parent gives is a value, and not a hole of this name.
        if self.parent.values.contains_key(name) {
            return None;
        }
        if let Some(value) = self.given.get(name).or_else(|| self.assumed.get(name)) {
            return Some(value.clone());
        }
        default(template.get("Parameters")?.get(name)?)
    }
}

/// The context in which parameters have the values that the user gave, or their defaults; one
/// without either that a condition compares is taken to have what it is compared with first.
pub(super) fn base(
    template: &Node,
    given: &BTreeMap<String, String>,
    parent: Arc<ParentStack>,
    catalogue: &Catalogue,
) -> StackContext {
    let resources = template.get("Resources");
    let abroad = resources.is_some_and(names_other_partition)
        || ["AWS::Region", "AWS::Partition"].iter().any(|name| {
            given
                .get(*name)
                .is_some_and(|text| is_abroad(text, catalogue))
        });
    let mut given = given.clone();
    let region = given.get("AWS::Region");
    let place = region.and_then(|region| catalogue.principals.partition_of(region));
    if let Some((partition, suffix)) = place {
        for (name, known) in [("AWS::Partition", partition), ("AWS::URLSuffix", suffix)] {
            let own = given.entry(name.to_owned());
            own.or_insert_with(|| known.to_owned());
        }
    }
    let mut context = StackContext {
        given,
        abroad,
        parent,
        ..StackContext::default()
    };
    let conditions = template.get("Conditions");
    let compared = conditions.map(compared).unwrap_or_default();
    let assume = |context: &mut StackContext, name: &str, text: String| {
        if context.assumed(template, name).is_none() {
            context.assumed.insert(name.to_owned(), text);
        }
    };
    let declared = |name: &String| template.at(&["Parameters", name]);
    let names: BTreeSet<&String> = compared.iter().map(|(name, _)| name).collect();
    let limits: BTreeMap<&String, Limits<'_>> = names
        .into_iter()
        .filter_map(|name| Some((name, Limits::of(declared(name)?))))
        .collect();
    for (name, text) in &compared {
        if limits.get(name).is_none_or(|limits| limits.allow(text)) {
            assume(&mut context, name, text.clone());
        }
    }
    for (name, limits) in limits {
        let other = limits.values.into_iter().next();
        assume(
            &mut context,
            name,
            other.unwrap_or_else(|| ANOTHER.to_owned()),
        );
    }
    context
}

/// Whether a Region or partition is another than those of `aws`.
fn is_abroad(name: &str, catalogue: &Catalogue) -> bool {
    let mut others = catalogue.resource_types().other_partitions.iter();
    others.any(|other| name.starts_with(other.as_str()))
}

fn list(written: &str, span: Span) -> Node {
    let items = written.split(',').map(|item| Node::text(item.trim(), span));
    let items = items.filter(|_| !written.trim().is_empty());
    Node::array(items.collect(), span)
}

/// The id of the hole for an item of a list parameter.
pub(super) fn item_of(name: &str, index: usize) -> String {
    format!("{name}[{index}]")
}

/// Whether some text of a template has an ARN of another partition than `aws`.
fn names_other_partition(template: &Node) -> bool {
    let mut texts = template.walk().filter_map(Node::as_str);
    texts.any(|text| {
        let rests = text.match_indices("arn:");
        let rests = rests.filter_map(|(at, start)| text.get(at + start.len()..));
        let mut partitions = rests.filter_map(|rest| rest.split(':').next());
        partitions.any(|name| name.starts_with("aws-"))
    })
}
