//! Causes of symptoms: which document must change, and how.

use crate::diagnostics::{Document, Problem};
use crate::syntax::{Fields, Node, TextPattern};

/// One possible cause of a symptom.
#[derive(Debug)]
pub struct Cause {
    /// The document that must change.
    pub document: Document,
    /// Why it is the cause.
    pub reason: String,
    /// What to do.
    pub fix: String,
    /// What shows that it is this cause and not another one.
    pub evidence: Option<String>,
    when_action: Option<TextPattern>,
    unless_action: Option<TextPattern>,
}

impl Cause {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a cause", problems)?;
        let document = fields.word("document", &Document::WORDS);
        let reason = fields.text("reason").map(str::to_owned);
        let fix = fields.text("fix").map(str::to_owned);
        let evidence = fields.optional_text("evidence").map(str::to_owned);
        let when_action = fields.pattern("whenAction", true);
        let unless_action = fields.pattern("unlessAction", true);
        fields.finish();
        Some(Cause {
            document: document?,
            reason: reason?,
            fix: fix?,
            evidence,
            when_action,
            unless_action,
        })
    }

    /// Whether it can be the cause where that action is denied; an unknown action rules nothing out.
    #[must_use]
    pub fn applies_to(&self, action: Option<&str>) -> bool {
        let Some(action) = action else { return true };
        let matches = |pattern: &Option<TextPattern>, default| {
            pattern
                .as_ref()
                .map_or(default, |pattern| pattern.matches(action))
        };
        matches(&self.when_action, true) && !matches(&self.unless_action, false)
    }
}
