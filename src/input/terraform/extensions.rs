//! Resources that are parts of others, such as the notification of a bucket or the target of a rule.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::mapping::joined;
use crate::input::infra::Resource;
use crate::syntax::{Hole, Node, Text};

/// A resource that stands by itself.
pub(super) struct Made {
    pub(super) resource: Resource,
    /// The texts of its attributes, by which others can name it.
    pub(super) names: Vec<Text>,
    /// What expressions have for its path.
    pub(super) path_hole: Option<Hole>,
}

/// A part of another resource.
pub(super) struct Part {
    /// The type of the other resource.
    pub(super) kind: String,
    /// What names the other resource.
    pub(super) by: Option<Text>,
    pub(super) account: Text,
    pub(super) region: Text,
    pub(super) properties: Node,
    /// What is known of the other resource where it is not declared.
    pub(super) alone: Option<Resource>,
}

/// The resources with all of their parts.
pub(super) fn merged(made: Vec<Made>, parts: Vec<Part>) -> Vec<Made> {
    let mut all = All {
        made: Vec::new(),
        by_name: HashMap::new(),
    };
    for own in made {
        all.add(own);
    }
    for part in parts {
        let found = all.place_of(&part).and_then(|at| all.made.get_mut(at));
        match (found, part.alone) {
            (Some(whole), _) => {
                let properties = &mut whole.resource.properties;
                *properties = merge(properties, &part.properties);
            }
            (None, Some(alone)) => all.add(Made {
                names: part.by.into_iter().collect(),
                path_hole: None,
                resource: alone,
            }),
            (None, None) => {}
        }
    }
    all.made
}

struct All {
    made: Vec<Made>,
    /// The resources of each type, by what names them.
    by_name: HashMap<(String, Text), Vec<usize>>,
}

impl All {
    fn add(&mut self, made: Made) {
        let at = self.made.len();
        let resource = &made.resource;
        let names = made.names.iter().chain([&resource.reference]);
        for name in names.chain(&resource.arn) {
            let key = (resource.type_name.clone(), name.clone());
            match self.by_name.entry(key) {
                Entry::Occupied(known) if known.get().contains(&at) => {}
                Entry::Occupied(mut known) => known.get_mut().push(at),
                Entry::Vacant(free) => {
                    free.insert(vec![at]);
                }
            }
        }
        self.made.push(made);
    }

    /// The resource that a part belongs to.
    fn place_of(&self, part: &Part) -> Option<usize> {
        let arn = part.alone.as_ref().and_then(|alone| alone.arn.as_ref());
        let names = [arn, part.by.as_ref()].into_iter().flatten();
        let mut found = names.flat_map(|name| {
            let key = (part.kind.clone(), name.clone());
            self.by_name.get(&key).map_or(&[][..], Vec::as_slice)
        });
        // Names are equal in different Regions.
        let is_there = |at: &&usize| {
            let whole = self.made.get(**at).map(|made| &made.resource);
            whole.is_some_and(|whole| {
                whole.region.as_ref() == Some(&part.region)
                    && whole.account.as_ref() == Some(&part.account)
                    && fits(whole, part)
            })
        };
        found.find(is_there).copied()
    }
}

/// Whether nothing that a part says of the other resource, beside what names it, contradicts that.
fn fits(whole: &Resource, part: &Part) -> bool {
    let Some(alone) = &part.alone else {
        return true;
    };
    if alone.arn.is_some() && alone.arn == whole.arn {
        return true;
    }
    let said = alone.properties.members().iter();
    let mut said = said.filter(|member| part.properties.get(&member.key.text).is_none());
    said.all(|member| {
        let named = member.value.as_text();
        named == part.by.as_ref() || whole.property(&member.key.text) == Some(&member.value)
    })
}

/// An object with the members of another one: their lists are joined, and their objects as well.
fn merge(one: &Node, other: &Node) -> Node {
    other.members().iter().fold(one.clone(), |all, member| {
        let name = &*member.key.text;
        let value = match all.get(name) {
            Some(known) if known.is_object() && member.value.is_object() => {
                merge(known, &member.value)
            }
            Some(known) if known.is_array() || member.value.is_array() => {
                joined(known, &member.value)
            }
            _ => member.value.clone(),
        };
        all.with(name, value)
    })
}
