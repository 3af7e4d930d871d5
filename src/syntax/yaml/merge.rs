//! Merge keys: `<<: *base` takes the members of another object that the object itself lacks.

use std::collections::HashSet;
use std::sync::Arc;

use crate::syntax::{Kind, Member, Node};

/// The members of an object with those that it takes from others.
pub(super) struct Members {
    own: Vec<Member>,
    /// Objects whose members are taken, the first one first.
    taken: Vec<Node>,
}

impl Members {
    pub(super) fn new() -> Self {
        Members {
            own: Vec::new(),
            taken: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, member: Member) {
        self.own.push(member);
    }

    /// Takes the members of an object, or of each object of a list; gives back what is neither.
    pub(super) fn take(&mut self, from: &Node) -> Result<(), Node> {
        let odd = from.each().iter().find(|node| !node.is_object());
        if let Some(odd) = odd {
            return Err(odd.clone());
        }
        self.taken.extend(from.each().iter().cloned());
        Ok(())
    }

    /// Members of the object itself win over taken ones, and those over later taken ones.
    pub(super) fn finish(self) -> Kind {
        if self.taken.is_empty() {
            return Kind::Object(self.own.into());
        }
        let names = |members: &[Member]| -> Vec<Arc<str>> {
            let names = members.iter().map(|member| &member.key.text);
            names.cloned().collect()
        };
        let mut known: HashSet<Arc<str>> = names(&self.own).into_iter().collect();
        let mut members = Vec::new();
        for object in &self.taken {
            let new = |member: &&Member| !known.contains(&member.key.text);
            members.extend(object.members().iter().filter(new).cloned());
            known.extend(names(object.members()));
        }
        members.extend(self.own);
        Kind::Object(members.into())
    }
}
