//! No two statements of a policy document have one id.

use std::collections::HashMap;

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::Note;
use crate::source::Span;
use crate::syntax::Node;

/// The kind.
pub(super) const KIND: Kind = plain(
    "sidsAreUnique",
    "a policy document",
    "No two statements of the document have the same `Sid`.",
    |_, _| Some(Box::new(SidsAreUnique)),
);

/// The requirement.
#[derive(Debug)]
struct SidsAreUnique;

impl Requirement for SidsAreUnique {
    fn check(
        &self,
        _: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for statement in matched.node.get("Statement").map_or(&[][..], Node::each) {
            let Some(sid) = statement.get("Sid") else {
                continue;
            };
            let Some(id) = sid.as_str().filter(|id| !id.is_empty()) else {
                continue;
            };
            if let Some(first) = seen.insert(id, sid.span) {
                let mut found = rule
                    .finding_of(matched.node, sid.span)
                    .function(matched.function());
                found.message = format!("duplicate statement ID `{id}`: AWS rejects this policy");
                found.primary.text = "this ID is already used".to_owned();
                found.notes = vec![Note::at("first used here".to_owned(), first)];
                found.help = Some("use a unique `Sid` for each statement, or remove it".to_owned());
                result.findings.push(found);
            }
        }
    }
}
