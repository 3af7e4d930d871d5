//! Causes of symptoms: which document must change, and how.

use super::decode::each;
use super::remedy::Remedy;
use crate::diagnostics::{Document, Problem};
use crate::syntax::{Fields, Node, TextPattern};

/// One possible cause of a symptom.
#[derive(Debug)]
pub struct Cause {
    /// The document that must change.
    pub document: Document,
    /// Why it is the cause.
    pub reason: String,
    /// What to do; `{grants}` stands for what it allows.
    pub fix: String,
    /// What the fix allows, where that is not simply what was denied.
    pub grants: Vec<Remedy>,
    /// What shows that it is this cause and not another one.
    pub evidence: Option<String>,
    when_action: Option<TextPattern>,
    unless_action: Option<TextPattern>,
    crosses_accounts: Option<bool>,
}

impl Cause {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a cause", problems)?;
        let document = fields.word("document", &Document::WORDS);
        let reason = fields.text("reason").map(str::to_owned);
        let fix = fields.text("fix").map(str::to_owned);
        let evidence = fields.optional_text("evidence").map(str::to_owned);
        let grants = fields.list("grants");
        let grants = each(grants, fields.problems(), Remedy::decode);
        let when_action = fields.pattern("whenAction", true);
        let unless_action = fields.pattern("unlessAction", true);
        let crosses_accounts = fields.flag("crossAccount");
        fields.finish();
        Some(Cause {
            document: document?,
            reason: reason?,
            fix: fix?,
            grants,
            evidence,
            when_action,
            unless_action,
            crosses_accounts,
        })
    }

    /// Whether it can be the cause where that action is denied, and where the resource belongs to
    /// another account than the caller; what is not known rules nothing out.
    #[must_use]
    pub fn applies_to(&self, action: Option<&str>, crosses_accounts: Option<bool>) -> bool {
        let is_other = |known: bool| self.crosses_accounts.is_some_and(|needed| needed != known);
        if crosses_accounts.is_some_and(is_other) {
            return false;
        }
        let Some(action) = action else { return true };
        let matches = |pattern: &Option<TextPattern>, default| {
            pattern
                .as_ref()
                .map_or(default, |pattern| pattern.matches(action))
        };
        matches(&self.when_action, true) && !matches(&self.unless_action, false)
    }
}
