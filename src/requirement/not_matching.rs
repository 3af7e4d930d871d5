//! A pattern does not occur in a text.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional, required};
use super::logical_id::{refer_to_arn, refer_to_arn_inside};
use super::rule_metadata::RuleMetadata;
use super::statement_filter::{ACTIONS, OTHER_SERVICES, PRINCIPAL, SERVICES, StatementFilter};
use crate::diagnostics::Finding;
use crate::syntax::{Fields, Node, TextPattern, piece_span};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "notMatching",
    summary: "The text does not match the pattern, unless it matches the other pattern.",
    selects: "a text, or a statement",
    members: &[
        required("pattern", Form::Pattern, "The pattern that must not match."),
        optional("unless", Form::Pattern, "The pattern of exceptions."),
        optional(
            "member",
            Form::Text,
            "The member of the selected statement whose strings are checked; by default, the selected string itself.",
        ),
        optional(
            "reference",
            Form::Word(&["ARN"]),
            "If the text is the logical ID of a resource in its template, the help shows how to refer to this attribute of the resource.",
        ),
        PRINCIPAL,
        ACTIONS,
        SERVICES,
        OTHER_SERVICES,
    ],
    note: "`principal`, `actions`, `services` and `otherServices` go with `member`.",
    is_of_function: false,
    needs_message: true,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct NotMatching {
    pattern: TextPattern,
    unless: Option<TextPattern>,
    member: Option<String>,
    /// Whether a logical id may stand where an ARN is meant.
    refers: bool,
    of: StatementFilter,
}

fn decode(fields: &mut Fields<'_, '_>, is_trusted: bool) -> Option<Box<dyn Requirement>> {
    fields.required("pattern");
    let pattern = fields.pattern("pattern", is_trusted);
    let unless = fields.pattern("unless", is_trusted);
    let member = fields.optional_text("member").map(str::to_owned);
    let refers = fields.optional_word("reference", &[("ARN", ())]).is_some();
    let of = StatementFilter::decode(fields);
    if member.is_none() && !of.is_all() {
        fields.wrong(
            "",
            "`principal`, `actions` and services go with `member`: they are a statement's",
        );
    }
    Some(Box::new(NotMatching {
        pattern: pattern?,
        unless,
        member,
        refers,
        of,
    }))
}

impl Requirement for NotMatching {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let texts = match &self.member {
            None => std::slice::from_ref(matched.node),
            Some(member) => {
                let statement = cx.statement(matched.node);
                let node = matched.node.get(member);
                node.filter(|_| self.of.selects(cx, &statement))
                    .map_or(&[][..], Node::each)
            }
        };
        let found = texts
            .iter()
            .filter_map(|text| self.forbidden(cx, rule, text));
        result
            .findings
            .extend(found.map(|finding| finding.function(matched.function())));
    }
}

impl NotMatching {
    /// A finding where the pattern occurs.
    fn forbidden(&self, cx: LintContext<'_>, rule: &RuleMetadata, node: &Node) -> Option<Finding> {
        let text = node.as_str()?;
        let unless = self.unless.as_ref();
        // Neither is compiled for a text that shows at a glance that it is fine.
        if unless.is_some_and(|unless| unless.foresees(text) == Some(true)) {
            return None;
        }
        let range = self.pattern.find(text)?;
        if unless.is_some_and(|unless| unless.matches(text)) {
            return None;
        }
        let span = match range.is_empty() {
            true => node.span,
            false => piece_span(cx.sources, node, range),
        };
        let finding = rule.finding_of(node, span);
        let reference =
            || refer_to_arn(cx, node, &|_| true).or_else(|| refer_to_arn_inside(cx, node));
        Some(match self.refers.then(reference).flatten() {
            Some(help) => finding.help(help),
            None => finding,
        })
    }
}
