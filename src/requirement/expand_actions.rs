//! The actions that an entry of a statement matches.

use super::context::LintContext;
use crate::catalogue::{Action, Service};
use crate::iam::{Context, Pattern, Style, Truth};
use crate::syntax::Text;

/// Whether an entry has something in it that can stand for several actions.
pub(super) fn is_pattern(written: &str) -> bool {
    written.contains(['*', '?', '$'])
}

/// The known actions that an entry such as `sqs:Send*` stands for; nothing where that is not known.
pub(super) fn actions<'k>(cx: LintContext<'k>, written: &str) -> Option<Vec<Action<'k>>> {
    let (prefix, name) = written.split_once(':')?;
    let service = cx.table().service(prefix)?;
    if !is_pattern(written) {
        return Some(vec![service.action(name)?]);
    }
    let is_known = !written.contains('$') && cx.spend(service.size());
    is_known.then(|| of_service(service, name))
}

fn of_service<'k>(service: Service<'k>, name: &str) -> Vec<Action<'k>> {
    let pattern = Pattern::new(&Text::from(name), Style::ACTION);
    let context = Context::default();
    let matches =
        |action: &Action<'_>| pattern.matches(&Text::from(action.name()), &context) != Truth::No;
    service.actions().filter(matches).collect()
}
