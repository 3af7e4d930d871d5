//! The condition keys in the request context of each kind of caller.

use super::decode::request_context;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template};

/// A kind of caller, and which condition keys its requests have.
#[derive(Debug)]
pub struct CallerContext {
    /// The id that grants refer to.
    pub id: String,
    /// Who calls, for people.
    pub name: String,
    /// The service that assumes the role with which it calls.
    pub service: Option<String>,
    /// Condition keys that its requests always have.
    pub request_context: Vec<(String, Template)>,
    /// Condition keys with the values that they usually have. No refusal
    /// rests on them.
    pub likely_context: Vec<(String, String)>,
    /// Condition keys that its requests never have.
    pub absent_keys: Vec<String>,
}

impl CallerContext {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a caller", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let service = fields.optional_text("service").map(str::to_owned);
        let request_context = request_context(&mut fields);
        let likely = fields
            .optional("likelyContext")
            .map_or(&[][..], Node::members);
        let likely = likely.iter().filter_map(|member| {
            let value = member.value.as_str()?;
            Some((member.key.text.to_string(), value.to_owned()))
        });
        let likely_context = likely.collect();
        let absent_keys = fields.texts("absentKeys");
        // The references are for whoever reviews the file.
        fields.texts("references");
        fields.finish();
        Some(CallerContext {
            id: id?,
            name: name?,
            service,
            request_context,
            likely_context,
            absent_keys,
        })
    }
}
