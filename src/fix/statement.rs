//! Statements and permissions as nodes, with what is left open written for where they go.

use super::template::{NOWHERE, Target, call, object};
use crate::diagnostics::{ConditionTest, NewStatement, Written};
use crate::syntax::Node;

/// How texts are written where a statement goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wording<'w> {
    /// The template that it goes into, if it is one.
    pub(super) target: Option<&'w Target<'w>>,
    /// Whether resources of the template are named by references: what waits for what is written cannot be.
    pub(super) by_reference: bool,
    /// Whether a person may have to fill something in.
    pub(super) is_draft: bool,
}

impl<'w> Wording<'w> {
    /// The best way to write texts.
    pub(super) fn new(target: Option<&'w Target<'w>>) -> Self {
        Wording {
            target,
            by_reference: true,
            is_draft: false,
        }
    }

    /// The same without references to resources.
    pub(super) fn spelled(self) -> Self {
        Wording {
            by_reference: false,
            ..self
        }
    }

    /// The same with placeholders for what has to be filled in.
    pub(super) fn draft(self) -> Self {
        Wording {
            is_draft: true,
            ..self
        }
    }

    /// A text as it is written here.
    pub(super) fn written(self, new: &Written) -> Written {
        match self.target {
            Some(target) => target.written(new, self.by_reference),
            None => new.clone(),
        }
    }

    /// A text as it is written here; nothing where it would have to be filled in.
    pub(super) fn text(self, new: &Written) -> Option<String> {
        let written = self.written(new);
        let is_whole = self.is_draft || written.placeholders(false).next().is_none();
        is_whole.then(|| written.outside())
    }

    /// A text as a value; nothing where it would have to be filled in.
    pub(super) fn node(self, new: &Written) -> Option<Node> {
        let text = self.text(new)?;
        Some(match self.target {
            Some(_) => call(&text),
            None => Node::text(text, NOWHERE),
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

/// The conditions of a statement; nothing where a part of them is left to be filled in.
pub(super) fn conditions(tests: &[ConditionTest], wording: Wording<'_>) -> Option<Node> {
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
