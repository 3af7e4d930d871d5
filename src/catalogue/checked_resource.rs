//! Resources that AWS checks an action on in place of the one that people name.

use super::required_policy::covers;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template, Text};

/// The ARNs that AWS checks actions on, where a resource has several.
#[derive(Debug)]
pub struct CheckedResource {
    /// The actions, with `*` at the end for all that begin so.
    actions: Vec<String>,
    /// The formats of the ARNs that people name, the most specific first.
    given: Vec<Template>,
    /// The formats of those that AWS checks; of several, it is not documented which one.
    checked: Vec<Template>,
}

impl CheckedResource {
    /// Reads an entry of the catalogue.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a checked resource", problems)?;
        let actions = fields.texts("actions");
        let given = fields.templates("given");
        let checked = fields.templates("checked");
        fields.texts("references");
        fields.finish();
        Some(CheckedResource {
            actions,
            given,
            checked,
        })
    }

    /// The ARNs that AWS checks an action on where people name this one; nothing where the entry is not about
    /// them.
    pub(super) fn of(&self, action: &str, resource: &Text) -> Option<Vec<Text>> {
        if !covers(&self.actions, action) {
            return None;
        }
        let names = self.given.iter().find_map(|form| form.capture(resource))?;
        let checked = self.checked.iter().map(|form| form.fill(&names));
        Some(checked.collect())
    }
}
