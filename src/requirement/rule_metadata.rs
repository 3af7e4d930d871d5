//! What a check needs to know of the rule that it checks for.

use std::sync::{Arc, OnceLock};

use crate::diagnostics::{Finding, Severity};
use crate::source::{FileId, Span};
use crate::syntax::{Fields, Kind, Node, Piece, Text, json};

/// What a finding says of its rule.
#[derive(Clone, Debug)]
pub struct RuleMetadata {
    /// `pack/name`.
    pub id: Arc<str>,
    /// How bad what it finds is.
    pub severity: Severity,
    /// What is told, as JSON, where it is decoded for the first finding.
    written: &'static str,
    told: OnceLock<Told>,
}

/// What is told of a rule.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What is wrong where the rule finds something, in a line.
    pub title: String,
    /// Why it matters and what happens, in a few sentences.
    pub why: String,
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

impl Told {
    /// Reads the members of a rule that are told.
    pub(crate) fn decode(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let title = fields.text("title").map(str::to_owned);
        let why = fields.optional_text("why").unwrap_or("").to_owned();
        let references = fields.texts("references");
        let words = Words {
            message: fields.optional_text("message").map(str::to_owned),
            label: fields.optional_text("label").map(str::to_owned),
            help: fields.optional_text("help").map(str::to_owned),
        };
        Some(Told {
            title: title?,
            why,
            references,
            words,
        })
    }

    /// Reads what the build script has checked.
    fn embedded(written: &str) -> Self {
        let documents = json::read(FileId::NOWHERE, written);
        let mut problems = Vec::new();
        let root = documents.roots.first();
        let fields = root.and_then(|root| Fields::open(root, "a rule", &mut problems));
        let told = fields.and_then(|mut fields| Told::decode(&mut fields));
        told.unwrap_or_default()
    }
}

impl RuleMetadata {
    /// That of a rule of which everything is known.
    pub(crate) fn new(id: Arc<str>, severity: Severity, told: Told) -> Self {
        RuleMetadata {
            id,
            severity,
            written: "",
            told: OnceLock::from(told),
        }
    }

    /// That of a rule of the program; `written` is what is told of it.
    pub(crate) fn embedded(id: &str, severity: Severity, written: &'static str) -> Self {
        RuleMetadata {
            id: id.into(),
            severity,
            written,
            told: OnceLock::new(),
        }
    }

    /// What is told of the rule.
    #[must_use]
    pub fn told(&self) -> &Told {
        self.told.get_or_init(|| Told::embedded(self.written))
    }

    /// What the rule says beside what its requirement says.
    pub(super) fn words(&self) -> &Words {
        &self.told().words
    }

    /// A finding at a place, with AWS's page about the rule.
    pub(super) fn finding(&self, message: String, span: Span) -> Finding {
        Finding::new(self.id.clone(), self.severity, message, span)
            .url(self.told().references.first())
    }

    /// A finding in the rule's own words about a node that it selected.
    pub(super) fn finding_of(&self, node: &Node, span: Span) -> Finding {
        let shown = shown(node);
        let fill = |words: &String| words.replace("{text}", &shown);
        let words = self.words();
        let message = words.message.as_ref();
        let mut finding = self.finding(
            message.map_or_else(|| self.told().title.clone(), fill),
            span,
        );
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
