//! Where a document uses what it defines by name.

use super::relative_path::{Match, RelativePath, selectors};
use crate::syntax::{Fields, Names, Node, Selector, Text};

/// The variable of what is defined and not used.
const UNUSED: &str = "unused";

/// The name of what is defined, and the objects whose members have the names that are used.
#[derive(Debug)]
pub(super) struct UsedBy {
    name: RelativePath,
    users: Vec<Selector>,
}

impl UsedBy {
    /// Reads it from the member `usedBy`; what is wrong with it becomes a problem.
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let node = fields.optional("usedBy")?;
        let mut own = Fields::open(node, "the use of a definition", fields.problems())?;
        let name = own.text("name").map(str::to_owned);
        let name = name.and_then(|name| RelativePath::decode(&name, &mut own, "name"));
        let users = selectors(&mut own, "in");
        own.finish();
        Some(UsedBy { name: name?, users })
    }

    /// Sets the variable where a document does not use what was found in it.
    pub(super) fn apply(&self, root: &Node, matches: &[Match<'_>], variables: &mut Names) {
        let Some(name) = self.name.text(root, matches) else {
            return;
        };
        let mut users = self.users.iter().flat_map(|path| path.select(root));
        let is_used = users.any(|user| {
            let mut members = user.members().iter();
            members.any(|member| name.as_str() == Some(&*member.key.text))
        });
        if !is_used {
            variables.insert(UNUSED.to_owned(), Text::from("true"));
        }
    }
}
