//! Services that invoke functions and are no source in a template or an answer: what their calls present.

use super::decode::each;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node, Template};

/// A service that invokes functions, as the function policy sees it.
#[derive(Debug)]
pub struct ServiceCaller {
    /// The service principal; without a Region.
    pub principal: String,
    /// What one source is called, as in "Alexa skill".
    pub name: String,
    /// The condition keys that a permission can be limited by; none where AWS documents none.
    pub conditions: Vec<CallerCondition>,
    /// What to do, where the conditions do not say it.
    pub advice: Option<String>,
    /// AWS's pages about it.
    pub references: Vec<String>,
}

/// A condition that the calls of a service meet.
#[derive(Debug)]
pub struct CallerCondition {
    /// The operator, such as `StringEquals`.
    pub operator: String,
    /// The key, such as `lambda:EventSourceToken`.
    pub key: String,
    /// The value.
    pub value: Template,
}

impl ServiceCaller {
    /// Reads an entry of the catalogue.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a service that invokes functions", problems)?;
        let principal = fields.text("principal").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let conditions = fields.list("conditions");
        let advice = fields.optional_text("advice").map(str::to_owned);
        let references = fields.texts("references");
        fields.finish();
        Some(ServiceCaller {
            principal: principal?,
            name: name?,
            conditions: each(conditions, problems, CallerCondition::decode),
            advice,
            references,
        })
    }
}

impl CallerCondition {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a condition that a service meets", problems)?;
        let operator = fields.text("operator").map(str::to_owned);
        let key = fields.text("key").map(str::to_owned);
        let value = fields.template("value");
        fields.finish();
        Some(CallerCondition {
            operator: operator?,
            key: key?,
            value: value?,
        })
    }
}
