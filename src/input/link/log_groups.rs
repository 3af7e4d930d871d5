//! Which function's log group is in an answer of CloudWatch Logs.

use std::collections::HashMap;

use super::functions::FunctionBuilders;
use crate::iam::Arn;
use crate::input::facts::{Facts, LogGroup, Scoped};
use crate::model::FunctionName;
use crate::model::members::{EXISTS, LOG_GROUP, MISSING};
use crate::syntax::{Node, Text};

/// Tells each function whose log group an answer lists. An empty answer is about the only function near
/// it.
pub(super) fn assign(functions: &mut FunctionBuilders, facts: &Facts) {
    for Scoped { scope, fact } in &facts.log_groups {
        let mark = |member| Node::object([(member, Node::from(true))], fact.span);
        let mut by_name: HashMap<&Text, Vec<&LogGroup>> = HashMap::new();
        for group in &fact.groups {
            by_name.entry(&group.name).or_default().push(group);
        }
        for builder in &mut functions.list {
            let is_near = builder.scopes.iter().any(|own| own.is_related(scope));
            let wanted = builder.log_group();
            let named = wanted.and_then(|wanted| by_name.get(&wanted));
            let mut named = named.into_iter().flatten();
            if is_near && named.any(|group| is_beside(group, &builder.name)) {
                builder.configure(LOG_GROUP, mark(EXISTS));
            }
        }
        if fact.groups.is_empty()
            && !fact.is_truncated
            && let Some(builder) = functions.nearest(scope)
            && builder.log_group().is_some()
        {
            builder.configure(LOG_GROUP, mark(MISSING));
        }
    }
}

/// Whether a log group is where a function is, as far as both are known.
fn is_beside(group: &LogGroup, function: &FunctionName) -> bool {
    let arn = |text: Option<&Text>| text.and_then(Arn::parse);
    match (arn(group.arn.as_ref()), arn(function.arn.as_ref())) {
        (Some(one), Some(other)) => one.region == other.region && one.account == other.account,
        _ => true,
    }
}
