//! The section `Rules` of a template: which values of parameters go together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>

use super::conditions::met;
use super::evaluation::Resolve;
use crate::syntax::Node;

/// An assertion that does not hold, and when it must.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    /// The condition of the rule; none where the rule always applies.
    pub(super) condition: Option<Node>,
    pub(super) assertion: Node,
}

/// The assertions of a template's rules that surely do not hold, so that CloudFormation makes no such stack.
pub(super) fn broken(resolver: &dyn Resolve, template: &Node) -> Vec<Broken> {
    let mut found = Vec::new();
    for rule in template.get("Rules").map_or(&[][..], Node::members) {
        let condition = rule.value.get("RuleCondition");
        if condition.is_some_and(|condition| met(resolver, condition, 0) != Some(true)) {
            continue;
        }
        let assertions = rule.value.get("Assertions").map_or(&[][..], Node::items);
        let asserted = assertions.iter().filter_map(|entry| entry.get("Assert"));
        let failed = asserted.filter(|asserted| met(resolver, asserted, 0) == Some(false));
        found.extend(failed.map(|assertion| Broken {
            condition: condition.cloned(),
            assertion: assertion.clone(),
        }));
    }
    found
}
