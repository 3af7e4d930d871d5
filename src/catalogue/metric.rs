//! What metrics of Lambda and its sources mean together.

use super::load::each;
use super::symptom::Cause;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// Metrics that mean something together.
#[derive(Debug)]
pub struct MetricPattern {
    /// The id.
    pub id: String,
    /// What must be seen, all of it.
    pub when: Vec<Seen>,
    /// The action that is refused, where there is one.
    pub action: Option<String>,
    /// How the ids of the rules begin whose findings in documents belong to it.
    pub rules: Vec<String>,
    /// What it means.
    pub means: String,
    /// What it can come from, the likeliest first.
    pub causes: Vec<Cause>,
    /// Why other documents have no part in it.
    pub not: Option<String>,
    /// A command that checks the cure.
    pub check: Option<String>,
    /// Pages about it.
    pub references: Vec<String>,
}

/// What must be seen of one of several metrics.
#[derive(Debug)]
pub struct Seen {
    /// The names of the metrics.
    pub metrics: Vec<String>,
    /// How one of them must be.
    pub state: State,
}

/// How a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has no values, or all are 0.
    None,
    /// Some value is above 0.
    Some,
    /// It grows.
    Rising,
}

impl MetricPattern {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a pattern of metrics", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let when = fields.list("when");
        let action = fields.optional_text("action").map(str::to_owned);
        let rules = fields.texts("rules");
        let means = fields.text("means").map(str::to_owned);
        let causes = fields.list("causes");
        let not = fields.optional_text("not").map(str::to_owned);
        let check = fields.optional_text("check").map(str::to_owned);
        let references = fields.texts("references");
        fields.finish();
        Some(MetricPattern {
            id: id?,
            when: each(when, problems, Seen::decode),
            action,
            rules,
            means: means?,
            causes: each(causes, problems, Cause::decode),
            not,
            check,
            references,
        })
    }
}

impl Seen {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        const STATES: [(&str, State); 3] = [
            ("none", State::None),
            ("some", State::Some),
            ("rising", State::Rising),
        ];
        let mut fields = Fields::open(node, "what is seen of a metric", problems)?;
        let mut metrics = fields.texts("anyOf");
        metrics.extend(fields.optional_text("metric").map(str::to_owned));
        let state = fields.word("is", &STATES);
        fields.finish();
        Some(Seen {
            metrics,
            state: state?,
        })
    }
}
