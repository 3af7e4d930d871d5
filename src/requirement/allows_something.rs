//! No Deny of a policy document takes away all that one of its statements allows.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::near_miss::called;
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Finding, Note};
use crate::iam::{
    Caller, Context, Effect, ElementPatterns, PatternEntry, Request, Statement, Truth,
};
use crate::source::Span;
use crate::syntax::Text;

/// The kind.
pub(super) const KIND: Kind = plain(
    "allowsSomething",
    "a policy document",
    "No Deny statement of the document overrides everything that one of its Allow statements allows.",
    |_, _| Some(Box::new(AllowsSomething)),
);

/// The requirement.
#[derive(Debug)]
struct AllowsSomething;

/// IAM takes no document that has room for more statements; each is compared with every Deny.
const MOST_STATEMENTS: usize = 500;

impl Requirement for AllowsSomething {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let count = matched
            .node
            .get("Statement")
            .map_or(0, |statements| statements.items().len());
        if count > MOST_STATEMENTS {
            return;
        }
        let document = cx.document(matched.node);
        let (allows, others): (Vec<_>, Vec<_>) = document
            .statements
            .iter()
            .map(|statement| &**statement)
            .partition(|s| s.effect == Some(Effect::Allow));
        let denies: Vec<_> = others
            .into_iter()
            .filter(|s| s.effect == Some(Effect::Deny))
            .collect();
        for statement in allows {
            if let Some((deny, place)) = taken_away(&denies, statement) {
                let found = finding(rule, statement, deny, place);
                result.findings.push(found.function(matched.function()));
            }
        }
    }
}

/// The Deny that takes away everything that a statement names, and where the first of that is
/// written. Without regard to who asks and under which conditions, only a Deny that holds for
/// everybody and always counts.
fn taken_away<'p>(
    denies: &[&'p Statement],
    statement: &Statement,
) -> Option<(&'p Statement, Span)> {
    let actions = statement
        .actions
        .as_ref()
        .filter(|actions| !actions.negated)?;
    let place = actions.entries.first()?.node.span;
    let everything = Text::from("*");
    let resources: Vec<&Text> = match &statement.resources {
        Some(resources) if resources.negated => return None,
        Some(resources) => resources.entries.iter().map(|entry| &entry.text).collect(),
        None => vec![&everything],
    };
    let context = Context::default();
    let mut found = None;
    for action in &actions.entries {
        for resource in &resources {
            let caller = statement.principal.as_ref().map(|_| Caller::Unknown);
            let resource: &Text = resource;
            let request = Request::new(caller, action.text.clone(), resource.clone(), &context);
            let deny = denies.iter().find(|deny| {
                deny.matches(&request) == Truth::Yes && covers_whole(deny, &action.text, resource)
            })?;
            found = Some((*deny, place));
        }
    }
    found
}

/// Whether a Deny covers all that a pattern stands for: what a pattern is compared with is its own
/// text, which shows nothing of an exception that the pattern reaches into.
fn covers_whole(deny: &Statement, action: &Text, resource: &Text) -> bool {
    let safe = |listed: &Option<ElementPatterns>, text: &Text| {
        let pattern = text.as_str().is_none_or(|text| text.contains(['*', '?']));
        let one = |entry: &PatternEntry| entry.text.as_str().is_none_or(|text| text.contains('?'));
        !pattern
            || listed
                .as_ref()
                .is_none_or(|l| !l.negated && !l.entries.iter().any(one))
    };
    safe(&deny.actions, action) && safe(&deny.resources, resource)
}

fn finding(rule: &RuleMetadata, statement: &Statement, deny: &Statement, place: Span) -> Finding {
    let actions = statement.actions.iter();
    let entries = actions.flat_map(|actions| &actions.entries);
    let name = called(statement);
    let message = format!("{name} has no effect: a Deny statement overrides all of it");
    rule.finding(message, place)
        .label("denied by another statement")
        .notes([Note::at("this Deny overrides every Allow", deny.span)])
        .help("remove one of the two statements, or narrow the Deny")
        .actions(entries.map(|entry| entry.text.to_string()))
}
