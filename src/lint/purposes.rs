//! What the settings of a function need of its role, by what the rules select.

use crate::model::Function;
use crate::requirement::{LintContext, RoleNeed, Subject, needs_of_role};
use crate::rules::Packs;
use crate::syntax::Node;

/// What a function needs its execution role for.
#[must_use]
pub fn purposes(cx: LintContext<'_>, packs: &Packs, function: Function<'_>) -> Vec<RoleNeed> {
    let subject = Subject::new(function);
    let functions = Node::array(vec![function.node.clone()], function.node.span);
    let alone = Node::object([("Functions", functions)], function.node.span);
    let mut purposes = Vec::new();
    for rule in packs.rules() {
        let Some(needed) = rule.require().needs_of_role() else {
            continue;
        };
        let places = rule.select().iter().flat_map(|path| path.select(&alone));
        purposes.extend(places.filter_map(|place| needs_of_role(cx, needed, place, &subject)));
    }
    purposes
}
