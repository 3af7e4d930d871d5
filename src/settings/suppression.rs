//! Findings that the configuration suppresses.

use super::Given;
use super::given::{text, texts};
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
    /// Reads an entry.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a suppression", problems)?;
        let suppression = SuppressEntry {
            rules: texts(&mut fields, "rule").unwrap_or_default(),
            paths: texts(&mut fields, "path").unwrap_or_default(),
            resource: text(&mut fields, "resource"),
            actions: texts(&mut fields, "action").unwrap_or_default(),
            reason: text(&mut fields, "reason"),
            until: text(&mut fields, "until"),
            span: node.span,
        };
        if suppression.rules.is_empty() {
            fields.required("rule");
        }
        fields.finish();
        (!suppression.rules.is_empty()).then_some(suppression)
    }
}
