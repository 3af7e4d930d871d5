//! Event sources that Lambda reads through an event source mapping.

use super::needs::Needs;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template, Text};

/// A source that Lambda reads with the execution role of the function.
#[derive(Debug)]
pub struct PollSource {
    /// The id, as in `--event-source ID`.
    pub id: String,
    /// What one source is called, as in "SQS queue".
    pub name: String,
    /// The format of the `EventSourceArn`; none where mappings of this source have no ARN.
    pub arn: Option<Template>,
    /// A path that finds something only in mappings of this source.
    pub when: Option<Selector>,
    /// What the execution role must allow.
    pub needs: Needs,
}

impl PollSource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a poll source", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let arn = fields.template("arn");
        let when = fields.selector("when");
        let needs = Needs::decode(&mut fields);
        fields.finish();
        Some(PollSource {
            id: id?,
            name: name?,
            arn,
            when,
            needs,
        })
    }

    /// Whether an event source mapping reads this source.
    #[must_use]
    pub fn recognizes(&self, mapping: &Node) -> bool {
        let by_arn = self.arn.as_ref().is_some_and(|format| {
            arn_of(mapping).is_some_and(|arn| format.capture(&arn).is_some())
        });
        let by_member = |path: &Selector| path.first(mapping).is_some();
        match (&self.arn, &self.when) {
            (Some(_), None) => by_arn,
            (Some(_), Some(path)) => by_arn && by_member(path),
            (None, Some(path)) => by_member(path),
            (None, None) => false,
        }
    }

    /// The name of the source, such as that of the queue: the first variable after the account.
    #[must_use]
    pub fn short_name<'n>(&self, names: &'n Names) -> Option<&'n str> {
        let mut variables = self
            .arn
            .as_ref()?
            .names()
            .skip_while(|name| *name != "account");
        names.get(variables.nth(1)?)?.as_str()
    }

    /// The member of a mapping that names its source, for findings to point at.
    #[must_use]
    pub fn place<'n>(&self, mapping: &'n Node) -> &'n Node {
        let by_member = self.when.as_ref().and_then(|path| path.first(mapping));
        mapping
            .get("EventSourceArn")
            .or(by_member)
            .unwrap_or(mapping)
    }

    /// The template variables that a mapping sets: the parts of its ARN, and its own members.
    #[must_use]
    pub fn names(&self, mapping: &Node) -> Names {
        let mut names = mapping.names();
        if let (Some(format), Some(arn)) = (&self.arn, arn_of(mapping)) {
            names.extend(format.capture(&arn).unwrap_or_default());
        }
        names
    }
}

/// The ARN of the source that a mapping reads.
fn arn_of(mapping: &Node) -> Option<Text> {
    Some(mapping.get("EventSourceArn")?.as_text()?.clone().as_arn())
}
