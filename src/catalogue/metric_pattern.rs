//! Combinations of CloudWatch metrics that point to a cause.

use super::decode::each;
use super::diagnosis::Diagnosis;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// Metrics that together point to a cause.
#[derive(Debug)]
pub struct MetricPattern {
    /// The conditions on metrics, all of which must be met.
    pub when: Vec<MetricCondition>,
    /// The action that is denied, where there is one.
    pub action: Option<String>,
    /// How the ids of the rules begin whose findings explain these metrics.
    pub related_rules: Vec<String>,
    /// What the metrics mean together.
    pub meaning: String,
    /// What it can come from.
    pub diagnosis: Diagnosis,
}

/// What one of several metrics must look like.
#[derive(Debug)]
pub struct MetricCondition {
    /// The names of the metrics.
    pub metrics: Vec<String>,
    /// What one of them must look like.
    pub trend: Trend,
}

/// What the values of a metric look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// There are no values, or all are 0.
    None,
    /// Some value is above 0.
    Some,
    /// The values grow.
    Rising,
}

impl Trend {
    const WORDS: [(&'static str, Trend); 3] = [
        ("none", Trend::None),
        ("some", Trend::Some),
        ("rising", Trend::Rising),
    ];
}

impl MetricPattern {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a metric pattern", problems)?;
        let when = fields.list("when");
        let action = fields.optional_text("action").map(str::to_owned);
        let related_rules = fields.texts("relatedRules");
        let meaning = fields.text("meaning").map(str::to_owned);
        let diagnosis = Diagnosis::decode(&mut fields);
        fields.finish();
        Some(MetricPattern {
            when: each(when, problems, MetricCondition::decode),
            action,
            related_rules,
            meaning: meaning?,
            diagnosis: diagnosis?,
        })
    }
}

impl MetricCondition {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a condition on metrics", problems)?;
        let mut metrics = fields.texts("anyOf");
        metrics.extend(fields.optional_text("metric").map(str::to_owned));
        let trend = fields.word("is", &Trend::WORDS);
        fields.finish();
        Some(MetricCondition {
            metrics,
            trend: trend?,
        })
    }
}
