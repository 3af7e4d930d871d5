//! Statements and permissions as nodes, with what is left open written for where they go.

use super::template::{NOWHERE, Target, call, object};
use crate::diagnostics::{ConditionTest, NewStatement, Written};
use crate::syntax::Node;

/// How texts are written where a statement goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wording<'w> {
    /// In a template, by references.
    Template(&'w Target<'w>),
    /// In a template, without references to its resources: what waits for what is written cannot be
    /// referred to.
    Spelled(&'w Target<'w>),
    /// Elsewhere: nothing can be left open.
    Plain,
}

impl<'w> Wording<'w> {
    /// The template.
    pub(super) fn target(self) -> Option<&'w Target<'w>> {
        match self {
            Wording::Template(target) | Wording::Spelled(target) => Some(target),
            Wording::Plain => None,
        }
    }

    /// A text as it is written here.
    pub(super) fn written(self, new: &Written) -> Written {
        match self {
            Wording::Template(target) => target.written(new, true),
            Wording::Spelled(target) => target.written(new, false),
            Wording::Plain => new.clone(),
        }
    }

    /// A text as it is written here; nothing where a part is left to be filled in.
    pub(super) fn text(self, new: &Written) -> Option<String> {
        let written = self.written(new);
        let is_whole = written.placeholders(false).next().is_none();
        is_whole.then(|| written.outside())
    }

    /// A text as a value; nothing where a part is left to be filled in.
    pub(super) fn node(self, new: &Written) -> Option<Node> {
        let text = self.text(new)?;
        Some(match self {
            Wording::Template(_) | Wording::Spelled(_) => call(&text),
            Wording::Plain => Node::text(text, NOWHERE),
        })
    }

    /// A statement with its texts as they are written here.
    pub(super) fn statement(self, new: &NewStatement) -> NewStatement {
        let resources = new.resources.iter().map(|text| self.written(text));
        let conditions = new.conditions.iter().map(|test| ConditionTest {
            value: self.written(&test.value),
            ..test.clone()
        });
        let principal = new.principal.as_ref();
        NewStatement {
            principal: principal.map(|(kind, name)| (kind.clone(), self.written(name))),
            resources: resources.collect(),
            conditions: conditions.collect(),
            ..new.clone()
        }
    }
}

/// A statement of a policy document; nothing where a part of it is left to be filled in.
pub(super) fn statement(new: &NewStatement, wording: Wording<'_>) -> Option<Node> {
    let text = |text: &str| Node::text(text, NOWHERE);
    let mut members = Vec::new();
    members.extend(new.sid.as_deref().map(|sid| ("Sid", text(sid))));
    members.push(("Effect", text("Allow")));
    if let Some((kind, name)) = &new.principal {
        let name = wording.node(name)?;
        let principal = match name.as_str() {
            Some("*") => name,
            _ => object([(kind.as_str(), name)]),
        };
        members.push(("Principal", principal));
    }
    let actions = new.actions.iter().map(|action| text(action));
    members.push(("Action", one_or_list(actions.collect())));
    if !new.resources.is_empty() {
        let resources = new.resources.iter().map(|written| wording.node(written));
        let resources = resources.collect::<Option<Vec<Node>>>()?;
        members.push(("Resource", one_or_list(resources)));
    }
    if !new.conditions.is_empty() {
        members.push(("Condition", conditions(&new.conditions, wording)?));
    }
    Some(object(members))
}

fn conditions(tests: &[ConditionTest], wording: Wording<'_>) -> Option<Node> {
    let mut operators = object([]);
    for test in tests {
        let keys = operators.get(&test.operator).cloned();
        let keys = keys.unwrap_or_else(|| object([]));
        let keys = keys.with(&test.key, wording.node(&test.value)?);
        operators = operators.with(&test.operator, keys);
    }
    Some(operators)
}

fn one_or_list(mut values: Vec<Node>) -> Node {
    match values.len() {
        1 => values.remove(0),
        _ => Node::array(values, NOWHERE),
    }
}
