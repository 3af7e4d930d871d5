//! Symptoms of missing permissions: error messages, and failures without one.

use super::diagnosis::Diagnosis;
use crate::diagnostics::{DeniedCaller, Problem};
use crate::syntax::{Fields, Node, TextPattern};

/// An error message, and what it means.
#[derive(Debug)]
pub struct Symptom {
    /// What it can come from.
    pub diagnosis: Diagnosis,
    /// Whether the wording was seen in AWS's pages or in a report. Any other wording is matched
    /// loosely, and the explanation is less certain.
    pub is_exact_wording: bool,
    /// Strings of which every matching error contains one, so that other text can be skipped fast;
    /// a space matches any white space.
    pub keywords: Vec<String>,
    /// The pattern that matches the error, with named groups.
    pub pattern: TextPattern,
    /// An error that it matches.
    pub example: String,
    /// A similar text that it does not match.
    pub counter_example: String,
    /// Who was denied; `None` where the message names the principal.
    pub denied_caller: Option<DeniedCaller>,
    /// Whether an explicit Deny is the reason, so that no further Allow helps.
    pub is_explicit_deny: bool,
    /// Whether it only adds detail to an error before it, such as an error code.
    pub is_supplementary: bool,
    /// The service principal that was denied; may contain `{group}` of the pattern.
    pub service: Option<String>,
    /// The denied action; may contain `{group}`.
    pub action: Option<String>,
    /// The resource of the call; may contain `{group}`.
    pub resource: Option<String>,
    /// What happened; may contain `{group}`.
    pub meaning: String,
}

/// A failure that shows in metrics or nowhere.
#[derive(Debug)]
pub struct SilentFailure {
    /// What is observed.
    pub observed: String,
    /// What it can come from.
    pub diagnosis: Diagnosis,
}

impl Symptom {
    const WORDINGS: [(&'static str, bool); 3] =
        [("documented", true), ("reported", true), ("typical", false)];

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a symptom", problems)?;
        let diagnosis = Diagnosis::decode(&mut fields);
        let is_exact_wording = fields.word("wording", &Self::WORDINGS);
        let keywords = fields.texts("keywords");
        fields.required("pattern");
        let pattern = fields.pattern("pattern", true);
        let example = fields.text("example").map(str::to_owned);
        let counter_example = fields.text("counterExample").map(str::to_owned);
        let denied_caller = denied_caller(&mut fields);
        let is_explicit_deny = fields.flag("explicitDeny").unwrap_or(false);
        let is_supplementary = fields.flag("supplementary").unwrap_or(false);
        let mut optional = |name| fields.optional_text(name).map(str::to_owned);
        let [service, action, resource] = ["service", "action", "resource"].map(&mut optional);
        let meaning = fields.text("meaning").map(str::to_owned);
        fields.finish();
        Some(Symptom {
            diagnosis: diagnosis?,
            is_exact_wording: is_exact_wording?,
            keywords,
            pattern: pattern?,
            example: example?,
            counter_example: counter_example?,
            denied_caller,
            is_explicit_deny,
            is_supplementary,
            service,
            action,
            resource,
            meaning: meaning?,
        })
    }
}

/// Who was denied; `principal` stands for whoever the message names.
fn denied_caller(fields: &mut Fields<'_, '_>) -> Option<DeniedCaller> {
    let mut words: Vec<(&str, Option<DeniedCaller>)> = vec![("principal", None)];
    words.extend(DeniedCaller::WORDS.map(|(word, who)| (word, Some(who))));
    fields.word("deniedCaller", &words).flatten()
}

impl SilentFailure {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a silent failure", problems)?;
        let observed = fields.text("observed").map(str::to_owned);
        let diagnosis = Diagnosis::decode(&mut fields);
        fields.finish();
        Some(SilentFailure {
            observed: observed?,
            diagnosis: diagnosis?,
        })
    }
}
