//! What the fix of a cause allows: the sentence and the statements of a fix are made from the same data.

use crate::diagnostics::{ConditionTest, Problem};
use crate::syntax::{Fields, Node};

/// One permission that a fix adds, or the entry of the catalogue that lists the permissions.
#[derive(Debug)]
pub enum Remedy {
    /// A statement.
    Statement(RemedyStatement),
    /// All that a setting of a function needs, by the id of the feature.
    Feature(String),
    /// All that Lambda needs to read an event source, by its id.
    PollSource(String),
    /// What lets an event source invoke a function, by its id.
    PushSource(String),
}

/// A statement; each text may contain `{group}` of the symptom's pattern.
#[derive(Debug)]
pub struct RemedyStatement {
    /// Kind and name of the principal, in policies that have one.
    pub principal: Option<(String, String)>,
    /// The actions; those that were denied where there are none.
    pub actions: Vec<String>,
    /// The resources; what the actions work on where there are none.
    pub resources: Vec<String>,
    /// The conditions.
    pub conditions: Vec<ConditionTest>,
}

/// A condition that limits a permission to one source.
#[derive(Debug)]
pub struct SourceCondition {
    /// Whether it is on the account of the source, and not on its ARN.
    pub is_account: bool,
    /// The operator.
    pub operator: String,
    /// The condition key.
    pub key: String,
}

impl SourceCondition {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a condition on the source", problems)?;
        let is_account = fields.word("of", &[("arn", false), ("account", true)]);
        let mut text = |name| fields.text(name).map(str::to_owned);
        let [operator, key] = ["operator", "key"].map(&mut text);
        fields.text("source");
        fields.finish();
        Some(SourceCondition {
            is_account: is_account?,
            operator: operator?,
            key: key?,
        })
    }
}

impl Remedy {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a remedy", problems)?;
        let mut entry = |name| fields.optional_text(name).map(str::to_owned);
        let [feature, poll, push] = ["feature", "pollSource", "pushSource"].map(&mut entry);
        let principal = fields.optional("principal").and_then(|node| {
            let member = node.members().first()?;
            let name = member.value.as_str()?.to_owned();
            Some((member.key.text.to_string(), name))
        });
        let actions = fields.texts("actions");
        let resources = fields.texts("resources");
        let conditions = fields.list("conditions");
        let conditions = super::decode::each(conditions, fields.problems(), condition);
        fields.finish();
        Some(match (feature, poll, push) {
            (Some(id), ..) => Remedy::Feature(id),
            (None, Some(id), _) => Remedy::PollSource(id),
            (None, None, Some(id)) => Remedy::PushSource(id),
            (None, None, None) => Remedy::Statement(RemedyStatement {
                principal,
                actions,
                resources,
                conditions,
            }),
        })
    }
}

fn condition(node: &Node, problems: &mut Vec<Problem>) -> Option<ConditionTest> {
    let mut fields = Fields::open(node, "a condition", problems)?;
    let mut text = |name| fields.text(name).map(str::to_owned);
    let [operator, key, value] = ["operator", "key", "value"].map(&mut text);
    fields.finish();
    Some(ConditionTest {
        operator: operator?,
        key: key?,
        value: value?.into(),
    })
}
