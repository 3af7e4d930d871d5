//! The packs that come with the program, as the build script lays them out.

use crate::syntax::{Kind, Node};

/// A pack.
#[derive(Debug)]
pub(super) struct EmbeddedPack {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) rules: &'static [EmbeddedRule],
}

/// A rule, of which most is decoded when it is needed.
#[derive(Debug)]
pub(super) struct EmbeddedRule {
    pub(super) id: &'static str,
    pub(super) severity: &'static str,
    pub(super) aliases: &'static [&'static str],
    /// Where each of its paths begins.
    pub(super) starts: &'static [Start],
    /// The members that findings tell, as JSON.
    pub(super) told: &'static str,
    /// Its paths and its requirement, as JSON.
    pub(super) judged: &'static str,
}

/// Where a path begins.
#[derive(Debug)]
pub(super) struct Start {
    /// A list of the inventory.
    pub(super) list: &'static str,
    /// A member and a value that everything has that the path chooses from the list.
    pub(super) test: Option<(&'static str, &'static str)>,
}

/// The packs, in the order in which they are listed.
pub(super) static PACKS: &[EmbeddedPack] = &include!(concat!(env!("OUT_DIR"), "/rules.rs"));

impl EmbeddedRule {
    /// Whether a path of the rule can select anything in an inventory.
    pub(super) fn can_select(&self, inventory: &Node) -> bool {
        self.starts.iter().any(|start| start.is_in(inventory))
    }
}

impl Start {
    fn is_in(&self, inventory: &Node) -> bool {
        let Some(list) = inventory.get(self.list) else {
            return false;
        };
        let Some((member, value)) = self.test else {
            return !list.items().is_empty() || !list.members().is_empty();
        };
        // A value that is not known can be any.
        let has = |item: &Node| match item.get(member).map(|node| &node.kind) {
            Some(Kind::Text(text)) => text.as_str().is_none_or(|known| known == value),
            Some(_) => true,
            None => false,
        };
        list.items().iter().any(has)
    }
}
