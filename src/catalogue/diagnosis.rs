//! What the entries about errors, metrics and silent failures have in common.

use super::cause::Cause;
use super::decode::each;
use crate::syntax::Fields;

/// What a symptom can come from, and how to find out.
#[derive(Debug)]
pub struct Diagnosis {
    /// The id of the symptom.
    pub id: String,
    /// The possible causes, the likeliest first.
    pub causes: Vec<Cause>,
    /// Why other documents cannot be the cause.
    pub ruled_out: Option<String>,
    /// A command that shows whether the problem is solved.
    pub check: Option<String>,
    /// Pages about it.
    pub references: Vec<String>,
}

impl Diagnosis {
    /// Reads the common members of an entry.
    pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let id = fields.text("id").map(str::to_owned);
        let causes = fields.list("causes");
        let ruled_out = fields.optional_text("ruledOut").map(str::to_owned);
        let check = fields.optional_text("check").map(str::to_owned);
        let references = fields.texts("references");
        Some(Diagnosis {
            id: id?,
            causes: each(causes, fields.problems(), Cause::decode),
            ruled_out,
            check,
            references,
        })
    }
}
