//! The checks of functions one by one, before their findings are put together.

use std::collections::HashMap;

use super::engine::each_match;
use crate::diagnostics::Severity;
use crate::model::selects_in_functions;
use crate::requirement::{LintContext, LintResult, RoleNeed, Subject, needs_of_role};
use crate::rules::Packs;
use crate::syntax::Node;

/// One check of one place of a function.
#[derive(Debug)]
pub struct Check<'n> {
    /// The number of the function among the subjects.
    pub function: usize,
    /// The place that the rule selects.
    pub node: &'n Node,
    /// What came of it.
    pub result: LintResult,
    /// What the place needs of the execution role, where the rule is about that.
    pub need: Option<RoleNeed>,
    /// Whether the trust policy of a role decides it.
    pub is_of_trust_policy: bool,
}

/// Calls back for every check of a place of one of the functions.
pub fn each_check<'n>(
    cx: LintContext<'n>,
    packs: &Packs,
    subjects: &[Subject<'n>],
    mut call: impl FnMut(Check<'n>),
) {
    let address = |subject: &Subject<'n>| std::ptr::from_ref(subject.function.node);
    let numbers: HashMap<*const Node, usize> = subjects.iter().map(address).zip(0..).collect();
    for rule in packs.rules() {
        for selector in rule
            .select()
            .iter()
            .filter(|path| selects_in_functions(path))
        {
            each_match(selector, cx.inventory, subjects, |matched| {
                let Some(subject) = matched.subject else {
                    return;
                };
                let Some(function) = numbers.get(&address(subject)) else {
                    return;
                };
                let mut result = LintResult::default();
                rule.require().check(cx, &rule.meta, matched, &mut result);
                // What is only good to know is not missed.
                if rule.meta.severity == Severity::Info {
                    result.undecided.clear();
                }
                let needed = rule.require().needs_of_role();
                let need = needed.and_then(|of| needs_of_role(cx, of, matched.node, subject));
                call(Check {
                    function: *function,
                    node: matched.node,
                    result,
                    need,
                    is_of_trust_policy: rule.require().is_of_trust_policy(),
                });
            });
        }
    }
}
