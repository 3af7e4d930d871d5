//! A policy document has at most a number of characters, white space not counted.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, required};
use super::rule_metadata::RuleMetadata;
use crate::source::Span;
use crate::syntax::{Fields, Kind as NodeKind, Node};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "noLongerThan",
    summary: "The document has at most this many characters, not counting white space.",
    selects: "a policy document",
    members: &[required(
        "characters",
        Form::Number,
        "The number of characters.",
    )],
    note: "In `message`, `label` and `help`, `{size}` is the number of characters, and `{most}` the limit.",
    is_of_function: false,
    needs_message: true,
    decode,
};

/// The requirement, with the number of characters.
#[derive(Debug)]
struct NoLongerThan(usize);

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let written = fields.required("characters");
    let number = match written.map(|node| &node.kind) {
        Some(NodeKind::Number(number)) => number.parse().ok(),
        _ => None,
    };
    if written.is_some() && number.is_none() {
        fields.wrong("characters", "`characters` must be a number");
    }
    Some(Box::new(NoLongerThan(number?)))
}

impl Requirement for NoLongerThan {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let size = size(cx, matched.node);
        if size > self.0 {
            let mut found = rule
                .finding_of(matched.node, matched.node.span.at_start())
                .function(matched.function());
            let fill = |text: &str| {
                text.replace("{size}", &size.to_string())
                    .replace("{most}", &self.0.to_string())
            };
            found.message = fill(&found.message);
            found.primary.text = fill(&found.primary.text);
            found.help = found.help.as_deref().map(fill);
            result.findings.push(found);
        }
    }
}

/// How many characters a document has as JSON without white space.
fn size(cx: LintContext<'_>, node: &Node) -> usize {
    let quoted = |span: Span, text: &str| {
        let written = cx.sources.slice(span);
        // A literal counts as it is written, with its escapes.
        match written.starts_with('"') {
            true => written.chars().count(),
            false => text.chars().count() + 2,
        }
    };
    let commas = |count: usize| count.saturating_sub(1);
    match &node.kind {
        NodeKind::Null => 4,
        NodeKind::Bool(value) => value.to_string().len(),
        NodeKind::Number(number) => number.len(),
        NodeKind::Text(text) => quoted(node.span, &text.to_string()),
        NodeKind::Array(items) => {
            2 + commas(items.len()) + items.iter().map(|item| size(cx, item)).sum::<usize>()
        }
        NodeKind::Object(members) => {
            let member = |m: &crate::syntax::Member| {
                quoted(m.key.span, &m.key.text) + 1 + size(cx, &m.value)
            };
            2 + commas(members.len()) + members.iter().map(member).sum::<usize>()
        }
    }
}
