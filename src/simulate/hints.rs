//! What is remarkable about a request and does not change its decision.

use crate::catalogue::{Catalogue, Naming};

/// That an action is not known, with what was probably meant; `None` for one that is known. The decision is
/// that of AWS, which does not compare the names of actions with a list.
#[must_use]
pub fn unknown_action(catalogue: &Catalogue, action: &str) -> Option<String> {
    let naming = catalogue.actions.naming(action);
    if naming == Naming::Fine {
        return None;
    }
    let found = match &naming {
        Naming::NoSuchService(_) => format!("`{action}` is not an action of a known service"),
        Naming::ApiCall(_) => format!("`{action}` is an API operation, not an action"),
        _ => format!("`{action}` is not a known action"),
    };
    Some(match naming.meant() {
        Some(meant) => format!("{found}; did you mean `{meant}`?"),
        None => found,
    })
}
