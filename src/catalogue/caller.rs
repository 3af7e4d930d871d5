//! Which condition keys a request has, by who makes it.

use super::grant::context;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template};

/// A kind of caller and the condition keys of its requests.
#[derive(Debug)]
pub struct CallerKeys {
    /// The id that grants name.
    pub id: String,
    /// Who it is, for people.
    pub name: String,
    /// Keys that its requests have.
    pub context: Vec<(String, Template)>,
    /// Keys that its requests never have.
    pub absent_keys: Vec<String>,
}

impl CallerKeys {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a caller", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let context = context(&mut fields);
        let absent_keys = fields.texts("absentKeys");
        fields.texts("references");
        fields.finish();
        Some(CallerKeys {
            id: id?,
            name: name?,
            context,
            absent_keys,
        })
    }
}
