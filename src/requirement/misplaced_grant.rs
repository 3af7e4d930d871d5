//! The right grant in the wrong document: where it is, and where it belongs.

use super::context::{LintContext, Subject};
use super::near_miss::called;
use super::verdict::Refusal;
use crate::diagnostics::Note;
use crate::iam::{Effect, Statement, Truth};
use crate::model::Role;
use crate::syntax::{Node, Text};

/// The execution role lets the function make the call that a source may not make: that is what
/// people write who take it for the function's own policy.
pub(super) fn in_role(
    cx: LintContext<'_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> Option<Note> {
    let policies = subject.role_policies(cx)?;
    let statement = refusals.iter().find_map(|refusal| {
        let mut statements = policies.identity_statements();
        statements.find(|s| allows(s, refusal))
    })?;
    Some(belongs(
        statement,
        "allows it in the execution role, which is for calls that the function makes; invocations must be allowed in the function policy",
    ))
}

/// The function policy allows what Lambda does with the execution role.
pub(super) fn in_function_policy(
    cx: LintContext<'_>,
    subject: &Subject<'_>,
    refusals: &[Refusal<'_>],
) -> Option<Note> {
    let statement = refusals.iter().find_map(|refusal| {
        let mut statements = subject.function_policy_statements(cx);
        statements.find(|s| names(s, &refusal.action))
    })?;
    Some(belongs(
        statement,
        "allows it in the function policy, which controls who can invoke the function; this belongs in the execution role",
    ))
}

/// A policy that a template attaches to a role with the name that is the role's logical ID, though the role
/// itself gets another name.
pub(super) fn to_logical_id(cx: LintContext<'_>, role: Role<'_>) -> Option<Note> {
    let id = role.name().filter(|_| role.is_declared())?;
    if role.node.str("RoleName") == Some(id) {
        return None;
    }
    let of_role = |root: &&Node| {
        let role = root.at(&["Resources", id]);
        role.is_some_and(|role| role.at(&["Properties", "RoleName"]).is_none())
    };
    let roots = cx.inventory.inputs().filter(of_role);
    let resources = roots.flat_map(|root| root.get("Resources").map_or(&[][..], Node::members));
    let named = resources.filter_map(|member| member.value.at(&["Properties", "Roles"]));
    let written = named
        .flat_map(Node::each)
        .find(|node| node.as_str() == Some(id))?;
    let text = format!(
        "this policy is attached to a role that is named `{id}`; the name of role `{id}` in this template is generated: refer to it with `Ref`"
    );
    Some(Note::at(text, written.span))
}

fn belongs(statement: &Statement, why: &str) -> Note {
    Note::at(format!("{} {why}", called(statement)), statement.span)
}

fn allows(statement: &Statement, refusal: &Refusal<'_>) -> bool {
    let resources = statement.resources.as_ref();
    let on_it = resources.is_some_and(|resources| {
        resources.covers(&refusal.resource, &refusal.context) == Truth::Yes
    });
    on_it && names(statement, &refusal.action)
}

/// Whether a statement allows an action by its name.
fn names(statement: &Statement, action: &str) -> bool {
    let action = Text::from(action);
    let actions = statement.actions.as_ref().filter(|listed| !listed.negated);
    let is_named = actions.is_some_and(|actions| {
        let context = crate::iam::Context::default();
        // Who allows everything did not mean this.
        let is_all = actions
            .entries
            .iter()
            .any(|entry| entry.text.as_str() == Some("*"));
        !is_all && actions.covers(&action, &context) == Truth::Yes
    });
    statement.effect == Some(Effect::Allow) && is_named
}
