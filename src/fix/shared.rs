//! Whether what is written somewhere is for others as well.

use super::module::Module;
use crate::input::Declared;

/// Whether what a document says is for others as well: more than one thing refers to it, up to what names the owner.
pub(super) fn is_shared(module: &Module<'_>, declared: &Declared, owner: Option<&str>) -> bool {
    let owner = owner.and_then(|owner| module.local(owner)).unwrap_or("");
    let owner = owner.split('[').next().unwrap_or(owner);
    let edges = &module.view.links().edges;
    let mut at = declared.key.clone();
    for _ in 0..8 {
        if at == owner || edges.contains(&(at.clone(), owner.to_owned())) {
            return false;
        }
        let mut users = edges.iter().filter(|(_, to)| *to == at);
        match (users.next(), users.next()) {
            (Some((only, _)), None) => at = only.clone(),
            (None, _) => return false,
            _ => return true,
        }
    }
    true
}
