//! What a check needs to know of the rule that it checks for.

use std::sync::Arc;

use crate::diagnostics::{Finding, Severity};
use crate::source::Span;
use crate::syntax::{Kind, Node, Piece, Text};

/// What a finding says of its rule.
#[derive(Clone, Debug)]
pub struct RuleMetadata {
    /// `pack/name`.
    pub id: Arc<str>,
    /// What is wrong where the rule finds something, in a line.
    pub title: String,
    /// How bad that is.
    pub severity: Severity,
    /// AWS's pages about it, the most telling first.
    pub references: Vec<String>,
    /// What to say, for requirements that have no words of their own.
    pub words: Words,
}

/// What a rule says beside what its requirement says. `{text}` stands for the selected text, in
/// backquotes; where a role is asked, `{role}` and `{function}` stand for what they are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The fault, in one line.
    pub message: Option<String>,
    /// What to say at the underlined place.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl RuleMetadata {
    /// A finding at a place, with AWS's page about the rule.
    pub(super) fn finding(&self, message: String, span: Span) -> Finding {
        Finding::new(self.id.clone(), self.severity, message, span).url(self.references.first())
    }

    /// A finding in the rule's own words about a node that it selected.
    pub(super) fn finding_of(&self, node: &Node, span: Span) -> Finding {
        let shown = shown(node);
        let fill = |words: &String| words.replace("{text}", &shown);
        let words = &self.words;
        let message = words.message.as_ref();
        let mut finding = self.finding(message.map_or_else(|| self.title.clone(), fill), span);
        finding.primary.text = words.label.as_ref().map(fill).unwrap_or_default();
        finding.help = words.help.as_ref().map(fill);
        finding
    }
}

/// What a message calls a value.
fn shown(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) if text.is_empty() => "an empty string".to_owned(),
        Kind::Text(text) => format!("`{}`", as_written(text)),
        Kind::Number(number) => format!("`{number}`"),
        Kind::Bool(value) => format!("`{value}`"),
        _ => node.kind_name().to_owned(),
    }
}

/// A text with what its template writes for the parts that are not known.
fn as_written(text: &Text) -> String {
    let pieces = text.pieces().into_iter().map(|piece| match piece {
        Piece::Known(known) => known.to_string(),
        Piece::Hole(hole) => format!("${{{}}}", hole.written.as_ref().unwrap_or(&hole.id)),
    });
    pieces.collect()
}
