//! Actions that are of use only together are granted to the same principals.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, required};
use super::rule_metadata::RuleMetadata;
use crate::iam::{Context, Effect, ElementPatterns, Statement, Truth};
use crate::syntax::{Fields, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "grantedTogether",
    summary: "Each principal that a statement allows the first action is also allowed the second one, by the same or by another statement of the document.",
    selects: "a policy document",
    members: &[
        required("action", Form::Text, "The action that is granted."),
        required(
            "with",
            Form::Text,
            "The action that must be granted with it.",
        ),
    ],
    note: "",
    is_of_function: false,
    needs_message: true,
    decode,
};

/// The requirement: two actions of which the one is of no use without the other.
#[derive(Debug)]
struct GrantedTogether {
    action: String,
    with: String,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let action = fields.text("action").map(str::to_owned);
    let with = fields.text("with").map(str::to_owned);
    Some(Box::new(GrantedTogether {
        action: action?,
        with: with?,
    }))
}

impl Requirement for GrantedTogether {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let document = cx.document(matched.node);
        let statements = document.statements.iter();
        for statement in statements.filter(|s| allows(s, &self.action)) {
            let mut others = document.statements.iter();
            if others.any(|other| allows(other, &self.with) && names_some_of(other, statement)) {
                continue;
            }
            let actions = statement.actions.as_ref();
            let place = actions.map_or(statement.span, |actions| actions.span);
            let finding = rule.finding_of(matched.node, place);
            let finding = finding.function(matched.function());
            result.findings.push(finding.actions([self.with.clone()]));
        }
    }
}

fn allows(statement: &Statement, action: &str) -> bool {
    let action = Text::from(action);
    let covers = |listed: &ElementPatterns| {
        !listed.negated && listed.covers(&action, &Context::default()) == Truth::Yes
    };
    statement.effect == Some(Effect::Allow) && statement.actions.as_ref().is_some_and(covers)
}

/// Whether a statement names some principal of another, or everybody.
fn names_some_of(statement: &Statement, other: &Statement) -> bool {
    let (Some(own), Some(others)) = (&statement.principal, &other.principal) else {
        return true;
    };
    let mut entries = own.entries.iter();
    own.negated
        || own.is_everybody()
        || entries.any(|entry| others.entries.iter().any(|known| known.name == entry.name))
}
