//! No object in a document has the same key twice.

use std::collections::HashMap;

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::Note;
use crate::source::Span;

/// The kind.
pub(super) const KIND: Kind = plain(
    "keysAreUnique",
    "any document",
    "No object in the document contains the same key twice.",
    |_, _| Some(Box::new(KeysAreUnique)),
);

/// The requirement.
#[derive(Debug)]
struct KeysAreUnique;

impl Requirement for KeysAreUnique {
    fn check(
        &self,
        _: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        for node in matched.node.walk() {
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for member in node.members() {
                let first = seen.insert(&member.key.text, member.key.span);
                if let Some(first) = first {
                    let mut found = rule
                        .finding_of(matched.node, member.key.span)
                        .function(matched.function());
                    found.message = format!("duplicate key `{}`", member.key.text);
                    found.primary.text = "only one of the two takes effect".to_owned();
                    found.notes = vec![Note::at("first used here".to_owned(), first)];
                    result.findings.push(found);
                }
            }
        }
    }
}
