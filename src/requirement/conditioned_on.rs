//! A condition confines a statement.

use super::authorization::unknown_conditions;
use super::context::{LintContext, LintResult, Match};
use super::kind::{Form, Kind, Requirement, optional};
use super::rule_metadata::RuleMetadata;
use super::source_limit::{self, SourceLimit};
use super::statement_filter::{
    ACTIONS, ConditionFilter, KEYS, OTHER_SERVICES, PRINCIPAL, SERVICES, place_in_statement,
};
use super::verdict::Reason;
use crate::diagnostics::PolicyKind;
use crate::syntax::{Fields, Piece, Text};

/// The kind.
pub(super) const KIND: Kind = Kind {
    name: "conditionedOn",
    summary: "A condition on one of these keys restricts the statement.",
    selects: "a statement",
    members: &[
        KEYS,
        PRINCIPAL,
        ACTIONS,
        SERVICES,
        OTHER_SERVICES,
        optional(
            "proposes",
            Form::Word(&["source"]),
            "Also proposes the condition that limits a statement for a service to your own sources, according to the catalogue. Statements for a service for which AWS does not document such a condition are skipped.",
        ),
    ],
    note: "In `message`, `{service}` stands for the service principal.",
    is_of_function: false,
    needs_message: true,
    decode,
};

/// The requirement.
#[derive(Debug)]
struct ConditionedOn {
    filter: ConditionFilter,
    /// Whether it says how to limit the statement to the user's own sources.
    proposes: bool,
}

fn decode(fields: &mut Fields<'_, '_>, _: bool) -> Option<Box<dyn Requirement>> {
    let proposes = fields.optional_word("proposes", &[("source", ())]);
    Some(Box::new(ConditionedOn {
        filter: ConditionFilter::decode(fields),
        proposes: proposes.is_some(),
    }))
}

impl Requirement for ConditionedOn {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let statement = cx.statement(matched.node);
        let is_open = self.filter.confining(&statement).is_none();
        if !is_open || !self.filter.selects(cx, &statement) {
            return;
        }
        let place = place_in_statement(matched.node);
        let undecided = |reason: Reason| reason.of(rule, matched.function(), place);
        if let Some(reason) = unknown_conditions(&statement) {
            result.undecided.push(undecided(reason));
            return;
        }
        let service = self.filter.service(cx, &statement);
        if let Some(entry) = service.filter(|entry| is_unknown(&entry.name)) {
            let reason = format!("the principal is unknown before deployment: {}", entry.name);
            result.undecided.push(undecided(Reason::new(reason)));
            return;
        }
        let principal = service.map(|entry| entry.name.to_string());
        let mut finding = rule
            .finding_of(matched.node, place)
            .function(matched.function());
        if let Some(name) = &principal {
            finding.message = finding.message.replace("{service}", &format!("`{name}`"));
        }
        let finding = finding.principal(principal);
        let service = service.filter(|_| self.proposes);
        let limit = service.map(|service| source_limit::of(cx, matched, &statement, service));
        match limit {
            None | Some(SourceLimit::Unknown) => result.findings.push(finding),
            Some(SourceLimit::None(None)) => {}
            Some(SourceLimit::None(Some(reason))) => {
                result.undecided.push(undecided(Reason::new(reason)));
            }
            Some(SourceLimit::By(advice)) => {
                let finding = finding.help(advice.help).fix(advice.fix);
                result.findings.push(
                    finding
                        .url(advice.url.as_ref())
                        .policy(PolicyKind::FunctionPolicy),
                );
            }
        }
    }
}

/// Whether a principal can be anyone: an account, a role or a service.
fn is_unknown(name: &Text) -> bool {
    let pieces = name.pieces();
    !pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Known(text) if text.contains('.')))
        && name.as_str().is_none()
}
