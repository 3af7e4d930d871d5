//! Findings that the configuration suppresses.

use super::Given;
use super::given::{any_text, text, texts};
use crate::diagnostics::Problem;
use crate::source::Span;
use crate::syntax::{Fields, Node};

/// An entry of `[[suppress]]`. Each member that is there must fit a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressEntry {
    /// The rules, as selectors.
    pub rules: Vec<Given<String>>,
    /// The files, as patterns of `.gitignore`.
    pub paths: Vec<Given<String>>,
    /// The function, or the resource that the permission is for.
    pub resource: Option<Given<String>>,
    /// The actions.
    pub actions: Vec<Given<String>>,
    /// Why.
    pub reason: Option<Given<String>>,
    /// The last day on which it holds, as `2027-01-31`.
    pub until: Option<Given<String>>,
    /// The entry.
    pub span: Span,
}

impl SuppressEntry {
    /// Reads an entry. One with a mistake has no effect: without the member that is misspelt it would suppress more.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let mut fields = Fields::open(node, "a suppression", problems)?;
        fields.required("rule");
        let suppression = SuppressEntry {
            rules: some_texts(&mut fields, "rule"),
            paths: some_texts(&mut fields, "path"),
            resource: text(&mut fields, "resource"),
            actions: some_texts(&mut fields, "action"),
            reason: any_text(&mut fields, "reason"),
            until: text(&mut fields, "until"),
            span: node.span,
        };
        fields.finish();
        (problems.len() == before).then_some(suppression)
    }
}

/// Texts that may be there; a list of none would fit everything.
fn some_texts(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Given<String>> {
    let node = fields.optional(name);
    if node.is_some_and(|node| node.each().is_empty()) {
        fields.wrong(name, format!("`{name}` must not be empty"));
    }
    texts(fields, name).unwrap_or_default()
}
