//! Which statements let a trigger invoke its function.

use super::context::{LintContext, Subject};
use super::invocation::Invocation;
use super::{caller_role_allows, function_policy_allows};
use crate::source::Span;
use crate::syntax::Node;

/// How a trigger invokes a function.
#[derive(Debug)]
pub struct TriggerGrant {
    /// Who invokes it, as in "SNS topic `orders`".
    pub who: String,
    /// The name of the role with which it does; none where the function policy decides.
    pub role: Option<String>,
    /// The places of the statements that allow it.
    pub statements: Vec<Span>,
}

/// Who a trigger is, and what lets it invoke its function; nothing for a trigger of an unknown kind.
#[must_use]
pub fn trigger_grant(
    cx: LintContext<'_>,
    trigger: &Node,
    subject: &Subject<'_>,
) -> Option<TriggerGrant> {
    let call = Invocation::of(cx, trigger, subject)?;
    let trigger = call.trigger;
    let who = call.who();
    let Some(arn) = trigger.role_arn() else {
        let statements = function_policy_allows::allowing(cx, call, subject);
        let role = None;
        return Some(TriggerGrant {
            who,
            role,
            statements,
        });
    };
    let role = trigger.role();
    let by_role = |role| caller_role_allows::allowing(cx, &call, role, subject);
    let name = role.and_then(|role| role.name().map(str::to_owned));
    Some(TriggerGrant {
        who,
        role: name.or_else(|| Some(arn.to_string())),
        statements: role.map_or_else(Vec::new, by_role),
    })
}
