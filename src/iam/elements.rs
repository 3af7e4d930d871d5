//! The elements of a statement: which there are, and where they stand.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use super::defect::Defect;
use crate::syntax::{Node, nearest};

/// What a statement does to the requests that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows them.
    Allow,
    /// It denies them, whatever else allows them.
    Deny,
}

/// All that a statement can have.
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Whether this is the name of an element.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&name)
}

/// Notes members that are no elements, elements that stand inside others, and the lack of actions.
/// Returns whether there is a member whose name is not known, which may be any element.
pub(super) fn check_elements(statement: &Node, defects: &mut Vec<Defect>) -> bool {
    unknown_elements(statement, defects);
    let inside = elements_inside(statement, defects);
    let is_open = has_open(statement);
    let names = ["Action", "NotAction"];
    let has_actions = names.iter().any(|name| statement.get(name).is_some());
    if !has_actions && !is_open && !inside.iter().any(|name| names.contains(name)) {
        let message = "a statement requires `Action` or `NotAction`";
        defects.push(Defect::new(statement.span, message));
    }
    is_open
}

fn has_open(statement: &Node) -> bool {
    let mut members = statement.members().iter();
    members.any(|member| member.key.is_open())
}

/// Members that are no elements. What another case of a known one means is not documented.
fn unknown_elements(statement: &Node, defects: &mut Vec<Defect>) {
    let is_known = |name: &str| {
        ELEMENTS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    for member in statement.members() {
        let name = &*member.key.text;
        if is_known(name) || member.key.is_open() {
            continue;
        }
        let mut message = format!("unknown element `{name}` in a statement");
        if let Some(near) = nearest(name, ELEMENTS) {
            message.push_str(&format!(": did you mean `{near}`?"));
        }
        defects.push(Defect::new(member.key.span, &message));
    }
}

/// Elements that stand inside another one, as `Action` inside `Principal` where a line is indented too
/// far.
fn elements_inside<'n>(statement: &'n Node, defects: &mut Vec<Defect>) -> Vec<&'n str> {
    let mut inside = Vec::new();
    for outer in statement.members() {
        for inner in outer.value.members() {
            let (name, outer) = (&*inner.key.text, &*outer.key.text);
            if is_element(name) && is_element(outer) {
                let message =
                    format!("`{name}` is inside `{outer}`, but belongs directly in the statement");
                defects.push(Defect::new(inner.key.span, &message));
                inside.push(name);
            }
        }
    }
    inside
}

/// The effect, whose letter case counts.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html>
pub(super) fn effect(statement: &Node, defects: &mut Vec<Defect>) -> Option<Effect> {
    let written = statement.get("Effect");
    let message = match written.and_then(Node::as_str) {
        Some("Allow") => return Some(Effect::Allow),
        Some("Deny") => return Some(Effect::Deny),
        Some(other) if other.eq_ignore_ascii_case("allow") => {
            "`Effect` is case-sensitive: write `Allow`"
        }
        Some(other) if other.eq_ignore_ascii_case("deny") => {
            "`Effect` is case-sensitive: write `Deny`"
        }
        None if written.is_none() && has_open(statement) => return None,
        None if written.is_some_and(|written| written.as_hole().is_some()) => return None,
        _ => "`Effect` must be `Allow` or `Deny`",
    };
    let span = written.map_or(statement.span, |effect| effect.span);
    defects.push(Defect::new(span, message));
    None
}

/// A statement has an element or its `Not…` form, never both.
pub(super) fn both(node: &Node, [plain, negated]: [&str; 2], defects: &mut Vec<Defect>) {
    if let (Some(_), Some(second)) = (node.get(plain), node.member(negated)) {
        let message = format!("a statement cannot have both `{plain}` and `{negated}`");
        defects.push(Defect::new(second.key.span, &message));
    }
}
